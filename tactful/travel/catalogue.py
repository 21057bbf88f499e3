"""The catalogue of destinations, read from `destinations.csv` (see SOURCES.md for where its numbers come from)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tactful.errors import SetupError
from tactful.travel.interests import INTERESTS

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WARMEST, COLDEST = 50, -40
CONTINENTS = ("Europe", "Africa", "Asia", "North America", "South America", "Oceania")


@dataclass(frozen=True, slots=True)
class Destination:
    """A place to travel to. `temps` are mean daytime temperatures in °C and `rain` rainy days, January first;
    `cost` is EUR a day for one person, mid-range; the friendliness grades run from 1 (hard) to 3 (easy)."""

    id: str
    name: str
    country: str
    continent: str
    region: str
    lat: float
    lon: float
    airports: tuple[str, ...]
    temps: tuple[int, ...]
    rain: tuple[int, ...]
    cost: int
    interests: tuple[str, ...]
    step_free: int
    vegetarian: int
    halal: int
    kosher: int
    blurb: str


@cache
def catalogue() -> Mapping[str, Destination]:
    """Every destination by its id. Errors: `SetupError` that names the line at fault."""
    text = files("tactful.travel").joinpath("destinations.csv").read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> Mapping[str, Destination]:
    """Destinations of a catalogue's text. Errors: `SetupError` with the line and what is wrong with it."""
    places: dict[str, Destination] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            place = _destination(row)
            if place.id in places:
                raise ValueError(f"the id {place.id!r} stands there twice")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SetupError(f"destinations.csv, line {number}: {error}") from error
        places[place.id] = place
    return MappingProxyType(places)


def _destination(row: Mapping[str, str]) -> Destination:
    grades = [_within(int(grade), 1, 3, "a friendliness grade") for grade in row["access"].split()]
    step_free, vegetarian, halal, kosher = grades
    return Destination(
        id=row["id"],
        name=row["name"],
        country=row["country"],
        continent=_one_of(row["continent"], CONTINENTS, "continent"),
        region=row["region"],
        lat=_within(float(row["lat"]), -90, 90, "a latitude"),
        lon=_within(float(row["lon"]), -180, 180, "a longitude"),
        airports=tuple(row["airports"].split()),
        temps=_year(row["temps"], COLDEST, WARMEST, "temperatures"),
        rain=_year(row["rain"], 0, 31, "rainy days"),
        cost=int(_within(int(row["cost"]), 10, 1000, "a cost")),
        interests=tuple(_one_of(name, tuple(INTERESTS), "interest") for name in row["interests"].split()),
        step_free=int(step_free),
        vegetarian=int(vegetarian),
        halal=int(halal),
        kosher=int(kosher),
        blurb=row["blurb"],
    )


def _year(text: str, low: int, high: int, what: str) -> tuple[int, ...]:
    numbers = tuple(int(_within(int(number), low, high, what)) for number in text.split())
    if len(numbers) != len(MONTHS):
        raise ValueError(f"{len(numbers)} months of {what} instead of {len(MONTHS)}")
    return numbers


def _within(number: float, low: float, high: float, what: str) -> float:
    if not low <= number <= high:
        raise ValueError(f"{number:g} is not {what} between {low:g} and {high:g}")
    return number


def _one_of(word: str, words: tuple[str, ...], what: str) -> str:
    if word not in words:
        raise ValueError(f"{word!r} is not a known {what}")
    return word
