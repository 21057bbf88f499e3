// How a message looks: bubbles, code with a copy button, quick replies, cards. Knows nothing of the network.

import { el, icon, iconButton } from './dom.js';
import { safeHtml } from './safe_html.js';
import { WORDS } from './words.js';

const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });

async function copyCode(button, pre) {
  try {
    await navigator.clipboard.writeText(pre.textContent);
  } catch { // no permission, or not a secure page
    getSelection().selectAllChildren(pre);
    document.execCommand('copy');
  }
  button.lastChild.data = WORDS.copied;
  setTimeout(() => { button.lastChild.data = WORDS.copy; }, 2000);
}

function dressCode(body) {
  for (const pre of body.querySelectorAll('pre')) {
    const language = pre.querySelector('code')?.dataset.language ?? WORDS.code;
    const button = el('button', { type: 'button', class: 'copy', onclick: () => copyCode(button, pre) }, icon('copy'), WORDS.copy);
    const frame = el('div', { class: 'code', role: 'group', 'aria-label': `${WORDS.code}: ${language}` }, el('div', { class: 'bar' }, language, button));
    pre.replaceWith(frame);
    pre.tabIndex = 0; // long lines scroll: the keyboard must reach them
    pre.dir = 'ltr';
    frame.append(pre);
  }
}

/** Marks the chosen one of a set and closes the others; `aria-disabled` keeps the focus where it is. */
export function settle(set, chosen) {
  for (const button of set.querySelectorAll('button')) {
    button.setAttribute('aria-disabled', 'true');
    if (button !== chosen) continue;
    button.classList.add('chosen');
    button.prepend(icon('check'));
    button.append(el('span', { class: 'unseen' }, `, ${WORDS.chosen}`));
  }
  set.classList.add(chosen ? 'settled' : 'passed');
}

const isOpen = (button) => button.getAttribute('aria-disabled') !== 'true';

function quickReplies(buttons, choose) {
  const set = el('div', { class: 'replies', role: 'group', 'aria-label': WORDS.answers });
  for (const { id, title } of buttons) {
    set.append(el('button', { type: 'button', dir: 'auto', 'data-title': title,
      onclick: ({ currentTarget }) => { if (isOpen(currentTarget)) { settle(set, currentTarget); choose(id, title); } } }, title));
  }
  return set;
}

function card({ title, subtitle, image, image_alt: alt, reasons, facts, button }, base, choose) {
  const item = el('li', { class: 'card' });
  if (image) item.append(el('img', { src: new URL(image.replace(/^\//, ''), base).href, alt: alt ?? '', width: 320, height: 160, loading: 'lazy' }));
  item.append(el('h3', { dir: 'auto' }, title));
  if (subtitle) item.append(el('p', { class: 'subtitle', dir: 'auto' }, subtitle));
  if (reasons?.length) item.append(el('ul', { class: 'reasons' }, reasons.map((reason) => el('li', { dir: 'auto' }, icon('check'), reason))));
  if (facts?.length) item.append(el('dl', {}, facts.map(({ label, value }) => el('div', {}, el('dt', {}, label), el('dd', { dir: 'auto' }, value)))));
  if (button) {
    item.append(el('button', { type: 'button', onclick: ({ currentTarget }) => {
      if (!isOpen(currentTarget)) return;
      settle(currentTarget.parentNode, currentTarget);
      choose(button.id, button.title);
    } }, button.title, el('span', { class: 'unseen' }, `: ${title}`)));
  }
  return item;
}

function cardList(cards, base, choose) {
  const list = el('ul', { class: 'cards', role: 'list', 'aria-label': WORDS.suggestions, tabindex: 0 }, cards.map((each) => card(each, base, choose)));
  const turn = (by) => () => list.scrollBy({ left: by * 232 * (getComputedStyle(list).direction === 'rtl' ? -1 : 1) });
  // The arrows are for the mouse; the keyboard scrolls the list or goes from button to button.
  const arrows = cards.length > 1 && el('div', { class: 'arrows', 'aria-hidden': 'true' },
    iconButton('back', WORDS.cardsBack, turn(-1), { tabindex: -1 }), iconButton('next', WORDS.cardsNext, turn(1), { tabindex: -1 }));
  return el('div', { class: 'deck' }, list, arrows || null);
}

/** One message as a list item. `choose(id, title)` is called when a quick reply or a card's button is taken. */
export function messageItem(message, { base, choose }) {
  const { author, text, html, buttons, cards, status, created_at: at } = message;
  const withheld = status === 'withheld';
  const item = el('li', { class: `message ${author}${withheld ? ' withheld' : ''}`, 'data-author': author });
  if (at) item.append(el('p', { class: 'meta' }, el('span', {}, WORDS[author]), ' ', el('time', { datetime: at }, clock(at))));
  else item.append(el('p', { class: 'meta unseen' }, WORDS[author]));
  const said = withheld ? text || WORDS.withheldText : text;
  if (said || html) {
    const body = el('div', { class: 'body', dir: 'auto' });
    body.append(safeHtml(author === 'customer' ? '' : html, said, base));
    dressCode(body);
    item.append(body);
  }
  if (withheld) item.append(el('p', { class: 'status' }, WORDS.withheld));
  if (cards?.length) item.append(cardList(cards, base, choose));
  if (buttons?.length) item.append(quickReplies(buttons, choose));
  return item;
}

/** What a screen reader is told of a message: who says what, and how many ways to answer. */
export function spoken({ author, text, cards, buttons }) {
  const options = [...(cards ?? []), ...(buttons ?? [])].map(({ title }) => title);
  return `${WORDS[author]}: ${[text, options.join(', ')].filter(Boolean).join(' ')}`;
}
