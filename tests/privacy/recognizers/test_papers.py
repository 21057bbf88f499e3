"""Passports and driving licences. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    ("passport number «X1234567»", "PASSPORT"),
    ("my passport is «123456789»", "PASSPORT"),
    ("passport no. «C01X00T47»", "PASSPORT"),
    ("Reisepass «C01X00T47»", "PASSPORT"),
    ("passport: «AB 1234567»", "PASSPORT"),
    ("«P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10»", "PASSPORT"),
    ("driver's license «D1234567»", "DRIVER_LICENSE"),
    ("my driver's license number is «2270-66-1551»", "DRIVER_LICENSE"),
    ("driving licence number: «MORGA 657054 SM9IJ»", "DRIVER_LICENSE"),
    ("Führerschein «B072RRE2I55»", "DRIVER_LICENSE"),
]

NEAR_MISSES = [
    "my passport expires in 2027",
    "is a passport valid for 6 months enough?",
    "a driving licence of 5 years",
    "the licence of the software is MIT",
    "passport control at gate B22",
]


@pytest.mark.parametrize(("sentence", "kind"), HITS)
def test_it_is_found_whole(sentence: str, kind: str) -> None:
    text, spans = wanted(sentence, kind)
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
