"""What a message tells about the customer: attribute → value, read from ordinary words."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tactful.assistant import words
from tactful.assistant.amounts import euros
from tactful.assistant.words import found, without
from tactful.travel.cities import City, home_city

PLACEHOLDER = re.compile(r"\bPERSON_\d+\b")
CUE = re.compile(r"\b(?:from|in|near|out of|is|airport|home|based|live|to|at|of|now|by)\s+$|^\W*$|,\s*$", re.IGNORECASE)
ABOUT_HOME = re.compile(
    r"\b(?:from|home|airport|live|living|based|near|moved|out of|depart\w*|leav\w+)\b", re.IGNORECASE
)
SETS_OFF = re.compile(
    r"\b(?:from|home(?: airport)?(?: is| now)?|airport(?: is)?|live in|living in|based (?:in|at)|near|moved to|out of|"
    r"leav\w+|depart\w*)[\s:]+$",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:['.-][^\W\d_]+)*")
LONGEST_NAME = 3  # words
CODE_OR_NAME = re.compile(r"[A-Z][\w' -]{2,}")  # all there is to the message: "Porto", "OPO", but not "nice"
NEGATED = re.compile(r"\b(?:not|isn'?t|no longer|don'?t)\s+(?:from |in |to )?$", re.IGNORECASE)

Reader = Callable[[str, bool], Any]


def home(text: str, asked: bool) -> str | None:
    """The city meant, as it is called; `asked`: the question was for it, so a name needs no "from" before it."""
    if asked and (city := home_city(text)):
        return city.name
    if CODE_OR_NAME.fullmatch(text.strip()) and (city := home_city(text)):
        return city.name
    if not asked and not ABOUT_HOME.search(text) and "," not in text:
        return None
    spoken = list(WORD.finditer(text))
    for length in range(LONGEST_NAME, 0, -1):
        for first in range(len(spoken) - length + 1):
            start, end = spoken[first].start(), spoken[first + length - 1].end()
            if city := _city(text, start, end, asked):
                return city.name
    return None


def _city(text: str, start: int, end: int, asked: bool) -> City | None:
    name, before = text[start:end], text[:start]
    is_code = len(name) == 3 and name.isalpha()
    if (is_code and not name.isupper()) or len(name) < 3 or NEGATED.search(before):
        return None
    # "nice and easy" is no journey to the Riviera.
    if not (CUE.search(before) or (name[0].isupper() and start > 0) or asked):
        return None
    if not before.strip() and not asked and text[end : end + 1] not in {"", ",", "."}:
        return None
    return home_city(name)


def budget(text: str, asked: bool) -> float | None:
    """Euros per person and trip."""
    amount = euros(text, bare=asked)
    if amount is None and (asked or re.search(r"\bbudget\b|luxur|cheap", text, re.IGNORECASE)):
        levels = found(words.BUDGET, text)
        amount = float(levels[0]) if levels else None
    return amount


def season(text: str, asked: bool) -> str | None:
    """A season, a month, or "any"."""
    hits = found(words.SEASON, text)
    if not asked:
        hits = [hit for hit in hits if hit != "any" or re.search(r"flexible|any ?time|whenever", text, re.IGNORECASE)]
    return hits[0] if hits else None


def _one(lexicon: words.Lexicon, only_asked: tuple[str, ...] = ()) -> Reader:
    """The first value; those in `only_asked` have everyday words and count only as an answer to the question."""

    def read(text: str, asked: bool) -> str | None:
        hits = [hit for hit in found(lexicon, text) if asked or hit not in only_asked]
        return hits[0] if hits else None

    return read


def _many(lexicon: words.Lexicon) -> Reader:
    return lambda text, asked: found(lexicon, text) or None


def level(text: str, asked: bool) -> str | None:
    hits = found(words.LEVEL, text) if asked else []
    # "not a developer" holds the word developer.
    return "new" if "new" in hits else hits[0] if hits else None


def interests(text: str, asked: bool) -> list[str] | None:
    """Who cannot walk far is no hiker."""
    return found(words.INTERESTS, without(words.ACCESSIBILITY, text)) or None


READERS: Mapping[str, Reader] = {
    "level": level,
    "home": home,
    "budget": budget,
    "pace": _one(words.PACE, only_asked=("balanced", "packed")),
    "interests": interests,
    "companions": _one(words.COMPANIONS),
    "season": season,
    "diet": _many(words.DIET),
    "accessibility": _many(words.ACCESSIBILITY),
}
BUTTONS: Mapping[str, tuple[str, ...]] = {"home": ("home", "place"), "interests": ("interests", "interest")}


def read(attribute: str, text: str, *, asked: bool = True) -> Any:
    """The value of one attribute in a text, or None."""
    return READERS[attribute](text, asked) if attribute in READERS else None


def read_all(text: str, asked: str | None = None) -> dict[str, Any]:
    """Every attribute that a text tells; `asked` is the one the bot's question was for."""
    values = {name: reader(text, name == asked) for name, reader in READERS.items()}
    told = {name: value for name, value in values.items() if value is not None}
    if asked and len(text.split()) <= 2 and asked in told:
        return {asked: told[asked]}
    return told
