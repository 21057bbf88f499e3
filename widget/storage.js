// What this browser keeps: the conversation's id and token, how far the customer has read, and messages not yet accepted.
// Each waiting message has a key of its own, so that two tabs never overwrite each other's list.

export class Storage {
  #kept = new Map(); // stands in for localStorage when the page may not use it
  constructor(base) { this.prefix = 'tactful ' + base; }

  get session() { return this.#get(this.prefix); }
  set session(value) { this.#set(this.prefix, value); }

  keep(item) { this.#set(`${this.prefix} out ${item.order} ${item.client_message_id}`, item); }
  drop(item) { this.#set(`${this.prefix} out ${item.order} ${item.client_message_id}`, null); }

  /** Messages that wait to be accepted, oldest first. */
  get waiting() {
    return this.#keys().filter((key) => this.#isWaiting(key)).sort().map((key) => this.#get(key)).filter(Boolean);
  }

  /** Calls back when another tab changed the conversation or the waiting messages. */
  watch(changed) {
    addEventListener('storage', ({ key }) => {
      if (key === null || key === this.prefix || this.#isWaiting(key)) changed();
    });
  }

  #isWaiting(key) { return key.startsWith(this.prefix + ' out '); }

  #keys() {
    try { return Object.keys(localStorage); } catch { return [...this.#kept.keys()]; }
  }

  #get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return this.#kept.get(key) ?? null; }
  }

  #set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      this.#kept.set(key, value);
    }
  }
}
