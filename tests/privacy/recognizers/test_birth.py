"""Dates of birth; other dates stay. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "born on «12 March 1984»",
    "dob: «1984-03-12»",
    "date of birth is «03/12/1984»",
    "my birthday is «March 12th»",
    "date of birth. It's «8/12/1991»",
    "D.O.B. «12.03.84»",
    "I was born on the «3rd of March 1984»",
    "DOB «19840312»",
    "Geburtsdatum: «12.03.1984»",
]

NEAR_MISSES = [
    "I want to fly on 12 March 2026",
    "check in on the 4th, until 2026-03-11",
    "a birthday trip in June",
    "born in 1977",
    "my baby is 3 months old",
    "the API was born with version 2.0.1",
    "for my birthday, 2 adults",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "DATE_OF_BIRTH")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
