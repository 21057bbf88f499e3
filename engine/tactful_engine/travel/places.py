"""Finds cities and airports: by name, by code, and by what stands around a name that means something else, too."""

import re
from itertools import pairwise
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

from tactful_engine.travel.found import Found, apart
from tactful_engine.travel.gazetteer import PERSON, PLACE, WORD, Gazetteer, Place, folded
from tactful_engine.travel.place_cues import (
    ACRONYMS,
    AIRPORT,
    CODE,
    CODE_CUE,
    GOES_ON,
    NOT_A_PLACE,
    QUALIFIER,
    SMALL,
    STRONG,
    TO,
)

TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*\.?(?=-)|(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
GLUE = re.compile(r"[ \t]*[-–]?[ \t]*|\. ")
WINDOW = 40  # code points before a name that say what it is
LARGE = 200  # thousands of people: a city that lower case and no other sign may mean
TOWN = 40
AS_A_STATE = 500  # New York and Singapore are cities, too; a hamlet called Australia is not meant


class Word(NamedTuple):
    start: int
    end: int
    text: str


def places(text: str, known: Gazetteer) -> List[Found]:
    """Cities and airports, in the order of the text."""
    words = [Word(m.start(), m.end(), m.group()) for m in TOKEN.finditer(text) if not _in_placeholder(text, m)]
    return apart([*_names(text, words, known), *_codes(text, words, known)])


def _in_placeholder(text: str, word: "re.Match[str]") -> bool:
    """`PERSON_1` is no place, nor is a part of an address or of a path."""
    before, after = text[max(0, word.start() - 1) : word.start()], text[word.end() : word.end() + 1]
    return bool(set(before + after) & set("_@/\\=#&")) or after.isdigit() or before.isdigit()


def _codes(text: str, words: Sequence[Word], known: Gazetteer) -> Iterator[Found]:
    alone = len(words) == 1 and words[0].text == text.strip(" .!?")
    shouting = len(words) > 2 and text.isupper()
    for match in CODE.finditer(text):
        code = match.group()
        cued = CODE_CUE.search(text[max(0, match.start() - WINDOW) : match.start()]) or AIRPORT.match(text, match.end())
        sure = code not in ACRONYMS and not shouting
        if (sure or (cued and AIRPORT.match(text, match.end()))) and not known.named(code.lower()):
            found = (_airport(match.start(), match.end(), p) for p in known.coded(code) if cued or p.people >= LARGE)
            yield from found
    for word in words:
        code = word.text.upper()
        if len(code) != 3 or word.text.isupper() or code in ACRONYMS or known.named(code.lower()):
            continue
        if alone or (CODE_CUE.search(text[max(0, word.start - WINDOW) : word.start]) and word.text.islower()):
            yield from (_airport(word.start, word.end, p) for p in known.coded(code) if p.people >= LARGE)


def _names(text: str, words: Sequence[Word], known: Gazetteer) -> Iterator[Found]:
    """The longest name at every place."""
    cased = any(word.text[0].isupper() for word in words[1:]) or not text.islower()
    first = 0
    while first < len(words):
        longest = known.words_from(folded(words[first].text))
        for last in range(min(len(words), first + longest) - 1, first - 1, -1):
            if found := _name(text, words[first : last + 1], known, cased):
                yield found
                first = last
                break
        first += 1


def _name(text: str, words: Sequence[Word], known: Gazetteer, cased: bool) -> Optional[Found]:
    if any(not GLUE.fullmatch(text[a.end : b.start]) for a, b in pairwise(words)):
        return None
    start, end = words[0].start, words[-1].end
    key = folded(text[start:end])
    candidates = known.named(key) or known.named(key.replace("-", " "))
    if not candidates:
        return None
    airports = [place for place in candidates if place.kind == "airport"]
    cities = [place for place in candidates if place.kind == "city"]
    at_airport = AIRPORT.match(text, end)
    if at_airport and cities and cities[0].people >= TOWN and (main := known.main_airport(cities[0])):
        return _airport(start, at_airport.end(), main[0], code=cities[0].code)
    alone = airports and airports[0].mark not in {WORD, PERSON, PLACE} and (not cities or cities[0].people < TOWN)
    if airports and (at_airport or (alone and len(key) >= 4)):
        best = max(airports, key=lambda place: place.people)
        return _airport(start, at_airport.end() if at_airport else end, best)
    if not cities or (known.within(key) and cities[0].people < AS_A_STATE):
        return None
    city, after = _in_region(text, end, cities, known)
    if after > end or _meant(text, start, end, words, city, cased):
        return _city(start, after, city)
    return None


def _in_region(text: str, end: int, cities: Sequence[Place], known: Gazetteer) -> Tuple[Place, int]:
    """ "Portland, Maine": the one there, and where the words for it end; else the largest."""
    match = QUALIFIER.match(text, end)
    if match:
        for length in range(match.group(1).count(" ") + 1, 0, -1):
            name = " ".join(match.group(1).split(" ")[:length])
            region = known.within(folded(name))
            short = len(folded(name)) <= 2
            if not region or (short and not (name.isupper() and "," in match.group(0))):
                continue
            for city in cities:
                if region in (city.country, city.region) and (city.country == "US" or region == city.country):
                    return city, match.start(1) + len(name)
    return cities[0], end


def _meant(text: str, start: int, end: int, words: Sequence[Word], city: Place, cased: bool) -> bool:
    """Whether a name that may be a word, a person or a hamlet is the place here."""
    before = text[max(0, start - WINDOW) : start]
    if NOT_A_PLACE.search(before) or GOES_ON.match(text, end):
        return False
    alone = not re.search(r"\w", text[:start]) and not re.search(r"\w", text[end:])
    capital = all(word.text[0].isupper() or word.text.lower() in SMALL for word in words)
    strong = bool(STRONG.search(before))
    if alone:
        enough = {"": TOWN, PERSON: LARGE}.get(city.mark)
        return (
            city.people >= LARGE and capital if enough is None else city.people >= enough or (capital and not city.mark)
        )
    if city.mark == WORD:
        listed = capital and bool(re.match(r"\s*(?:,|or|and)\s+[A-Z]", text[end:]))
        return capital and (strong or listed) and (city.people >= TOWN or bool(city.code))
    if city.mark == PERSON:
        return (strong and (capital or city.people >= TOWN)) or (
            capital and city.people >= LARGE and bool(TO.search(before)) and not _addressed(text, start, end)
        )
    if capital and cased:
        return strong or city.people >= TOWN or bool(city.code) or bool(TO.search(before))
    return (
        (strong and (city.people >= TOWN or bool(city.code)))
        or (city.people >= LARGE and len(text[start:end]) > 3)
        or (city.people >= LARGE and bool(TO.search(before)))
    )


def _addressed(text: str, start: int, end: int) -> bool:
    """ "Florence, please call me" """
    return not text[:start].strip() and text[end : end + 1] in {",", "!"}


def _city(start: int, end: int, city: Place) -> Found:
    more = {"iata": city.code or None, "airport": city.airport or None, "country": city.country}
    return Found("city", start, end, city.name, more)


def _airport(start: int, end: int, airport: Place, code: str = "") -> Found:
    more = {"name": airport.name, "city": airport.airport, "country": airport.country}
    return Found("airport", start, end, code or airport.code, more)
