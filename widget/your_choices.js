// The part of "Your data" about what may be done with it: each purpose for itself, receipts, a pause, copies to take along.

import { button, el } from './dom.js';

const CHOICES = {
  allow: 'What you allow', since: (given, date) => `${given ? 'Allowed' : 'Refused'} on ${date}.`, shows: 'What would be seen',
  unseen: 'You have written nothing yet.', saved: 'Saved.',
  receipt: (code) => `Saved. Your receipt: ${code}`,
  receipts: 'Receipts', receiptsWhy: 'Each answer has a receipt. Its code works without this chat, and names nobody.', none: 'None yet.',
  line: (label, given, date) => `${label}: ${given ? 'allowed' : 'refused'} on ${date}`, over: 'replaced by a later answer',
  pause: 'Pause the use of my data', pauseWhy: 'It is kept, and nothing else is done with it. New messages are not taken meanwhile.',
  take: 'Take it with you', json: 'Download for programs (JSON)', html: 'Download to read (web page)', downloaded: 'Downloaded.',
};

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
fieldset { margin: 0; padding: 0; border: 0 }
legend { padding: 0; font-size: 13px; font-weight: 700; color: var(--dim) }
.choice { display: grid; padding-block: 8px; border-block-end: 1px solid var(--edge) }
label { display: flex; align-items: center; gap: 10px; min-block-size: 44px; font-weight: 550 }
label input { flex: none; margin: 0; inline-size: 22px; block-size: 22px; accent-color: var(--link) }
.choice :is(small, details) { margin-inline-start: 32px }
summary { display: flex; align-items: center; min-block-size: 32px; color: var(--link); font-size: 13px; text-decoration: underline; cursor: pointer }
blockquote { margin: 4px 0 8px; padding: 8px 12px; border-inline-start: 3px solid var(--edge); background: var(--soft); white-space: pre-wrap; font-size: 13px; overflow-wrap: anywhere }
.content h4 + .actions { margin-block-start: 8px }
.receipts li { display: grid; gap: 2px; padding-block: 8px; border-block-end: 1px solid var(--edge); font-size: 13px }
.receipts code { inline-size: fit-content; user-select: all }
`);

export const day = (iso) => new Date(iso).toLocaleDateString([], { day: 'numeric', month: 'long', year: 'numeric' });

export class Choices {
  /** `call(part, method, body)` reaches /api/me, `tried(work, words)` says how it went, `changed()` lists the facts again. */
  constructor(root, { call, tried, changed }) {
    root.adoptedStyleSheets.push(SHEET);
    Object.assign(this, { call, tried, changed });
  }

  show({ purposes, restricted }, receipts) {
    this.receipts = el('ul', { class: 'receipts', role: 'list' });
    this.#list(receipts);
    return el('section', {},
      el('fieldset', {}, el('legend', {}, CHOICES.allow), purposes.map((each) => this.#purpose(each))),
      el('div', {}, el('h4', {}, CHOICES.receipts), el('p', { class: 'more' }, CHOICES.receiptsWhy), this.receipts),
      this.#box('pause', CHOICES.pause, CHOICES.pauseWhy, restricted, (on) => this.#pause(on)),
      el('div', {}, el('h4', {}, CHOICES.take), el('div', { class: 'actions' },
        button(() => this.#download('json'), {}, CHOICES.json), button(() => this.#download('html'), {}, CHOICES.html))));
  }

  /** A box to tick with its why; when the answer is not taken, the box goes back. */
  #box(id, label, why, checked, change, ...more) {
    const box = el('input', { type: 'checkbox', checked, 'aria-describedby': `why-${id}`, onchange: async () => {
      box.disabled = true;
      if (!(await change(box.checked))) box.checked = !box.checked;
      box.disabled = false;
      box.focus();
    } });
    return el('div', { class: 'choice' }, el('label', {}, box, label), el('small', { id: `why-${id}` }, why), ...more);
  }

  #purpose({ purpose, label, why, granted, since, shows }) {
    const said = el('small', {}, since ? CHOICES.since(granted, day(since)) : '');
    const seen = ['human_review', 'training'].includes(purpose)
      && el('details', {}, el('summary', {}, CHOICES.shows), el('blockquote', { dir: 'auto' }, shows || CHOICES.unseen));
    return this.#box(purpose, label, why, granted, (on) => this.#answer(purpose, on, said), said, seen);
  }

  #answer(purpose, granted, said) {
    return this.tried(async () => {
      const { receipts: [made] = [] } = await (await this.call('consents', 'PUT', { [purpose]: granted })).json();
      const { receipts } = await (await this.call('receipts')).json();
      this.#list(receipts);
      await this.changed();
      if (!made) return CHOICES.saved;
      said.textContent = CHOICES.since(made.granted, day(made.at));
      return CHOICES.receipt(made.code);
    });
  }

  #list(receipts) {
    this.receipts.replaceChildren(...(receipts.length ? receipts.map(({ receipt: { label, granted, at, code }, stands }) => el('li', {},
      CHOICES.line(label, granted, day(at)), el('code', {}, code), !stands && el('small', {}, CHOICES.over))) : [el('li', {}, CHOICES.none)]));
  }

  #pause(restricted) {
    return this.tried(() => this.call('restriction', 'PUT', { restricted }).then(() => null), CHOICES.saved);
  }

  #download(format) {
    return this.tried(async () => {
      const url = URL.createObjectURL(await (await this.call(`export?format=${format}`)).blob());
      el('a', { href: url, download: `my-data.${format}` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }, CHOICES.downloaded);
  }
}
