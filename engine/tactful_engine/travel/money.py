# ruff: noqa: E501
"""Finds amounts of money: an amount and ISO 4217's code."""

import re
from decimal import Decimal
from typing import Iterator, List, Optional

from tactful_engine.travel.found import Found

SIGNS = {"a$": "AUD", "c$": "CAD", "us$": "USD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "€": "EUR",
         "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "₺": "TRY", "₽": "RUB", "₩": "KRW", "₪": "ILS",
         "₴": "UAH", "kč": "CZK"}  # fmt: skip
WORDS = {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "bucks": "USD", "buck": "USD", "pound": "GBP",
         "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "francs": "CHF", "swiss francs": "CHF", "yen": "JPY",
         "zloty": "PLN", "zlotys": "PLN", "rupees": "INR", "rupee": "INR", "reais": "BRL", "rand": "ZAR",
         "dirhams": "AED", "us dollars": "USD", "us dollar": "USD", "british pounds": "GBP", "british pound": "GBP", "canadian dollars": "CAD", "australian dollars": "AUD",
         "lira": "TRY", "forint": "HUF", "shekels": "ILS", "yuan": "CNY", "baht": "THB", "won": "KRW"}  # fmt: skip
CODES = ("EUR USD GBP CHF JPY AUD CAD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY INR CNY HKD SGD KRW THB MXN BRL ZAR AED SAR ILS "
         "ISK UAH RUB IDR MYR PHP VND ARS CLP COP EGP MAD").split()  # fmt: skip
# These are English words in lower case.
SHOUTED = {"TRY", "MAD", "ALL", "COP", "PHP", "CAD", "INR"}
SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
         "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
         "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip
LARGE = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}

_SIGN = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_CODE = "|".join(CODES)
_NUMBER = r"\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_TIMES = r"(?:\s?(?P<k{0}>k|thousand|grand|million|hundred)\b)?"


def _amount(which: str) -> str:
    return rf"(?P<n{which}>{_NUMBER})" + _TIMES.format(which)


_TO = r"\s?(?:-|–|—|\bto\b|\band\b|\bor\b)\s?"
_BEFORE = rf"(?:(?P<before>{_SIGN}|\b(?:{_CODE})\b)\s?)"
_AFTER = rf"(?:\s?(?P<after>{_SIGN}|(?:{_CODE}|{_WORD})\b))"
MONEY = re.compile(
    rf"(?:{_BEFORE}(?<![\d]){_amount('1')}(?:{_TO}(?:(?:{_SIGN})\s?)?{_amount('2')})?(?!\w)"
    rf"|(?<![\w.,/:-]){_amount('3')}(?:{_TO}{_amount('4')})?{_AFTER})",
    re.IGNORECASE,
)
SPOKEN = re.compile(
    rf"\b(?P<words>(?:(?:{'|'.join(SMALL)})(?:[\s-](?:{'|'.join(SMALL)}))?)?\s?(?:(?:{'|'.join(LARGE)})\s?){{0,2}})"
    rf"\s(?P<unit>{_WORD})\b",
    re.IGNORECASE,
)
# Without a currency: only where nothing but money can be meant.
BARE = re.compile(
    rf"\b(?:budget(?:\s+(?:is|of|was|around|about|up to))*|spend(?:ing)?(?:\s+(?:about|around|up to|max))*|(?:under|below|max(?:imum)?|at most|up to|no more than)"
    rf"(?=\s\d[\d.,]*k?\s(?:per person|each|in total|all in|pp)\b)|plan,?|price(?:\s+is)?|costs?|charged|paid|pay|refund(?:\s+of)?)[\s:,]+(?P<n1>{_NUMBER})(?:\s?(?P<k1>k)\b)?"
    r"(?!\s?(?:%|percent|days?|nights?|weeks?|months?|years?|people|persons|times|hours?|minutes?|of|st|nd|rd|th|am|pm|bags?|kg|x)\b)(?![\d/:-])",
    re.IGNORECASE,
)
SURELY = re.compile(r"\d[.,]\d\d$|k$", re.IGNORECASE)
THOUSANDS = re.compile(r"(\d)[ ,.'’\u00a0\u202f](?=\d{3}(?:\D|$))")
TIMES = {"k": 1000, "thousand": 1000, "grand": 1000, "million": 1_000_000, "hundred": 100}


def money(text: str, currency: str) -> List[Found]:
    """Amounts in the order of the text; `currency` is meant where a text speaks of money and names none."""
    found = [*_marked(text), *_spoken(text), *_bare(text, currency)]
    kept: List[Found] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _marked(text: str) -> Iterator[Found]:
    for match in MONEY.finditer(text):
        sign = match["before"] or match["after"]
        if sign.upper() in SHOUTED and not sign.isupper():
            continue
        low, times = match["n1"] or match["n3"], match["k1"] or match["k3"]
        high, high_times = match["n2"] or match["n4"], match["k2"] or match["k4"]
        yield _found(
            match.start(),
            match.end(),
            _number(low, times or (high_times if high else None)),
            code(sign),
            _number(high, high_times),
        )


def _spoken(text: str) -> Iterator[Found]:
    for match in SPOKEN.finditer(text):
        amount = _counted(match["words"])
        if amount:
            yield _found(match.start(), match.end(), amount, code(match["unit"]), None)


def _bare(text: str, currency: str) -> Iterator[Found]:
    for match in BARE.finditer(text):
        end = match.end("k1") if match["k1"] else match.end("n1")
        said = text[match.start("n1") : end]
        if SURELY.search(said) or re.match(r"budget|spend|under|below|max|at most|up to|no more", match.group(), re.I):
            yield _found(match.start("n1"), end, _number(match["n1"], match["k1"]), currency, None)


def code(sign: str) -> str:
    """ISO 4217's code of a sign, a word or a code."""
    said = sign.lower()
    return SIGNS.get(said) or WORDS.get(said) or said.upper()


def _number(text: Optional[str], times: Optional[str]) -> Optional[Decimal]:
    if text is None:
        return None
    whole = THOUSANDS.sub(r"\1", text)
    while whole != (shorter := THOUSANDS.sub(r"\1", whole)):
        whole = shorter
    return Decimal(whole.replace(",", ".")) * (TIMES[times.lower()] if times else 1)


def _counted(words: str) -> Optional[Decimal]:
    """ "two hundred" → 200."""
    total = 0
    for word in re.split(r"[\s-]+", words.strip().lower()):
        if word in LARGE:
            total = max(total, 1) * LARGE[word]
        elif word:
            total += SMALL[word]
    return Decimal(total) if total else None


def _found(start: int, end: int, amount: Optional[Decimal], currency: str, upto: Optional[Decimal]) -> Found:
    said = _plain(amount) if upto is None else f"{_plain(amount)}-{_plain(upto)}"
    more = {"amount": float(amount or 0), "currency": currency}
    return Found("money", start, end, f"{said} {currency}", more if upto is None else {**more, "up_to": float(upto)})


def _plain(amount: Optional[Decimal]) -> str:
    amount = amount or Decimal(0)
    return str(int(amount)) if amount == int(amount) else f"{amount:.2f}"
