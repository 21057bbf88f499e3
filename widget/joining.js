// Somebody who chatted as a stranger has signed in: what they told then is joined to their account, or erased, on their word.

import { button, el } from './dom.js';

const JOIN = {
  ask: 'You chatted with us here before you signed in. What shall become of that?',
  join: 'Add it to my account', erase: 'Erase it', later: 'Decide later',
  joined: 'Done: what you told us before you signed in is now part of your data.',
  erased: 'Done: what you told us before you signed in has been erased.',
  busy: 'One moment, please: an answer is still under way. Try again.',
  gone: 'That earlier conversation is no longer there. Nothing was changed.',
  failed: 'That did not work, and nothing was changed. Please try again.',
};

/** Asks above the composer. `talk.before` is the stranger's token; `say(text)` puts a line between the messages. */
export function offer(talk, chat, say) {
  const ask = el('p', { id: 'joining' }, JOIN.ask);
  const done = (words) => { talk.before = null; group.remove(); say(words); };
  const act = (work, words) => async () => {
    const buttons = [...group.querySelectorAll('button')];
    buttons.forEach((each) => { each.disabled = true; });
    try {
      await work(talk.before);
      done(words);
    } catch ({ status }) {
      if (status === 401 || status === 404) return done(JOIN.gone);
      ask.textContent = status === 503 ? JOIN.busy : JOIN.failed;
      buttons.forEach((each) => { each.disabled = false; });
    }
  };
  const join = act((token) => talk.call('api/me/merge', 'POST', { token }), JOIN.joined);
  const erase = act((token) => talk.call('api/me', 'DELETE', null, {}, token), JOIN.erased);
  const group = el('div', { class: 'careful', role: 'group', 'aria-labelledby': 'joining' }, ask, el('div', {},
    button(join, {}, JOIN.join), button(erase, {}, JOIN.erase), button(() => group.remove(), {}, JOIN.later)));
  chat.querySelector('.composer').before(group);
  return JOIN.ask;
}
