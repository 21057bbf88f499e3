"""National identity, tax, insurance and health numbers.

The shapes are those that Presidio's recognizers list, without its check digits: a mistyped number is personal too.
A shape that other numbers share counts only next to a word that names it.
"""

from presidio_analyzer.predefined_recognizers import ItFiscalCodeRecognizer, UkNinoRecognizer

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

_LISTED = [pattern.regex for each in (UkNinoRecognizer(), ItFiscalCodeRecognizer()) for pattern in each.patterns]  # type: ignore[has-type]

SSN = recognizer(
    "ssn",
    "US_SSN",
    r"(?<![\w-])\d{3}([- .])\d{2}\1\d{4}(?![\w-])",
    named(
        r"ssns?|social(?: security)?|itin|taxpayer",
        r"(?:\d{3}[- .]?\d{2}[- .]?\d{4}|\d{4})",
    ),
    score=0.85,
    digits=4,
)
NATIONAL_ID = recognizer(
    "national id",
    "NATIONAL_ID",
    *_LISTED,
    r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)",  # UK, mistyped
    r"(?<![\w.])\d{3}\.\d{3}\.\d{3}[-.]\d{2}(?![\w-])",  # BR, person
    r"(?<![\w.])\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}(?![\w-])",  # BR, company
    r"(?<!\w)[12] \d{2} (?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\w)",  # FR
    r"(?<!\w)\d{8}[- ]?[TRWAGMYFPDXBNJZSQVHLCKE](?!\w)",  # ES
    r"(?<!\w)[XYZ][- ]?\d{7}[- ]?[TRWAGMYFPDXBNJZSQVHLCKE](?!\w)",  # ES, foreigner
    r"(?<!\w)(?-i:[A-Z]{3}[ABCFGHLJPT][A-Z])\d{4}[A-Z](?!\w)",  # IN, tax
    score=0.85,
    digits=4,
)
NAMED_ID = recognizer(
    "named national id",
    "NATIONAL_ID",
    named(
        r"national (?:id|identity|identification|insurance)(?: card)?|identity (?:card|number|document)|id (?:card|number|no)|tax(?:payer)?(?: id| number|-id)"
        r"|steuer-?(?:id(?:entifikationsnummer)?|nummer)|personalausweis(?:nummer)?|ausweis(?:nummer)?|nino|nhs|aadhaa?r|cpf|cnpj|dni|nie|nif|insee|nir|pan(?: card)?"
        r"|codice fiscale|carta d'identit[aà]|bsn|pesel|curp|personnummer|num[ée]ro de s[ée]curit[ée] sociale|sozialversicherungsnummer|medicare",
        r"(?=[A-Z]{0,8}[ -]?\d)[A-Z0-9]{1,18}(?:[ ./-](?=[A-Z]{0,2}\d)[A-Z0-9]{1,8}){0,6}",
    ),
    score=0.92,
    digits=4,
)

NATIONAL_IDS = [SSN, NATIONAL_ID, NAMED_ID]
