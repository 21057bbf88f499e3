// Tactful's loader. One script tag puts the launcher on the page; the panel is fetched when it is first
// opened, or at once when this browser already holds a conversation (to resume it and count unread messages).
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="widget.js"]');
  const base = new URL('.', script.src).href;
  const BUBBLE = 'M12 3c5 0 9 3.4 9 7.6s-4 7.6-9 7.6c-.9 0-1.8-.1-2.6-.3L5 20.5l.9-3.6C4.1 15.5 3 13.2 3 10.6 3 6.4 7 3 12 3Z';

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; color-scheme: light dark; --accent: var(--tactful-accent, #0b5d5b);
      --ink: clamp(0, (.179 - y) * 999, 1); --on-accent: color(from var(--accent) xyz calc(.95 * var(--ink)) var(--ink) calc(1.089 * var(--ink))) }
    :host([data-theme=light]) { color-scheme: light }
    :host([data-theme=dark]) { color-scheme: dark }
    .launcher { position: fixed; z-index: 2147483000; inset-block-end: max(20px, env(safe-area-inset-bottom)); inset-inline-end: 20px;
      inline-size: 58px; block-size: 58px; border: 0; border-radius: 50%; padding: 0; cursor: pointer;
      background: var(--accent); color: var(--on-accent); box-shadow: 0 6px 24px #0004; transition: transform .15s }
    :host([data-position=left]) .launcher { inset-inline: 20px auto }
    .launcher:hover { transform: translateY(-2px) }
    .launcher:focus-visible { outline: 3px solid light-dark(#111, #fff); outline-offset: 3px }
    .launcher[aria-expanded=true] { visibility: hidden }
    .launcher svg { display: block; inline-size: 28px; margin: auto; fill: currentColor }
    .badge { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-inline-size: 22px; box-sizing: border-box; padding: 0 6px;
      border-radius: 11px; background: #b3261e; color: #fff; font: 700 13px/22px system-ui, sans-serif }
    .badge:empty { display: none }
    @media (prefers-reduced-motion: reduce) { .launcher { transition: none } }
    @media (forced-colors: active) { .launcher { border: 2px solid } }
    @media print { :host { display: none } }`);

  const make = (tag, attributes, ns = 'http://www.w3.org/1999/xhtml') => {
    const node = document.createElementNS(ns, tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    return node;
  };

  customElements.define('tactful-chat', class extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      for (const name in script.dataset) this.dataset[name] ??= script.dataset[name];
      if (this.dataset.accent) this.style.setProperty('--tactful-accent', this.dataset.accent);
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
      this.launcher = make('button', { class: 'launcher', type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': false });
      const icon = make('svg', { viewBox: '0 0 24 24', 'aria-hidden': true }, 'http://www.w3.org/2000/svg');
      icon.append(make('path', { d: BUBBLE }, 'http://www.w3.org/2000/svg'));
      this.badge = make('span', { class: 'badge', 'aria-hidden': true });
      this.launcher.append(icon, this.badge);
      this.launcher.onclick = () => this.open();
      this.shadowRoot.append(this.launcher);
      this.unread = 0;
      let known;
      try { known = localStorage['tactful ' + base]; } catch { /* storage is blocked: nothing to resume */ }
      if ('open' in this.dataset) this.open({ focus: false });
      else if (known) this.panel().catch(() => {});
    }

    /** Messages that came while the panel was closed; shown on the launcher and said in its name. */
    set unread(count) {
      this.badge.textContent = count > 9 ? '9+' : count || '';
      this.launcher.setAttribute('aria-label', 'Chat with us' + (count ? `, ${count} unread` : ''));
    }

    panel() {
      return this.loading ??= import(base + 'widget/dist/panel.js').then((module) => module.mount(this, base));
    }

    async open(options) {
      try {
        (await this.panel()).open(options);
      } catch {
        this.loading = null;
        this.launcher.setAttribute('aria-label', 'The chat did not load. Try again');
      }
    }

    async close() { (await this.loading)?.close(); }
  });

  const place = () => document.querySelector('tactful-chat') || document.body.append(document.createElement('tactful-chat'));
  if (document.body) place();
  else addEventListener('DOMContentLoaded', place);
})();
