"""E-mail addresses: plain, mistyped, spelled out ("ana at example dot com"), with stray spaces, without any punctuation."""

from tactful.privacy.recognizers.patterns import recognizer

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ENDING = r"(?:com?|org|net|edu|gov|info|biz|io|me|app|dev|travel|uk|de|fr|es|it|nl|eu|ca|au|in|br|pt|us|ch|at|be|pl|se|no|dk|hu|jp|mx|za|nz|ie|example|con|cmo|ocm|coom|cim|vom)"
_BRACKET_AT = r" {0,2}[\[({<] ?at ?[\])}>] {0,2}"
_DOT = r"(?: {0,2}[\[({<] ?dot ?[\])}>] {0,2}| dot | ?\. ?)"
_SPELLED_DOT = r"(?: {0,2}[\[({<] ?dot ?[\])}>] {0,2}| dot )"
_PROVIDER = r"(?:gmail|googlemail|yahoo|ymail|gmal|gamil|gmial|gail|hotmail|outlook|icloud|aol|att|rediff(?:mail)?|protonmail|comcast|optonline|verizon|gmx|msn|mail)"
# "look at example dot com": words that come before "at" and are nobody's name.
_NOBODY = r"(?!(?:me|us|up|look|looking|booked|it|in|is|was|them|him|her|found|available|site|website|here|there|shop|page|account|my|your|a|the|on|to|with|use|from|via|and|or|have)\b)"

EMAIL = recognizer(
    "email",
    "EMAIL_ADDRESS",
    rf"(?<![\w.+-])[\w.!#$%&'*+=?^`{{|}}~-]{{1,64}}@{{1,2}}{_LABEL}(?:\.{_LABEL}){{1,4}}",
    rf"(?<![\w.+-])[\w.+-]{{1,64}}@{_LABEL},(?:com|net|org)\b",
    r"(?<![\w.+/-])[\w.+-]{2,64}@[a-z][\w-]{2,40}(?![\w@/]|\.\w)",
    rf"(?<![\w.+-])[\w.+-]{{1,64}} {{0,2}}@ {{0,2}}{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}{_ENDING}\b",
    score=0.95,
    signs="@",
)
SPELLED = recognizer(
    "spelled-out email",
    "EMAIL_ADDRESS",
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_SPELLED_DOT}[\w+-]{{1,30}}){{0,3}}{_BRACKET_AT}{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}{_ENDING}\b",
    rf"(?<![\w.+-]){_NOBODY}[\w.+-]{{1,64}}(?:(?: dot | underscore | dash | minus )[\w+-]{{1,30}}){{0,3}} {{1,2}}at {{1,2}}{_LABEL}(?: dot {_LABEL}){{0,3}}(?: dot | ?\. ?(?={_ENDING}\b)){_ENDING}\b",
    rf"(?<![\w.+-]){_NOBODY}[\w.+-]{{2,64}}(?: dot [\w+-]{{1,30}}){{0,3}} at (?:gmail|yahoo|hotmail|outlook|icloud|aol)(?![\w.])",
    r"(?<![\w.+-])[\w.+]{1,40}-at-\w{1,40}(?:-dot-[a-z]{2,20}){1,3}(?!\w)",
    score=0.9,
    signs=("at ", "at]", "at)", "at}", "at>", "-at-"),
)
BARE = recognizer(
    "email without signs",
    "EMAIL_ADDRESS",
    rf"(?<![\w.@+-])(?:\A{_NOBODY}[a-z]{{2,20}} (?=[a-z]{{2,20}} (?:\d|{_PROVIDER} )))?{_NOBODY}(?:[\w.+-]{{1,40}} (?:\d{{1,6}} )?)?[\w.+-]{{1,40}}?{_PROVIDER}[ .]?(?:com|net|con|co ?uk|org)\b",
    rf"(?<![\w.@+-])(?:\A{_NOBODY}[a-z]{{2,20}} (?=[a-z]{{2,20}} (?:\d|{_PROVIDER} )))?{_NOBODY}[\w.+-]{{1,40}} (?:\d{{1,6}} )?{_PROVIDER}[ .]?(?:com|net|con|co ?uk|org)\b",
    score=0.9,
    signs=(
        "mail",
        "gmal",
        "gamil",
        "gmial",
        "gail",
        "attnet",
        "att.net",
        "att net",
        "yahoo",
        "outlook",
        "icloud",
        "aol",
        "rediff",
        "comcast",
        "optonline",
        "verizon",
        "gmx",
        "msn",
    ),
)

GLUED = recognizer(
    "word that an email is called",
    "EMAIL_ADDRESS",
    r"(?<![\w.@/-])(?!www)[\w.+-]{3,40}(?:com|net|org|gov|edu|con|co ?uk)(?![\w@])",
    score=0.4,
    signs=("mail", "emil", "maid"),
    context=("email", "mail", "e", "emil", "eamil", "emai", "gmail"),
)

EMAILS = [EMAIL, SPELLED, BARE, GLUED]
