// Words of a message selected, by mouse or by keyboard, and marked as what they are; a hidden value chosen in the text.
//
// Works on every `p.text[data-seq]` within `[data-conversation]`. In it, an element with `data-placeholder` stands for
// these letters. What is sent are offsets in code points of the redacted text, never words.
const live = Object.assign(document.createElement("p"), { className: "unseen", role: "status" });
document.body.append(live);
let kinds = ""; // fetched at once, so that the first key finds them; empty for who may not mark
fetch("/console/missed/kinds", { headers: { "hx-request": "true" } }).then(async (answer) => {
  if (answer.ok) kinds = await answer.text();
  if (chosen) ask(chosen.text);
});
let chosen = null; // {text, start, end, at}: what is selected, and the end that the arrows move from

const textOf = (node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest?.("p.text[data-seq]");
const conversationOf = (text) => text.closest("[data-conversation]").dataset.conversation;
const seqOf = (text) => text.dataset.seq;

/** The pieces of a message's text, in order: [node, string, whether it is a placeholder]. */
function pieces(text, found = []) {
  for (const node of text.childNodes) {
    if (node.nodeType === 3) found.push([node, node.data, false]);
    else if (node.dataset?.placeholder) found.push([node, node.dataset.placeholder, true]);
    else if (node.nodeType === 1) pieces(node, found);
  }
  return found;
}

const whole = (text) => pieces(text).map(([, string]) => string).join("");
const codePoints = (string) => Array.from(string).length;

/** Where a point of the page stands in the text, in UTF-16 units. */
function offset(text, container, at) {
  const point = document.createRange();
  point.setStart(container, at);
  let passed = 0;
  for (const [node, string, hidden] of pieces(text)) {
    if (node === container) return passed + at;
    const range = document.createRange();
    range.selectNode(node);
    // A point within a placeholder counts as its beginning: it is taken whole, or refused.
    if (point.compareBoundaryPoints(Range.START_TO_START, range) <= 0) return passed;
    if (hidden && node.contains(container)) return passed;
    passed += string.length;
  }
  return passed;
}

/** The page's point of an offset: [node, offset]. */
function place(text, wanted) {
  let passed = 0;
  for (const [node, string, hidden] of pieces(text)) {
    if (wanted <= passed + string.length)
      return hidden ? [node.parentNode, [...node.parentNode.childNodes].indexOf(node) + (wanted > passed ? 1 : 0)] : [node, wanted - passed];
    passed += string.length;
  }
  return [text, text.childNodes.length];
}

/** The words of a text: [start, end], the placeholders apart. */
function words(text) {
  let passed = 0;
  const found = [];
  for (const [, string, hidden] of pieces(text)) {
    if (!hidden) for (const word of string.matchAll(/[\p{L}\p{N}\p{M}_]+(?:[.'’@+-][\p{L}\p{N}\p{M}_]+)*/gu)) found.push([passed + word.index, passed + word.index + word[0].length]);
    passed += string.length;
  }
  return found;
}

function select(text, start, end, at = end) {
  hold({ text, start, end, at });
  const selection = getSelection();
  const [from, to] = [place(text, start), place(text, end)];
  selection.setBaseAndExtent(from[0], from[1], to[0], to[1]);
  say(`Selected: ${whole(text).slice(start, end)}`);
  ask(text);
}

/** While words are selected, no key means anything else to other scripts of the page. */
function hold(selected) {
  chosen = selected;
  if (selected) document.documentElement.dataset.keys = "held";
  else delete document.documentElement.dataset.keys;
}

function say(words) {
  live.textContent = "";
  setTimeout(() => (live.textContent = words), 50);
}

/** The panel under a message; one at a time. */
function panel(text, content) {
  const panel = document.querySelector(".marking") ?? Object.assign(document.createElement("div"), { className: "marking" });
  if (panel.previousElementSibling !== text) text.after(panel);
  if (content !== undefined) panel.innerHTML = content;
  return panel;
}

function ask(text) {
  if (kinds) panel(text, document.querySelector(".marking .kinds") ? undefined : kinds);
}

function close(focus = true) {
  const panel = document.querySelector(".marking");
  const text = panel?.previousElementSibling ?? chosen?.text;
  panel?.remove();
  getSelection().removeAllRanges();
  hold(null);
  if (focus) text?.focus();
}

function send(text, url, values) {
  hold(null);
  getSelection().removeAllRanges();
  return htmx.ajax("POST", url, { source: text, target: panel(text), swap: "innerHTML", values });
}

function mark(kind) {
  const { text, start, end } = chosen;
  const before = whole(text);
  const from = codePoints(before.slice(0, start));
  send(text, "/console/missed/mark", {
    conversation: conversationOf(text), seq: seqOf(text), start: from, end: from + codePoints(before.slice(start, end)), kind,
  });
}

/** An act's answer holds the texts that it changed in this conversation: they take the place of what stood there. */
function renew(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  for (const fresh of page.querySelectorAll("template[data-seq]")) {
    const text = document.querySelector(`[data-conversation="${CSS.escape(fresh.dataset.of)}"] p.text[data-seq="${CSS.escape(seqOf(fresh))}"]`);
    text?.replaceChildren(fresh.content.cloneNode(true));
  }
  prepare();
}

/** Messages and placeholders can be reached by keyboard, and say what they are for. */
function prepare() {
  for (const text of document.querySelectorAll("[data-conversation] p.text[data-seq]")) {
    text.tabIndex = 0;
    text.setAttribute("aria-description", "Press Enter to select words that should be hidden.");
    for (const chip of text.querySelectorAll("[data-placeholder]")) {
      chip.tabIndex = 0;
      chip.setAttribute("role", "button");
      chip.setAttribute("aria-haspopup", "true");
    }
  }
}

/** The next word after (or before) the selection; the first one when nothing is selected. */
function step(text, way) {
  const all = words(text);
  if (!all.length) return say("There are no words to select.");
  const { start, end } = chosen ?? { start: -1, end: -1 };
  const next = way > 0 ? all.find(([from]) => from >= end) : all.findLast(([, to]) => to <= start);
  select(text, ...(next ?? (way > 0 ? all.at(-1) : all[0])));
}

/** The selection grown or shrunk by a word at the end that moves. */
function extend(way) {
  const { text, start, end, at } = chosen;
  const edges = words(text);
  const forward = at === end;
  if (forward && way > 0) return select(text, start, edges.find(([, to]) => to > end)?.[1] ?? end);
  if (forward && edges.filter(([from]) => from >= start && from < end).length > 1)
    return select(text, start, edges.findLast(([, to]) => to < end && to > start)?.[1] ?? end);
  if (way < 0) return select(text, edges.findLast(([from]) => from < start)?.[0] ?? start, end, edges.findLast(([from]) => from < start)?.[0] ?? start);
  const inner = edges.find(([from]) => from > start && from < end)?.[0];
  return inner === undefined ? select(text, start, end) : select(text, inner, end, inner);
}

/** One end moved by a character. */
function nudge(way, beginning) {
  const { text, start, end } = chosen;
  const all = whole(text);
  const by = (at) => (way > 0 ? at + (String.fromCodePoint(all.codePointAt(at) ?? 32).length || 1) : at - (/[\uDC00-\uDFFF]/.test(all[at - 1] ?? "") ? 2 : 1));
  const [from, to] = beginning ? [by(start), end] : [start, by(end)];
  if (from >= 0 && to <= all.length && from < to) select(text, from, to);
}

const kindOf = (key) => document.querySelector(`.marking [data-pick="${CSS.escape(key)}"]`)?.dataset.kind;

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
  const open = document.querySelector(".marking");
  if (event.key === "Escape" && (chosen || open)) {
    event.stopImmediatePropagation();
    event.preventDefault();
    return open?.querySelector(".htmx-request") ? undefined : close(); // its answer still has a place to go to
  }
  if (typing) return;
  const chip = event.target.closest?.("[data-placeholder]");
  if (chip && (event.key === "Enter" || event.key === " ")) { event.stopImmediatePropagation(); event.preventDefault(); return choose(chip); }
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const text = event.target.closest?.("p.text[data-seq]");
  if (!chosen && text && event.target === text && event.key === "Enter") { event.stopImmediatePropagation(); event.preventDefault(); return step(text, 1); }
  if (chosen && way) {
    event.stopImmediatePropagation();
    event.preventDefault();
    if (event.altKey || event.ctrlKey || event.metaKey) return nudge(way, event.shiftKey);
    return event.shiftKey ? extend(way) : step(chosen.text, way);
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const kind = chosen && kindOf(event.key.toLowerCase());
  if (kind) { event.stopImmediatePropagation(); event.preventDefault(); return mark(kind); }
  const undo = !chosen && event.key === "u" && open?.querySelector("[data-undo]");
  if (undo) {
    event.stopImmediatePropagation();
    event.preventDefault();
    htmx.process(undo); // which it does by itself only a moment after an answer is put in
    undo.click();
  }
}, true);

function choose(chip) {
  const text = textOf(chip);
  send(text, "/console/missed/placeholder", { conversation: conversationOf(text), placeholder: chip.dataset.placeholder });
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-conversation] p.text [data-placeholder]");
  if (chip && getSelection().isCollapsed) return choose(chip);
  const kind = event.target.closest(".marking [data-kind]");
  if (kind && chosen) return mark(kind.dataset.kind);
  if (event.target.closest(".marking [data-close]")) close();
  const begin = event.target.closest("[data-selects]");
  const first = begin && (document.querySelector(".here p.text[data-seq]") ?? document.querySelector("[data-conversation] p.text[data-seq]"));
  if (first) { first.focus(); step(first, 1); }
});

// What the mouse or a finger selects. Its end is where the button is let go, or the handles come to rest.
let resting;
let inside = false; // where the pointer went down last: in the panel?
document.addEventListener("pointerdown", (event) => (inside = Boolean(event.target.closest?.(".marking"))), true);
document.addEventListener("selectionchange", () => {
  clearTimeout(resting);
  resting = setTimeout(taken, 200);
});

function taken() {
  const selection = getSelection();
  // A click elsewhere lets go of the words, and of the keyboard.
  if (selection.isCollapsed && chosen && !inside) return close(false);
  if (selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const text = textOf(range.startContainer);
  if (!text?.closest("[data-conversation]") || textOf(range.endContainer) !== text) return;
  const all = whole(text);
  let [start, end] = [offset(text, range.startContainer, range.startOffset), offset(text, range.endContainer, range.endOffset)];
  while (start < end && /\s/.test(all[start])) start += 1;
  while (end > start && /\s/.test(all[end - 1])) end -= 1;
  if (start >= end || (chosen?.text === text && chosen.start === start && chosen.end === end)) return;
  hold({ text, start, end, at: end });
  say(`Selected: ${all.slice(start, end)}`);
  ask(text);
}

document.addEventListener("htmx:afterSettle", (event) => {
  const heading = event.target.querySelector?.(".marking [data-focus], [data-focus]");
  if (event.target.closest?.(".marking") && heading) { heading.focus(); say(heading.textContent); }
});
document.addEventListener("htmx:responseError", (event) => {
  // What was refused is said in a toast; the empty panel goes.
  if (event.target.closest?.("p.text, .marking") && !document.querySelector(".marking .correction")) close();
});
document.addEventListener("htmx:beforeSwap", (event) => renew(event.detail.serverResponse ?? ""));
prepare();
