"""Cities with an airport: where a customer sets off."""

import csv
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

EARTH_KM = 6371.0
# What people write around the city's name: "near Lisbon airport", "I live in Lyon".
AROUND = re.compile(
    r"\b(?:i|we|live|living|fly|flying|leave|leaving|based|near|around|from|in|out of|airport|international)\b"
)


@dataclass(frozen=True, slots=True)
class City:
    """An airport city; `lat` and `lon` in whole degrees."""

    airport: str
    name: str
    country: str
    lat: float
    lon: float


class Place(Protocol):
    """Anything with a position in degrees."""

    @property
    def lat(self) -> float: ...

    @property
    def lon(self) -> float: ...


def home_city(text: str) -> City | None:
    """The city meant by an IATA code or a name ("LIS", "lisboa", "Lisbon, Portugal"), or none."""
    names = _by_name()
    whole = folded(text)
    for candidate in (whole, _bare(whole), _bare(whole.split(",")[0])):
        if candidate in names:
            return names[candidate]
    return None


def distance_km(one: Place, other: Place) -> float:
    """Great-circle distance in kilometres (haversine)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    across = math.radians(other.lon - one.lon)
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def folded(text: str) -> str:
    """Lower case without accents or doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def _bare(text: str) -> str:
    return " ".join(AROUND.sub(" ", text).strip(" .!").split())


@cache
def _by_name() -> Mapping[str, City]:
    names: dict[str, City] = {}
    text = files("tactful.travel").joinpath("cities.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        city = City(row["airport"], row["city"], row["country"], float(row["lat"]), float(row["lon"]))
        others = [name for name in row["other"].split("|") if name]
        for name in (city.airport, city.name, f"{city.name}, {city.country}", *others):
            # Of two cities with one name, the first in the file is meant.
            names.setdefault(folded(name), city)
    return names
