"""Placeholders are stable, reversible for their customer, and never mistaken for what a customer typed."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tactful.privacy.detector import Detector
from tactful.privacy.placeholders import LABELS, LITERAL, Replacement, normalise, redact, restore
from tactful.privacy.policy import Policy
from tactful.privacy.spans import Span, merge


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Any text, and spans of it that are sorted and apart."""
    text = draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    kinds = st.sampled_from(["PERSON", "EMAIL_ADDRESS", LITERAL])
    return text, [Span(start, end, draw(kinds), 1.0) for start, end in pairs]


def values(new: list[Replacement]) -> dict[str, str]:
    return {each.placeholder: each.value for each in new}


def test_the_same_value_keeps_its_number_and_another_gets_the_next() -> None:
    first = redact("Ana and Bo", [Span(0, 3, "PERSON", 1), Span(8, 10, "PERSON", 1)], {})
    assert first.text == "PERSON_1 and PERSON_2"
    known = {(each.type, normalise(each.type, each.value)): each.placeholder for each in first.new}
    second = redact("ANA’s mail, Cy", [Span(0, 5, "PERSON", 1), Span(12, 14, "PERSON", 1)], known)
    assert second.text == "PERSON_1 mail, PERSON_3"
    assert values(second.new) == {"PERSON_3": "Cy"}


def test_numbers_are_counted_by_type() -> None:
    spans = [Span(0, 3, "PERSON", 1), Span(4, 9, "EMAIL_ADDRESS", 1)]
    assert redact("Ana a@b.c", spans, {}).text == "PERSON_1 EMAIL_ADDRESS_1"


def test_what_looks_like_a_placeholder_is_the_customers_own_words(detector: Detector) -> None:
    said = "tell me about PERSON_2 and WHATEVER_9"
    redacted = redact(said, detector.detect(said), {})
    assert redacted.text == "tell me about LITERAL_1 and LITERAL_2"
    assert restore(redacted.text, values(redacted.new)) == said


def test_a_value_that_looks_like_a_placeholder_is_not_filled_in_again() -> None:
    assert restore("PERSON_1", {"PERSON_1": "PERSON_2", "PERSON_2": "Ana"}) == "PERSON_2"


def test_a_value_that_is_gone_reads_as_removed() -> None:
    assert restore("Hello PERSON_1, EMAIL_ADDRESS_2, HTTP_404", {}) == (
        "Hello [name removed], [e-mail address removed], HTTP_404"
    )


def test_every_type_of_the_policy_that_is_hidden_has_a_word_for_when_it_is_gone(policy: Policy) -> None:
    assert {kind for kind, entity in policy.entities.items() if entity.treatment != "keep"} == set(LABELS)


def test_no_repr_tells_a_value() -> None:
    redacted = redact("Ana", [Span(0, 3, "PERSON", 1)], {})
    assert "Ana" not in repr(redacted)


@given(texts_with_spans())
def test_what_was_replaced_comes_back_to_the_letter(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    redacted = redact(text, spans, {})
    first = {normalise(each.type, each.value): each.value for each in redacted.new}
    expected, at = "", 0
    for span in spans:
        value = text[span.start : span.end]
        expected += text[at : span.start] + first[normalise(span.type, value)]
        at = span.end
    back = redacted.text
    # Placeholders may have grown together with letters beside them: then they are no words of their own any more.
    if all(_apart(text, span) for span in spans):
        assert restore(back, values(redacted.new)) == expected + text[at:]


def _apart(text: str, span: Span) -> bool:
    """Whether no letter, digit or underscore touches the span, and the text holds no underscore."""
    around = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
    return not any(character.isalnum() or character == "_" for character in around) and "_" not in text


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from("AB"), st.floats(0, 1)), max_size=10))
def test_merged_spans_are_sorted_apart_and_cover_all(rows: list[tuple[int, int, str, float]]) -> None:
    spans = [Span(start, end, kind, score) for start, end, kind, score in rows if start < end]
    text = "ab c " * 8
    merged = merge(text, spans)
    assert all(one.end <= other.start for one, other in pairwise(merged))
    assert _words_of(text, merged) == _words_of(text, spans)


def _words_of(text: str, spans: list[Span]) -> set[int]:
    """The places of letters that the spans cover."""
    return {at for span in spans for at in range(span.start, span.end) if not text[at].isspace()}


def test_a_name_beside_an_address_stays_a_name() -> None:
    text = "Ana Lima Suite 12 Main Street"
    spans = [Span(0, 14, "PERSON", 0.6), Span(9, 29, "STREET_ADDRESS", 0.8)]
    assert [(span.start, span.end, span.type) for span in merge(text, spans)] == [
        (0, 8, "PERSON"),
        (9, 29, "STREET_ADDRESS"),
    ]


def test_what_grows_together_becomes_one() -> None:
    spans = [Span(0, 6, "PERSON", 0.6), Span(4, 12, "EMAIL_ADDRESS", 0.9)]
    assert [(span.start, span.end, span.type) for span in merge("anasmith@x.y", spans)] == [(0, 12, "EMAIL_ADDRESS")]
