"""Keys and tokens that their shape gives away: API keys of well-known makers, JSON Web Tokens, private keys."""

from tactful.privacy.recognizers.patterns import recognizer

KEY = recognizer(
    "key",
    "SECRET",
    r"(?<![\w-])(?:wf|sk|pk|rk|whsec|xox[abeprs]|gh[opsru]|github_pat|glpat|npm|pypi|shpat|shpss|hf|dop_v1|sq0[a-z]{3}|SG|AC|key|tok|sbp|pat|lin_api|figd|eyp|ya29|AGE-SECRET-KEY)"
    r"[_.-](?=[\w-]{0,80}\d)[\w.-]{8,300}",
    r"(?<!\w)(?:AKIA|ASIA|AGPA|AROA)[A-Z0-9]{12,16}(?!\w)",
    r"(?<!\w)AIza[\w-]{30,60}(?!\w)",
    r"(?<!\d)\d{8,10}:AA[\w-]{30,40}(?!\w)",  # a Telegram bot
    r"https://hooks\.slack\.com/services/(?P<value>[\w/]{20,80})",
    score=0.99,
    digits=1,
)
TOKEN = recognizer(
    "web token",
    "SECRET",
    r"(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{8,4000}(?:\.[\w-]{4,4000})?",
    score=1.0,
    signs=("eyj",),
)
PRIVATE_KEY = recognizer(
    "private key",
    "SECRET",
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^-]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?",
    score=1.0,
    signs=("private key",),
)

KEYS = [KEY, TOKEN, PRIVATE_KEY]
