"""A customer's home: from what they write to a city on the map."""

import pytest

from tactful.travel.cities import City, distance_km, home_city


@pytest.mark.parametrize(
    ("written", "airport"),
    [
        ("LIS", "LIS"),
        ("lis", "LIS"),
        ("Lisboa", "LIS"),
        ("Lisbon, Portugal", "LIS"),
        ("lisbon airport", "LIS"),
        ("I live in  Lisbon.", "LIS"),
        ("LGW", "LHR"),
        ("münchen", "MUC"),
        ("MUNCHEN", "MUC"),
        ("nyc", "JFK"),
        ("sao paulo", "GRU"),
        ("San Jose", "SJC"),
        ("San José, Costa Rica", "SJO"),
        ("PERSON_1", None),
        ("", None),
        ("the moon", None),
    ],
)
def test_a_home_is_found_by_code_or_name(written: str, airport: str | None) -> None:
    city = home_city(written)
    assert (city.airport if city else None) == airport


def test_distances_are_those_of_the_globe() -> None:
    lisbon, auckland = home_city("LIS"), home_city("AKL")
    assert lisbon
    assert auckland
    assert distance_km(lisbon, lisbon) == 0
    assert distance_km(lisbon, auckland) == pytest.approx(19_500, rel=0.03)


def test_the_date_line_is_no_wall() -> None:
    west, east = City("AAA", "West", "X", 0, 179), City("BBB", "East", "X", 0, -179)
    assert distance_km(west, east) < 250
