// Builds elements from the server's html by an allow-list. The server has cleaned it already; this is the second wall.

const KEPT = new Set(['P', 'BR', 'STRONG', 'B', 'EM', 'I', 'CODE', 'PRE', 'UL', 'OL', 'LI', 'A', 'BLOCKQUOTE', 'HR', 'H3', 'H4', 'TABLE', 'THEAD', 'TBODY', 'TR', 'TH', 'TD']);
const DROPPED = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'EMBED', 'SVG', 'MATH', 'FORM', 'TITLE', 'TEXTAREA', 'SELECT', 'NOSCRIPT']);

// A page may demand Trusted Types; nothing that comes out of the policy reaches a page without passing the allow-list.
let policy;
try {
  policy = globalThis.trustedTypes?.createPolicy('tactful', { createHTML: (html) => html });
} catch { /* not allowed here: parse() throws and the message's plain text is shown */ }

function link(source, base) {
  const anchor = document.createElement('a');
  try {
    const url = new URL(source.getAttribute('href'), base);
    if (!/^(https?|mailto):$/.test(url.protocol)) return anchor;
    Object.assign(anchor, { href: url.href, target: '_blank', rel: 'noopener noreferrer' });
  } catch { /* not an address: its text stays */ }
  return anchor;
}

function copy(from, to, base) {
  for (const node of from.childNodes) {
    const tag = node.nodeName.toUpperCase();
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    else if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(tag)) continue;
    else if (!KEPT.has(tag)) copy(node, to, base);
    else {
      const element = tag === 'A' ? link(node, base) : document.createElement(tag);
      const language = tag === 'CODE' && /^language-([\w+#-]{1,20})$/.exec(node.className);
      if (language) element.dataset.language = language[1];
      copy(node, element, base);
      to.append(element);
    }
  }
}

/** A fragment with what `html` says; `text` instead, when there is no html or the page forbids parsing it. */
export function safeHtml(html, text, base) {
  const fragment = document.createDocumentFragment();
  try {
    if (!html) throw new TypeError('no html');
    copy(new DOMParser().parseFromString(policy?.createHTML(html) ?? html, 'text/html').body, fragment, base);
  } catch {
    const paragraph = document.createElement('p');
    paragraph.className = 'plain';
    paragraph.textContent = text;
    fragment.replaceChildren(paragraph);
  }
  return fragment;
}
