"""User names and handles, when a word or an @ says that they are."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

_WORDS = r"user ?name|user ?id|user(?= ?[:=])|ig(?= ?[:=])|login(?: ?name| ?id)?|screen ?name|nick(?:name)?|handle|gamertag|account name|telegram|insta(?:gram)?|twitter|skype"
_NO_NAME = r"(?!(?:not|wrong|incorrect|invalid|required|the|a|an|and|or|on|in|to|my|too|already|taken|no|it|at|for|correct|still|broken|down|working|missing|error|failed|fails|denied|possible|impossible|unknown|empty|null|none|gone|lost)\b)"

USERNAME = recognizer(
    "user name",
    "USERNAME",
    named(_WORDS, rf"{_NO_NAME}@?[\w.-]{{3,40}}(?<![.-])", r"[\"']?(?: ?(?:\b(?:is|was)\b|[:=-])){1,2} {0,2}[\"']?"),
    score=0.8,
)
HANDLE = recognizer(
    "handle",
    "USERNAME",
    r"(?<![\w.@/])@[A-Za-z_]\w{2,30}(?:\.[a-z_]\w{1,20}){0,2}(?![\w@/]|\.\w)",
    score=0.85,
    signs="@",
)

USERNAMES = [USERNAME, HANDLE]
