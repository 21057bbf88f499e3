// One conversation that an agent answers in: what comes is added at the end, and nothing moves under the reader's eye.
const live = document.querySelector(".live");
const log = live.querySelector(".log");
const form = live.querySelector(".compose");
const input = form.elements.text;
const jump = live.querySelector(".jump");
const TYPING_MS = 4000;
let unseen = 0;
let told = 0;

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
const newId = () => (form.elements.message_id.value = crypto.randomUUID());

function count(more) {
  unseen = more ? unseen + more : 0;
  jump.hidden = !unseen;
  jump.textContent = unseen === 1 ? "1 new message" : `${unseen} new messages`;
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  count(0);
}

function add(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // made by the server, every word in it escaped
  const item = template.content.firstElementChild;
  if (log.querySelector(`[data-seq="${CSS.escape(item.dataset.seq)}"]`)) return;
  const stay = atEnd();
  log.append(item);
  clocks(item);
  if (stay && !document.hidden) toEnd();
  else count(1);
  if (document.hidden && item.matches(".customer")) document.title = `• ${document.title.replace(/^• /, "")}`;
}

function clocks(where) {
  for (const each of where.querySelectorAll("[data-clock]"))
    each.textContent = new Date(each.dateTime).toLocaleTimeString([], { timeStyle: "short" });
}

function lost(why) {
  stream.close();
  const line = live.querySelector(".lost");
  line.textContent = why;
  line.hidden = false;
  for (const each of live.querySelectorAll("textarea, button")) each.disabled = true;
}

const stream = new EventSource(live.dataset.events);
stream.addEventListener("message", ({ data }) => add(JSON.parse(data)));
stream.addEventListener("placeholders", ({ data }) => {
  const list = live.querySelector(".chips");
  if (!list.contains(document.activeElement)) list.innerHTML = JSON.parse(data); // made by the server, escaped
});
stream.addEventListener("lost", ({ data }) => lost(JSON.parse(data)));
stream.addEventListener("error", () => {
  // A refusal is final, a broken line is not: the browser tries again by itself.
  if (stream.readyState === EventSource.CLOSED) lost("The line to the server has ended. Load the page again.");
});

form.addEventListener("htmx:afterRequest", ({ detail }) => {
  input.focus();
  if (!detail.successful) return;
  input.value = "";
  newId();
});

input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (input.value.trim()) form.requestSubmit();
});

const SIGNS = ",.;:!?)";

input.addEventListener("input", ({ data }) => {
  // What stands for a value ends with a space, which a sign does not want before it.
  const at = input.selectionStart;
  if (data && SIGNS.includes(data) && /[A-Z]_\d+ $/.test(input.value.slice(0, at - 1))) input.setRangeText(data, at - 2, at, "end");
  if (Date.now() - told < TYPING_MS || !input.value) return;
  told = Date.now();
  fetch(live.dataset.typing, { method: "POST", body: new URLSearchParams({ fence: live.dataset.fence }) }).catch(() => {});
});

live.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-insert]");
  if (!chosen) return;
  const space = input.selectionStart && !/\s$/.test(input.value.slice(0, input.selectionStart)) ? " " : "";
  input.setRangeText(`${space}${chosen.dataset.insert} `, input.selectionStart, input.selectionEnd, "end");
  input.focus();
});

jump.addEventListener("click", toEnd);
log.addEventListener("scroll", () => atEnd() && count(0));
document.addEventListener("visibilitychange", () => { document.title = document.title.replace(/^• /, ""); });
newId();
clocks(log);
toEnd();
