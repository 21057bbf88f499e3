"""Number plates and vehicle identification numbers."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

_WORDS = (
    "plate", "plates", "registration", "reg", "car", "vehicle", "vehicles", "parked", "parking", "rental", "van", "motorcycle",
    "kennzeichen", "auto", "matricula", "targa", "immatriculation", "tag", "tags", "vin", "chassis",
)  # fmt: skip

PLATE = recognizer(
    "plate",
    "LICENSE_PLATE",
    named(
        r"licen[cs]e plates?|number plates?|plates?|registration|reg|kennzeichen|matr[ií]cula|targa|plaque(?: d'immatriculation)?",
        r"(?!\d{1,3} (?-i:[a-z])|of\b|for\b|in\b|on\b)(?=[A-Z]{0,4}[ -]?[A-Z]{0,4}[ -]?\d)[A-Z0-9]{1,8}(?:[ -](?=[A-Z]{0,2}\d|(?-i:[A-Z]{1,3})(?!\w))[A-Z0-9]{1,5}){0,3}",
    ),
    score=0.75,
    digits=1,
)
# The first character comes before what must not stand before it: so a search skips to the next capital or digit.
PLATE_SHAPE = recognizer(
    "shape of a plate",
    "LICENSE_PLATE",
    r"[A-Z](?<![\w-].)[A-Z]\d{2} ?[A-Z]{3}(?![\w-])",  # UK
    r"[A-ZÄÖÜ](?<![\w-].)[A-ZÄÖÜ]{0,2}[- ][A-Z]{1,2}[- ]\d{1,4}[EH]?(?![\w-])",  # DE
    r"[A-Z](?<![\w-].)[A-Z][- ]?\d{3}[- ]?[A-Z]{2}(?![\w-])",  # FR, IT
    r"\d(?<![\w-].)\d{3}[- ]?[B-DF-HJ-NP-TV-Z]{3}(?![\w-])",  # ES
    r"[A-Z](?<![\w-].)[A-Z][- ]?\d{1,2}[- ]?[A-Z]{1,3}[- ]?\d{4}(?![\w-])",  # IN
    r"[A-Z\d](?<![\w-].)(?:(?<=[A-Z])[A-Z]-\d{2}-[A-Z]{2}|(?<=\d)\d-[A-Z]{2,3}-\d{1,2}|(?<=[A-Z])(?:[A-Z]-\d{3}-[A-Z]|-\d{3}-[A-Z]{2}))(?![\w-])",  # NL
    r"[A-Z](?<![\w-].)[A-Z]{2}(?<!USD)(?<!EUR)(?<!GBP)(?<!INR)(?<!AUD)(?<!CAD)(?<!CHF)(?<!JPY)[- ]?(?!(?:19|20)\d\d(?!\w))\d{3,4}(?![\w-])",  # US, BR, SE
    r"\d(?<![\w-].)[A-Z]{3}\d{3}(?![\w-])",  # California
    score=0.35,
    digits=2,
    context=_WORDS,
    flags=0,
)
VIN = recognizer(
    "vehicle identification number",
    "LICENSE_PLATE",
    named(r"vin|chassis|vehicle id(?:entification)?", r"(?=[A-Z]{0,16}\d)[A-HJ-NPR-Z0-9]{11,17}"),
    r"(?<![\w-])(?=[A-Z0-9]{0,13}\d{4}(?!\w))(?=\d{0,9}[A-Z])[A-HJ-NPR-Z0-9]{17}(?!\w)",
    score=0.8,
    digits=4,
)

VEHICLES = [PLATE, PLATE_SHAPE, VIN]
