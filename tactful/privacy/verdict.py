"""A second look at what the model sees: it learns shapes that no value of the kind has, and is careless of edges."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tactful.privacy.lexicon import known
from tactful.privacy.ner.model import SOURCE
from tactful.privacy.places import is_place, without_town
from tactful.privacy.recognizers.address_tail import without_city_alone
from tactful.privacy.recognizers.letterhead import in_letterhead, without_cities
from tactful.privacy.recognizers.person import asks_for_other, plausible
from tactful.privacy.spans import Span

FEWEST_PHONE_DIGITS = 6
_WORDS_ALONE = frozenset({"PERSON", "USERNAME", "EMAIL_ADDRESS"})  # what mere words may be taken for
COMMON = 2  # how well known a name must be to be one where something else was asked for
_WORD = re.compile(r"[^\W\d_A-Z]{5}")  # a code has no words in it
_PLACE_BEFORE = re.compile(r"\b(?:in|near|visit|outside) $", re.IGNORECASE)
_DATE = re.compile(r"(?:[0-3]\d[01]\d(?:19|20)\d\d|(?:19|20)\d\d[01]\d[0-3]\d)")
_WRITTEN_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})")
_ACRONYM = re.compile(r"[A-Z]{2,4}")


def believable(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The model's spans that may be what it says, with the signs trimmed off that belong to the sentence."""
    for span in spans:
        for part in _parts(text, _trimmed(text, span)):
            if part.end > part.start and may_be(text, part):
                yield part


def _parts(text: str, span: Span) -> Iterable[Span]:
    if span.type != "STREET_ADDRESS":
        return [span]
    if in_letterhead(text, span.start):
        return without_cities(text, span, span.start)
    return [replace(span, end=without_city_alone(text, span.start, without_town(text, span.start, span.end)))]


def answers_something_else(text: str, spans: Iterable[Span], question: str | None) -> Iterator[Span]:
    """The spans without a bare word that the model takes for a name where the bot asked for a place or a taste.

    A first and a last name are one, whatever was asked: who types them instead of a town is not to be read.
    """
    other = bool(question) and asks_for_other(question or "")
    for span in spans:
        words = text[span.start : span.end]
        bare = span.type in _WORDS_ALONE and words.replace(" ", "").isalpha() and len(words) == len(text.strip(" .,!"))
        if not (other and bare) or _is_full_name(words) or max(known(words.split()[0])[1:3]) >= _least(words):
            yield span


def _is_full_name(words: str) -> bool:
    parts = words.split()
    return len(parts) > 1 and all(len(part) > 1 and part[0].isupper() for part in parts)


def _least(words: str) -> int:
    """How well known a first word must be to be a first name: of two words it may be any name."""
    return 1 if " " in words else COMMON


def may_be(text: str, span: Span) -> bool:
    """Whether a span may be what it says: of the model's by its shape, of any by what stands around it."""
    if span.type == "PERSON" and is_place(text, span.start, span.end):
        return False
    if span.source != SOURCE:
        return True
    if span.type == "PERSON" and _PLACE_BEFORE.search(text, max(0, span.start - 10), span.start):
        return False
    return _may_be(span.type, text[span.start : span.end])


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and not (text[start].isalnum() or text[start] in "(+#@"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == ")"):
        end -= 1
    return replace(span, start=start, end=end)


def _may_be(kind: str, value: str) -> bool:
    digits, letters = sum(c.isdigit() for c in value), sum(c.isalpha() for c in value)
    match kind:
        case "PERSON":
            return plausible(value) and not _acronym(value)
        case "PHONE_NUMBER":
            return digits >= FEWEST_PHONE_DIGITS and not _WRITTEN_DATE.fullmatch(value)
        case "BOOKING_ID":
            return (
                digits > 0
                and digits + letters >= (4 if letters else 7)
                and not (_WORD.search(value) or _DATE.fullmatch(value))
            )
        case "EMAIL_ADDRESS":
            return letters >= 5
        case "STREET_ADDRESS":
            return digits > 0 or letters >= 8
        case _:
            return letters > 0


def _acronym(value: str) -> bool:
    """An airport, an agency, an abbreviation; not ANA, who writes in capitals."""
    seen = known(value)
    return bool(_ACRONYM.fullmatch(value)) and max(seen.first, seen.last) < 2
