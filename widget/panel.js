// The panel: a dialog with the messages, the composer and a menu. Joins the conversation to the page.

import { Conversation } from './conversation.js';
import { button, el, icon, iconButton } from './dom.js';
import { messageItem, settle, spoken } from './messages.js';
import { sensitive, without } from './sensitive.js';
import { SHEET } from './styles.js';
import { CAREFUL, NOTICES, REFUSED, WORDS } from './words.js';

const MOST = 4000; // characters the server takes
const COUNT_FROM = 3600;
const PAUSE = 500; // ms without a key before a warning: half a word is often something else
const LIVE = 1000; // ms; an announcement left longer is met again by readers that walk the page
const phone = matchMedia('(max-width: 480px), (max-height: 460px)');
const touch = matchMedia('(pointer: coarse)');

export const mount = (host, base) => new Panel(host, base);

class Panel {
  rows = new Map(); // seq → list item
  pending = new Map(); // client_message_id → list item
  unread = new Set(); // seqs of what came while nobody looked
  state = 'bot';

  constructor(host, base) {
    const { notices, refused, careful, ...words } = host.words ?? {};
    Object.assign(WORDS, words);
    Object.assign(CAREFUL, careful);
    Object.assign(NOTICES, notices);
    Object.assign(REFUSED, refused);
    Object.assign(this, { host, base, talk: new Conversation(base, () => host.dataset.customerToken) });
    this.#build(host.dataset, { href: `${base}privacy`, target: '_blank', rel: 'noopener' });
    this.#listen();
    if (this.talk.session) this.talk.start();
  }

