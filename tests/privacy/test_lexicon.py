"""What is known of single words."""

import itertools

import pytest

from tactful.privacy.lexicon import UNKNOWN, Known, decode, encode, folded, known


def test_every_number_has_its_way_back() -> None:
    every = [Known(*each) for each in itertools.product(range(4), range(3), range(3), (False, True))]
    numbers = [encode(each) for each in every]
    assert [decode(number) for number in numbers] == every
    assert len({0, *numbers}) == len(every) + 1
    assert decode(0) == UNKNOWN


@pytest.mark.parametrize("word", ["the", "order", "refund", "window"])
def test_a_word_of_the_language_is_known_as_one(word: str) -> None:
    assert known(word.upper()).word in {1, 2}


@pytest.mark.parametrize("name", ["jennifer", "Michael", "JOSÉ", "Jürgen"])
def test_a_common_name_is_known_as_one(name: str) -> None:
    assert known(name).first == 2


def test_places_are_known_as_such() -> None:
    assert all(known(place).place for place in ("Lisbon", "portugal", "Osaka"))
    assert known("qwrtzx") == UNKNOWN


def test_folding_takes_case_and_accents_away() -> None:
    assert folded("ÉTÉ Ångström") == "ete angstrom"
