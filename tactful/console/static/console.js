// What pages need beyond htmx: toasts, a question before what cannot be undone, copying, menus that close.
const region = document.getElementById("toasts");

function toast(text) {
  const shown = document.createElement("p");
  shown.className = "toast";
  shown.append(Object.assign(document.createElement("span"), { textContent: text }));
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
  close.addEventListener("click", () => shown.remove());
  shown.append(close);
  region.append(shown);
  // Long enough to be read; what has focus or the pointer on it stays.
  const fade = () => (shown.matches(":hover, :focus-within") ? setTimeout(fade, 2000) : shown.remove());
  setTimeout(fade, 4000 + 60 * text.length);
  return shown;
}

// After what did not work: to the page before, with what was typed there.
for (const each of document.querySelectorAll("[data-back]")) {
  each.hidden = history.length < 2;
  each.addEventListener("click", () => history.back());
}

document.body.addEventListener("toast", (event) => toast(event.detail.value ?? String(event.detail)));
// Put in after the page has loaded, or nobody hears it.
if (region.dataset.toast) setTimeout(() => toast(region.dataset.toast), 150);

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
}, true);

// What takes long says so at once, and is not begun twice. A page that comes back from the cache is as it was.
document.addEventListener("submit", (event) => {
  const told = event.target.querySelector("[data-wait]");
  if (!told || event.defaultPrevented) return;
  told.textContent = told.dataset.wait;
  for (const button of event.target.querySelectorAll("button")) button.disabled = true;
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const told of document.querySelectorAll("[data-wait]")) {
    told.textContent = "";
    for (const button of told.closest("form").querySelectorAll("button")) button.disabled = false;
  }
});

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    toast("Copied.");
  }
  for (const open of document.querySelectorAll("details.pop[open], details.narrow[open]"))
    if (!open.contains(event.target)) open.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.pop[open], details.narrow[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// While a page is open, its agent is there; the badges say how many wait, and a list that it is out of date.
const BEAT_MS = 15_000;
const badges = document.querySelectorAll("[data-badge]");
const fresh = document.querySelector("[data-fresh]");

function show(counts) {
  for (const badge of badges) {
    const number = counts[badge.dataset.badge] ?? 0;
    badge.hidden = !number;
    badge.textContent = number;
    badge.setAttribute("aria-label", `${number} ${badge.dataset.badge}`);
  }
  if (!fresh || !counts.new) return;
  fresh.hidden = false;
  fresh.firstElementChild.textContent = `${counts.new} new`;
}

async function beat() {
  const since = fresh ? `?since=${fresh.dataset.since}` : "";
  try {
    const answer = await fetch(`/console/live/presence${since}`, { method: "POST" });
    if (answer.ok) show(await answer.json());
  } catch { /* the next beat tries again */ }
}

if (badges.length) {
  beat();
  setInterval(beat, BEAT_MS);
}
