"""What the engine found in a message with exact values (docs/entities.md), where our own words have no reading."""

from typing import Any

from tactful.assistant import answers
from tactful.assistant.amounts import LARGEST, SMALLEST, TO_EUR
from tactful.assistant.turn import Turn
from tactful.travel.catalogue import MONTHS
from tactful.travel.cities import home_city

PLACES = ("city", "airport")


def read(attribute: str, turn: Turn, *, asked: bool) -> Any:
    """The value of an attribute, or None; `asked`: the question was for it."""
    if attribute == "home":
        return home(turn, asked=asked)
    return budget(turn) if attribute == "budget" else None


def home(turn: Turn, *, asked: bool) -> str | None:
    """The catalogue's city that a place belongs to: "Gatwick" is London. Unasked, only after "from" or the like."""
    for entity in turn.found(*PLACES):
        before = turn.said[: entity["start"]]
        if answers.NEGATED.search(before) or not (asked or answers.SETS_OFF.search(before)):
            continue
        for name in (entity.get("airport"), entity.get("iata"), entity["value"], entity.get("city")):
            if isinstance(name, str) and (city := home_city(name)):
                return city.name
    return None


def budget(turn: Turn) -> float | None:
    """Euros, of a sum in a currency that our own words do not know."""
    for entity in turn.found("money"):
        rate = TO_EUR.get(str(entity.get("currency")).casefold())
        euros = round(float(entity["amount"]) * rate) if rate else 0
        if SMALLEST <= euros <= LARGEST:
            return float(euros)
    return None


def month(turn: Turn) -> str | None:
    """The month in which a date begins: "next Friday" and "12/05" are months to travel in, too."""
    return next((MONTHS[int(entity["from"][5:7]) - 1].capitalize() for entity in turn.found("date")), None)
