// One customer's conversation, without a page: session, stream, sending in order, and what went wrong.
//
// Events (CustomEvent, `detail`): message {message, fresh} · waiting [items] · refused {item, kind} · typing on ·
// state name · notice {kind, seconds} or null · reset (another conversation begins) · renewed · read seq

import { backoff, listen, sleep } from './stream.js';
import { Storage } from './storage.js';

const HIDDEN = 30_000; // ms; a tab nobody looks at gives its connection back: browsers allow six a host

/** Not for security: tells that another customer signed in on this browser, without keeping who. */
const fingerprint = (text) => [...text].reduce((hash, char) => Math.imul(hash ^ char.codePointAt(0), 16777619) >>> 0, 2166136261);

const subjectOf = (jwt) => {
  if (!jwt) return 0;
  try {
    return fingerprint(JSON.parse(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sub);
  } catch {
    return fingerprint(jwt);
  }
};

const newId = () => crypto.randomUUID?.() // only in secure contexts
  ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());

export class Conversation extends EventTarget {
  last = 0; // newest seq shown
  #live = false;
  #new = false; // begun here: whatever comes is news
  #sending = false;
  #sent = 0;
  #connected = null; // id of the conversation listened to
  #beginning = null;
  #stop = null;
  #waker = new AbortController();
  #hiding;

