// "Your data": what is remembered about the customer, to see, correct, allow, take along or erase. Fetched when first opened.

import { button as bare, el, iconButton } from './dom.js';
import { WORDS } from './words.js';

const DATA = {
  title: 'Your data',
  intro: 'This is everything we remember about you beyond the conversation. You can correct it, take it with you or erase it.',
  nothing: 'Nothing yet. As we talk, what you choose to tell us is listed here.',
  loading: 'Loading…', failed: 'This could not be loaded. Please try again.',
  until: (date) => `Kept until ${date}`, forGood: 'Kept until you erase it',
  edit: 'Correct', save: 'Save', cancel: 'Cancel', remove: 'Forget', skipped: 'You chose not to say',
  saved: 'Saved.', removed: 'Forgotten.', notSaved: 'That was not accepted. Please check the value.',
  yes: 'Yes', no: 'No',
  consents: 'What you allow', download: 'Download a copy', fileName: 'my-data.json',
  erase: 'Erase everything', eraseSure: 'Erase all your data and this conversation? This cannot be undone.',
  eraseYes: 'Yes, erase it', eraseNo: 'Keep it', erased: 'Everything about you has been erased.', again: 'Begin a new conversation',
  categories: {
    historical: 'Earlier trips and conversations', financial: 'Money', professional: 'Work and experience', social: 'Who travels with you',
    external: 'Health, diet and access', internal: 'Preferences', tracking: 'Contact details',
  },
  purposes: {
    sensitive: 'Remember diet and accessibility needs', personalisation: 'Adapt answers to me', human_review: 'Let staff read the redacted conversation',
    training: 'Use redacted conversations to improve the assistant', service: 'Answer my questions',
  },
};

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
.data { flex: 1; min-block-size: 0; display: flex; flex-direction: column }
.data h3:focus { outline: none }
.data button:not(.round) { min-block-size: 38px; padding: 6px 15px; border: 1.5px solid var(--link); border-radius: 19px; background: none; color: var(--link); font-weight: 550 }
.data button:not(.round):hover { background: color-mix(in srgb, var(--link) 10%, transparent) }
.data .head { display: flex; align-items: center; gap: 6px; padding: 10px 12px; border-block-end: 1px solid var(--edge) }
.content { flex: 1; overflow-y: auto; padding: 16px 20px calc(20px + env(safe-area-inset-bottom)); display: flex; flex-direction: column; gap: 20px }
h4 { font-size: 12px; color: var(--dim) }
.data ul { list-style: none }
.fact { display: flex; align-items: center; gap: 4px; padding-block: 9px; border-block-end: 1px solid var(--edge) }
.fact > div { flex: 1; display: grid; min-inline-size: 0; overflow-wrap: anywhere }
small { color: var(--dim); font-size: 12px }
.fact strong::first-letter { text-transform: uppercase }
.fact form { display: flex; flex-wrap: wrap; gap: 8px; inline-size: 100% }
.fact input { flex: 1 1 100%; min-block-size: 40px; padding: 6px 12px; border: 1px solid var(--firm); border-radius: 8px; background: none }
.data .fact > button:not(.round) { padding-inline: 10px; border-color: transparent; font-size: 13px }
.data button.primary:not(.round) { background: var(--accent); color: var(--on-accent); border-color: var(--accent) }
.data button.danger:not(.round) { border-color: var(--bad); color: var(--bad) }
.actions { display: flex; flex-wrap: wrap; gap: 10px }
.ask { font-size: 17px }
fieldset { margin: 0; padding: 0; border: 0 }
legend { padding: 0; font-size: 12px; font-weight: 700; color: var(--dim) }
label { display: flex; align-items: center; gap: 10px; min-block-size: 40px }
label input { inline-size: 20px; block-size: 20px; accent-color: var(--accent) }
@media (pointer: coarse) { .data button:not(.round) { min-block-size: 44px } .fact input { font-size: 16px } }
`);

const day = (iso) => new Date(iso).toLocaleDateString([], { day: 'numeric', month: 'long', year: 'numeric' });
const button = (text, onclick, attributes) => bare(onclick, attributes, text);

function asText(value) {
  if (Array.isArray(value)) return value.map(asText).join(', ');
  if (typeof value === 'boolean') return value ? DATA.yes : DATA.no;
  return value === 'skipped' ? DATA.skipped : value.toLocaleString();
}

/** What was typed, in the kind of value that stood there before. */
function likeBefore(text, before) {
  if (Array.isArray(before)) return text.split(',').map((part) => part.trim()).filter(Boolean);
  if (typeof before === 'number' && text.trim() && Number.isFinite(Number(text))) return Number(text);
  return text.trim();
}

export class YourData {
  constructor(talk, root, { say, leave, again }) {
    root.adoptedStyleSheets.push(SHEET);
    Object.assign(this, { talk, say, again });
    this.heading = el('h3', { tabindex: -1 }, DATA.title);
    this.content = el('div', { class: 'content' });
    this.view = el('section', { class: 'data', 'aria-label': DATA.title },
      el('div', { class: 'head' }, iconButton('back', WORDS.back, leave), this.heading), this.content);
  }

  async show() {
    this.heading.focus();
    this.content.replaceChildren(el('p', {}, DATA.loading));
    try {
      const [{ attributes }, consents] = await Promise.all(['profile', 'consents'].map(async (part) => (await this.talk.call(`api/me/${part}`)).json()));
      this.#fill(attributes, consents);
    } catch {
      this.content.replaceChildren(el('p', {}, DATA.failed));
    }
  }

  #fill(attributes, consents) {
    const categories = Map.groupBy ? Map.groupBy(attributes, ({ category }) => category)
      : attributes.reduce((groups, each) => groups.set(each.category, [...(groups.get(each.category) ?? []), each]), new Map());
    this.content.replaceChildren(
      el('p', {}, attributes.length ? DATA.intro : DATA.nothing),
      ...[...categories].map(([category, list]) => el('div', {}, el('h4', {}, DATA.categories[category] ?? category), el('ul', { role: 'list' }, list.map((each) => this.#row(each))))),
      this.#consents(consents),
      el('div', { class: 'actions' }, button(DATA.download, () => this.#download()), button(DATA.erase, () => this.#ask(), { class: 'danger' })),
    );
  }

  #row(attribute) {
    const { name, label, value, expires_at: end } = attribute;
    const row = el('li', { class: 'fact' });
    const read = () => {
      const edit = button(DATA.edit, () => write(edit), { 'aria-label': `${DATA.edit}: ${label}` });
      row.replaceChildren(
        el('div', {}, el('strong', {}, label), el('span', { dir: 'auto', class: 'value' }, asText(value)), el('small', {}, end ? DATA.until(day(end)) : DATA.forGood)),
        edit, button(DATA.remove, () => this.#change(name, null, DATA.removed), { 'aria-label': `${DATA.remove}: ${label}` }));
      return edit;
    };
    const write = () => {
      const input = el('input', { 'aria-label': label, dir: 'auto', value: value === 'skipped' ? '' : Array.isArray(value) ? value.join(', ') : value });
      const cancel = () => read().focus();
      row.replaceChildren(el('form', {
        onsubmit: (event) => { event.preventDefault(); this.#change(name, likeBefore(input.value, value), DATA.saved); },
        onkeydown: (event) => { if (event.key === 'Escape') { event.stopPropagation(); event.preventDefault(); cancel(); } },
      }, input, el('button', { class: 'primary' }, DATA.save), button(DATA.cancel, cancel)));
      input.select();
    };
    read();
    return row;
  }

  #consents(consents) {
    const boxes = Object.entries(consents).filter(([, given]) => typeof given === 'boolean').map(([purpose, given]) => el('label', {},
      el('input', { type: 'checkbox', checked: given, onchange: ({ target }) => this.#try(() => this.#put('PUT', 'consents', { [purpose]: target.checked }), DATA.saved) }),
      DATA.purposes[purpose] ?? purpose));
    return el('fieldset', { hidden: !boxes.length }, el('legend', {}, DATA.consents), boxes);
  }

  #put(method, part, body) { return this.talk.call(`api/me/${part}`, method, body); }

  async #try(work, words) {
    try {
      await work();
      this.say(words);
      return true;
    } catch {
      this.say(DATA.notSaved);
      this.content.prepend(el('p', { class: 'notice' }, DATA.notSaved));
      return false;
    }
  }

  async #change(name, value, words) {
    if (await this.#try(() => this.#put('PATCH', 'profile', { [name]: value }), words)) await this.show();
  }

  #download() {
    return this.#try(async () => {
      const url = URL.createObjectURL(await (await this.talk.call('api/me/export')).blob());
      el('a', { href: url, download: DATA.fileName }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }, DATA.saved);
  }

  #ask() {
    const no = button(DATA.eraseNo, () => this.show());
    this.content.replaceChildren(el('p', { class: 'ask' }, DATA.eraseSure),
      el('div', { class: 'actions' }, no, button(DATA.eraseYes, () => this.#erase(), { class: 'danger' })));
    no.focus();
    this.say(DATA.eraseSure);
  }

  async #erase() {
    if (!(await this.#try(() => this.talk.call('api/me', 'DELETE'), DATA.erased))) return;
    this.talk.forget();
    const again = button(DATA.again, () => { this.view.querySelector('.round').click(); this.again(); }, { class: 'primary' });
    this.content.replaceChildren(el('p', { class: 'ask' }, DATA.erased), el('div', { class: 'actions' }, again));
    again.focus();
  }
}
