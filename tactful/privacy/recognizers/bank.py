"""Bank accounts: IBANs of any country, right or mistyped; national account, routing and sort codes next to their words."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

# A group of an IBAN: four letters or digits. In lower case only with a digit, so that the next word is none.
_GROUP = r"(?:(?=[A-Z]{0,3}\d)[A-Z0-9]{4}|(?-i:[A-Z]{4}))"

IBAN = recognizer(
    "iban",
    "IBAN_CODE",
    r"(?<!\w)[A-Z]{2}\d{2}(?=(?:[A-Z]{0,8}\d){8})[A-Z0-9]{11,30}(?!\w)",
    rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:[ -]{_GROUP}|(?<![ -]){_GROUP}){{2,7}}(?:[ -]?(?=[A-Z]{{0,2}}\d)[A-Z0-9]{{1,4}})?(?!\w)",
    score=0.95,
    digits=10,
)
BANK = recognizer(
    "bank account",
    "BANK_ACCOUNT",
    named(
        r"(?:bank|checking|savings?|current|giro|deposit)? ?(?:account|acct|acc|a/c)|iban|routing(?: transit)?|sort ?code|aba|bsb|kontonummer|konto|blz|clabe|ifsc",
        r"\d(?:[ -]?\d){5,19}",
    ),
    named(r"ifsc", r"[A-Z]{4}0[A-Z0-9]{6}"),
    score=0.86,
    digits=6,
)

ACCOUNTS = [IBAN, BANK]
