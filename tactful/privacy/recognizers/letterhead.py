"""Addresses in lines of their own: city and country stay readable there, as they do elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tactful.privacy.spans import Span

# An address in lines of its own, as in a letter's head, unless "Address:" stands above it.
# Before it on the line may stand its other parts and a name, but no words of a sentence.
_LETTERHEAD = re.compile(
    r"(?:^|\n)(?<!address:\n)(?<!address\n)[ >?]{0,8}(?:(?:\d{1,5}|(?-i:[A-Z\u00c0-\u024f][\w'’-]{0,20}\.?)|\w{1,5}\.) ){0,6}(?:[A-Z]\.)?\Z",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:(?:apt|suite|ste|unit|flat|floor)\b\.? ?#? ?)?(?-i:[A-Z]{0,2}\d[\dA-Z]*)(?:[ -]\d[\dA-Z]*| (?-i:[A-Z]{2})(?!\w))*",
    re.IGNORECASE,
)


LONGEST_LINE = 80  # characters of a line before the address


def in_letterhead(text: str, start: int) -> bool:
    """Whether what begins at `start` begins a line, unless "Address:" stands above it."""
    return bool(_LETTERHEAD.search(text, max(0, start - LONGEST_LINE), start))


def without_cities(text: str, address: Span, line_end: int) -> Iterator[Span]:
    """The parts of an address whose street line ends at `line_end` or later, that are more than its city and country."""
    at = text.find("\n", line_end, address.end)
    yield replace(address, end=address.end if at < 0 else at)
    if at >= 0:
        for part in _NUMBERED.finditer(text, at, address.end):
            yield replace(address, start=part.start(), end=part.end())
