"""Number plates and vehicle identification numbers. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "license plate «7ABC123»",
    "number plate «B MW 1234»",
    "my reg is «AB12 CDE»",
    "the car «AB12 CDE» is parked there",
    "Kennzeichen «M-AB 1234»",
    "vehicle «AA-123-BB»",
    "matrícula «1234 BCD»",
    "the rental «KA 01 AB 1234»",
    "plate number: «ABC-1234»",
    "VIN «1HGCM82633A004352»",
    "«WVWZZZ1JZXW000001» is the chassis",
]

NEAR_MISSES = [
    "the rental car for USD 300",
    "pick up the car at LAX 2026",
    "a car for 4 days in May",
    "BA 117 and LH 1234",
    "registration opens in 2026",
    "a plate of pasta for 12 €",
    "we parked at gate B22",
    "a plate of 12 oysters",
    "reg 3 people",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "LICENSE_PLATE")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
