// How a message looks: bubbles, code with a copy button, quick replies, cards. Knows nothing of the network.

import { button, el, icon, iconButton, safeHtml } from './dom.js';
import { WORDS } from './words.js';

async function copyCode({ currentTarget }, pre) {
  try {
    await navigator.clipboard.writeText(pre.textContent);
  } catch { // no permission, or not a secure page
    getSelection().selectAllChildren(pre);
    document.execCommand('copy');
  }
  currentTarget.lastChild.data = WORDS.copied;
  setTimeout(() => { currentTarget.lastChild.data = WORDS.copy; }, 2000);
}

function dressCode(pre) {
  const language = pre.querySelector('code')?.dataset.language ?? WORDS.code;
  const frame = el('div', { class: 'code', role: 'group', 'aria-label': `${WORDS.code}: ${language}` },
    el('div', { class: 'bar' }, language, button((event) => copyCode(event, pre), { class: 'copy' }, icon('copy'), WORDS.copy)));
  pre.replaceWith(frame);
  Object.assign(pre, { tabIndex: 0, dir: 'ltr' }); // long lines scroll: the keyboard must reach them
  frame.append(pre);
}

/** Marks the chosen one of a set and closes the others; `aria-disabled` leaves the focus where it is. */
export function settle(set, chosen) {
  for (const each of set.querySelectorAll('button')) each.setAttribute('aria-disabled', 'true');
  set.classList.add(chosen ? 'settled' : 'passed');
  chosen?.classList.add('chosen');
  chosen?.setAttribute('aria-label', `${chosen.ariaLabel ?? chosen.dataset.title}, ${WORDS.chosen}`);
  chosen?.prepend(icon('check'));
}

function choiceButton({ id, title }, choose, name) {
  return button(({ currentTarget }) => {
    if (currentTarget.ariaDisabled) return;
    settle(currentTarget.parentNode, currentTarget);
    choose(id, title);
  }, { dir: 'auto', 'data-title': title, 'aria-label': name }, title);
}

function card({ title, subtitle, image, image_alt: alt, reasons = [], facts = [], button: choice }, base, choose) {
  return el('li', { class: 'card' },
    image && el('img', { src: new URL(image.replace(/^\//, ''), base), alt: alt ?? '', width: 320, height: 180, loading: 'lazy' }),
    el('h3', { dir: 'auto' }, title),
    subtitle && el('p', { class: 'dim', dir: 'auto' }, subtitle),
    reasons.length > 0 && el('ul', {}, reasons.map((reason) => el('li', { dir: 'auto' }, icon('check'), reason))),
    facts.length > 0 && el('dl', {}, facts.map(({ label, value }) => el('div', {}, el('dt', { class: 'dim' }, label), el('dd', { dir: 'auto' }, value)))),
    choice && choiceButton(choice, choose, `${choice.title}: ${title}`));
}

function deck(cards, base, choose) {
  const list = el('ul', { class: 'cards', role: 'list', 'aria-label': WORDS.suggestions, tabindex: 0 }, cards.map((each) => card(each, base, choose)));
  const turn = (by) => () => list.scrollBy({ left: list.matches(':dir(rtl)') ? -by : by });
  // The arrows are for the mouse; the keyboard scrolls the list or goes from button to button.
  return el('div', { class: 'deck' }, list, cards.length > 1 && el('div', { class: 'arrows', 'aria-hidden': 'true' },
    iconButton('back', '', turn(-250), { tabindex: -1 }), iconButton('next', '', turn(250), { tabindex: -1 })));
}

const writer = (author, name) => [name, WORDS[author]].filter(Boolean).join(', ');

const NAMES = ['up', 'down'];

/** Thumbs up and down; the one that holds is pressed, and pressing it again takes it back. */
function thumbs(rating, rate) {
  const show = () => both.forEach((each, down) => each.setAttribute('aria-pressed', rating === NAMES[down]));
  const both = NAMES.map((name) => iconButton('up', WORDS[name], async () => {
    const wanted = rating === name ? null : name;
    if (await rate(wanted)) rating = wanted;
    show();
  }, { class: `round thumb ${name}` }));
  show();
  return el('div', { class: 'thumbs' }, both);
}

/**
 * One message as a list item. `choose(id, title)` is called when a quick reply or a card's button is taken, and `rate`, for
 * a reply that can be rated, with up, down or null; it tells whether that is kept.
 */
export function messageItem({ author, name, text, html, buttons = [], cards = [], status, rating, created_at: at }, base, choose, rate) {
  const withheld = status === 'withheld';
  const said = withheld ? text || WORDS.withheldText : text;
  const item = el('li', { class: `message ${author} ${status}` },
    author !== 'system' && el('p', { class: at ? 'meta' : 'unseen' }, writer(author, name), at && ' ', at && el('time', { datetime: at }, new Date(at).toLocaleTimeString([], { timeStyle: 'short' }))),
    (said || html) && safeHtml(author === 'customer' ? '' : html, said, base),
    withheld && el('p', { class: 'status' }, WORDS.withheld),
    cards.length > 0 && deck(cards, base, choose),
    rate && thumbs(rating, rate),
    buttons.length > 0 && el('div', { class: 'replies', role: 'group', 'aria-label': WORDS.answers }, buttons.map((each) => choiceButton(each, choose))));
  item.querySelectorAll('pre').forEach(dressCode);
  return item;
}

/** What a screen reader is told of a message: who says what, and the ways to answer. */
export function spoken({ author, name, cards, buttons }, item) {
  const said = [...item.querySelectorAll('.body > *')].map((block) => block.textContent);
  const options = [...cards, ...buttons].map(({ title }) => title).join(', ');
  return `${writer(author, name)}: ${said.join(' ')} ${options}`;
}
