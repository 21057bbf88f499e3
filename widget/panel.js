// The panel: a dialog with the messages, the composer and a menu. Joins the conversation to the page.

import { Conversation } from './conversation.js';
import { el, icon, iconButton } from './dom.js';
import { messageItem, settle, spoken } from './messages.js';
import { SHEET } from './styles.js';
import { BACK, NOTICES, REFUSED, WORDS } from './words.js';

const MOST = 4000; // characters the server takes
const COUNT_FROM = 3600;
const LIVE = 1000; // ms; an announcement left longer is found again by readers that walk the page
const phone = matchMedia('(max-width: 480px), (max-height: 460px)');

export function mount(host, base) {
  Object.assign(WORDS, host.words);
  return new Panel(host, base);
}

class Panel {
  rows = new Map(); // seq → list item
  pending = new Map(); // client_message_id → list item
  unread = new Set(); // seqs of what came while nobody looked

  constructor(host, base) {
    Object.assign(this, { host, base });
    this.talk = new Conversation(base, () => host.dataset.customerToken);
    this.#build();
    this.#listen();
    if (this.talk.session) this.talk.start();
  }

  #build() {
    const { host, base } = this;
    this.title = el('h2', { id: 'title', tabindex: -1 }, host.dataset.title ?? WORDS.title);
    this.menu = el('div', { class: 'menu', id: 'menu', hidden: true },
      el('button', { type: 'button', onclick: () => this.#showData() }, icon('person'), WORDS.menuData),
      el('button', { type: 'button', onclick: () => this.#startOver() }, icon('restart'), WORDS.menuOver),
      el('a', { href: `${base}privacy`, target: '_blank', rel: 'noopener' }, icon('shield'), WORDS.menuPrivacy));
    this.more = iconButton('menu', WORDS.open, () => this.#toggleMenu(), { 'aria-expanded': 'false', 'aria-controls': 'menu' });
    this.list = el('ol', { class: 'messages', role: 'list', 'aria-label': WORDS.messages, tabindex: 0 });
    this.dots = el('div', { class: 'typing', hidden: true }, el('span', { class: 'unseen' }, WORDS.typing), el('i'), el('i'), el('i'));
    this.jump = el('button', { type: 'button', class: 'jump', hidden: true, onclick: () => this.#toEnd() });
    this.notice = el('p', { class: 'notice', hidden: true });
    this.input = el('textarea', { rows: 1, 'aria-label': WORDS.write, placeholder: WORDS.write, dir: 'auto', enterkeyhint: 'send',
      'aria-describedby': 'counter', oninput: () => this.#measure(), onkeydown: (event) => this.#key(event) });
    this.counter = el('p', { class: 'counter', id: 'counter', hidden: true });
    this.submit = el('button', { type: 'submit', class: 'round send', 'aria-label': WORDS.send, title: WORDS.send }, icon('send'));
    this.form = el('form', { class: 'composer', onsubmit: (event) => { event.preventDefault(); this.#send(); } }, this.input, this.submit);
    this.live = el('div', { class: 'unseen', 'aria-live': 'polite' });
    this.chat = el('div', { class: 'chat' }, this.list, this.dots, this.jump, this.notice, this.form, this.counter,
      el('p', { class: 'privacy' }, `${WORDS.privacy} `, el('a', { href: `${base}privacy`, target: '_blank', rel: 'noopener' }, WORDS.how)));
    this.dialog = el('dialog', { 'aria-labelledby': 'title', lang: host.dataset.lang ?? 'en' },
      el('header', {}, el('div', {}, this.title, el('p', {}, host.dataset.intro ?? WORDS.intro)), this.more,
        iconButton('close', WORDS.close, () => this.close()), this.menu),
      this.chat, this.live);
    host.shadowRoot.adoptedStyleSheets.push(SHEET);
    host.shadowRoot.append(this.dialog);
    this.list.onscroll = () => { if (this.#atEnd()) this.#seen(); };
    this.dialog.onkeydown = (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      if (this.menu.hidden) this.close();
      else { this.#toggleMenu(false); this.more.focus(); }
    };
    this.dialog.oncancel = (event) => { event.preventDefault(); this.close(); }; // Android's back gesture
    this.dialog.onclick = ({ target }) => { if (!this.menu.contains(target) && !this.more.contains(target)) this.#toggleMenu(false); };
    document.addEventListener('visibilitychange', () => this.#seen());
    phone.addEventListener('change', () => { if (this.dialog.open) { this.dialog.close(); this.#show(); } });
    // The keyboard of a phone covers the page without making it smaller: follow what is really to be seen.
    const view = globalThis.visualViewport;
    view?.addEventListener('resize', () => this.dialog.style.setProperty('--seen', `${view.height}px`));
  }

  #listen() {
    const on = (type, take) => this.talk.addEventListener(type, ({ detail }) => take(detail));
    on('message', ({ message, fresh }) => this.#message(message, fresh));
    on('waiting', (items) => this.#waiting(items));
    on('refused', ({ item, kind }) => this.#refused(item, REFUSED[kind]));
    on('typing', (typing) => this.#typing(typing));
    on('state', (state) => this.#state(state));
    on('notice', (notice) => this.#notice(notice));
    on('read', (seq) => { this.unread.forEach((each) => each <= seq && this.unread.delete(each)); this.#count(); });
    on('reset', () => this.#clear());
    on('renewed', () => { this.#clear(); this.#line(WORDS.renewed); });
  }

  open({ focus = true } = {}) {
    if (!this.dialog.open) this.#show();
    this.host.launcher.setAttribute('aria-expanded', 'true');
    this.talk.start();
    this.#toEnd();
    // On a touch screen the keyboard would cover the conversation before it was read.
    if (focus) (matchMedia('(pointer: coarse)').matches ? this.title : this.input).focus({ preventScroll: true });
    this.host.dispatchEvent(new CustomEvent('tactful:open', { bubbles: true }));
  }

  close() {
    if (!this.dialog.open) return;
    this.#toggleMenu(false);
    this.dialog.close();
    this.host.launcher.setAttribute('aria-expanded', 'false');
    this.host.launcher.focus();
    this.host.dispatchEvent(new CustomEvent('tactful:close', { bubbles: true }));
  }

  #show() {
    const before = this.host.shadowRoot.activeElement;
    const x = scrollX, y = scrollY;
    if (phone.matches) this.dialog.showModal();
    else this.dialog.show();
    before?.focus({ preventScroll: true });
    scrollTo(x, y);
  }

  #toggleMenu(open = this.menu.hidden) {
    this.menu.hidden = !open;
    this.more.setAttribute('aria-expanded', open);
    if (open) this.menu.firstChild.focus();
  }

  async #startOver() {
    this.#toggleMenu(false);
    this.input.focus();
    await this.talk.startOver();
    this.#line(WORDS.startedOver);
  }

  async #showData() {
    this.#toggleMenu(false);
    const { YourData } = await import('./your_data.js');
    this.data ??= new YourData(this.talk, this.host.shadowRoot, {
      say: (text) => this.#announce(text),
      leave: () => { this.data.view.remove(); this.chat.hidden = false; this.more.focus(); },
      again: () => this.open(),
    });
    this.chat.hidden = true;
    this.chat.after(this.data.view);
    this.data.show();
  }

  // ── messages ──

  #message(message, fresh) {
    const { seq, author, client_message_id: id } = message;
    const row = messageItem(message, { base: this.base, choose: (choice, title) => this.talk.choose(choice, title) });
    const old = this.rows.get(seq);
    this.rows.set(seq, row);
    if (old) { old.replaceWith(row); return; }
    const stay = this.#atEnd();
    this.pending.get(id)?.remove();
    this.pending.delete(id);
    const after = [...this.rows.keys()].filter((each) => each < seq).sort((a, b) => b - a)[0];
    if (after !== undefined) this.rows.get(after).after(row);
    else this.list.prepend(row);
    if (author === 'customer') {
      if (message.status !== 'withheld') this.#closeReplies(seq, message.text);
    } else {
      this.#typing(false);
      if (fresh) this.#announce(spoken(message));
      if (seq > this.talk.read) this.unread.add(seq);
      if (fresh) this.host.dispatchEvent(new CustomEvent('tactful:message', { bubbles: true, detail: { author } }));
    }
    if (stay || author === 'customer') this.#toEnd();
    else this.#count();
  }

  /** Answers of an earlier question are closed by what the customer said after it, in this tab or another. */
  #closeReplies(seq, text) {
    for (const [each, row] of this.rows) {
      const set = each < seq && row.querySelector('.replies:not(.settled, .passed)');
      if (set) settle(set, [...set.children].find(({ dataset }) => dataset.title === text));
    }
  }

  #waiting(items) {
    const ids = new Set(items.map((item) => item.client_message_id));
    for (const [id, row] of this.pending) {
      if (ids.has(id)) continue;
      row.querySelector('.status')?.remove(); // accepted; the server's own copy is on its way
    }
    for (const item of items) {
      if (this.pending.has(item.client_message_id)) continue;
      const row = messageItem({ author: 'customer', text: item.text }, {});
      row.append(el('p', { class: 'status' }, navigator.onLine ? WORDS.sending : WORDS.waiting));
      this.pending.set(item.client_message_id, row);
      this.list.append(row);
      this.#toEnd();
    }
  }

  #refused(item, words) {
    const row = this.pending.get(item.client_message_id);
    if (!row) return;
    row.classList.add('failed');
    row.querySelector('.status')?.remove();
    row.append(el('p', { class: 'status' }, words));
    this.#announce(words);
    if (!this.input.value && !item.choice) { this.input.value = item.text; this.#measure(); }
  }

  /** A line of the widget's own, between the messages. */
  #line(text) {
    this.list.append(el('li', { class: 'message system' }, el('p', { class: 'body' }, text)));
    this.#announce(text);
    this.#toEnd();
  }

  #clear() {
    this.rows.clear();
    this.unread.clear();
    this.list.replaceChildren(...this.pending.values());
    this.#waiting(this.talk.store.waiting);
    this.#state('bot');
    this.#count();
  }

  // ── states, in words ──

  #typing(on) {
    clearTimeout(this.tired);
    if (on) this.tired = setTimeout(() => this.#typing(false), 60_000);
    const stay = this.#atEnd();
    this.dots.hidden = !on;
    if (stay) this.#toEnd();
  }

  #state(state) {
    const before = this.state;
    this.state = state === 'engine_back' ? 'bot' : state;
    if (before !== this.state && BACK[before] && this.state === 'bot') this.#announce(BACK[before]);
    this.#tell();
  }

  #notice(notice) {
    clearInterval(this.ticking);
    this.problem = notice && { ...notice };
    if (notice?.kind === 'limited') {
      this.ticking = setInterval(() => {
        this.problem.seconds = Math.max(1, this.problem.seconds - 1);
        this.#tell();
      }, 1000);
    }
    for (const row of this.pending.values()) {
      const status = row.querySelector('.status');
      if (status && !row.matches('.failed')) status.textContent = notice ? WORDS.waiting : WORDS.sending;
    }
    this.#tell();
  }

  /** One line above the composer; announced when it changes its kind, not with every second. */
  #tell() {
    const kind = this.problem?.kind ?? this.state;
    const words = typeof NOTICES[kind] === 'function' ? NOTICES[kind](this.problem.seconds) : NOTICES[kind] ?? '';
    this.notice.hidden = !words;
    this.notice.textContent = words;
    this.notice.className = `notice ${kind}`;
    if (words && this.told !== kind) this.#announce(words);
    this.told = kind;
  }

  #announce(text) {
    const line = el('p', {}, text);
    this.live.append(line);
    setTimeout(() => line.remove(), LIVE);
  }

  // ── what was read ──

  #atEnd() { return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60; }

  #toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.#seen();
  }

  #seen() {
    if (this.dialog.open && !document.hidden && this.#atEnd()) {
      this.talk.read = this.talk.last;
      this.unread.clear();
    }
    this.#count();
  }

  #count() {
    const { size } = this.unread;
    this.host.unread = this.dialog.open ? 0 : size;
    this.jump.hidden = !size;
    this.jump.textContent = WORDS.newMessages(size);
  }

  // ── the composer ──

  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #measure() {
    const used = [...this.input.value].length;
    this.input.style.blockSize = 'auto';
    this.input.style.blockSize = `${Math.min(this.input.scrollHeight, 132)}px`;
    this.counter.hidden = used < COUNT_FROM;
    this.counter.textContent = used > MOST ? WORDS.long(used - MOST) : WORDS.count(used, MOST);
    this.counter.classList.toggle('over', used > MOST);
    this.input.setAttribute('aria-invalid', used > MOST);
    return used;
  }

  #send() {
    const text = this.input.value.trim();
    if (!text) return;
    if (this.#measure() > MOST) { this.#announce(this.counter.textContent); return; }
    this.input.value = '';
    this.#measure();
    this.talk.send(text);
    this.input.focus();
  }
}
