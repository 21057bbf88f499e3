"""Cities, airports and the names of countries and states, read from a list that is made by `make gazetteer`."""

import gzip
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple, Union

LIST = Path(__file__).parent / "gazetteer.tsv.gz"
WORD, PERSON, PLACE = "~", "^", "@"  # marks before a name: what else it means
BETWEEN = re.compile(r"[ -]")
_OTHER_LETTERS = str.maketrans({"’": "'", "ł": "l", "ø": "o", ".": None})


class Place(NamedTuple):
    """A city or an airport.

    `code`: IATA's, of a city the one for all its airports. `airport`: of a city its main one's code, of an airport
    the city's name. `people`: thousands who live there. `mark`: what else the name is that was looked up.
    """

    kind: str
    name: str
    code: str
    airport: str
    country: str
    region: str
    people: int
    mark: str = ""


class Gazetteer:
    """Looks names up, folded. The list stays one text in memory, and a line is taken apart when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at: Dict[str, Union[int, Tuple[int, ...]]] = {}  # name → where its lines begin
        self._codes: Dict[str, int] = {}
        self._regions: Dict[str, str] = {}
        self._longest: Dict[
            str, int
        ] = {}  # first word of a name → words of the longest that begins so, if it is not one
        start = 0
        for line in text.split("\n"):
            self._add(line, start)
            start += len(line) + 1

    def _add(self, line: str, start: int) -> None:
        kind, _, code, _, country, region, _, names = line.split("\t")
        if kind == "region":
            self._regions.update(dict.fromkeys(names.split("|"), region or country))
            return
        if kind == "airport":
            self._codes[code] = start
        for name in names.split("|"):
            key = name.lstrip("~^@")
            before = self._at.get(key, ())
            self._at[key] = (*(before if isinstance(before, tuple) else (before,)), start) if before != () else start
            first, *rest = BETWEEN.split(key)
            if rest and self._longest.get(first, 0) <= len(rest):
                self._longest[first] = len(rest) + 1

    def words_from(self, first: str) -> int:
        """How many words the longest name has that begins with this one; 0 if there is none."""
        return self._longest.get(first, 0) or int(first in self._at)

    def named(self, name: str) -> List[Place]:
        """Every place of this name (folded), the largest first."""
        at = self._at.get(name, ()) if name else ()
        return [self._place(start, name) for start in (at if isinstance(at, tuple) else (at,))]

    def coded(self, code: str) -> List[Place]:
        """The airport with this code (capitals)."""
        return [self._place(self._codes[code], "")] if code in self._codes else []

    def main_airport(self, city: Place) -> List[Place]:
        return self.coded(city.airport)

    def within(self, name: str) -> str:
        """The code of a country ("GB") or of a state of the USA ("CA") by its name, folded; "" if it is none."""
        return self._regions.get(name, "")

    def _place(self, start: int, name: str) -> Place:
        *parts, people, names = self._text[start : self._text.find("\n", start)].split("\t")
        marks = {each.lstrip("~^@"): each[0] for each in names.split("|") if each and each[0] in "~^@"}
        plain = name in names.split("|")
        return Place(*parts, int(people), "" if plain else marks.get(name, ""))


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The list, read once in a process (a fifth of a second)."""
    return Gazetteer(gzip.decompress(LIST.read_bytes()).decode())


def folded(text: str) -> str:
    """Lower case, without accents and dots, as names are looked up."""
    if text.isascii():
        return " ".join(text.lower().replace(".", "").split())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_OTHER_LETTERS))
    return re.sub(r"\s+", " ", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip()
