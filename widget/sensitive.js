// What had better not be sent: card numbers, passwords, keys. Looked for in this browser, while it is typed; nothing of it
// leaves before the customer sends it. What is sent all the same is hidden by the door, whose patterns these follow.

const CARD = /(?<![\w+.-])\d(?:[ -]{0,2}\d){12,18}(?![\w-])/g;
const OTHERS = /(?:\b[A-Z]{2}\d{2}|\+\d{1,3})[ -]?$/; // before the digits: of an account or a telephone, which the door hides
const DATE = /\b(?:19|20)\d\d-\d\d-\d\d|^1[5-9]\d{11}$/; // days, and milliseconds as logs count them
const SECRETS = [
  ['key', /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^]{0,4000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g],
  ['key', /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]{4,})?/g],
  ['key', /(?<![\w-])(?:wf|sk|pk|rk|whsec|xox[abprs]|gh[opsru]|github_pat|glpat|npm|pypi|shpat|hf)[_-](?=[\w-]{0,80}\d)[\w.-]{8,200}/gi],
  ['key', /(?<!\w)(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,})(?!\w)/g],
  ['key', /(?<=\bBearer\s{1,3})(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,2000}=*/gi],
  ['key', /(?<=\b(?:api[_ -]?key|secret(?:[_ -]key)?|(?:access|auth)[_ -]token|token|(?:client|signing)[_ -]secret)(?:\s(?:is|was))?\s?[:=]?\s{0,2}["']?)(?=[\w.+/-]{0,40}\d)(?=[\w.+/-]{0,40}[A-Za-z])[\w.+/-]{12,300}=*/gi],
  ['password', /(?<=\b(?:passw(?:or[dt])?|passcode|passphrase|passwd|pwd|pass|pin)(?:\s(?:is|was))?\s?[:=]\s{0,2}["']?)[^\s"',;]{3,100}/gi],
  ['password', /(?<=\b(?:passwor[dt]|passcode|passphrase|pwd|pin)\s(?:is|was|ist)\s{1,2}["']?)(?!(?:not|wrong|incorrect|invalid|expired|required|too|the|an|being|never|still|reset|correct|case|weak|strong|broken|safe|secure|gone|on|in|at|it|always|what|my|lost|forgotten|locked)\b)[^\s"',;]{3,100}/gi],
];

/** Luhn's checksum, as cards carry it (ISO/IEC 7812-1). */
function checks(digits) {
  let sum = 0;
  [...digits].reverse().forEach((digit, place) => { sum += place % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] : +digit; });
  return sum % 10 === 0;
}

function kindOf(match) {
  const [number] = match;
  const groups = number.split(/[ -]+/);
  if (DATE.test(number) || OTHERS.test(match.input.slice(0, match.index)) || (groups.length > 1 && groups.some(({ length }) => length > 6))) return null;
  return checks(groups.join('')) ? 'card' : 'number';
}

/** What was found, in order: `{kind, start, end}`; `number` is a card's in shape only. */
export function sensitive(text) {
  const found = [...text.matchAll(CARD)].map((match) => [kindOf(match), match]);
  for (const [kind, pattern] of SECRETS) found.push(...[...text.matchAll(pattern)].map((match) => [kind, match]));
  return found.filter(([kind]) => kind)
    .map(([kind, { 0: value, index }]) => ({ kind, start: index, end: index + value.length }))
    .sort((one, other) => one.start - other.start || other.end - one.end);
}

/** The text with an ellipsis where something was found; empty when no word is left. */
export function without(text) {
  let rest = '';
  let at = 0;
  for (const { start, end } of sensitive(text)) {
    if (start >= at) rest += `${text.slice(at, start)}…`;
    at = Math.max(at, end);
  }
  rest += text.slice(at);
  return /[\p{L}\d]/u.test(rest) ? rest : '';
}
