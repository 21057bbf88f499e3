// The panel's looks: a constructed sheet, because a page's policy may forbid inline styles. Logical properties fit any direction
// of writing; colours come in pairs (light, dark) that keep 4.5 : 1 for text and 3 : 1 for edges.

export const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
dialog, dialog * { box-sizing: border-box }
dialog {
  --paper: light-dark(#fff, #14191c); --soft: light-dark(#f2f5f5, #20282c); --text: light-dark(#182126, #e9eef0); --dim: light-dark(#57646b, #a3b1b8);
  --edge: light-dark(#d9e0e2, #333e44); --firm: light-dark(#7c898f, #75848b); --link: light-dark(oklch(from var(--accent) min(l, .45) c h), oklch(from var(--accent) max(l, .8) calc(c * 1.25) h));
  --bad: light-dark(#a8201a, #ff9c94); --warn: light-dark(#fff4d6, #3a2f10); --seen: 100dvh;
  position: fixed; z-index: 2147483001; inset: auto 20px 20px auto; margin: 0; padding: 0; overflow: hidden;
  --most: calc(100dvh - 40px); inline-size: 400px; block-size: fit-content; min-block-size: min(500px, var(--most)); max-inline-size: none; max-block-size: min(720px, var(--most));
  border: 1px solid var(--edge); border-radius: 18px; background: var(--paper); color: var(--text);
  box-shadow: 0 18px 60px #0006; font: 15px/1.5 var(--tactful-font, system-ui, sans-serif); overscroll-behavior: contain;
}
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
.menu { position: absolute; z-index: 2; inset-block-start: calc(100% - 6px); inset-inline-end: 12px; padding: 6px; min-inline-size: 210px;
  border: 1px solid var(--edge); border-radius: 12px; background: var(--paper); color: var(--text); box-shadow: 0 10px 30px #0004 }
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
@media (hover: hover) {
  .round:hover, :is(.menu > *, .copy, .replies button, .card > button, .careful button):hover { background: color-mix(in srgb, currentColor 12%, transparent) }
  .send:hover { background: color-mix(in srgb, var(--accent) 86%, var(--on-accent)) }
}
@media (pointer: coarse) { .arrows { display: none } .round, .replies button, .careful button, .card > button, .copy { min-inline-size: 44px; min-block-size: 44px } textarea { font-size: 16px } }
@media (max-width: 480px), (max-height: 460px) {
  dialog, dialog:dir(rtl), :host([data-position]) dialog { inset: 0; inline-size: 100%; block-size: var(--seen); max-block-size: none; border: 0; border-radius: 0 }
  .header { padding-block-start: max(14px, env(safe-area-inset-top)) }
}
@media (prefers-reduced-motion: reduce) { dialog *, dialog[open] { animation: none; scroll-behavior: auto } }
@media (forced-colors: active) { .customer .body, .header, .code, .round, .notice { border: 1px solid } }
`);
