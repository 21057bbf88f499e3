// "Your data": what is remembered about the customer, to see, correct, confirm or erase. Fetched when first opened.

import { button as bare, el, iconButton } from './dom.js';
import { WORDS } from './words.js';
import { rest } from './your_access.js';
import { Choices, day } from './your_choices.js';

const DATA = {
  title: 'Your data',
  intro: 'This is everything we remember about you beyond the conversation. You can correct it, take it with you or erase it.',
  nothing: 'Nothing yet. As we talk, what you choose to tell us is listed here.',
  loading: 'Loading…', failed: 'This could not be loaded. Please try again.',
  told: 'You told us', chosen: 'You chose it', inferred: 'We gathered it, you said it is right',
  kept: (how, since, end) => `${how} on ${since}. Kept until ${end}.`,
  guess: (sure, end) => `Not confirmed. We gathered this from what you wrote and are ${sure} sure. It counts for nothing until you say it is right. Kept until ${end}.`,
  right: 'That is right', wrong: 'That is wrong',
  edit: 'Correct', save: 'Save', cancel: 'Cancel', remove: 'Forget', skipped: 'You chose not to say',
  saved: 'Saved.', removed: 'Forgotten.', notSaved: 'That was not accepted. Please check the value.',
  personal: 'That was not accepted: it looks like a name, a number or an address. Please leave that out.',
  unavailable: 'That could not be saved just now. Nothing was changed; please try again in a moment.',
  yes: 'Yes', no: 'No',
  erase: 'Erase everything', eraseSure: 'Erase all your data and this conversation? This cannot be undone.',
  eraseYes: 'Yes, erase it', eraseNo: 'Keep it', erasing: 'Erasing…', erased: 'Everything about you has been erased.',
  again: 'Begin a new conversation', retry: 'Go on erasing',
  stopped: 'The erasure stopped before it was done. It goes on from here when you ask again.',
  categories: {
    historical: 'Earlier trips and conversations', financial: 'Money', professional: 'Work and experience', social: 'Who travels with you',
    external: 'Health, diet and access', internal: 'Preferences', tracking: 'Contact details',
  },
};

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
.data { flex: 1; min-block-size: 0; display: flex; flex-direction: column }
.data h3:focus { outline: none }
.data button:not(.round) { min-block-size: 38px; padding: 6px 15px; border: 1.5px solid var(--link); border-radius: 19px; background: none; color: var(--link); font-weight: 550 }
.data button:not(.round):hover { background: color-mix(in srgb, var(--link) 10%, transparent) }
.data .head { display: flex; align-items: center; gap: 6px; padding: 10px 12px; border-block-end: 1px solid var(--edge) }
.content { flex: 1; overflow-y: auto; padding: 16px 20px calc(20px + env(safe-area-inset-bottom)); display: flex; flex-direction: column; gap: 22px }
.content > div, .content > section { display: grid; gap: 20px }
h4 { font-size: 13px; color: var(--dim) }
.data :is(ul, ol) { list-style: none }
.fact { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; padding-block: 9px; border-block-end: 1px solid var(--edge) }
.fact > div { flex: 1 1 9rem; display: grid; min-inline-size: 0; overflow-wrap: anywhere }
.fact .guess { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 8px; padding: 10px 12px; border-radius: 10px; background: var(--warn); font-size: 13px }
.data .guess button:not(.round) { flex: 1; border-color: currentColor; color: inherit }
small, .more { color: var(--dim); font-size: 13px }
.fact strong::first-letter { text-transform: uppercase }
.fact form { display: flex; flex-wrap: wrap; gap: 8px; inline-size: 100% }
.fact input { flex: 1 1 100%; min-block-size: 40px; padding: 6px 12px; border: 1px solid var(--firm); border-radius: 8px; background: none }
.data .fact > button:not(.round) { padding-inline: 10px; border-color: transparent; font-size: 13px }
.data button.primary:not(.round) { background: var(--accent); color: var(--on-accent); border-color: var(--accent) }
.data button.danger:not(.round) { border-color: var(--bad); color: var(--bad) }
.actions { display: flex; flex-wrap: wrap; gap: 10px }
.ask { font-size: 17px }
.rest { display: grid; gap: 10px; padding-block: 10px }
.steps li { display: flex; gap: 8px; padding-block: 5px }
.steps li::before { content: "✓"; color: var(--link); font-weight: 700 }
@media (pointer: coarse) { .data button:not(.round), .data summary { min-block-size: 44px } .fact input { font-size: 16px } }
`);

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

/** Each line of a stream of JSON lines. */
async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = '', done = false; !done;) {
    const read = await reader.read();
    done = read.done;
    const parts = (rest + (read.value ?? '')).split('\n');
    rest = done ? '' : parts.pop();
    for (const part of parts) if (part.trim()) yield JSON.parse(part);
  }
}

export class YourData {
  constructor(talk, root, { say, leave, again }) {
    root.adoptedStyleSheets.push(SHEET);
    Object.assign(this, { talk, say, again });
    this.heading = el('h3', { tabindex: -1 }, DATA.title);
    this.facts = el('div');
    this.content = el('div', { class: 'content' });
    this.choices = new Choices(root, { call: (...call) => this.#call(...call), tried: (...work) => this.#try(...work), changed: () => this.#reload() });
    this.view = el('section', { class: 'data', 'aria-label': DATA.title },
      el('div', { class: 'head' }, iconButton('back', WORDS.back, leave), this.heading), this.content);
  }

  #call(part, method, body, options) { return this.talk.call(`api/me${part && '/'}${part}`, method, body, options); }

  async #get(part) { return (await this.#call(part)).json(); }

  async show() {
    this.heading.focus();
    this.content.replaceChildren(el('p', {}, DATA.loading));
    try {
      const [profile, consents, { receipts }] = await Promise.all(['profile', 'consents', 'receipts'].map((part) => this.#get(part)));
      this.#list(profile.attributes);
      this.content.replaceChildren(this.facts, this.choices.show(consents, receipts), rest((part) => this.#get(part)),
        el('div', { class: 'actions' }, button(DATA.erase, () => this.#ask(), { class: 'danger' })));
    } catch {
      this.content.replaceChildren(el('p', {}, DATA.failed));
    }
  }

  async #reload() { this.#list((await this.#get('profile')).attributes); }

  #list(attributes) {
    const categories = attributes.reduce((groups, each) => groups.set(each.category, [...(groups.get(each.category) ?? []), each]), new Map());
    this.facts.replaceChildren(el('p', {}, attributes.length ? DATA.intro : DATA.nothing),
      ...[...categories].map(([category, list]) => el('div', {}, el('h4', {}, DATA.categories[category] ?? category), el('ul', { role: 'list' }, list.map((each) => this.#row(each))))));
  }

  #row(attribute) {
    const { name, label, value, source, confirmed = true, sureness, learned_at: since, expires_at: end } = attribute;
    const row = el('li', { class: 'fact', 'data-name': name });
    const action = (text, work) => button(text, work, { 'aria-label': `${text}: ${label}` });
    const keep = () => this.#change(name, value, DATA.saved);
    const forget = () => this.#change(name, null, DATA.removed);
    const read = () => {
      const edit = action(DATA.edit, () => write());
      row.replaceChildren(
        el('div', {}, el('strong', {}, label), el('span', { dir: 'auto', class: 'value' }, asText(value)),
          confirmed && el('small', {}, DATA.kept(DATA[source], day(since), day(end)))),
        edit, ...(confirmed ? [action(DATA.remove, forget)]
          : [el('div', { class: 'guess' }, el('span', {}, DATA.guess(`${Math.round(sureness * 100)} %`, day(end))), action(DATA.right, keep), action(DATA.wrong, forget))]));
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

  async #try(work, words) {
    this.content.querySelector('.notice')?.remove();
    try {
      this.say((await work()) ?? words);
      return true;
    } catch (error) {
      const why = error.code === 'personal' ? DATA.personal : error.status < 500 ? DATA.notSaved : DATA.unavailable;
      this.say(why);
      this.content.prepend(el('p', { class: 'notice' }, why));
      return false;
    }
  }

  #change(name, value, words) {
    return this.#try(async () => {
      this.#list((await (await this.#call('profile', 'PATCH', { [name]: value })).json()).attributes);
      // What was pressed is gone: the focus goes to what stands in its place.
      (this.facts.querySelector(`[data-name="${name}"] button`) ?? this.heading).focus();
    }, words);
  }

  #ask() {
    const no = button(DATA.eraseNo, () => this.show());
    this.content.replaceChildren(el('p', { class: 'ask' }, DATA.eraseSure),
      el('div', { class: 'actions' }, no, button(DATA.eraseYes, () => this.#erase())));
    no.focus();
    this.say(DATA.eraseSure);
  }

  /** Step by step, each said when it is done. A failure says so and can be taken up from where it stopped. */
  async #erase() {
    const steps = el('ol', { class: 'steps', role: 'list' });
    const title = el('p', { class: 'ask', tabindex: -1 }, DATA.erasing);
    this.content.replaceChildren(title, steps);
    title.focus();
    let done = false;
    try {
      for await (const line of lines(await this.#call('', 'DELETE', null, { headers: { Accept: 'application/x-ndjson' } }))) {
        if (line.error) throw line.error;
        if (line.label) {
          steps.append(el('li', {}, line.label));
          this.say(line.label);
        }
        done ||= Boolean(line.erased);
      }
    } catch { /* said below */ }
    const next = done ? button(DATA.again, () => { this.view.querySelector('.round').click(); this.again(); }, { class: 'primary' })
      : button(DATA.retry, () => this.#erase(), { class: 'danger' });
    title.textContent = done ? DATA.erased : DATA.stopped;
    this.say(title.textContent);
    if (done) this.talk.forget();
    this.content.append(el('div', { class: 'actions' }, next));
    next.focus();
  }
}
