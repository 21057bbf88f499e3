"""The attributes of a profile as the conversation speaks of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Attribute:
    """How an attribute is called, how its value reads, and which words mean it in "change my …"."""

    label: str
    read: Callable[[Any], str] = str
    called: tuple[str, ...] = ()
    sensitive: bool = False


def listed(values: Any) -> str:
    """ "hiking, food and museums"."""
    items = [str(value).replace("-", " ") for value in values] if isinstance(values, list) else [str(values)]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _from(words: Mapping[str, str]) -> Callable[[Any], str]:
    return lambda value: words.get(value, str(value))


LEVELS = {"new": "new subscriber", "developer": "developer"}
COMPANIONS = {"solo": "on your own", "couple": "as a couple", "family": "with family", "friends": "with friends"}

ATTRIBUTES: Mapping[str, Attribute] = {
    "name": Attribute("name", called=("name",)),
    "level": Attribute("", _from(LEVELS), ("level", "experience")),
    "home": Attribute("home", called=("home", "airport", "fly from", "city")),
    "budget": Attribute("budget", lambda euros: f"about {euros:,.0f} €", ("budget", "budjet", "money")),
    "pace": Attribute("pace", called=("pace", "speed")),
    "interests": Attribute("interests", listed, ("interest", "hobby", "hobbies")),
    "companions": Attribute(
        "travelling", _from(COMPANIONS), ("companion", "who i travel", "who travels", "travel with")
    ),
    "season": Attribute("time of year", _from({"any": "any time"}), ("season", "month", "time of year")),
    "diet": Attribute("diet", listed, ("diet", "food needs", "allerg"), sensitive=True),
    "accessibility": Attribute(
        "access needs", listed, ("accessib", "wheelchair", "access needs", "disab"), sensitive=True
    ),
}


def known(slots: Mapping[str, Any]) -> dict[str, str]:
    """What is known, in words: attribute → value. Skipped and unknown ones are left out."""
    told = {name: slots.get(name) for name in ATTRIBUTES}
    return {name: ATTRIBUTES[name].read(value) for name, value in told.items() if value and value != SKIPPED}


def in_words(slots: Mapping[str, Any], *, name: bool = False) -> str:
    """ "home Porto, budget about 800 €"; empty when nothing is known."""
    facts = known(slots)
    if not name:
        facts.pop("name", None)
    return ", ".join(f"{ATTRIBUTES[key].label} {value}".strip() for key, value in facts.items())


def named(text: str) -> str | None:
    """The attribute that a text mentions by name."""
    lowered = text.casefold()
    return next((name for name, it in ATTRIBUTES.items() if any(word in lowered for word in it.called)), None)
