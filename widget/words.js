// Every word the widget itself says, in one place. `<tactful-chat>`'s property `words` replaces any of them;
// its `notices`, `refused` and `careful` replace those below.

export const WORDS = {
  title: 'Wayfare support',
  intro: 'Plans, the API, your next trip',
  open: 'Open menu', close: 'Close chat', back: 'Back to the conversation',
  messages: 'Messages', answers: 'Suggested answers', suggestions: 'Suggestions', chosen: 'your choice',
  customer: 'You', bot: 'Assistant', system: 'Notice', agent: 'Support team',
  write: 'Write a message', send: 'Send', typing: (name) => `${name || 'The assistant'} is writing`,
  privacy: 'Names, numbers and addresses are hidden before anything is stored.', how: 'How?',
  copy: 'Copy', copied: 'Copied', code: 'Code',
  up: 'Helpful', down: 'Not helpful',
  waiting: 'Waiting to send', sending: 'Sending…',
  withheld: 'Not kept', withheldText: 'This message could not be checked for personal details, so it was not kept.',
  menuData: 'Your data', menuOver: 'Start over', menuPrivacy: 'How we protect you',
  startedOver: 'This is a new conversation. What you told us about your preferences is still known.',
  renewed: 'Your earlier conversation has ended, so this is a new one.',
  erased: 'Everything about you has been erased. Write again whenever you like: we start from nothing.',
  long: (over) => `Your message is ${over.toLocaleString()} characters too long.`,
  count: (used, most) => `${used.toLocaleString()} of ${most.toLocaleString()} characters`,
  again: 'The assistant is with you again.',
  newMessages: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
};

export const NOTICES = {
  offline: 'You are offline. Write on: your messages are sent when you are back.',
  unreachable: 'We cannot be reached just now. Your messages wait here, and we keep trying.',
  unavailable: 'We cannot take messages just now. Your messages wait here, and we keep trying.',
  limited: (seconds) => `That was a little fast. Your message is sent in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`,
  refused: 'The chat could not begin. Please reload the page and try again.',
  engine_down: 'The assistant is taking a short break. Your messages are safe, and it answers as soon as it is back.',
  waiting: 'A person from our team has been asked to join. You can write on meanwhile.',
  agent: (name) => `You are talking with ${name || 'a person'} from our team.`,
};

export const REFUSED = {
  too_long: 'Not sent: the message is too long.',
  stale: 'Not sent: this answer is no longer open. Please write it instead.',
  rejected: 'Not sent: the message was not accepted. Please try other words.',
};

/** While something is typed that had better not be sent; `number` is shaped like a card's and may be another. */
export const CAREFUL = {
  card: 'That looks like a card number. We never need one here.',
  number: 'If that is a card number: we never need one here.',
  password: 'That looks like a password. Nobody here will ever ask for it.',
  key: 'That looks like a secret key. We can help without it, and a key that was shown should be replaced.',
  without: 'Send without it', anyway: 'Send anyway', held: 'Not sent yet. Send it again if you mean to.',
  nothing: 'Taken out. Nothing was left to send.',
};
