"""What a profile says about somebody's next trip, read from its attributes."""

from collections.abc import Mapping
from dataclasses import dataclass

from tactful.travel.catalogue import Destination
from tactful.travel.cities import City, home_city
from tactful.travel.climate import months_of
from tactful.travel.interests import INTERESTS

SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Traveller:
    """The usable facts; an absent or skipped one is empty here and is not used for anything.

    `when` is the month or season in words and `when_from` the attribute it came from (none: asked in the chat).
    """

    home: City | None
    budget: float | None
    months: tuple[int, ...]
    when: str
    when_from: str | None
    interests: tuple[str, ...]
    pace: str
    companions: str
    diet: tuple[str, ...]
    accessibility: tuple[str, ...]
    past_trips: tuple[Destination, ...]


def traveller(facts: Mapping[str, object], month: str | None, places: Mapping[str, Destination]) -> Traveller:
    """Read the facts; what cannot be understood counts as absent. `month` goes before the profile's season."""
    home = home_city(_word(facts, "home"))
    when = month or _word(facts, "season")
    south = home is not None and home.lat < 0
    months = months_of(when, south)
    return Traveller(
        home=home,
        budget=_number(facts.get("budget")),
        months=months,
        when="" if not months else f"your {when}" if south and len(months) > 1 else when,
        when_from=None if month or not months else "season",
        interests=tuple(name for name in map(_hyphened, _words(facts, "interests")) if name in INTERESTS),
        pace=_word(facts, "pace"),
        companions=_word(facts, "companions"),
        diet=_words(facts, "diet"),
        accessibility=_words(facts, "accessibility"),
        past_trips=tuple(places[name] for name in _words(facts, "past_trips") if name in places),
    )


def _word(facts: Mapping[str, object], name: str) -> str:
    value = facts.get(name)
    return value.strip() if isinstance(value, str) and value != SKIPPED else ""


def _words(facts: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = facts.get(name)
    values = [value] if isinstance(value, str) else value if isinstance(value, (list, tuple, set, frozenset)) else []
    found = [item.strip().lower() for item in values if isinstance(item, str) and item.strip() not in ("", SKIPPED)]
    return tuple(dict.fromkeys(sorted(found) if isinstance(value, (set, frozenset)) else found))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None


def _hyphened(name: str) -> str:
    return name.replace(" ", "-").replace("_", "-")
