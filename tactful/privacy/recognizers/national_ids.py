"""National identity, tax, insurance and health numbers.

The shapes are those that Presidio's recognizers list, without its check digits: a mistyped number is personal too.
A shape that other numbers share counts only next to a word that names it.
"""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

# Presidio's own, as they stand there; importing it for these two would cost every process a second and 30 MB.
UK_NINO = r"\b(?!bg|gb|nk|kn|nt|tn|zz|BG|GB|NK|KN|NT|TN|ZZ)([a-ceghj-pr-tw-zA-CEGHJ-PR-TW-Z]{1}[a-ceghj-npr-tw-zA-CEGHJ-NPR-TW-Z]{1}) ?([0-9]{2}) ?([0-9]{2}) ?([0-9]{2}) ?([a-dA-D]{1})\b"
IT_FISCAL = r"(?i)((?:[A-Z][AEIOU][AEIOUX]|[AEIOU]X{2}|[B-DF-HJ-NP-TV-Z]{2}[A-Z]){2}(?:[\dLMNP-V]{2}(?:[A-EHLMPR-T](?:[04LQ][1-9MNP-V]|[15MR][\dLMNP-V]|[26NS][0-8LMNP-U])|[DHPS][37PT][0L]|[ACELMRT][37PT][01LM]|[AC-EHLMPR-T][26NS][9V])|(?:[02468LNQSU][048LQU]|[13579MPRTV][26NS])B[26NS][9V])(?:[A-MZ][1-9MNP-V][\dLMNP-V]{2}|[A-M][0L](?:[1-9MNP-V][\dLMNP-V]|[0L][1-9MNP-V]))[A-Z])"

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
    UK_NINO,
    IT_FISCAL,
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
