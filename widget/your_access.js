// The rest of "Your data": hidden values, who looked, which models learned, what was asked for. Fetched when opened: each look is entered.

import { el } from './dom.js';
import { day } from './your_choices.js';

const REST = {
  title: 'Hidden values, who looked, your requests', loading: 'Loading…', failed: 'This could not be loaded. Close it and open it again.',
  values: 'Values that only you see', noValues: 'None: nothing you wrote had to be hidden.', until: (date) => `Kept until ${date}.`,
  looked: 'Who looked', nobody: 'Nobody has looked at your conversations.',
  times: (count, date) => `People looked at your conversations ${count === 1 ? 'once' : `${count} times`}, last on ${date}. They see them without the values above.`,
  neverValues: 'Nobody has looked at a value above.',
  atValues: (count) => `Of these, ${count === 1 ? 'once' : `${count} times`} at a value above: with a reason, and after a second person agreed.`,
  learned: 'What learned from it', noModel: 'No language model has learned from your words.', model: (name, date) => `${name}, trained on ${date}`,
  talks: 'Conversations', talk: (date, count) => `${date}: ${count} ${count === 1 ? 'message' : 'messages'}`,
  asked: 'What you asked for', noRequest: 'Nothing yet.', request: (right, asked, state) => `${right} on ${asked}: ${state}`,
  done: 'done', open: (due) => `not done yet, due by ${due}`,
  rights: { access: 'To see everything', portability: 'A copy to take along', import: 'To take a copy back in', rectification: 'A correction', erasure: 'Erasure',
    restriction: 'A pause', objection: 'An objection', withdrawal: 'To withdraw a consent', merge: 'To join two profiles' },
};

const part = (title, lines, none) => [el('h4', {}, title), el('ul', { role: 'list', class: 'receipts' }, lines.length ? lines : el('li', {}, none))];
const line = (...words) => el('li', { dir: 'auto' }, ...words);

function shown({ values, human_reads: reads, models, conversations, requests }) {
  return [
    ...part(REST.values, values.map((each) => line(`${each.label}: `, el('bdi', {}, each.value), el('small', {}, REST.until(day(each.expires_at))))), REST.noValues),
    ...part(REST.looked, reads.count ? [line(REST.times(reads.count, day(reads.last))), line(reads.values ? REST.atValues(reads.values) : REST.neverValues)] : [], REST.nobody),
    ...part(REST.learned, models.map((each) => line(REST.model(each.model, day(each.trained_at)))), REST.noModel),
    ...part(REST.talks, conversations.map((each) => line(REST.talk(day(each.began_at), each.messages)))),
    ...part(REST.asked, requests.map((each) => line(
      REST.request(REST.rights[each.right] ?? each.right, day(each.asked_at), each.status === 'done' ? REST.done : REST.open(day(each.due_at))))), REST.noRequest),
  ];
}

/** Closed at first; `get(part)` reads /api/me. Opened again, it reads again. */
export function rest(get) {
  const content = el('div', { class: 'rest', 'aria-live': 'polite' });
  const details = el('details', { ontoggle: async () => {
    if (!details.open) return;
    content.replaceChildren(el('p', {}, REST.loading));
    try {
      content.replaceChildren(...shown(await get('access')));
    } catch {
      content.replaceChildren(el('p', {}, REST.failed));
    }
  } }, el('summary', {}, REST.title), content);
  return details;
}
