"""Offsets found in the normalised text lead back to the original, whatever Unicode did in between."""

from hypothesis import given
from hypothesis import strategies as st

from tactful.privacy.normalise import normalised


def test_plain_text_stays_as_it_is() -> None:
    assert normalised("Ana, 12").text == "Ana, 12"


def test_width_spaces_and_invisible_characters_do_not_matter() -> None:
    assert normalised("Ａ\u200bna\u00a0Lima\u2060").text == "Ana Lima"


def test_letters_of_another_script_within_a_latin_word_are_read_as_they_look() -> None:
    assert normalised("рassword аna@exаmple.com").text == "password ana@example.com"  # Cyrillic р and а
    assert normalised("Дмитрий из Минска").text == "Дмитрий из Минска"


def test_one_character_that_becomes_several_is_taken_back_whole() -> None:
    plain = normalised("x ﬁ y")
    assert plain.text == "x fi y"
    assert plain.original(2, 4) == (2, 3)


@given(st.text(st.characters(codec="utf-8"), max_size=50))
def test_every_span_of_the_normalised_text_has_a_place_in_the_original(text: str) -> None:
    plain = normalised(text)
    assert len(plain.origin) == len(plain.text) + 1
    assert plain.origin == sorted(plain.origin)
    assert plain.original(0, len(plain.text))[1] == len(text)


@given(st.text(st.characters(codec="utf-8"), max_size=50))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalised(text).text
    assert normalised(once).text == once