  /** `base` is where the API lives, with a closing slash; `customerToken()` gives the site's JWT, or nothing. */
  constructor(base, customerToken) {
    super();
    this.base = base;
    this.customerToken = customerToken;
    this.store = new Storage(base);
    if (this.session && this.session.who !== subjectOf(customerToken())) this.#drop();
    this.store.watch(() => this.#otherTab());
    addEventListener('online', () => this.#wake());
    addEventListener('offline', () => this.#say('notice', { kind: 'offline' }));
    document.addEventListener('visibilitychange', () => this.#visibility());
  }

  get session() { return this.store.session; }
  get read() { return this.session?.read ?? 0; }
  set read(seq) { if (this.session && seq > this.read) this.store.session = { ...this.session, read: seq }; }

  /** Shows what there is and keeps listening; begins a conversation when there is none. */
  async start() {
    if (this.#live) return;
    this.#live = true;
    this.#say('waiting', this.store.waiting);
    if (this.session || (await this.#begin())) {
      this.#connect();
      this.#flush();
    } else this.#live = false;
  }

  send(text) { this.#enqueue({ text }); }
  choose(choice, text) { this.#enqueue({ choice, text }); }

  /** A new conversation for the same customer; what waits is given up. */
  async startOver() {
    const old = this.session;
    this.store.waiting.forEach((item) => this.store.drop(item));
    if (!(await this.#begin(old))) return;
    this.#say('reset');
    this.#live = true;
    this.#connect();
  }

  /** After an erasure: nothing of the old conversation stays in this browser. */
  forget() {
    this.#drop();
    this.#quit();
  }

  #drop() {
    this.store.session = null;
    this.store.waiting.forEach((item) => this.store.drop(item));
  }

  #quit() {
    this.#stop?.abort();
    this.#live = false;
    this.last = 0;
    this.#say('reset');
  }

  /** POST /api/conversations, tried until it works; when another tab was faster, its conversation is taken. */
  #begin(previous) {
    return (this.#beginning ??= alone(this.store.prefix + ' begin', () => this.#tryToBegin(previous))
      .finally(() => { this.#beginning = null; }));
  }

  async #tryToBegin(previous) {
    for (let tries = 0, body = null; ; tries += 1) {
      if (this.session && this.session.id !== previous?.id) return true;
      const customer = this.customerToken();
      body ??= customer ? { customer_token: customer } : previous ? { previous_token: previous.token } : {};
      try {
        const answer = await this.call('api/conversations', { method: 'POST', body: JSON.stringify(body) }, '');
        const { conversation_id: id, token } = await answer.json();
        this.store.session = { id, token, who: subjectOf(customer), read: 0 };
        this.last = 0;
        this.#new = true;
        this.#say('notice', null);
        return true;
      } catch (error) {
        if (body.previous_token && [400, 401, 404].includes(error.status)) body = {}; // too old: a stranger again
        else if (error.status < 500 && error.status !== 429) {
          this.#say('notice', { kind: 'refused' });
          return false;
        } else await this.#trouble(error, tries);
      }
    }
  }

  #enqueue(content) {
    const order = `${Date.now()}-${String(this.#sent++).padStart(4, '0')}`; // sorts as text until the year 2286
    this.store.keep({ ...content, order, client_message_id: newId() });
    this.#say('waiting', this.store.waiting);
    this.#flush();
  }

  /** Sends what waits, in order, one tab at a time. A repeat is harmless: the server knows the id. */
  async #flush() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      await alone(this.store.prefix, () => this.#sendAll());
    } finally {
      this.#sending = false;
    }
  }

  async #sendAll() {
    for (let tries = 0, item; (item = this.store.waiting[0]);) {
      if (!this.session && !(await this.#begin())) return;
      const session = this.session;
      const { client_message_id, choice, text } = item;
      try {
        await this.call(`api/conversations/${session.id}/messages`, {
          method: 'POST', body: JSON.stringify(choice ? { client_message_id, choice } : { client_message_id, text }),
        });
        this.store.drop(item);
        this.#say('notice', null);
        tries = 0;
      } catch (error) {
        if (error.status === 401 || (error.status === 404 && !(choice && await this.#stillThere()))) {
          await this.#renew(session);
        } else if (error.status < 500 && error.status !== 429) {
          this.store.drop(item);
          this.#say('refused', { item, kind: error.status === 413 ? 'too_long' : choice ? 'stale' : 'refused' });
        } else await this.#trouble(error, tries++);
      }
    }
  }

  /** Tells a button that is too old from a conversation that is gone: both are answered 404. */
  #stillThere() {
    return this.call(`api/conversations/${this.session.id}/messages?after=${this.last}`).then(() => true, () => false);
  }

  /** The token expired or the conversation is gone: another one for the same customer. */
  async #renew(old) {
    if (this.session && this.session.id !== old.id) return;
    if (await this.#begin(old)) {
      this.#say('renewed');
      this.#connect();
    }
  }

  async #connect() {
    this.#stop?.abort();
    const { signal } = (this.#stop = new AbortController());
    const session = this.session;
    this.#connected = session.id;
    const path = `api/conversations/${session.id}`;
    const call = (url, options) => this.call(url, options, session.token);
    try {
      await this.#history(path, call, signal);
      await listen({
        path, call, signal, last: () => this.last,
        take: (event, data) => signal.aborted || this.#take(event, data, true),
        line: (up, error) => { if (!up) this.#explain(error); else if (!this.#sending) this.#say('notice', null); },
      });
    } catch (error) {
      if (!signal.aborted && error.status) await this.#renew(session);
    }
  }

  /** What was said before, in one call, so that it can be told apart from what is new. */
  async #history(path, call, signal) {
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        const { messages } = await (await call(`${path}/messages?after=${this.last}`, { signal })).json();
        const fresh = this.#new || this.last > 0;
        this.#new = false;
        for (const message of messages) this.#take('message', message, fresh);
        return;
      } catch (error) {
        if ([401, 404].includes(error.status)) throw error;
        if (!signal.aborted) await this.#trouble(error, tries);
      }
    }
  }

  #take(event, data, fresh) {
    if (event !== 'message') return this.#say(event, event === 'typing' ? data.on : data.state);
    const waiting = this.store.waiting.find((item) => item.client_message_id === data.client_message_id);
    if (waiting) this.store.drop(waiting);
    this.last = Math.max(this.last, data.seq);
    this.#say('message', { message: data, fresh });
  }

  #otherTab() {
    if (!this.#live || this.#beginning) return;
    if (!this.session) return this.#quit();
    if (this.#connected !== this.session.id) {
      this.last = 0;
      this.#say('reset');
      this.#connect();
    }
    this.#say('waiting', this.store.waiting);
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

  /** Says what keeps us from the server. */
  #explain(error) {
    const kind = error.status === 429 ? 'limited' : error.status ? 'unavailable' : navigator.onLine ? 'unreachable' : 'offline';
    this.#say('notice', { kind, seconds: error.retryAfter });
  }

  /** Says it, and waits as long as the server asked for, or longer with every try; being online again ends the wait. */
  #trouble(error, tries) {
    this.#explain(error);
    return sleep(error.retryAfter ? error.retryAfter * 1000 : backoff(tries), this.#waker.signal);
  }

  #say(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  /** Fetch with the bearer token. Throws an error with `status`, `code`, `retryAfter` (s), or without when nothing answered. */
  async call(path, options = {}, token = this.session?.token) {
    const headers = { ...options.headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (options.body) headers['Content-Type'] = 'application/json';
    const answer = await fetch(this.base + path, { cache: 'no-store', credentials: 'omit', ...options, headers });
    if (answer.ok) return answer;
    const { error } = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(error?.code), {
      status: answer.status, code: error?.code, retryAfter: Number(answer.headers.get('Retry-After')) || 0,
    });
  }
}
