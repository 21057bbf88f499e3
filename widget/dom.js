// Elements without innerHTML: `el('button', {class: 'x', onclick}, 'text')`, line icons, and the server's html by an allow-list.

const ICONS = {
  close: 'M6 6l12 12M18 6L6 18', back: 'M15 5l-7 7 7 7', next: 'M9 5l7 7-7 7', menu: 'M5 12h.01M12 12h.01M19 12h.01',
  send: 'M5 12h13M12 5l7 7-7 7', check: 'M5 13l4 4L19 7', copy: 'M9 9h10v11H9zM5 15V4h10',
  restart: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5', shield: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z',
  up: 'M7 20H4v-9h3l4-8c3 1 2 4 2 6h6l-1 11z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c1-3.5 4-5 7.5-5s6.5 1.5 7.5 5',
};

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value); // a handler property that returns false would cancel the event
    else if (value !== false && value != null) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}

/** An element with attributes (functions are listeners; null and false are left out) and children (falsy ones are left out). */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

export function icon(name) {
  const svg = (tag, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
  return svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `icon i-${name}` }, svg('path', { d: ICONS[name] }));
}

export const button = (onclick, attributes, ...children) => el('button', { type: 'button', onclick, ...attributes }, ...children);

/** A button that is only an icon, with a name for those who do not see it. */
export const iconButton = (name, label, onclick, attributes) =>
  button(onclick, { class: 'round', 'aria-label': label, title: label, ...attributes }, icon(name));

// The server has cleaned its html already; this is the second wall.
const KEPT = /^(P|BR|STRONG|EM|CODE|PRE|UL|OL|LI|A|BLOCKQUOTE|HR|H3|H4|TABLE|THEAD|TBODY|TR|TH|TD)$/;
const READ = /^(DIV|SPAN|B|I|U|S|DEL)$/; // their text is kept, they are not; all others go with what is in them

function copy(from, to, base) {
  for (const node of from.childNodes) {
    const { nodeName, className } = node;
    if (nodeName === '#text') to.append(node.data);
    else if (READ.test(nodeName)) copy(node, to, base);
    else if (KEPT.test(nodeName)) {
      const url = nodeName === 'A' && URL.parse(node.getAttribute('href'), base);
      const element = el(nodeName, {
        ...(url && /^(https?|mailto):$/.test(url.protocol) && { href: url.href, target: '_blank', rel: 'noopener noreferrer' }),
        ...(node.start > 1 && { start: node.start }),
        'data-language': /^language-([\w+#-]{1,20})$/.exec(className)?.[1],
      });
      copy(node, element, base);
      to.append(element);
    }
  }
}

/** What `html` says, as elements; `text` as it is when there is no html or the page (Trusted Types) forbids parsing it. */
export function safeHtml(html, text, base) {
  const body = el('div', { class: 'body', dir: 'auto' });
  try {
    if (!html) throw new TypeError('no html');
    copy(new DOMParser().parseFromString(html, 'text/html').body, body, base);
  } catch {
    body.replaceChildren(el('p', { class: 'plain' }, text));
  }
  return body;
}
