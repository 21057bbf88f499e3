// One customer's conversation, without a page: session, stream, sending in order, and what went wrong.
//
// Events (CustomEvent, `detail`): message {message, fresh} · waiting [items] · refused {item, kind} · typing on ·
// state {state, agent} · notice {kind, seconds} or null · reset · renewed (another conversation began) · read seq

import { backoff, listen, sleep } from './stream.js';

const HIDDEN = 30_000; // ms; a tab nobody looks at gives its connection back: browsers allow six a host

const newId = () => crypto.randomUUID?.() ?? String(crypto.getRandomValues(new Uint32Array(4))).replace(/,/g, '-'); // http pages have no randomUUID
const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());

/** Tells another customer on this browser from the same one, without keeping who: not for security. */
function subjectOf(jwt = '') {
  const part = jwt.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/');
  return [...(part ? JSON.parse(atob(part)).sub : '')].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0, 1);
}

export class Conversation extends EventTarget {
  last = 0; // newest seq shown
  #live = false;
  #new = false; // begun here: whatever comes is news
  #sending = false;
  #sent = 0;
  #connected; // id of the conversation listened to
  #beginning;
  #stop;
  #waker = new AbortController();
  #hiding;

  /** `base` is where the API lives, with a closing slash; `customerToken()` gives the site's JWT, or nothing. */
  constructor(base, customerToken) {
    super();
    Object.assign(this, { base, customerToken, key: `tactful ${base}` });
    const { session } = this;
    if (session && session.who !== subjectOf(customerToken())) {
      if (session.wrote && session.who === subjectOf()) this.before = session.token;
      this.#dropAll();
    }
    addEventListener('storage', ({ key }) => { if (!key || key.startsWith(this.key)) this.#otherTab(); });
    addEventListener('online', () => this.#wake());
    addEventListener('offline', () => this.#explain({}));
    document.addEventListener('visibilitychange', () => this.#visibility());
  }

  // What this browser keeps: the conversation, how far it was read, and each message not yet accepted under a key of its
  // own, so that two tabs never overwrite each other's list. Without storage the conversation ends with the page.

  #memory = new Map();

  #get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return this.#memory.get(key) ?? null; }
  }

  #set(key, value) {
    try {
      if (value) localStorage.setItem(key, JSON.stringify(value));
      else localStorage.removeItem(key);
    } catch { this.#memory.set(key, value); }
  }

  get session() { return this.#get(this.key); }
  get read() { return this.session?.read ?? 0; }
  set read(seq) { if (this.session && seq > this.read) this.#set(this.key, { ...this.session, read: seq }); }

  /** The token of what a stranger said here before signing in, until the customer says what shall become of it. */
  get before() { return this.#get(`${this.key} before`); }
  set before(token) { this.#set(`${this.key} before`, token); }

  get waiting() {
    let keys;
    try { keys = Object.keys(localStorage); } catch { keys = [...this.#memory.keys()]; }
    return keys.filter((key) => key.startsWith(`${this.key} out`)).sort().map((key) => this.#get(key)).filter(Boolean);
  }

  #drop(...items) { items.forEach(({ key }) => this.#set(key, null)); }
  #dropAll() { this.#drop(this, ...this.waiting); }

  /** Shows what there is and listens; begins a conversation when there is none. */
  async start() {
    if (this.#live) return;
    this.#live = true;
    this.#say('waiting', this.waiting);
    this.#live = Boolean(this.session || (await this.#begin()));
    if (!this.#live) return;
    this.#connect();
    this.#flush();
  }

  send(text) { this.#enqueue({ text }); }
  choose(choice, text) { this.#enqueue({ choice, text }); }

  /** What the customer thinks of a reply: up, down, or null to take it back; whether it was kept. */
  async rate(seq, rating) {
    return this.call(`api/conversations/${this.session.id}/messages/${seq}/rating`, 'PUT', { rating }).then(() => true, (error) => this.#explain(error));
  }

  /** A new conversation for the same customer; what waits is given up. */
  async startOver() {
    const old = this.session;
    this.#drop(...this.waiting);
    if (await this.#begin(old)) this.#restart('reset');
  }

  /** After an erasure: nothing of the old conversation stays in this browser. */
  forget() {
    this.#dropAll();
    this.#quit();
  }

  #quit() {
    this.#stop?.abort();
    this.#live = false;
    this.last = 0;
    this.#say('reset');
  }

  #restart(event) {
    this.last = 0;
    this.#live = true;
    this.#say(event);
    this.#connect();
  }

  /** POST /api/conversations, tried until it works; when another tab was faster, its conversation is taken. */
  #begin(previous) {
    return (this.#beginning ??= alone(`${this.key} begin`, () => this.#tryToBegin(previous)).finally(() => { this.#beginning = null; }));
  }

  async #tryToBegin(previous) {
    for (let tries = 0, stranger = !previous; ; tries += 1) {
      if (this.session && this.session.id !== previous?.id) return true;
      const customer = this.customerToken();
      const same = previous?.who === subjectOf(customer) && !stranger; // a token of the site may open one conversation only
      const body = { channel: 'widget', ...(same ? { previous_token: previous.token } : customer && { customer_token: customer }) };
      try {
        const { conversation_id: id, token } = await (await this.call('api/conversations', 'POST', body, {}, '')).json();
        this.#set(this.key, { id, token, who: subjectOf(customer), read: 0, wrote: this.waiting.length > 0 });
        this.#new = true;
        this.#say('notice', null);
        return true;
      } catch (error) {
        const final = error.status < 500 && error.status !== 429;
        if (final && body.previous_token) stranger = true; // too old to be known
        else if (final) {
          this.#say('notice', { kind: 'refused' });
          return false;
        } else await this.#trouble(error, tries);
      }
    }
  }

  #enqueue(content) {
    const key = `${this.key} out ${Date.now()}-${String(this.#sent++).padStart(4, 0)}`;
    const item = { ...content, key, client_message_id: newId() };
    this.#set(key, item);
    if (this.session) this.#set(this.key, { ...this.session, wrote: true });
    this.#say('waiting', this.waiting);
    this.#flush();
  }

  /** Sends what waits, in order, one tab at a time. A repeat is harmless: the server knows the id. */
  async #flush() {
    if (this.#sending) return;
    this.#sending = true;
    await alone(this.key, () => this.#sendAll());
    this.#sending = false;
  }

  async #sendAll() {
    for (let tries = 0, item; ([item] = this.waiting) && item;) {
      if (!this.session && !(await this.#begin())) return;
      if (!this.#live) this.#restart('reset');
      const session = this.session;
      const path = `api/conversations/${session.id}/messages`;
      const { client_message_id, choice, text } = item;
      try {
        await this.call(path, 'POST', choice ? { client_message_id, choice } : { client_message_id, text });
        this.#drop(item);
        this.#say('notice', null);
        tries = 0;
      } catch (error) {
        // A button that is too old and a conversation that is gone are both answered 404.
        const gone = error.status === 401 || (error.status === 404 && !(choice && await this.call(`${path}?after=${this.last}`).catch(() => 0)));
        if (gone) await this.#renew(session);
        else if (error.status < 500 && error.status !== 429) {
          this.#drop(item);
          this.#say('refused', { item, kind: error.status === 413 ? 'too_long' : choice ? 'stale' : 'rejected' });
        } else await this.#trouble(error, tries++);
      }
    }
  }

  /** The token expired or the conversation is gone: another one for the same customer. */
  async #renew(old) {
    if (this.session?.id === old.id && (await this.#begin(old))) this.#restart('renewed');
  }

  async #connect() {
    this.#stop?.abort();
    const { signal } = (this.#stop = new AbortController());
    const session = this.session;
    this.#connected = session.id;
    const path = `api/conversations/${session.id}`;
    const call = (url, options) => this.call(url, 'GET', null, options, session.token);
    try {
      await this.#history(path, call, signal);
      await listen({
        path, call, signal, last: () => this.last,
        take: (event, data) => signal.aborted || this.#take(event, data, true),
        line: (error) => { if (error) this.#explain(error); else if (!this.#sending) this.#say('notice', null); },
      });
    } catch (error) {
      if (!signal.aborted && error.status) await this.#renew(session);
    }
  }

  /** What was said before, in one call, so that it can be told apart from what is new. */
  async #history(path, call, signal) {
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        const { messages, ...now } = await (await call(`${path}/messages?after=${this.last}`, { signal })).json();
        const fresh = this.#new || this.last > 0;
        this.#new = false;
        messages.forEach((message) => this.#take('message', message, fresh));
        if (now.state) this.#take('state', now);
        return;
      } catch (error) {
        if (error.status === 401 || error.status === 404) throw error;
        if (!signal.aborted) await this.#trouble(error, tries);
      }
    }
  }

  #take(event, data, fresh) {
    if (event === 'typing') this.#say(event, data.on);
    if (data.state === 'erased') {
      this.forget();
      this.#say('erased');
    } else if (event === 'state') this.#say(event, data);
    if (event !== 'message') return;
    const sent = this.waiting.find((item) => item.client_message_id === data.client_message_id);
    if (sent) this.#drop(sent);
    this.last = Math.max(this.last, data.seq);
    this.#say('message', { message: data, fresh });
  }

  #otherTab() {
    if (!this.#live || this.#beginning) return;
    if (!this.session) { this.#quit(); this.#say('erased'); return; }
    if (this.#connected !== this.session.id) this.#restart('reset');
    this.#say('waiting', this.waiting);
    this.#say('read', this.read);
  }

  #wake() {
    this.#say('notice', null);
    this.#waker.abort();
    this.#waker = new AbortController();
    if (this.#live && this.session) this.#connect();
    this.#flush();
  }

  #visibility() {
    clearTimeout(this.#hiding);
    if (document.hidden) this.#hiding = setTimeout(() => this.#stop?.abort(), HIDDEN);
    else if (this.#live && this.session && this.#stop?.signal.aborted) this.#connect();
  }

  #explain({ status, retryAfter }) {
    const kind = status === 429 ? 'limited' : status ? 'unavailable' : navigator.onLine ? 'unreachable' : 'offline';
    this.#say('notice', { kind, seconds: retryAfter });
  }

  /** Says what is wrong and waits as long as the server asked for, or longer with every try; being online again ends the wait. */
  #trouble(error, tries) {
    this.#explain(error);
    return sleep(error.retryAfter ? error.retryAfter * 1000 : backoff(tries), this.#waker.signal);
  }

  #say(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  /** Fetch with the bearer token. Throws an error with `status` and `retryAfter` (s), or without when nothing answered. */
  async call(path, method = 'GET', body = null, options = {}, token = this.session?.token) {
    const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }) };
    const answer = await fetch(this.base + path, { cache: 'no-store', credentials: 'omit', ...options, method, headers, body: body && JSON.stringify(body) });
    if (answer.ok) return answer;
    const code = await answer.json().then(({ error }) => error?.code, () => null);
    throw Object.assign(new Error(answer.status), { status: answer.status, code, retryAfter: Number(answer.headers.get('Retry-After')) });
  }
}
