"""Payment cards: the number in any grouping, right or mistyped; last four, expiry and security code next to their words."""

from tactful.privacy.recognizers.named import LINK, named
from tactful.privacy.recognizers.patterns import recognizer

_WORDS = (
    "card", "cards", "credit", "debit", "visa", "mastercard", "maestro", "amex", "cc", "cvv", "cvc", "atm", "karte", "tarjeta",
)  # fmt: skip

# "… 12/26 123": what stands beside a number on the card.
_BESIDE = r"(?:[ ,;|]{1,3}(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?\d\d(?!\d)(?:[ ,;|]{1,3}\d{3,4}(?!\d))?)?"

CARD = recognizer(
    "card",
    "CREDIT_CARD",
    # Groups of four, American Express's 4-6-5, Diners' 4-6-4.
    rf"(?<![\w+.-])\d{{4}}([ -]{{1,2}})\d{{4}}\1\d{{4}}\1\d{{1,7}}{_BESIDE}(?![\w-])",
    rf"(?<![\w+.-])3\d{{3}}([ -]{{1,2}})\d{{6}}\1\d{{4,5}}{_BESIDE}(?![\w-])",
    score=0.9,
    digits=13,
)
# 13 to 19 digits that are no time in milliseconds; less sure than a word that names them something else.
ROW = recognizer(
    "card, digits in a row",
    "CREDIT_CARD",
    rf"(?<![\w+.-])(?:(?!1[67]\d{{11}}(?!\d)|00)\d{{13}}|(?!00)\d{{14,19}}){_BESIDE}(?![\w-])",
    score=0.7,
    digits=13,
)
MISTYPED = recognizer(
    "card, mistyped",
    "CREDIT_CARD",
    r"(?<![\w+.-])\d(?:[ -]{0,2}\d){11,18}(?![\w-])",
    score=0.45,
    digits=12,
    context=_WORDS,
)
LAST_FOUR = recognizer(
    "last digits of a card",
    "CREDIT_CARD",
    r"\b(?:card|visa|mastercard|maestro|amex|account)\b[^.\n\d]{0,30}?\b(?:ending|ends|last (?:four|4)(?: digits)?)"
    r"(?: (?:in|with|on|are|is|of|it)){0,2}[ :]{1,3}(?P<value>\d{4})\b",
    r"\blast (?:four|4)(?: digits)?(?: (?:of|on) (?:my|the) (?:credit |debit )?card)?(?: (?:are|is))?[ :]{1,3}(?P<value>\d{4})\b",
    score=0.8,
    digits=4,
)
SECURITY_CODE = recognizer(
    "security code of a card",
    "CREDIT_CARD",
    named(r"cvv2?|cvc2?|cid|security code|card verification (?:value|code)", r"\d{3,4}"),
    score=0.85,
    digits=3,
)
EXPIRY = recognizer(
    "expiry of a card",
    "CREDIT_CARD",
    named(
        r"exp(?:\.|iry|ires?|iration)?(?: date)?|valid (?:thru|through|until|till)",
        r"(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?\d{2}",
        LINK,
    ),
    score=0.45,
    digits=4,
    context=_WORDS,
)

CARDS = [CARD, ROW, MISTYPED, LAST_FOUR, SECURITY_CODE, EXPIRY]
