// Builds elements from the server's html by an allow-list. The server has cleaned it already; this is the second wall.

const KEPT = /^(P|BR|STRONG|EM|CODE|PRE|UL|OL|LI|A|BLOCKQUOTE|HR|H3|H4|TABLE|THEAD|TBODY|TR|TH|TD)$/;
const READ = /^(HTML|BODY|DIV|SPAN|B|I|U|S|SECTION|DEL|SUP|SUB)$/; // their text is kept, they are not; all others go as a whole

// A page may demand Trusted Types: what this policy lets through is only read, never put on the page.
let policy = { createHTML: (html) => html };
try {
  policy = globalThis.trustedTypes?.createPolicy('tactful', policy) ?? policy;
} catch { /* not allowed here: parsing throws, and the message's plain text is shown */ }

function copy(from, to, base) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    else if (READ.test(node.nodeName)) copy(node, to, base);
    else if (KEPT.test(node.nodeName)) {
      const element = document.createElement(node.nodeName);
      const url = node.nodeName === 'A' && URL.parse(node.getAttribute('href'), base);
      if (url && /^(https?|mailto):$/.test(url.protocol)) Object.assign(element, { href: url.href, target: '_blank', rel: 'noopener noreferrer' });
      const [, language] = /^language-([\w+#-]{1,20})$/.exec(node.className) ?? [];
      if (language) element.dataset.language = language;
      if (node.start > 1) element.start = node.start;
      copy(node, element, base);
      to.append(element);
    }
  }
}

/** A fragment with what `html` says; `text` as it is when there is no html or the page forbids parsing it. */
export function safeHtml(html, text, base) {
  const fragment = document.createDocumentFragment();
  try {
    if (!html) throw new TypeError('no html');
    copy(new DOMParser().parseFromString(policy.createHTML(html), 'text/html').body, fragment, base);
  } catch {
    const paragraph = document.createElement('p');
    paragraph.className = 'plain';
    paragraph.textContent = text;
    fragment.replaceChildren(paragraph);
  }
  return fragment;
}
