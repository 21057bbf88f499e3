"""What a conversation has shown once is known for all of it."""

import pytest

from tactful.privacy.known import again
from tests.privacy.conftest import marked


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (("Ana Lima", "PERSON"), "it's «ANA LIMA» again"),
        (("Ana Torres", "PERSON"), "«torres» is my last name, not torresol"),
        (("Ana Lima", "PERSON"), "«Ana»'s bag"),
        (("Ana's", "PERSON"), "«ana» flies"),
        (("8497 RT", "BOOKING_ID"), "booking «8497RT», I mean «8497-rt»"),
        (("12 Baker Street, London", "STREET_ADDRESS"), "at «12 baker street london»"),
        (("José", "PERSON"), "«josé» has the ticket"),
    ],
)
def test_a_value_is_found_again_in_any_case_with_any_separators(known: tuple[str, str], sentence: str) -> None:
    text, wanted = marked(sentence)
    assert [(span.start, span.end) for span in again(text, [known])] == wanted


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (("Will Brown", "PERSON"), "will it be brown?"),  # parts that are words of the language
        (("Bo", "PERSON"), "bo"),  # too short to be told from anything
        (("PERSON_1", "LITERAL"), "PERSON_1"),
        (("Ana", "PERSON"), "the anatomy of Anapa"),
    ],
)
def test_words_of_the_language_and_parts_of_words_are_no_known_values(known: tuple[str, str], text: str) -> None:
    assert list(again(text, [known])) == []


def test_the_longest_known_value_wins() -> None:
    [span] = again("ana lima-torres", [("Ana", "PERSON"), ("Ana Lima-Torres", "PERSON")])
    assert (span.start, span.end) == (0, 15)
