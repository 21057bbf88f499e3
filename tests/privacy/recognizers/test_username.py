"""User names and handles. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "my username is «ana_lima84»",
    "follow «@ana_lima»",
    "login: «alima»",
    "user name = «alima.84»",
    "my handle is «@alima»",
    "my instagram is «ana.lima»",
    "user id: «ana84»",
    "ig: «ana_lima»",
    "«@ana.lima» on instagram",
    "user: «ana_l84»",
]

NEAR_MISSES = [
    "my username is wrong",
    "the login is broken",
    "login is not possible",
    "meet @ noon",
    "does the user name matter?",
    "the user id is missing",
    "@ 5 pm",
    "npm i @types/node",
    "I cannot log in: error 401",
    "the user wants to leave",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "USERNAME")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
