"""What developers paste: keys, tokens, passwords, credentials in addresses and connection strings."""

from presidio_analyzer import PatternRecognizer

from tactful.privacy.recognizers.patterns import recognizer

SECRET = recognizer(
    "secret",
    "SECRET",
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,4000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)",
    r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]{4,})?",  # JSON Web Token
    r"(?<![\w-])(?:wf|sk|pk|rk|whsec|xox[abprs]|gh[opsru]|github_pat|glpat|npm|pypi|shpat|hf|dop_v1|SG|AC|key|tok)[_-](?=[\w-]{0,80}\d)[\w.-]{8,200}",
    r"(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)",
    r"(?<!\w)AIza[\w-]{30,}(?!\w)",
    r"(?<=\bBearer\s{1,3})(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,2000}=*",
    r"(?<=\bBasic\s)[A-Za-z0-9+/]{8,}={0,2}(?!\w)",
    r"(?<=\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@:]{1,100}:[^\s/@]{1,100}(?=@)",  # user:password@ in an address
    r"(?<=\b(?:password|passwd|passwort|passcode|pwd|pass|pin)(?:\s(?:is|was|for\s\w+\sis))?\s?[:=]\s{0,2}[\"']?)[^\s\"',;]{3,100}",
    r"(?<=\b(?:password|passcode|pwd|pin)\s(?:is|was)\s{1,2}[\"']?)(?!(?:not|wrong|incorrect|invalid|expired|required|too|the|a|an|being|never|still|reset|correct|case|weak|strong|broken|safe|secure|gone|on|in|at|it|always|no|what|my)\b)[^\s\"',;]{3,100}",
    r"(?<=\b(?:api[_ -]?key|secret(?:[_ -]key)?|access[_ -]token|auth[_ -]token|token|client[_ -]secret|signing[_ -]secret)(?:\s(?:is|was))?\s?[:=]?\s{0,2}[\"']?)(?=[\w.+/-]{0,40}\d)(?=[\w.+/-]{0,40}[A-Za-z])[\w.+/-]{12,300}=*",
    score=1.0,
)

SECRETS: list[PatternRecognizer] = [SECRET]
