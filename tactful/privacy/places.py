"""Where a name can only be a place: towns are called like people, and only what stands around them tells."""

import re

from tactful.privacy.lexicon import known

_FOLLOWED = re.compile(
    r"(?: \([^)\n]{1,30}\))? "
    r"(?:country club|(?:international )?airport|weather|forecast|national park|city cent(?:er|re)|bridge)\b",
    re.IGNORECASE,
)
_PRECEDED = re.compile(
    r"\b(?:weather|forecast|temperature)(?: forecast| report| like)?(?: is| be)?(?: today| now)?"
    r" (?:for|in|at|around|of) (?:the )?$",
    re.IGNORECASE,
)
_LINE_BEGINS = re.compile(r"(?:\A|\n)[ \t>?]{0,6}$")
_NEXT_LINE = re.compile(r"[ \t]{0,4}\n[ \t>?]{0,6}(?P<country>[^\d\n,]{3,40}?)(?: \d{4,6})?[ \t.]{0,4}(?=\n|\Z)")
_STREET_IN = re.compile(r" street in (?:the )?[^\d\n,]{2,40}\Z", re.IGNORECASE)


def is_place(text: str, start: int, end: int) -> bool:
    """Whether what stands there is a town by its surroundings: the weather is asked for it, or a country follows."""
    return bool(
        _FOLLOWED.match(text, end)
        or _PRECEDED.search(text, max(0, start - 40), start)
        or (_LINE_BEGINS.search(text, max(0, start - 8), start) and _country_follows(text, end))
    )


def without_town(text: str, start: int, end: int) -> int:
    """Where a street ends that is said to be in a town: "12 Main Street street in Springfield"."""
    found = _STREET_IN.search(text, start, end)
    return found.start() if found else end


def _country_follows(text: str, end: int) -> bool:
    following = _NEXT_LINE.match(text, end)
    return following is not None and all(known(word).place for word in following["country"].split())
