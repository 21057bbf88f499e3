"""Passwords and credentials where they are said or pasted: sentences, headers, addresses, settings, JSON, cookies."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

# What is said of a password that is none: "my password is wrong", "the pin was reset".
_NO_VALUE = (
    r"(?!(?:not|wrong|incorrect|invalid|expired|required|too|the|a|an|being|never|still|reset|correct|case|weak|strong|broken|safe|secure|gone|on|in|at|it|always|no|what|my"
    r"|forgotten|lost|missing|blank|empty|hidden|needed|saved|stored|working|changed|rejected|locked|null|none|true|false|undefined|about|to|and|or|so|that|very|really|also)\b|[a-z]{2,20}(?:ed|en|ing|able|ible)(?![\w!@#$%^&*]))"
)
_VALUE = r"[^\s\"',;&]{3,200}"
_NAMED = (
    r"(?:api|access|auth|client|signing|secret|private|account|encryption|session|refresh|webhook)[_ -]?(?:key|token|secret|password)(?:[_ -]?id)?"
    r"|token|secret(?:[_ -]key)?|apikey"
)

PASSWORD = recognizer(
    "password",
    "SECRET",
    rf"(?:password|passwd|passwort|passcode|passphrase|pwd|\bpw|\bpass|\bpin)\b[\"']?(?: (?:is|was|for \w{{1,20}} is))? ?(?::|=>?) {{0,2}}[\"']?(?P<value>(?!<|\*{{3}}|\$[{{A-Z]|os\.environ|process\.env|(?:required|missing|wrong|incorrect|invalid|expired|null|none|string|true|false)\b){_VALUE})",
    rf"\b(?:password|passwd|passwort|passcode|passphrase|pwd|pin(?: (?:code|number))?) (?:is|was) {{1,2}}[\"']?(?P<value>{_NO_VALUE}{_VALUE})(?<![.!?])",
    r"\b(?:password|passwort|passcode|passphrase|pwd)(?:'s| -{1,2}) (?P<value>(?=\S{0,40}\d)\S{4,100})(?<![.!?,])",
    score=1.0,
    signs=("pass", "pwd", "pw", "pin"),
)
NAMED_SECRET = recognizer(
    "named secret",
    "SECRET",
    rf"(?:{_NAMED})\b[\"']?(?: (?:is|was))? ?(?::|=>?)? {{0,2}}[\"']?(?P<value>(?=[\w.+/-]{{0,40}}\d)(?=[\w.+/-]{{0,40}}[A-Za-z])[\w.+/-]{{12,300}}={{0,2}})",
    score=0.95,
    digits=1,
    signs=("key", "token", "secret"),
)
QUOTED_SECRET = recognizer(
    "quoted secret",
    "SECRET",
    r"(?:secret|token|api[_-]?key)[\"']? ?[:=] ?[\"'](?P<value>(?=[^\s\"']{0,40}\d)[^\s\"']{6,300})[\"']",
    score=0.95,
    digits=1,
    signs=("secret", "token", "key"),
)
ONE_TIME = recognizer(
    "one-time code",
    "SECRET",
    named(
        r"otp|passcode|one[- ]time (?:pass)?(?:code|word)|(?:verification|confirmation sms|2fa|two[- ]factor|authentication|sms) code",
        r"\d{3}[ -]?\d{3}|\d{4,8}",
    ),
    score=0.9,
    digits=4,
    signs=("otp", "code", "password"),
)
HEADER = recognizer(
    "header",
    "SECRET",
    r"\bBearer {1,3}(?P<value>(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,2000}={0,2})",
    r"\bBasic (?P<value>[A-Za-z0-9+/]{8,400}={0,2})(?!\w)(?<=[\d=])",
    r"\b(?:set-)?cookie: {0,2}(?P<value>[^\s=;]{1,60}=[^\n]{4,2000})",
    r"\bx-(?:api|auth)-(?:key|token): {0,2}(?P<value>[^\s\"']{6,300})",
    score=1.0,
    signs=("bearer", "basic", "cookie", "x-a"),
)
ADDRESS = recognizer(
    "credentials in an address",
    "SECRET",
    r"://(?P<value>[^\s/@:]{0,100}:[^\s/@]{1,100})@",
    r"[?&](?:access_token|api_?key|key|token|auth|sig|signature|secret|password|pwd)=(?P<value>[^\s&\"'#]{4,500})",
    r"(?<=\s)(?:-u|--user)[ =]{0,2}[\"']?(?P<value>[^\s\"':]{1,100}:[^\s\"']{1,100})",
    r"(?<=\s)-p(?P<value>(?=\S{0,40}\d)[^\s\"'-]\S{3,60})",
    r"(?<=\s)--?(?:password|passwd|pass|token|api-key)(?:=| (?=\S{0,60}\d))[\"']?(?P<value>[^\s\"']{4,200})",
    score=1.0,
    signs=("://", "=", "-u", "-p", "--"),
)

CREDENTIALS = [PASSWORD, NAMED_SECRET, QUOTED_SECRET, ONE_TIME, HEADER, ADDRESS]