  #build({ title, intro, lang = 'en' }, privacy) {
    const { host } = this;
    this.title = el('h2', { id: 'title', tabindex: -1 }, title ?? WORDS.title);
    this.menu = el('div', { class: 'menu', id: 'menu', hidden: true },
      button(() => this.#showData(), {}, icon('person'), WORDS.menuData),
      button(() => this.#startOver(), {}, icon('restart'), WORDS.menuOver),
      el('a', privacy, icon('shield'), WORDS.menuPrivacy));
    this.more = iconButton('menu', WORDS.open, () => this.#toggleMenu(), { 'aria-expanded': 'false', 'aria-controls': 'menu' });
    this.list = el('ol', { class: 'messages', role: 'list', 'aria-label': WORDS.messages, tabindex: 0 });
    this.dots = el('div', { class: 'typing', hidden: true }, el('span', { class: 'unseen' }, WORDS.typing()), el('i'), el('i'), el('i'));
    this.jump = button(() => this.#toEnd(), { class: 'jump', hidden: true });
    this.notice = el('p', { hidden: true });
    this.input = el('textarea', { rows: 1, 'aria-label': WORDS.write, placeholder: WORDS.write, dir: 'auto', enterkeyhint: 'send',
      'aria-describedby': 'careful counter', oninput: (event) => this.#typed(event), onkeydown: (event) => this.#key(event) });
    this.careful = el('p', { id: 'careful' });
    this.warning = el('div', { class: 'careful', role: 'group', 'aria-labelledby': 'careful', hidden: true }, this.careful,
      el('div', {}, button(() => this.#sendWithout(), {}, CAREFUL.without), button(() => this.#submit(), {}, CAREFUL.anyway)));
    this.counter = el('p', { class: 'counter', id: 'counter', hidden: true });
    this.live = el('div', { class: 'unseen', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false' });
    this.chat = el('div', { class: 'chat' }, this.list, this.dots, this.jump, this.notice, this.warning,
      el('form', { class: 'composer', onsubmit: (event) => this.#send(event) }, this.input,
        iconButton('send', WORDS.send, null, { type: 'submit', class: 'round send' })),
      this.counter, el('p', { class: 'privacy' }, `${WORDS.privacy} `, el('a', privacy, WORDS.how)));
    this.dialog = el('dialog', { 'aria-labelledby': 'title', lang,
      onkeydown: (event) => event.key === 'Escape' && this.#escape(event),
      oncancel: (event) => this.#escape(event), // the back gesture of a phone
      onclick: ({ target }) => { if (!this.menu.contains(target) && !this.more.contains(target)) this.#toggleMenu(false); } },
    el('div', { class: 'header' }, el('div', {}, this.title, el('p', {}, intro ?? WORDS.intro)), this.more, iconButton('close', WORDS.close, () => this.close()), this.menu),
    this.chat, this.live);
    host.shadowRoot.adoptedStyleSheets.push(SHEET);
    host.shadowRoot.append(this.dialog);
    this.list.onscroll = () => this.#seen();
    document.addEventListener('visibilitychange', () => this.#seen());
    phone.onchange = () => { if (this.dialog.open) { this.dialog.close(); this.#show(); } };
    // The keyboard of a phone covers the page without making it smaller: follow what is really to be seen.
    visualViewport.onresize = () => this.dialog.style.setProperty('--seen', `${visualViewport.height}px`);
  }

  #listen() {
    const on = (type, take) => this.talk.addEventListener(type, ({ detail }) => take(detail));
    on('message', ({ message, fresh }) => this.#message(message, fresh));
    on('waiting', (items) => this.#waiting(items));
    on('refused', ({ item, kind }) => this.#refused(item, REFUSED[kind]));
    on('typing', (typing) => this.#typing(typing));
    on('state', ({ state, agent }) => this.#state(state, agent));
    on('notice', (notice) => this.#notice(notice));
    on('read', (read) => { this.unread = new Set([...this.unread].filter((seq) => seq > read)); this.#count(); });
    on('reset', () => this.#clear());
    on('erased', () => this.#line(WORDS.erased));
    on('renewed', () => { this.#clear(); this.#line(WORDS.renewed); });
  }

  #tellPage(what, detail) { this.host.dispatchEvent(new CustomEvent(`tactful:${what}`, { bubbles: true, detail })); }

  open({ focus = true } = {}) {
    if (!this.dialog.open) this.#show();
    this.host.launcher.setAttribute('aria-expanded', 'true');
    this.talk.start();
    this.#toEnd();
    // On a touch screen the keyboard would cover the conversation before it was read.
    if (focus) (touch.matches ? this.title : this.input).focus({ preventScroll: true });
    this.#tellPage('open');
    if (this.talk.before && this.host.dataset.customerToken) this.#offerToJoin();
  }

  async #offerToJoin() {
    if (this.joining) return;
    this.joining = true;
    const { offer } = await import('./joining.js');
    this.#announce(offer(this.talk, this.chat, (text) => this.#line(text)));
  }

  close() {
    if (!this.dialog.open) return;
    this.#toggleMenu(false);
    this.dialog.close();
    this.host.launcher.setAttribute('aria-expanded', 'false');
    this.host.launcher.focus();
    this.#tellPage('close');
  }

  /** Beside the page where there is room, over it on a phone; neither moves the focus by itself. */
  #show() {
    const before = this.host.shadowRoot.activeElement ?? document.activeElement;
    this.dialog[phone.matches ? 'showModal' : 'show']();
    before.focus({ preventScroll: true });
  }

  #escape(event) {
    event.preventDefault();
    if (this.menu.hidden) this.close();
    else { this.#toggleMenu(false); this.more.focus(); }
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

  #message(message, fresh) {
    const { seq, author, client_message_id: id, reply_to: to, status, text } = message;
    // What answers the customer can be rated; a greeting answers nobody.
    const rate = author !== 'customer' && this.rows.has(to) && ((rating) => this.talk.rate(seq, rating));
    const row = messageItem(message, this.base, (choice, title) => this.talk.choose(choice, title), rate);
    const old = this.rows.get(seq);
    const stay = this.#atEnd();
    if (old) old.replaceWith(row);
    else {
      const before = Math.max(...[...this.rows.keys()].filter((each) => each < seq));
      if (this.rows.has(before)) this.rows.get(before).after(row);
      else this.list.prepend(row);
    }
    this.rows.set(seq, row);
    if (old) return;
    this.pending.get(id)?.remove();
    this.pending.delete(id);
    if (author === 'customer') {
      if (status !== 'withheld') this.#closeReplies(seq, text);
    } else {
      this.#typing(false);
      if (seq > this.talk.read) this.unread.add(seq);
      if (fresh) {
        this.#announce(spoken(message, row));
        this.#tellPage('message', { author });
      }
    }
    if (stay || author === 'customer') this.#toEnd(row);
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
    for (const [id, row] of this.pending) {
      if (!items.some((item) => item.client_message_id === id)) row.querySelector('.state')?.remove();
    }
    for (const { client_message_id: id, text } of items) {
      if (this.pending.has(id)) continue;
      const row = messageItem({ author: 'customer', text }, this.base);
      row.append(el('p', { class: 'status state' }, navigator.onLine ? WORDS.sending : WORDS.waiting));
      this.pending.set(id, row);
      this.list.append(row);
      this.#toEnd();
    }
  }

  #refused({ client_message_id: id, choice, text }, words) {
    const row = this.pending.get(id);
    row?.classList.add('failed');
    row?.querySelector('.state')?.remove();
    row?.append(el('p', { class: 'status' }, words));
    this.#announce(words);
    if (this.input.value || choice) return;
    this.input.value = text;
    this.#measure();
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
    this.pending.clear();
    this.list.replaceChildren();
    this.#waiting(this.talk.waiting);
    this.#state('bot');
    this.#count();
  }

  #typing(on) {
    clearTimeout(this.tired);
    if (on) this.tired = setTimeout(() => this.#typing(false), 60_000);
    const stay = this.#atEnd();
    this.dots.hidden = !on;
    if (stay) this.#toEnd();
  }

  #state(state, agent) {
    const next = state === 'engine_back' ? 'bot' : state;
    if (next === 'bot' && next !== this.state && this.rows.size) this.#announce(WORDS.again);
    this.state = next;
    this.agent = agent; // the first name of the person who answers
    this.dots.firstChild.textContent = WORDS.typing(agent);
    this.#tell();
  }

  #notice(notice) {
    clearInterval(this.ticking);
    this.problem = notice;
    if (notice?.kind === 'limited') {
      this.ticking = setInterval(() => { if (notice.seconds > 1) notice.seconds -= 1; this.#tell(); }, 1000);
    }
    for (const state of this.list.querySelectorAll('.state')) state.textContent = notice ? WORDS.waiting : WORDS.sending;
    this.#tell();
  }

  /** One line above the composer; announced when it changes its kind, not with every second. */
  #tell() {
    const kind = this.problem?.kind ?? this.state;
    const say = NOTICES[kind] ?? '';
    const words = say.call?.(0, kind === 'limited' ? this.problem.seconds || 5 : this.agent) ?? say;
    const stay = this.#atEnd();
    this.notice.hidden = !words;
    Object.assign(this.notice, { textContent: words, className: `notice ${kind}` });
    if (words && this.told !== kind + this.agent) this.#announce(words);
    this.told = kind + this.agent;
    if (stay) this.#toEnd();
  }

  #announce(text) {
    const line = el('p', {}, text);
    this.live.append(line);
    setTimeout(() => line.remove(), LIVE);
  }

  #atEnd() { return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60; }

  /** To the end, or to the beginning of a message that is longer than the list is high. */
  #toEnd(row) {
    const { list } = this;
    list.scrollTop = row?.offsetHeight > list.clientHeight ? row.offsetTop - 12 : list.scrollHeight;
    this.#seen(row);
  }

  #seen(row) {
    if (this.dialog.open && !document.hidden && (row || this.#atEnd())) {
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

  #key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#send(event);
  }

  #measure() {
    const used = [...this.input.value].length;
    const over = used > MOST;
    this.input.style.blockSize = 0;
    this.input.style.blockSize = `${this.input.scrollHeight}px`;
    this.counter.hidden = used < COUNT_FROM;
    this.counter.textContent = over ? WORDS.long(used - MOST) : WORDS.count(used, MOST);
    this.counter.classList.toggle('over', over);
    this.input.setAttribute('aria-invalid', over);
    return over;
  }

  #typed({ inputType }) {
    this.#measure();
    clearTimeout(this.pausing);
    // A warning goes at once when its reason does, and comes when the typing rests.
    if (inputType === 'insertFromPaste' || !this.warning.hidden) this.#warn();
    else this.pausing = setTimeout(() => this.#warn(), PAUSE);
  }

  /** Shows what had better not be sent, and says it once; the kind that is shown, or nothing. */
  #warn() {
    clearTimeout(this.pausing);
    const kinds = sensitive(this.input.value).map(({ kind }) => kind);
    const kind = kinds.find((each) => each !== 'number') ?? kinds[0];
    const news = kind && (this.warning.hidden || this.warned !== kind);
    const stay = this.#atEnd();
    this.warned = kind;
    this.warning.hidden = !kind;
    this.careful.textContent = CAREFUL[kind] ?? '';
    if (stay) this.#toEnd();
    if (news) this.#announce(`${CAREFUL[kind]} ${CAREFUL.without}, ${CAREFUL.anyway}`);
    return kind;
  }

  #sendWithout() {
    this.input.value = without(this.input.value);
    if (this.input.value) this.#submit();
    else {
      this.#typed({ inputType: 'insertFromPaste' });
      this.#announce(CAREFUL.nothing);
      this.input.focus();
    }
  }

  /** What the customer could not have been warned of yet is held once; a number that only might be a card's is not. */
  #send(event) {
    event.preventDefault();
    const unseen = this.warning.hidden && this.#warn();
    if (unseen && unseen !== 'number') this.#hold();
    else this.#submit();
  }

  #hold() {
    this.careful.textContent += ` ${CAREFUL.held}`;
    this.#announce(CAREFUL.held);
  }

  #submit() {
    const text = this.input.value.trim();
    if (this.#measure()) this.#announce(this.counter.textContent);
    else if (text) {
      this.input.value = '';
      this.#measure();
      this.#warn();
      this.talk.send(text);
      this.input.focus();
    }
  }
}
