// The keyboard of the review pages. Whatever has data-key can be reached by that key: a link or button is pressed, a
// field is focused. The sheet behind "?" is made from the same attributes. While `data-keys="held"` stands on the
// document's element, another script has the keyboard.
const held = () => document.documentElement.dataset.keys === "held";
const shown = (each) => each.offsetParent !== null && !each.disabled;
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);

function act(key) {
  const wanted = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key && shown(each));
  if (!wanted) return false;
  if (wanted.matches("input, textarea, select")) {
    wanted.focus();
    wanted.select?.();
  } else wanted.click();
  return true;
}

/** To the row after (1) or before (-1) the one that has focus; the first one when none has. */
function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(document.activeElement);
  (at < 0 ? all[0] : all[Math.min(all.length - 1, Math.max(0, at + by))]).focus();
  return true;
}

const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (held() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    // Back to the page, so that one key is one act again.
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]") || event.repeat && !(event.key in MOVES)) return;
  if (act(event.key) || (event.key in MOVES && move(MOVES[event.key]))) event.preventDefault();
});

const sheet = document.getElementById("keys");

function fill() {
  const list = sheet.querySelector("dl");
  const lines = [...document.querySelectorAll("[data-key]")].filter(shown)
    .map((each) => [each.dataset.key, each.dataset.does ?? each.textContent.trim()]);
  if (rows().length) lines.push(["j", "Next in the list"], ["k", "Previous in the list"], ["Enter", "Open"]);
  lines.push(["Esc", "Out of a field"]);
  list.replaceChildren(...lines.filter(([key]) => key !== "?").map(([key, does]) => {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    line.append(term, Object.assign(document.createElement("dd"), { textContent: does }));
    return line;
  }));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-opens=keys]")) return;
  fill();
  sheet.showModal();
});

// What is judged is seen at once, also where the browser keeps the place of the page before.
document.getElementById("now")?.scrollIntoView({ block: "center" });
// A verdict counts once, however often the key is pressed while the next page comes.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
