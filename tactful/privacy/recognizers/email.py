"""E-mail addresses: plain, with a mistyped domain, spelled out ("ana at example dot com"), with stray spaces."""

from tactful.privacy.recognizers.patterns import recognizer

_AT = r"(?:\s{0,2}@\s{0,2}|\s{0,2}[\[({]\s?at\s?[\])}]\s{0,2}|\s+at\s+)"
_DOT = r"(?:\s?\.\s?|\s{0,2}[\[({]\s?dot\s?[\])}]\s{0,2}|\s+dot\s+)"
_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ENDING = r"(?:com|org|net|edu|gov|info|biz|co|io|me|uk|de|fr|es|it|nl|eu|ca|au|in|br|pt|us|ch|at|be|pl|se|no|dk|example|con|cmo|ocm|coom)"

EMAIL = recognizer(
    "email",
    "EMAIL_ADDRESS",
    rf"(?<![\w.+-]){_LOCAL}@{_LABEL}(?:\.{_LABEL}){{0,4}}",
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:\s[\w.+-]{{1,20}}){{0,0}}{_AT}{_LABEL}(?:{_DOT}{_LABEL}){{0,2}}{_DOT}{_ENDING}\b",
    rf"(?<=\be-?mail(?:\s(?:address|id))?(?:\sis|:|\s-)?\s)[\w.+-]{{2,40}}\s(?:gmail|yahoo|hotmail|outlook|icloud|aol)(?:{_DOT}|\s)?{_ENDING}\b",
    r"(?<![\w.+-])[\w.+-]{2,40}(?:gmail|yahoo|hotmail|outlook|icloud)\s?\.?\s?(?:com|co\.uk|con)\b",
    score=0.95,
)
