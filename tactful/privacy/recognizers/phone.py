"""Phone numbers of the world: one pattern finds what is dialled, and what it looks like says how sure we are.

The phonenumbers library is asked only for numbers that their shape does not give away: asking it to search costs
a millisecond a country.
"""

import re
from collections.abc import Iterator

import phonenumbers

from tactful.privacy.recognizers.first_look import Needs
from tactful.privacy.recognizers.patterns import Patterns, recognizer
from tactful.privacy.spans import Span

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "IN", "BR", "AU")
MOST_ASKED = 20  # numbers of a message that the library is asked for, a tenth of a millisecond each
CERTAIN, VALID, LIKELY, POSSIBLE = 0.85, 0.7, 0.5, 0.3
_WORDS = (
    "phone", "phones", "mobile", "cell", "cellphone", "tel", "telephone", "ph", "call", "calling", "called", "whatsapp", "text", "sms", "contact",
    "reach", "fax", "number", "dial", "ring", "office", "desk", "message", "messages", "answering", "registered", "hotline", "landline", "handy",
    "telefon", "telefono", "handynummer", "viber", "signal", "mob", "extension",
)  # fmt: skip

_EXTENSION = r"(?:[ ,]{0,2}(?:x|ext\.?|extension|#)[ .:]{0,2}\d{1,6})?"
_CANDIDATE = re.compile(
    rf"(?<![\w$€£#/+-])(?<!\d[.,])(?<![$€£] )\(?\+?\(?\d(?:[ .()/-]{{0,3}}\d){{6,16}}{_EXTENSION}(?![\w%])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}([-/. ])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([-/. ])\d{1,2}\2\d{1,2}|(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d)(?!\d)"
)
_MONEY = re.compile(r" ?(?:[€$£%]|euros?\b|dollars?\b|eur\b|usd\b|gbp\b)", re.IGNORECASE)
_INTERNATIONAL = re.compile(r"\(?\+|00[1-9]|011")
_AMERICAN = re.compile(r"(?:1[ .-]?)?\(?\d{3}\)?[ .-]{0,3}\d{3}[ .-]\d{4}(?!\d)|\(\d{3}\) ?\d{7}")
_ROW = re.compile(r"[2-9]\d{9}|0[1-9]\d{9}|1[2-9]\d{9}")
_ROUND = re.compile(r"0{4}")
_POSTCODE_BEFORE = re.compile(r"\d{5,6} (?=\d{10}\Z)")
_DIGIT = re.compile(r"\d")


class Phones:
    """Reads phone numbers that are written in digits."""

    name = "phone"
    context_words: tuple[str, ...] = _WORDS
    needs = Needs(digits=7)

    def read(self, text: str) -> Iterator[Span]:
        """Spans of the normalised `text`; those whose score is low count only near a word that names a phone."""
        for place, candidate in enumerate(_CANDIDATE.finditer(text)):
            start, end = candidate.span()
            if postcode := _POSTCODE_BEFORE.match(candidate[0]):
                start += postcode.end()
            score = _score(text[start:end], ask=place < MOST_ASKED)
            if score and not _MONEY.match(text, end):
                yield Span(start, end, "PHONE_NUMBER", score, self.name)


def _score(number: str, *, ask: bool) -> float:
    """How sure it is that `number` is dialled; 0 for a date, a card or a sum. Not to `ask` the library is to believe it."""
    digits = len(_DIGIT.findall(number))
    if (digits > 15 and "x" not in number.lower()) or _DATE.search(number):
        return 0
    if (_INTERNATIONAL.match(number) and digits >= 8) or _AMERICAN.match(number):
        return CERTAIN
    if number.isdigit():
        return LIKELY if _ROW.fullmatch(number) and not _ROUND.search(number) else POSSIBLE
    if digits >= 8 and (not ask or any(_is_valid(number, region) for region in REGIONS)):
        return VALID
    return POSSIBLE


def _is_valid(number: str, region: str) -> bool:
    """Whether the numbering plan of `region` has such a number."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


_SAID = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)"
SPOKEN = recognizer(
    "spoken phone",
    "PHONE_NUMBER",
    rf"\b(?<!one )(?<!two )(?!(?:one,? )?two,? three,? four|zero,? one,? two,? three){_SAID}(?:[ ,-]{{1,3}}(?:{_SAID}|o|\d)\b){{6,18}}",
    score=CERTAIN,
    signs=("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero"),
)

PHONES: tuple[Phones, Patterns] = (Phones(), SPOKEN)
