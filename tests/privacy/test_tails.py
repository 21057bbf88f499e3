"""Where an address begins and ends when no comma says so."""

import pytest

from tactful.privacy.spans import Span
from tactful.privacy.tails import whole_addresses
from tests.privacy.conftest import marked


def widened(
    sentence: str, seen: str, kind: str = "STREET_ADDRESS"
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The spans that are wanted, and those made of the part that a recognizer has `seen`."""
    text, wanted = marked(sentence)
    at = text.index(seen)
    found = whole_addresses(text, [Span(at, at + len(seen), kind, 0.8)])
    return wanted, [(span.start, span.end) for span in found]


@pytest.mark.parametrize(
    ("sentence", "seen"),
    [
        ("deliver to «7233 nut swamp ave desoto tx 75115»", "7233 nut swamp ave"),
        ("«8594 peninsula street lindenhurst ny 11757» 2025550151", "8594 peninsula street"),
        ("«34 park avenue middle city fl» and i wait", "34 park avenue"),
        ("«196 woodside circle mobile fl 36602 usa» phone", "196 woodside circle"),
        ("at «17031 2202 Rissik St»", "2202 Rissik St"),
    ],
)
def test_town_state_and_postcode_belong_to_the_street(sentence: str, seen: str) -> None:
    wanted, found = widened(sentence, seen)
    assert found == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "«12 Baker Street» in London",
        "«12 Baker Street» and my phone is 5551234",
        "«12 Baker Street», London",
        "I was at «12 Baker Street». 45 people came",
    ],
)
def test_the_next_clause_and_a_city_alone_do_not(sentence: str) -> None:
    wanted, found = widened(sentence, "12 Baker Street")
    assert found == wanted


def test_pieces_on_one_line_are_one_address_and_other_kinds_stay_apart() -> None:
    text = "12 Baker Street, Flat 3 Ana"
    pieces = [Span(0, 15, "STREET_ADDRESS", 0.8), Span(17, 23, "STREET_ADDRESS", 0.7), Span(24, 27, "PERSON", 0.8)]
    assert [(span.start, span.end, span.type) for span in whole_addresses(text, pieces)] == [
        (0, 23, "STREET_ADDRESS"),
        (24, 27, "PERSON"),
    ]


def test_a_tail_that_reaches_into_the_next_finding_takes_it_along() -> None:
    text = "12 baker street springfield il 62704"
    spans = [Span(0, 15, "STREET_ADDRESS", 0.8), Span(31, 36, "ZIP_CODE", 0.8)]
    assert [(span.start, span.end, span.type) for span in whole_addresses(text, spans)] == [(0, 36, "STREET_ADDRESS")]
