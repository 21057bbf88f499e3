"""The catalogue: enough real places, all over the world, each with a whole year of weather."""

from collections import Counter

import pytest

from tactful.errors import SetupError
from tactful.travel.catalogue import CONTINENTS, Destination, catalogue, parse
from tactful.travel.cities import _by_name, distance_km
from tactful.travel.interests import INTERESTS

HEADER = (
    "id,name,country,continent,region,lat,lon,airports,temps,rain,cost,access,interests,blurb\n"
    "lisbon,Lisbon,Portugal,Europe,Southern Europe,39,-9,LIS,15 16 19 20 23 26 28 29 27 23 18 15,"
    "11 9 9 9 6 3 1 1 4 9 11 12,110,1 2 2 2,food history,A river.\n"
)
PLACES = list(catalogue().values())


def test_there_are_at_least_130_destinations_on_every_continent() -> None:
    assert len(PLACES) >= 130
    by_continent = Counter(place.continent for place in PLACES)
    assert all(by_continent[continent] >= 9 for continent in CONTINENTS)


def test_every_interest_is_served_by_many_places() -> None:
    served = Counter(name for place in PLACES for name in place.interests)
    assert all(served[name] >= 15 for name in INTERESTS)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_an_entry_is_complete_and_plausible(place: Destination) -> None:
    assert place.id == place.id.lower()
    assert " " not in place.id
    assert len(place.temps) == len(place.rain) == 12
    assert all(-25 <= degrees <= 45 for degrees in place.temps)
    assert max(abs(a - b) for a, b in zip(place.temps, place.temps[1:] + place.temps[:1], strict=True)) <= 13
    assert all(0 <= days <= 30 for days in place.rain)
    assert 30 <= place.cost <= 300
    assert 3 <= len(place.interests) == len(set(place.interests)) <= 6
    assert place.airports
    assert all(len(code) == 3 and code.isupper() for code in place.airports)
    assert place.blurb.endswith(".")
    assert len(place.blurb) <= 110


@pytest.mark.parametrize("place", [place for place in PLACES if abs(place.lat) > 25], ids=lambda place: place.id)
def test_summer_is_on_the_right_side_of_the_equator(place: Destination) -> None:
    january, july = place.temps[0], place.temps[6]
    assert july > january if place.lat > 0 else january > july


def test_a_destination_lies_near_the_airports_it_names() -> None:
    cities = {city.airport: city for city in _by_name().values()}
    for place in PLACES:
        for code in place.airports:
            if code in cities:
                assert distance_km(place, cities[code]) < 500, (place.id, code)


def test_names_are_given_once() -> None:
    assert max(Counter(place.name for place in PLACES).values()) == 1


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("28 29 27 23 18 15", "28 29 27 23 18", "11 months of temperatures"),
        ("15 16 19", "15 99 19", "99 is not temperatures between"),
        ("food history", "food gambling", "'gambling' is not a known interest"),
        ("1 2 2 2", "1 2 2", "not enough values"),
        ("39,-9", "139,-9", "139 is not a latitude"),
        ("Europe,Southern", "Atlantis,Southern", "'Atlantis' is not a known continent"),
    ],
)
def test_a_broken_entry_is_refused_with_its_line(before: str, after: str, complaint: str) -> None:
    with pytest.raises(SetupError, match="line 2") as refused:
        parse(HEADER.replace(before, after))
    assert complaint in str(refused.value)


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(SetupError, match="line 3: the id 'lisbon' stands there twice"):
        parse(HEADER + HEADER.splitlines()[1])
