const SILENCE = 40_000;const BACKOFF = 30_000;const PATIENCE = 60_000;const sleep = (ms, signal) => new Promise((done) => {setTimeout(done, ms);signal?.addEventListener('abort', done);});const backoff = (tries) => 300 + Math.random() * Math.min(BACKOFF, 700 * 2 ** tries);async function* parse(body) {const reader = body.pipeThrough(new TextDecoderStream()).getReader();let buffer = '';for (;;) {const { value, done } = await reader.read();if (done) return;const blocks = (buffer + value).split('\n\n');buffer = blocks.pop();for (const block of blocks) {yield { event: /^event: ?(.*)$/m.exec(block)?.[1], data: /^data: ?(.*)$/m.exec(block)?.[1] };}
}
}
export async function listen({ path, call, last, take, line, signal }) {let tries = 0;let quiet = 0;let pollUntil = 0;let patience = PATIENCE;while (!signal.aborted) {const attempt = new AbortController();const polling = Date.now() < pollUntil;const stop = () => attempt.abort();let alarm;const heard = () => {clearTimeout(alarm);alarm = setTimeout(stop, SILENCE);};const options = { signal: attempt.signal, headers: { 'Last-Event-ID': last() } };signal.addEventListener('abort', stop);heard();try {if (polling) {const { messages, ...now } = await (await call(`${path}/messages?after=${last()}&wait=25`, options)).json();messages.forEach((message) => take('message', message));take('state', now);line(null);tries = 0;continue;}
quiet += 1;const { body } = await call(`${path}/events`, options);line(null);for await (const { event, data } of parse(body)) {heard();tries = quiet = 0;patience = PATIENCE;if (data) take(event, JSON.parse(data));}
} catch (error) {if (signal.aborted) return;if (error.status === 401 || error.status === 404) throw error;if (polling) pollUntil = 0;line(error);await sleep(1000 * (error.retryAfter ?? 0), signal);} finally {clearTimeout(alarm);signal.removeEventListener('abort', stop);}
if (quiet > 1) {quiet = 0;pollUntil = Date.now() + patience;patience = Math.min(2 * patience, 600_000);}
await sleep(backoff(tries++), signal);}
}
const HIDDEN = 30_000;const newId = () => crypto.randomUUID?.() ?? String(crypto.getRandomValues(new Uint32Array(4))).replace(/,/g, '-');const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());function subjectOf(jwt = '') {const part = jwt.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/');return [...(part ? JSON.parse(atob(part)).sub : '')].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0, 1);}
class Conversation extends EventTarget {last = 0;#live = false;#new = false;#sending = false;#sent = 0;#connected;#beginning;#stop;#waker = new AbortController();#hiding;constructor(base, customerToken) {super();Object.assign(this, { base, customerToken, key: `tactful ${base}` });const { session } = this;if (session && session.who !== subjectOf(customerToken())) {if (session.wrote && session.who === subjectOf()) this.before = session.token;this.#dropAll();}
addEventListener('storage', ({ key }) => { if (!key || key.startsWith(this.key)) this.#otherTab(); });addEventListener('online', () => this.#wake());addEventListener('offline', () => this.#explain({}));document.addEventListener('visibilitychange', () => this.#visibility());}
#memory = new Map();#get(key) {try { return JSON.parse(localStorage.getItem(key)); } catch { return this.#memory.get(key) ?? null; }
}
#set(key, value) {try {if (value) localStorage.setItem(key, JSON.stringify(value));else localStorage.removeItem(key);} catch { this.#memory.set(key, value); }
}
get session() { return this.#get(this.key); }
get read() { return this.session?.read ?? 0; }
set read(seq) { if (this.session && seq > this.read) this.#set(this.key, { ...this.session, read: seq }); }
get before() { return this.#get(`${this.key} before`); }
set before(token) { this.#set(`${this.key} before`, token); }
get waiting() {let keys;try { keys = Object.keys(localStorage); } catch { keys = [...this.#memory.keys()]; }
return keys.filter((key) => key.startsWith(`${this.key} out`)).sort().map((key) => this.#get(key)).filter(Boolean);}
#drop(...items) { items.forEach(({ key }) => this.#set(key, null)); }
#dropAll() { this.#drop(this, ...this.waiting); }
async start() {if (this.#live) return;this.#live = true;this.#say('waiting', this.waiting);this.#live = Boolean(this.session || (await this.#begin()));if (!this.#live) return;this.#connect();this.#flush();}
send(text) { this.#enqueue({ text }); }
choose(choice, text) { this.#enqueue({ choice, text }); }
async rate(seq, rating) {return this.call(`api/conversations/${this.session.id}/messages/${seq}/rating`, 'PUT', { rating }).then(() => true, (error) => this.#explain(error));}
async startOver() {const old = this.session;this.#drop(...this.waiting);if (await this.#begin(old)) this.#restart('reset');}
forget() {this.#dropAll();this.#quit();}
#quit() {this.#stop?.abort();this.#live = false;this.last = 0;this.#say('reset');}
#restart(event) {this.last = 0;this.#live = true;this.#say(event);this.#connect();}
#begin(previous) {return (this.#beginning ??= alone(`${this.key} begin`, () => this.#tryToBegin(previous)).finally(() => { this.#beginning = null; }));}
async #tryToBegin(previous) {for (let tries = 0, stranger = !previous; ; tries += 1) {if (this.session && this.session.id !== previous?.id) return true;const customer = this.customerToken();const same = previous?.who === subjectOf(customer) && !stranger;const body = { channel: 'widget', ...(same ? { previous_token: previous.token } : customer && { customer_token: customer }) };try {const { conversation_id: id, token } = await (await this.call('api/conversations', 'POST', body, {}, '')).json();this.#set(this.key, { id, token, who: subjectOf(customer), read: 0, wrote: this.waiting.length > 0 });this.#new = true;this.#say('notice', null);return true;} catch (error) {const final = error.status < 500 && error.status !== 429;if (final && body.previous_token) stranger = true;else if (final) {this.#say('notice', { kind: 'refused' });return false;} else await this.#trouble(error, tries);}
}
}
#enqueue(content) {const key = `${this.key} out ${Date.now()}-${String(this.#sent++).padStart(4, 0)}`;const item = { ...content, key, client_message_id: newId() };this.#set(key, item);if (this.session) this.#set(this.key, { ...this.session, wrote: true });this.#say('waiting', this.waiting);this.#flush();}
async #flush() {if (this.#sending) return;this.#sending = true;await alone(this.key, () => this.#sendAll());this.#sending = false;}
async #sendAll() {for (let tries = 0, item; ([item] = this.waiting) && item;) {if (!this.session && !(await this.#begin())) return;if (!this.#live) this.#restart('reset');const session = this.session;const path = `api/conversations/${session.id}/messages`;const { client_message_id, choice, text } = item;try {await this.call(path, 'POST', choice ? { client_message_id, choice } : { client_message_id, text });this.#drop(item);this.#say('notice', null);tries = 0;} catch (error) {const gone = error.status === 401 || (error.status === 404 && !(choice && await this.call(`${path}?after=${this.last}`).catch(() => 0)));if (gone) await this.#renew(session);else if (error.status < 500 && error.status !== 429) {this.#drop(item);this.#say('refused', { item, kind: error.status === 413 ? 'too_long' : choice ? 'stale' : 'rejected' });} else await this.#trouble(error, tries++);}
}
}
async #renew(old) {if (this.session?.id === old.id && (await this.#begin(old))) this.#restart('renewed');}
async #connect() {this.#stop?.abort();const { signal } = (this.#stop = new AbortController());const session = this.session;this.#connected = session.id;const path = `api/conversations/${session.id}`;const call = (url, options) => this.call(url, 'GET', null, options, session.token);try {await this.#history(path, call, signal);await listen({path, call, signal, last: () => this.last,take: (event, data) => signal.aborted || this.#take(event, data, true),line: (error) => { if (error) this.#explain(error); else if (!this.#sending) this.#say('notice', null); },});} catch (error) {if (!signal.aborted && error.status) await this.#renew(session);}
}
async #history(path, call, signal) {for (let tries = 0; !signal.aborted; tries += 1) {try {const { messages, ...now } = await (await call(`${path}/messages?after=${this.last}`, { signal })).json();const fresh = this.#new || this.last > 0;this.#new = false;messages.forEach((message) => this.#take('message', message, fresh));if (now.state) this.#take('state', now);return;} catch (error) {if (error.status === 401 || error.status === 404) throw error;if (!signal.aborted) await this.#trouble(error, tries);}
}
}
#take(event, data, fresh) {if (event === 'typing') this.#say(event, data.on);if (data.state === 'erased') {this.forget();this.#say('erased');} else if (event === 'state') this.#say(event, data);if (event !== 'message') return;const sent = this.waiting.find((item) => item.client_message_id === data.client_message_id);if (sent) this.#drop(sent);this.last = Math.max(this.last, data.seq);this.#say('message', { message: data, fresh });}
#otherTab() {if (!this.#live || this.#beginning) return;if (!this.session) { this.#quit(); this.#say('erased'); return; }
if (this.#connected !== this.session.id) this.#restart('reset');this.#say('waiting', this.waiting);this.#say('read', this.read);}
#wake() {this.#say('notice', null);this.#waker.abort();this.#waker = new AbortController();if (this.#live && this.session) this.#connect();this.#flush();}
#visibility() {clearTimeout(this.#hiding);if (document.hidden) this.#hiding = setTimeout(() => this.#stop?.abort(), HIDDEN);else if (this.#live && this.session && this.#stop?.signal.aborted) this.#connect();}
#explain({ status, retryAfter }) {const kind = status === 429 ? 'limited' : status ? 'unavailable' : navigator.onLine ? 'unreachable' : 'offline';this.#say('notice', { kind, seconds: retryAfter });}
#trouble(error, tries) {this.#explain(error);return sleep(error.retryAfter ? error.retryAfter * 1000 : backoff(tries), this.#waker.signal);}
#say(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
async call(path, method = 'GET', body = null, options = {}, token = this.session?.token) {const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }) };const answer = await fetch(this.base + path, { cache: 'no-store', credentials: 'omit', ...options, method, headers, body: body && JSON.stringify(body) });if (answer.ok) return answer;const code = await answer.json().then(({ error }) => error?.code, () => null);throw Object.assign(new Error(answer.status), { status: answer.status, code, retryAfter: Number(answer.headers.get('Retry-After')) });}
}
const ICONS = {close: 'M6 6l12 12M18 6L6 18', back: 'M15 5l-7 7 7 7', next: 'M9 5l7 7-7 7', menu: 'M5 12h.01M12 12h.01M19 12h.01',send: 'M5 12h13M12 5l7 7-7 7', check: 'M5 13l4 4L19 7', copy: 'M9 9h10v11H9zM5 15V4h10',restart: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5', shield: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z',up: 'M7 20H4v-9h3l4-8c3 1 2 4 2 6h6l-1 11z',person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c1-3.5 4-5 7.5-5s6.5 1.5 7.5 5',};function fill(node, attributes, children) {for (const [name, value] of Object.entries(attributes)) {if (typeof value === 'function') node.addEventListener(name.slice(2), value);else if (value !== false && value != null) node.setAttribute(name, value === true ? '' : value);}
node.append(...children.flat().filter(Boolean));return node;}
const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);function icon(name) {const svg = (tag, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);return svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `icon i-${name}` }, svg('path', { d: ICONS[name] }));}
const button = (onclick, attributes, ...children) => el('button', { type: 'button', onclick, ...attributes }, ...children);const iconButton = (name, label, onclick, attributes) =>
button(onclick, { class: 'round', 'aria-label': label, title: label, ...attributes }, icon(name));const KEPT = /^(P|BR|STRONG|EM|CODE|PRE|UL|OL|LI|A|BLOCKQUOTE|HR|H3|H4|TABLE|THEAD|TBODY|TR|TH|TD)$/;const READ = /^(DIV|SPAN|B|I|U|S|DEL)$/;function copy(from, to, base) {for (const node of from.childNodes) {const { nodeName, className } = node;if (nodeName === '#text') to.append(node.data);else if (READ.test(nodeName)) copy(node, to, base);else if (KEPT.test(nodeName)) {const url = nodeName === 'A' && URL.parse(node.getAttribute('href'), base);const element = el(nodeName, {...(url && /^(https?|mailto):$/.test(url.protocol) && { href: url.href, target: '_blank', rel: 'noopener noreferrer' }),...(node.start > 1 && { start: node.start }),'data-language': /^language-([\w+#-]{1,20})$/.exec(className)?.[1],});copy(node, element, base);to.append(element);}
}
}
function safeHtml(html, text, base) {const body = el('div', { class: 'body', dir: 'auto' });try {if (!html) throw new TypeError('no html');copy(new DOMParser().parseFromString(html, 'text/html').body, body, base);} catch {body.replaceChildren(el('p', { class: 'plain' }, text));}
return body;}
const WORDS = {title: 'Wayfare support',intro: 'Plans, the API, your next trip',open: 'Open menu', close: 'Close chat', back: 'Back to the conversation',messages: 'Messages', answers: 'Suggested answers', suggestions: 'Suggestions', chosen: 'your choice',customer: 'You', bot: 'Assistant', system: 'Notice', agent: 'Support team',write: 'Write a message', send: 'Send', typing: (name) => `${name || 'The assistant'} is writing`,privacy: 'Names, numbers and addresses are hidden before anything is stored.', how: 'How?',copy: 'Copy', copied: 'Copied', code: 'Code',up: 'Helpful', down: 'Not helpful',waiting: 'Waiting to send', sending: 'Sending…',withheld: 'Not kept', withheldText: 'This message could not be checked for personal details, so it was not kept.',menuData: 'Your data', menuOver: 'Start over', menuPrivacy: 'How we protect you',startedOver: 'This is a new conversation. What you told us about your preferences is still known.',renewed: 'Your earlier conversation has ended, so this is a new one.',erased: 'Everything about you has been erased. Write again whenever you like: we start from nothing.',long: (over) => `Your message is ${over.toLocaleString()} characters too long.`,count: (used, most) => `${used.toLocaleString()} of ${most.toLocaleString()} characters`,again: 'The assistant is with you again.',newMessages: (count) => (count === 1 ? '1 new message' : `${count} new messages`),};const NOTICES = {offline: 'You are offline. Write on: your messages are sent when you are back.',unreachable: 'We cannot be reached just now. Your messages wait here, and we keep trying.',unavailable: 'We cannot take messages just now. Your messages wait here, and we keep trying.',limited: (seconds) => `That was a little fast. Your message is sent in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`,refused: 'The chat could not begin. Please reload the page and try again.',engine_down: 'The assistant is taking a short break. Your messages are safe, and it answers as soon as it is back.',waiting: 'A person from our team has been asked to join. You can write on meanwhile.',agent: (name) => `You are talking with ${name || 'a person'} from our team.`,};const REFUSED = {too_long: 'Not sent: the message is too long.',stale: 'Not sent: this answer is no longer open. Please write it instead.',rejected: 'Not sent: the message was not accepted. Please try other words.',};const CAREFUL = {card: 'That looks like a card number. We never need one here.',number: 'If that is a card number: we never need one here.',password: 'That looks like a password. Nobody here will ever ask for it.',key: 'That looks like a secret key. We can help without it, and a key that was shown should be replaced.',without: 'Send without it', anyway: 'Send anyway', held: 'Not sent yet. Send it again if you mean to.',nothing: 'Taken out. Nothing was left to send.',};async function copyCode({ currentTarget }, pre) {try {await navigator.clipboard.writeText(pre.textContent);} catch {getSelection().selectAllChildren(pre);document.execCommand('copy');}
currentTarget.lastChild.data = WORDS.copied;setTimeout(() => { currentTarget.lastChild.data = WORDS.copy; }, 2000);}
function dressCode(pre) {const language = pre.querySelector('code')?.dataset.language ?? WORDS.code;const frame = el('div', { class: 'code', role: 'group', 'aria-label': `${WORDS.code}: ${language}` },el('div', { class: 'bar' }, language, button((event) => copyCode(event, pre), { class: 'copy' }, icon('copy'), WORDS.copy)));pre.replaceWith(frame);Object.assign(pre, { tabIndex: 0, dir: 'ltr' });frame.append(pre);}
function settle(set, chosen) {for (const each of set.querySelectorAll('button')) each.setAttribute('aria-disabled', 'true');set.classList.add(chosen ? 'settled' : 'passed');chosen?.classList.add('chosen');chosen?.setAttribute('aria-label', `${chosen.ariaLabel ?? chosen.dataset.title}, ${WORDS.chosen}`);chosen?.prepend(icon('check'));}
function choiceButton({ id, title }, choose, name) {return button(({ currentTarget }) => {if (currentTarget.ariaDisabled) return;settle(currentTarget.parentNode, currentTarget);choose(id, title);}, { dir: 'auto', 'data-title': title, 'aria-label': name }, title);}
function card({ title, subtitle, image, image_alt: alt, reasons = [], facts = [], button: choice }, base, choose) {return el('li', { class: 'card' },image && el('img', { src: new URL(image.replace(/^\//, ''), base), alt: alt ?? '', width: 320, height: 180, loading: 'lazy' }),el('h3', { dir: 'auto' }, title),subtitle && el('p', { class: 'dim', dir: 'auto' }, subtitle),reasons.length > 0 && el('ul', {}, reasons.map((reason) => el('li', { dir: 'auto' }, icon('check'), reason))),facts.length > 0 && el('dl', {}, facts.map(({ label, value }) => el('div', {}, el('dt', { class: 'dim' }, label), el('dd', { dir: 'auto' }, value)))),choice && choiceButton(choice, choose, `${choice.title}: ${title}`));}
function deck(cards, base, choose) {const list = el('ul', { class: 'cards', role: 'list', 'aria-label': WORDS.suggestions, tabindex: 0 }, cards.map((each) => card(each, base, choose)));const turn = (by) => () => list.scrollBy({ left: list.matches(':dir(rtl)') ? -by : by });return el('div', { class: 'deck' }, list, cards.length > 1 && el('div', { class: 'arrows', 'aria-hidden': 'true' },iconButton('back', '', turn(-250), { tabindex: -1 }), iconButton('next', '', turn(250), { tabindex: -1 })));}
const writer = (author, name) => [name, WORDS[author]].filter(Boolean).join(', ');const NAMES = ['up', 'down'];function thumbs(rating, rate) {const show = () => both.forEach((each, down) => each.setAttribute('aria-pressed', rating === NAMES[down]));const both = NAMES.map((name) => iconButton('up', WORDS[name], async () => {const wanted = rating === name ? null : name;if (await rate(wanted)) rating = wanted;show();}, { class: `round thumb ${name}` }));show();return el('div', { class: 'thumbs' }, both);}
function messageItem({ author, name, text, html, buttons = [], cards = [], status, rating, created_at: at }, base, choose, rate) {const withheld = status === 'withheld';const said = withheld ? text || WORDS.withheldText : text;const item = el('li', { class: `message ${author} ${status}` },author !== 'system' && el('p', { class: at ? 'meta' : 'unseen' }, writer(author, name), at && ' ', at && el('time', { datetime: at }, new Date(at).toLocaleTimeString([], { timeStyle: 'short' }))),(said || html) && safeHtml(author === 'customer' ? '' : html, said, base),withheld && el('p', { class: 'status' }, WORDS.withheld),cards.length > 0 && deck(cards, base, choose),rate && thumbs(rating, rate),buttons.length > 0 && el('div', { class: 'replies', role: 'group', 'aria-label': WORDS.answers }, buttons.map((each) => choiceButton(each, choose))));item.querySelectorAll('pre').forEach(dressCode);return item;}
function spoken({ author, name, cards, buttons }, item) {const said = [...item.querySelectorAll('.body > *')].map((block) => block.textContent);const options = [...cards, ...buttons].map(({ title }) => title).join(', ');return `${writer(author, name)}: ${said.join(' ')} ${options}`;}
const CARD = /(?<![\w+.-])\d(?:[ -]{0,2}\d){12,18}(?![\w-])/g;const OTHERS = /(?:\b[A-Z]{2}\d{2}|\+\d{1,3})[ -]?$/;const DATE = /\b(?:19|20)\d\d-\d\d-\d\d|^1[5-9]\d{11}$/;const SECRETS = [
['key', /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^]{0,4000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g],['key', /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]{4,})?/g],['key', /(?<![\w-])(?:wf|sk|pk|rk|whsec|xox[abprs]|gh[opsru]|github_pat|glpat|npm|pypi|shpat|hf)[_-](?=[\w-]{0,80}\d)[\w.-]{8,200}/gi],['key', /(?<!\w)(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,})(?!\w)/g],['key', /(?<=\bBearer\s{1,3})(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,2000}=*/gi],['key', /(?<=\b(?:api[_ -]?key|secret(?:[_ -]key)?|(?:access|auth)[_ -]token|token|(?:client|signing)[_ -]secret)(?:\s(?:is|was))?\s?[:=]?\s{0,2}["']?)(?=[\w.+/-]{0,40}\d)(?=[\w.+/-]{0,40}[A-Za-z])[\w.+/-]{12,300}=*/gi],['password', /(?<=\b(?:passw(?:or[dt])?|passcode|passphrase|passwd|pwd|pass|pin)(?:\s(?:is|was))?\s?[:=]\s{0,2}["']?)[^\s"',;]{3,100}/gi],['password', /(?<=\b(?:passwor[dt]|passcode|passphrase|pwd|pin)\s(?:is|was|ist)\s{1,2}["']?)(?!(?:not|wrong|incorrect|invalid|expired|required|too|the|an|being|never|still|reset|correct|case|weak|strong|broken|safe|secure|gone|on|in|at|it|always|what|my|lost|forgotten|locked)\b)[^\s"',;]{3,100}/gi],];function checks(digits) {let sum = 0;[...digits].reverse().forEach((digit, place) => { sum += place % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] : +digit; });return sum % 10 === 0;}
function kindOf(match) {const [number] = match;const groups = number.split(/[ -]+/);if (DATE.test(number) || OTHERS.test(match.input.slice(0, match.index)) || (groups.length > 1 && groups.some(({ length }) => length > 6))) return null;return checks(groups.join('')) ? 'card' : 'number';}
function sensitive(text) {const found = [...text.matchAll(CARD)].map((match) => [kindOf(match), match]);for (const [kind, pattern] of SECRETS) found.push(...[...text.matchAll(pattern)].map((match) => [kind, match]));return found.filter(([kind]) => kind)
.map(([kind, { 0: value, index }]) => ({ kind, start: index, end: index + value.length }))
.sort((one, other) => one.start - other.start || other.end - one.end);}
function without(text) {let rest = '';let at = 0;for (const { start, end } of sensitive(text)) {if (start >= at) rest += `${text.slice(at, start)}…`;at = Math.max(at, end);}
rest += text.slice(at);return /[\p{L}\d]/u.test(rest) ? rest : '';}
const SHEET = new CSSStyleSheet();SHEET.replaceSync(`
dialog, dialog * { box-sizing: border-box }
dialog {--paper: light-dark(#fff, #14191c); --soft: light-dark(#f2f5f5, #20282c); --text: light-dark(#182126, #e9eef0); --dim: light-dark(#57646b, #a3b1b8);--edge: light-dark(#d9e0e2, #333e44); --firm: light-dark(#7c898f, #75848b); --link: light-dark(oklch(from var(--accent) min(l, .45) c h), oklch(from var(--accent) max(l, .8) calc(c * 1.25) h));--bad: light-dark(#a8201a, #ff9c94); --warn: light-dark(#fff4d6, #3a2f10); --seen: 100dvh;position: fixed; z-index: 2147483001; inset: auto 20px 20px auto; margin: 0; padding: 0; overflow: hidden;--most: calc(100dvh - 40px); inline-size: 400px; block-size: fit-content; min-block-size: min(500px, var(--most)); max-inline-size: none; max-block-size: min(720px, var(--most));border: 1px solid var(--edge); border-radius: 18px; background: var(--paper); color: var(--text);box-shadow: 0 18px 60px #0006; font: 15px/1.5 var(--tactful-font, system-ui, sans-serif); overscroll-behavior: contain;}
dialog[open] { display: flex; flex-direction: column; animation: rise .18s ease-out }
dialog:dir(rtl) { inset: auto auto 20px 20px }
:host([data-position=left]) dialog { inset: auto auto 20px 20px }
@keyframes rise { from { opacity: 0; translate: 0 12px } }
[hidden] { display: none !important }
h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0 }
button, textarea, input { font: inherit; color: inherit }
button { cursor: pointer }
a { color: var(--link) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
h2:focus { outline: none }
.unseen, .bot + .bot > .meta { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.icon { display: inline-block; inline-size: 20px; block-size: 20px; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.i-menu { stroke-width: 3.5 }
:is(.i-back, .i-next, .i-send):dir(rtl) { transform: scaleX(-1) }
.round { display: grid; place-items: center; flex: none; inline-size: 38px; block-size: 38px; padding: 0; border: 0; border-radius: 50%; background: none }
.header { position: relative; display: flex; align-items: center; gap: 4px; padding: 14px 10px 14px 20px; background: var(--accent); color: var(--on-accent) }
.header > div:first-child { flex: 1; min-inline-size: 0 }
h2 { font-size: 17px; line-height: 1.3; font-weight: 650 }
.header p { font-size: 13px }
.header :focus-visible { outline-color: currentColor }
.menu { position: absolute; z-index: 2; inset-block-start: calc(100% - 6px); inset-inline-end: 12px; padding: 6px; min-inline-size: 210px;border: 1px solid var(--edge); border-radius: 12px; background: var(--paper); color: var(--text); box-shadow: 0 10px 30px #0004 }
.menu > * { display: flex; align-items: center; gap: 10px; inline-size: 100%; min-block-size: 40px; padding: 6px 10px; border: 0; border-radius: 8px; background: none; color: inherit; text-decoration: none; text-align: start }
.chat { position: relative; flex: 1; min-block-size: 0; display: flex; flex-direction: column }
.messages { position: relative; mask-image: linear-gradient(#0000, #000 14px); flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px; list-style: none; display: flex; flex-direction: column; gap: 12px; scrollbar-width: thin }
.messages:focus-visible, .cards:focus-visible, pre:focus-visible { outline-offset: -2px }
.message { display: flex; flex-direction: column; align-items: flex-start; gap: 6px; max-inline-size: 100% }
.message:first-child { margin-block-start: auto }
.bot + .bot { margin-block-start: -6px }
.meta, .status, .bar, .counter, .privacy { font-size: 12px; color: var(--dim) }
.meta { padding-inline: 4px; margin-block-end: -3px }
.body { max-inline-size: 88%; padding: 9px 14px; border-radius: 16px; border-end-start-radius: 5px; background: var(--soft); overflow-wrap: anywhere }
.agent .body { box-shadow: inset 3px 0 var(--accent) }
.body > * + * { margin-block-start: 8px }
.body :is(ul, ol) { padding-inline-start: 22px }
.plain { white-space: pre-wrap }
.customer { align-items: flex-end }
.customer .body { border-radius: 16px; border-end-end-radius: 5px; background: var(--accent); color: var(--on-accent) }
:is(.withheld, .failed) .body { background: none; border: 1px dashed var(--firm); color: var(--text) }
.system { align-items: center }
.system .body { background: none; color: var(--dim); font-size: 13px; text-align: center }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; padding: 1px 4px; border-radius: 4px; background: light-dark(#dfe6e8, #303b41) }
.body:has(.code) { inline-size: 100%; max-inline-size: 100% }
.code { border: 1px solid var(--edge); border-radius: 10px; overflow: hidden; background: light-dark(#fff, #0d1113) }
.bar { display: flex; align-items: center; justify-content: space-between; padding: 3px 4px 3px 12px; border-block-end: 1px solid var(--edge) }
.thumbs { display: flex }
.thumb { inline-size: 28px; block-size: 28px; color: var(--dim) }
.thumb .icon { inline-size: 15px }
.down .icon { rotate: 180deg }
.thumb[aria-pressed=true] { color: var(--link) }
.copy { display: flex; align-items: center; gap: 5px; min-block-size: 28px; padding: 2px 8px; border: 0; border-radius: 6px; background: none }
.copy .icon { inline-size: 14px; block-size: 14px }
pre { margin: 0; padding: 10px 12px; overflow-x: auto; font-size: 14px } pre code { padding: 0; background: none }
.replies { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 2px }
.replies button, .card > button, .jump { min-block-size: 38px; padding: 6px 15px; border: 1.5px solid var(--link); border-radius: 19px; background: var(--paper); color: var(--link); font-weight: 550; text-align: start }
button[aria-disabled=true] { border-color: var(--edge); color: var(--dim); background: none; pointer-events: none }
:is(.replies, .card) .chosen { border-color: var(--link); background: color-mix(in srgb, var(--link) 14%, var(--paper)); color: var(--text) }
.chosen .icon { inline-size: 15px; block-size: 15px; margin-inline-end: 6px; vertical-align: -2px }
.passed { display: none }
.deck { inline-size: calc(100% + 32px); margin-inline: -16px }
.cards { display: flex; gap: 12px; padding: 2px 16px 8px; list-style: none; overflow-x: auto; scroll-snap-type: x proximity; scroll-padding-inline: 16px; scroll-behavior: smooth; scrollbar-width: thin }
.card { flex: 0 0 min(246px, 80%); display: flex; flex-direction: column; gap: 6px; padding: 14px; border: 1px solid var(--edge); border-radius: 14px; background: var(--paper); scroll-snap-align: start; overflow: hidden }
.card img { inline-size: calc(100% + 28px); max-inline-size: none; block-size: 116px; margin: -14px -14px 4px; object-fit: cover; background: var(--soft) }
h3 { font-size: 16px; line-height: 1.3 } .dim { color: var(--dim); font-size: 13px }
.card ul { list-style: none; font-size: 14px }
.card li { display: flex; gap: 6px }
.card li .icon { inline-size: 14px; color: var(--link) }
dl { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 12px; font-size: 14px }
.card > button { margin-block-start: auto; text-align: center }
.arrows { display: flex; justify-content: flex-end; padding-inline: 12px }
.typing { display: flex; gap: 5px; padding: 6px 22px 12px }
.typing i { inline-size: 7px; block-size: 7px; border-radius: 4px; background: var(--dim); animation: hop 1.2s infinite }
.typing i:nth-of-type(2) { animation-delay: .15s } .typing i:nth-of-type(3) { animation-delay: .3s }
@keyframes hop { 0%, 60%, 100% { opacity: .35 } 30% { opacity: 1; translate: 0 -4px } }
.jump { position: absolute; z-index: 1; inset-block-end: 118px; inset-inline: 0; margin-inline: auto; inline-size: fit-content; box-shadow: 0 4px 14px #0003 }
.notice { padding: 9px 16px; background: var(--warn); border-block-start: 1px solid var(--edge); font-size: 14px }
.notice.agent, .notice.waiting { background: var(--soft) }
.careful { padding: 9px 16px 11px; background: var(--warn); border-block-start: 1px solid var(--edge); font-size: 14px }
.careful > div { display: flex; gap: 8px; margin-block-start: 8px }
.careful button { flex: 1; min-block-size: 38px; padding: 4px 10px; border: 1.5px solid currentColor; border-radius: 19px; background: none; font-weight: 550 }
.composer { display: flex; align-items: flex-end; gap: 8px; margin: 10px 12px 0; padding: 3px 3px 3px 16px; border: 1px solid var(--firm); border-radius: 23px }
.composer:focus-within { outline: 2px solid var(--link); outline-offset: -1px }
textarea, textarea:focus-visible { outline: none }
textarea { flex: 1; min-inline-size: 0; resize: none; border: 0; padding: 8px 0; background: none; max-block-size: 132px } ::placeholder { color: var(--dim); opacity: 1 }
.send { background: var(--accent); color: var(--on-accent) } .send .icon { inline-size: 18px }
.counter { padding: 4px 20px 0; text-align: end }
.failed .status, .over { color: var(--bad) }
.privacy { padding: 7px 18px calc(10px + env(safe-area-inset-bottom)); text-align: center; text-wrap: balance }
@media (hover: hover) {.round:hover, :is(.menu > *, .copy, .replies button, .card > button, .careful button):hover { background: color-mix(in srgb, currentColor 12%, transparent) }
.send:hover { background: color-mix(in srgb, var(--accent) 86%, var(--on-accent)) }
}
@media (pointer: coarse) { .arrows { display: none } .round, .replies button, .careful button, .card > button, .copy { min-inline-size: 44px; min-block-size: 44px } textarea { font-size: 16px } }
@media (max-width: 480px), (max-height: 460px) {dialog, dialog:dir(rtl), :host([data-position]) dialog { inset: 0; inline-size: 100%; block-size: var(--seen); max-block-size: none; border: 0; border-radius: 0 }
.header { padding-block-start: max(14px, env(safe-area-inset-top)) }
}
@media (prefers-reduced-motion: reduce) { dialog *, dialog[open] { animation: none; scroll-behavior: auto } }
@media (forced-colors: active) { .customer .body, .header, .code, .round, .notice { border: 1px solid } }
`);const MOST = 4000;const COUNT_FROM = 3600;const PAUSE = 500;const LIVE = 1000;const phone = matchMedia('(max-width: 480px), (max-height: 460px)');const touch = matchMedia('(pointer: coarse)');const mount = (host, base) => new Panel(host, base);class Panel {rows = new Map();pending = new Map();unread = new Set();state = 'bot';constructor(host, base) {const { notices, refused, careful, ...words } = host.words ?? {};Object.assign(WORDS, words);Object.assign(CAREFUL, careful);Object.assign(NOTICES, notices);Object.assign(REFUSED, refused);Object.assign(this, { host, base, talk: new Conversation(base, () => host.dataset.customerToken) });this.#build(host.dataset, { href: `${base}privacy`, target: '_blank', rel: 'noopener' });this.#listen();if (this.talk.session) this.talk.start();}
#build({ title, intro, lang = 'en' }, privacy) {const { host } = this;this.title = el('h2', { id: 'title', tabindex: -1 }, title ?? WORDS.title);this.menu = el('div', { class: 'menu', id: 'menu', hidden: true },button(() => this.#showData(), {}, icon('person'), WORDS.menuData),button(() => this.#startOver(), {}, icon('restart'), WORDS.menuOver),el('a', privacy, icon('shield'), WORDS.menuPrivacy));this.more = iconButton('menu', WORDS.open, () => this.#toggleMenu(), { 'aria-expanded': 'false', 'aria-controls': 'menu' });this.list = el('ol', { class: 'messages', role: 'list', 'aria-label': WORDS.messages, tabindex: 0 });this.dots = el('div', { class: 'typing', hidden: true }, el('span', { class: 'unseen' }, WORDS.typing()), el('i'), el('i'), el('i'));this.jump = button(() => this.#toEnd(), { class: 'jump', hidden: true });this.notice = el('p', { hidden: true });this.input = el('textarea', { rows: 1, 'aria-label': WORDS.write, placeholder: WORDS.write, dir: 'auto', enterkeyhint: 'send','aria-describedby': 'careful counter', oninput: (event) => this.#typed(event), onkeydown: (event) => this.#key(event) });this.careful = el('p', { id: 'careful' });this.warning = el('div', { class: 'careful', role: 'group', 'aria-labelledby': 'careful', hidden: true }, this.careful,el('div', {}, button(() => this.#sendWithout(), {}, CAREFUL.without), button(() => this.#submit(), {}, CAREFUL.anyway)));this.counter = el('p', { class: 'counter', id: 'counter', hidden: true });this.live = el('div', { class: 'unseen', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false' });this.chat = el('div', { class: 'chat' }, this.list, this.dots, this.jump, this.notice, this.warning,el('form', { class: 'composer', onsubmit: (event) => this.#send(event) }, this.input,iconButton('send', WORDS.send, null, { type: 'submit', class: 'round send' })),this.counter, el('p', { class: 'privacy' }, `${WORDS.privacy} `, el('a', privacy, WORDS.how)));this.dialog = el('dialog', { 'aria-labelledby': 'title', lang,onkeydown: (event) => event.key === 'Escape' && this.#escape(event),oncancel: (event) => this.#escape(event),onclick: ({ target }) => { if (!this.menu.contains(target) && !this.more.contains(target)) this.#toggleMenu(false); } },el('div', { class: 'header' }, el('div', {}, this.title, el('p', {}, intro ?? WORDS.intro)), this.more, iconButton('close', WORDS.close, () => this.close()), this.menu),this.chat, this.live);host.shadowRoot.adoptedStyleSheets.push(SHEET);host.shadowRoot.append(this.dialog);this.list.onscroll = () => this.#seen();document.addEventListener('visibilitychange', () => this.#seen());phone.onchange = () => { if (this.dialog.open) { this.dialog.close(); this.#show(); } };visualViewport.onresize = () => this.dialog.style.setProperty('--seen', `${visualViewport.height}px`);}
#listen() {const on = (type, take) => this.talk.addEventListener(type, ({ detail }) => take(detail));on('message', ({ message, fresh }) => this.#message(message, fresh));on('waiting', (items) => this.#waiting(items));on('refused', ({ item, kind }) => this.#refused(item, REFUSED[kind]));on('typing', (typing) => this.#typing(typing));on('state', ({ state, agent }) => this.#state(state, agent));on('notice', (notice) => this.#notice(notice));on('read', (read) => { this.unread = new Set([...this.unread].filter((seq) => seq > read)); this.#count(); });on('reset', () => this.#clear());on('erased', () => this.#line(WORDS.erased));on('renewed', () => { this.#clear(); this.#line(WORDS.renewed); });}
#tellPage(what, detail) { this.host.dispatchEvent(new CustomEvent(`tactful:${what}`, { bubbles: true, detail })); }
open({ focus = true } = {}) {if (!this.dialog.open) this.#show();this.host.launcher.setAttribute('aria-expanded', 'true');this.talk.start();this.#toEnd();if (focus) (touch.matches ? this.title : this.input).focus({ preventScroll: true });this.#tellPage('open');if (this.talk.before && this.host.dataset.customerToken) this.#offerToJoin();}
async #offerToJoin() {if (this.joining) return;this.joining = true;const { offer } = await import('./joining.js');this.#announce(offer(this.talk, this.chat, (text) => this.#line(text)));}
close() {if (!this.dialog.open) return;this.#toggleMenu(false);this.dialog.close();this.host.launcher.setAttribute('aria-expanded', 'false');this.host.launcher.focus();this.#tellPage('close');}
#show() {const before = this.host.shadowRoot.activeElement ?? document.activeElement;this.dialog[phone.matches ? 'showModal' : 'show']();before.focus({ preventScroll: true });}
#escape(event) {event.preventDefault();if (this.menu.hidden) this.close();else { this.#toggleMenu(false); this.more.focus(); }
}
#toggleMenu(open = this.menu.hidden) {this.menu.hidden = !open;this.more.setAttribute('aria-expanded', open);if (open) this.menu.firstChild.focus();}
async #startOver() {this.#toggleMenu(false);this.input.focus();await this.talk.startOver();this.#line(WORDS.startedOver);}
async #showData() {this.#toggleMenu(false);const { YourData } = await import('./your_data.js');this.data ??= new YourData(this.talk, this.host.shadowRoot, {say: (text) => this.#announce(text),leave: () => { this.data.view.remove(); this.chat.hidden = false; this.more.focus(); },again: () => this.open(),});this.chat.hidden = true;this.chat.after(this.data.view);this.data.show();}
#message(message, fresh) {const { seq, author, client_message_id: id, reply_to: to, status, text } = message;const rate = author !== 'customer' && this.rows.has(to) && ((rating) => this.talk.rate(seq, rating));const row = messageItem(message, this.base, (choice, title) => this.talk.choose(choice, title), rate);const old = this.rows.get(seq);const stay = this.#atEnd();if (old) old.replaceWith(row);else {const before = Math.max(...[...this.rows.keys()].filter((each) => each < seq));if (this.rows.has(before)) this.rows.get(before).after(row);else this.list.prepend(row);}
this.rows.set(seq, row);if (old) return;this.pending.get(id)?.remove();this.pending.delete(id);if (author === 'customer') {if (status !== 'withheld') this.#closeReplies(seq, text);} else {this.#typing(false);if (seq > this.talk.read) this.unread.add(seq);if (fresh) {this.#announce(spoken(message, row));this.#tellPage('message', { author });}
}
if (stay || author === 'customer') this.#toEnd(row);else this.#count();}
#closeReplies(seq, text) {for (const [each, row] of this.rows) {const set = each < seq && row.querySelector('.replies:not(.settled, .passed)');if (set) settle(set, [...set.children].find(({ dataset }) => dataset.title === text));}
}
#waiting(items) {for (const [id, row] of this.pending) {if (!items.some((item) => item.client_message_id === id)) row.querySelector('.state')?.remove();}
for (const { client_message_id: id, text } of items) {if (this.pending.has(id)) continue;const row = messageItem({ author: 'customer', text }, this.base);row.append(el('p', { class: 'status state' }, navigator.onLine ? WORDS.sending : WORDS.waiting));this.pending.set(id, row);this.list.append(row);this.#toEnd();}
}
#refused({ client_message_id: id, choice, text }, words) {const row = this.pending.get(id);row?.classList.add('failed');row?.querySelector('.state')?.remove();row?.append(el('p', { class: 'status' }, words));this.#announce(words);if (this.input.value || choice) return;this.input.value = text;this.#measure();}
#line(text) {this.list.append(el('li', { class: 'message system' }, el('p', { class: 'body' }, text)));this.#announce(text);this.#toEnd();}
#clear() {this.rows.clear();this.unread.clear();this.pending.clear();this.list.replaceChildren();this.#waiting(this.talk.waiting);this.#state('bot');this.#count();}
#typing(on) {clearTimeout(this.tired);if (on) this.tired = setTimeout(() => this.#typing(false), 60_000);const stay = this.#atEnd();this.dots.hidden = !on;if (stay) this.#toEnd();}
#state(state, agent) {const next = state === 'engine_back' ? 'bot' : state;if (next === 'bot' && next !== this.state && this.rows.size) this.#announce(WORDS.again);this.state = next;this.agent = agent;this.dots.firstChild.textContent = WORDS.typing(agent);this.#tell();}
#notice(notice) {clearInterval(this.ticking);this.problem = notice;if (notice?.kind === 'limited') {this.ticking = setInterval(() => { if (notice.seconds > 1) notice.seconds -= 1; this.#tell(); }, 1000);}
for (const state of this.list.querySelectorAll('.state')) state.textContent = notice ? WORDS.waiting : WORDS.sending;this.#tell();}
#tell() {const kind = this.problem?.kind ?? this.state;const say = NOTICES[kind] ?? '';const words = say.call?.(0, kind === 'limited' ? this.problem.seconds || 5 : this.agent) ?? say;const stay = this.#atEnd();this.notice.hidden = !words;Object.assign(this.notice, { textContent: words, className: `notice ${kind}` });if (words && this.told !== kind + this.agent) this.#announce(words);this.told = kind + this.agent;if (stay) this.#toEnd();}
#announce(text) {const line = el('p', {}, text);this.live.append(line);setTimeout(() => line.remove(), LIVE);}
#atEnd() { return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60; }
#toEnd(row) {const { list } = this;list.scrollTop = row?.offsetHeight > list.clientHeight ? row.offsetTop - 12 : list.scrollHeight;this.#seen(row);}
#seen(row) {if (this.dialog.open && !document.hidden && (row || this.#atEnd())) {this.talk.read = this.talk.last;this.unread.clear();}
this.#count();}
#count() {const { size } = this.unread;this.host.unread = this.dialog.open ? 0 : size;this.jump.hidden = !size;this.jump.textContent = WORDS.newMessages(size);}
#key(event) {if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#send(event);}
#measure() {const used = [...this.input.value].length;const over = used > MOST;this.input.style.blockSize = 0;this.input.style.blockSize = `${this.input.scrollHeight}px`;this.counter.hidden = used < COUNT_FROM;this.counter.textContent = over ? WORDS.long(used - MOST) : WORDS.count(used, MOST);this.counter.classList.toggle('over', over);this.input.setAttribute('aria-invalid', over);return over;}
#typed({ inputType }) {this.#measure();clearTimeout(this.pausing);if (inputType === 'insertFromPaste' || !this.warning.hidden) this.#warn();else this.pausing = setTimeout(() => this.#warn(), PAUSE);}
#warn() {clearTimeout(this.pausing);const kinds = sensitive(this.input.value).map(({ kind }) => kind);const kind = kinds.find((each) => each !== 'number') ?? kinds[0];const news = kind && (this.warning.hidden || this.warned !== kind);const stay = this.#atEnd();this.warned = kind;this.warning.hidden = !kind;this.careful.textContent = CAREFUL[kind] ?? '';if (stay) this.#toEnd();if (news) this.#announce(`${CAREFUL[kind]} ${CAREFUL.without}, ${CAREFUL.anyway}`);return kind;}
#sendWithout() {this.input.value = without(this.input.value);if (this.input.value) this.#submit();else {this.#typed({ inputType: 'insertFromPaste' });this.#announce(CAREFUL.nothing);this.input.focus();}
}
#send(event) {event.preventDefault();const unseen = this.warning.hidden && this.#warn();if (unseen && unseen !== 'number') this.#hold();else this.#submit();}
#hold() {this.careful.textContent += ` ${CAREFUL.held}`;this.#announce(CAREFUL.held);}
#submit() {const text = this.input.value.trim();if (this.#measure()) this.#announce(this.counter.textContent);else if (text) {this.input.value = '';this.#measure();this.#warn();this.talk.send(text);this.input.focus();}
}
}
export { mount, WORDS, button, el, iconButton };
