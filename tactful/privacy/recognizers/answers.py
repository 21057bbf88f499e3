"""A bare answer, understood from the question that the bot just asked."""

from collections.abc import Iterator

import regex

from tactful.privacy.recognizers.words import CHAT, TIMES, TRADE
from tactful.privacy.spans import Span

SCORE = 0.8
_NO_ANSWER = CHAT | TRADE | TIMES  # a person may be called Paris
LONGEST = 60  # characters: a longer one is no bare answer

_VALUE = r"(?=.{0,40}\d)[A-Za-z0-9][A-Za-z0-9 /-]{2,24}"
_QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("BOOKING_ID", r"(?:booking|reservation|confirmation|reference|ticket|order)\s(?:number|code|reference|id)|record locator", _VALUE),
    ("PERSON", r"\b(?:your|full|first|last|passenger'?s?|traveller'?s?)\sname\b|what (?:should|can|may) i call you|who am i (?:speaking|talking)", r"[^\W\d_][\w'’. -]{1,50}"),
    ("PHONE_NUMBER", r"\b(?:phone|mobile|telephone|contact)\s(?:number|no)\b", r"[+(]?\d[\d ()./-]{5,20}"),
    ("EMAIL_ADDRESS", r"\be-?mail\b", r"\S+(?:\s?@\s?|\sat\s)\S+.*|[\w.+-]+\s?(?:gmail|yahoo|hotmail|outlook|icloud).*"),
    ("STREET_ADDRESS", r"\b(?:street|postal|home|billing|delivery|mailing|your)\saddress\b", r"(?=.*\d).+"),
    ("PASSPORT", r"\bpassport\snumber\b", _VALUE),
    ("CREDIT_CARD", r"\b(?:card)\snumber\b|\blast (?:four|4)\b", r"\d[\d -]{3,25}"),
    ("DATE_OF_BIRTH", r"\bdate of birth\b|\bborn\b|\bbirthday\b", r"(?=.*\d).+"),
    ("USERNAME", r"\buser\s?name\b", r"[\w.@-]{3,40}"),
    ("ZIP_CODE", r"\b(?:zip|post\s?code|postal code)\b", r"[A-Za-z0-9][A-Za-z0-9 -]{2,9}"),
)  # fmt: skip
_COMPILED = [
    (kind, regex.compile(asked, regex.IGNORECASE), regex.compile(value, regex.IGNORECASE))
    for kind, asked, value in _QUESTIONS
]
_LEAD = regex.compile(
    r"^\s*(?:(?:it'?s|it is|that'?s|yes|sure|ok(?:ay)?|this is|i'?m|i am|my name is)[\s,:-]+)*", regex.IGNORECASE
)


def answered(text: str, question: str | None) -> Iterator[Span]:
    """The answer's span, when `question` asked for a value and `text` is not much more than that."""
    if not question or len(text) > LONGEST:
        return
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    bare = text[start:].rstrip(" .!,")
    for kind, asked, value in _COMPILED:
        if asked.search(question) and value.fullmatch(bare) and not _refuses(kind, bare):
            yield Span(start, start + len(bare), kind, SCORE, "answer to the bot's question")
            return


def _refuses(kind: str, bare: str) -> bool:
    """Whether "no thanks" was the answer to "what is your name?"."""
    return kind in {"PERSON", "USERNAME"} and any(word.casefold() in _NO_ANSWER for word in bare.split())
