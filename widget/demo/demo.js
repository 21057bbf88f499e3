// The demo page's own buttons that open the chat: what any page with the widget can do.
for (const button of document.querySelectorAll('[data-open-chat]')) {
  button.addEventListener('click', () => document.querySelector('tactful-chat')?.open());
}
