"""Postcodes next to their word, and those that nothing else looks like. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "my zip code is «90210»",
    "postcode «SW1A 2AA»",
    "the parcel went to «EH8 9YL»",
    "zip «90210-1234»",
    "ZIP: «7412 SL»",
    "PLZ «10115»",
    "postal code «K1A 0B1»",
    "it went to «B0J 2H0»",
    "ZIP: «394 13»",
    "ZIP: «3610-114»",
    "my zip code is «610»",
    "support the bureau in Bjert «6091» in its mission",
    "in Quinta de São Tiago «3610-114»",
]

NEAR_MISSES = [
    "zip the files",
    "the year 2026",
    "90210 was a series",
    "I have 10115 miles",
    "a zip of 12 MB",
    "in Lisbon 2026",
    "in Paris 1500 euros are not much",
    "in May 2026, in Room 1204",
    "see it in Section 4012",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "ZIP_CODE")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
