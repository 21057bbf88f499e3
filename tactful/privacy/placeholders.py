"""Placeholders: values become `PERSON_1`, and become values again for the one customer they belong to."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tactful.privacy.spans import Span

PLACEHOLDER = re.compile(r"\b([A-Z][A-Z_]*[A-Z])_([1-9]\d{0,4})\b")
LITERAL = "LITERAL"  # a customer's own words that look like a placeholder

_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Replacement:
    """A new placeholder and what it stands for; its repr does not tell the value."""

    placeholder: str
    type: str
    value: str = field(repr=False)


@dataclass(slots=True)
class Redaction:
    """A text with placeholders, and those that were new in it."""

    text: str
    new: list[Replacement]
    spans: list[Span]


def normalise(type: str, value: str) -> str:
    """What makes two values the same: case, width, spaces and a possessive do not tell them apart.

    A LITERAL is what was typed, to the letter.
    """
    if type == LITERAL:
        return value
    folded = unicodedata.normalize("NFKC", value).casefold().strip()
    return _POSSESSIVE.sub("", _SPACES.sub(" ", folded))


def redact(text: str, spans: Sequence[Span], known: Mapping[tuple[str, str], str]) -> Redaction:
    """Replace `spans` (sorted, apart from each other) of `text`.

    `known` maps (type, normalised value) to the placeholder that this conversation already gave it;
    new ones are numbered on from there, by type.
    """
    given, highest = dict(known), _highest(known.values())
    parts: list[str] = []
    new: list[Replacement] = []
    at = 0
    for span in spans:
        value = text[span.start : span.end]
        key = (span.type, normalise(span.type, value))
        if key not in given:
            highest[span.type] = highest.get(span.type, 0) + 1
            given[key] = f"{span.type}_{highest[span.type]}"
            new.append(Replacement(given[key], span.type, value))
        parts += [text[at : span.start], given[key]]
        at = span.end
    return Redaction("".join(parts) + text[at:], new, list(spans))


def restore(text: str, values: Mapping[str, str]) -> str:
    """Put `values` (placeholder → value) back, in one pass: a value that looks like a placeholder stays text.

    A placeholder without a value, because its end date came, reads as "[name removed]".
    """
    return PLACEHOLDER.sub(lambda found: values.get(found[0]) or _removed(found), text)


def _removed(found: "re.Match[str]") -> str:
    label = LABELS.get(found[1])
    return f"[{label} removed]" if label else found[0]


def number_after(taken: Iterable[str], kind: str) -> str:
    """The placeholder of this kind that follows those taken."""
    return f"{kind}_{_highest(taken).get(kind, 0) + 1}"


def _highest(placeholders: Iterable[str]) -> dict[str, int]:
    highest: dict[str, int] = {}
    for placeholder in placeholders:
        kind, _, number = placeholder.rpartition("_")
        highest[kind] = max(highest.get(kind, 0), int(number))
    return highest


# What a value of each type is called, once it is gone. Types that are not ours stay as they stand.
LABELS: Mapping[str, str] = {
    "PERSON": "name",
    "EMAIL_ADDRESS": "e-mail address",
    "PHONE_NUMBER": "phone number",
    "STREET_ADDRESS": "address",
    "ZIP_CODE": "postcode",
    "CREDIT_CARD": "card number",
    "IBAN_CODE": "bank account",
    "BANK_ACCOUNT": "bank account",
    "US_SSN": "social security number",
    "NATIONAL_ID": "identity number",
    "PASSPORT": "passport number",
    "DRIVER_LICENSE": "driving licence",
    "US_DRIVER_LICENSE": "driving licence",
    "LICENSE_PLATE": "number plate",
    "IP_ADDRESS": "IP address",
    "MAC_ADDRESS": "device address",
    "USERNAME": "user name",
    "BOOKING_ID": "booking number",
    "DATE_OF_BIRTH": "date of birth",
    "COORDINATES": "location",
    "SECRET": "secret",
    LITERAL: "words",
}
