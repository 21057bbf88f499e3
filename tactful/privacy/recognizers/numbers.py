"""Numbers of accounts, papers and things. Those without a shape of their own need a word that names them."""

from presidio_analyzer import PatternRecognizer

from tactful.privacy.recognizers.patterns import recognizer

_IS = (
    r"(?:\s*(?:number|no\.?|nr\.?|num|id|code|#|:|=|-|is|was|it's|its|are|of|my|the|would be|should be|as)){0,4}[\s:#]*"
)
_WITH_DIGIT = r"(?=[A-Z0-9-]*\d)[A-Z0-9](?:[A-Z0-9]|-(?=[A-Z0-9])){3,24}"
_GROUP = r"(?:[A-Z0-9]{0,10}\d[A-Z0-9]{0,14}|(?-i:[A-Z]{1,3}(?![a-z])))"
_SPACED = rf"(?=(?:(?-i:[A-Z]{{1,4}})[ -]){{0,2}}[A-Z0-9]*\d)(?:(?-i:[A-Z]{{1,4}})[ -]){{0,2}}[A-Z0-9]{{1,20}}(?:[ -]{_GROUP}){{0,4}}"


def _named(words: str, value: str = _WITH_DIGIT) -> str:
    """`value` after one of `words`, with the small words that stand between."""
    return rf"(?<=\b(?:{words}){_IS})(?<![\w]){value}(?![\w])"


CARD = recognizer(
    "card",
    "CREDIT_CARD",
    r"(?<![\w+.-])\d(?:[ -]{0,2}\d){12,18}(?![\w-])",
    r"(?<=\b(?:card|visa|mastercard|amex)\b[^.\n]{0,30}?(?:ending(?:\s(?:in|with|on))?|last\s(?:four|4)(?:\sdigits)?(?:\s(?:are|is|of))?)[\s:]{1,3})\d{4}\b",
    r"(?<=\b(?:cvv2?|cvc2?|security code)(?:\s(?:is|code|number))?[\s:]{1,3})\d{3,4}\b",
    score=0.9,
)

IBAN = recognizer(
    "iban",
    "IBAN_CODE",
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?(?!\w)",
    score=0.95,
)

BANK = recognizer(
    "bank account",
    "BANK_ACCOUNT",
    _named(
        r"(?:bank|checking|savings|iban|giro)\s?(?:account|acct)?|account|acct|routing|sort\scode|aba",
        r"\d(?:[ -]?\d){5,16}",
    ),
    score=0.8,
)

SSN = recognizer(
    "ssn",
    "US_SSN",
    r"(?<![\w-])\d{3}[- .]\d{2}[- .]\d{4}(?![\w-])",
    _named(r"ssn|social(?:\ssecurity)?", r"(?:\d{3}[- ]?\d{2}[- ]?\d{4}|\d{9}|\d{4})"),
    score=0.85,
)

NATIONAL_ID = recognizer(
    "national id",
    "NATIONAL_ID",
    r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)",  # UK
    r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)",  # IT
    r"(?<!\w)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)",  # BR
    r"(?<!\w)\d{8}-?[TRWAGMYFPDXBNJZSQVHLCKE](?!\w)",  # ES
    _named(
        r"national\sid(?:entity|entification)?|identity\s(?:card|number)|id\scard|tax\s(?:id|number)|steuer-?id|nino|aadhaar|aadhar|cpf|dni|nie|nif|insee|pan"
    ),
    _named(r"aadhaar|aadhar", r"\d{4}[ -]?\d{4}[ -]?\d{4}"),
    score=0.85,
)

PASSPORT = recognizer("passport", "PASSPORT", _named(r"passport", r"(?=[A-Z]*\d)[A-Z0-9]{6,10}"), score=0.85)
LICENCE = recognizer(
    "driving licence",
    "DRIVER_LICENSE",
    _named(
        r"(?:driver'?s?|driving)\s?licen[cs]e|licen[cs]e\snumber", r"(?=[A-Z]*[ -]?\d)[A-Z0-9][A-Z0-9 -]{4,18}[A-Z0-9]"
    ),
    score=0.85,
)
PLATE = recognizer(
    "plate",
    "LICENSE_PLATE",
    _named(r"(?:licen[cs]e|number)\s?plate|plate|registration|reg\b|vin", _SPACED),
    score=0.75,
)

BOOKING = recognizer(
    "booking",
    "BOOKING_ID",
    _named(
        r"booking|reservation|confirmation|reference|ref|record\slocator|locator|pnr|ticket|e-?ticket|itinerary|order|case|claim|policy"
        r"|loyalty|frequent\sflyer|flyer|membership|member|miles\s?(?:and|&)\s?more|invoice|tracking|customer|account\s(?:number|no|id)|conf",
        _SPACED,
    ),
    # A record locator is six letters and digits, and only its word tells it from any other.
    r"(?-i:(?<=\b(?i:booking|reservation|confirmation|reference|ref|locator|pnr|code)(?i:\s*(?:number|no|code|id|#|:|is|was|my|-)){0,4}[\s:#]*)(?<!\w)[A-Z]{6}(?!\w))",
    score=0.75,
)

NETWORK = recognizer(
    "ip address",
    "IP_ADDRESS",
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d{1,2})?(?![\w.]*\d)",
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])",
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,5})?(?![\w:])",
    score=0.9,
)
MAC = recognizer("mac address", "MAC_ADDRESS", r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])", score=0.95)
COORDINATES = recognizer(
    "coordinates",
    "COORDINATES",
    r"(?<![\w.])-?\d{1,2}\.\d{4,}\s?°?\s?[NS]?\s?[,;/ ]\s?-?\d{1,3}\.\d{4,}\s?°?\s?[EW]?(?![\w.])",
    score=0.9,
)

_DATE = r"(?:\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}|\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?[A-Z]{3,9}\.?,?\s\d{2,4}|[A-Z]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{2,4}|\d{8}|\d{6})"
BIRTH = recognizer(
    "date of birth",
    "DATE_OF_BIRTH",
    rf"(?<=\b(?:born|birth\s?day|birth\s?date|date\sof\sbirth|d\.?o\.?b\.?)(?:\s*(?:is|was|on|in|the|:|-|=)){{0,3}}[\s:]*)(?<!\w){_DATE}(?!\w)",
    score=0.9,
)

NUMBERS: list[PatternRecognizer] = [
    CARD, IBAN, BANK, SSN, NATIONAL_ID, PASSPORT, LICENCE, PLATE, BOOKING, NETWORK, MAC, COORDINATES, BIRTH,
]  # fmt: skip
