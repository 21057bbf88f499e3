"""What holds for every message, whatever it says."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tactful.privacy.detector import Detector
from tactful.privacy.placeholders import redact, restore
from tactful.privacy.scopes import Placeholders
from tactful.privacy.spans import Span

SLOW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
SAID = (
    "Ana Torres", "priya", "Jürgen O'Neill", "WEI CHEN", "Oluwaseun", "María-José de la Cruz", "Дмитрий Иванов",
    "ana.torres@example.com", "ana at example dot com", "+34 612 345 678", "4111 1111 1111 1112",
    "12 rue de la Paix, 75002 Paris", "742 evergreen terrace springfield il 62704", "DE89 3704 0044 0532 0130 00",
    "078-05-1120", "203.0.113.7", "00:1B:44:11:3A:B7", "wf_live_9f8e7d6c5b4a3f2e1d0c",
)  # fmt: skip
VALUES = st.sampled_from(SAID)
FRAMES = st.sampled_from(
    [
        "{}",
        "my name is {}",
        "hi, {} here",
        "please send it to {}.",
        "{}, thanks",
        "is it {}? no, {}",
        "- {}\n- {}",
        "call {} about {}",
        "ok {} 😀",
        "{}'s bag",
    ]
)
SPACES = st.sampled_from([" ", "\u00a0", "  ", "\u2009"])
ANYTHING = st.text(st.characters(codec="utf-8"), max_size=200)


@st.composite
def messages(draw: st.DrawFn) -> str:
    """Sentences of a chat with invented values in them."""
    frame = draw(FRAMES)
    text: str = frame.format(*[draw(VALUES) for _ in range(frame.count("{}"))])
    return text.replace(" ", draw(SPACES))


def found(detector: Detector, text: str) -> list[Span]:
    spans = detector.detect(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    return spans


@SLOW
@given(text=ANYTHING)
def test_no_text_crashes_it_and_spans_are_sorted_apart_and_within(detector: Detector, text: str) -> None:
    found(detector, text)


@SLOW
@given(text=st.one_of(messages(), ANYTHING))
def test_putting_values_back_gives_the_original(detector: Detector, text: str) -> None:
    redaction = redact(text, found(detector, text), {})
    assert restore(redaction.text, {new.placeholder: new.value for new in redaction.new}) == text


@SLOW
@given(text=messages())
def test_no_value_that_was_found_survives(detector: Detector, text: str) -> None:
    redaction = redact(text, found(detector, text), {})
    for new in redaction.new:
        assert new.value not in redaction.text


@SLOW
@given(text=messages())
def test_redacting_twice_changes_nothing(detector: Detector, text: str) -> None:
    """Of what was hidden whole: what the first reading overlooked, the second may find."""
    once = Placeholders().replace(text, found(detector, text))
    assume(not any(part in once for value in SAID for part in value.split() if len(part) > 3))
    assert Placeholders().replace(once, found(detector, once)) == once


@SLOW
@given(texts=st.lists(st.one_of(messages(), ANYTHING), max_size=5))
def test_a_batch_finds_what_single_messages_find(detector: Detector, texts: list[str]) -> None:
    assert detector.detect_batch(texts) == [detector.detect(text) for text in texts]


@pytest.mark.parametrize(
    "disguise",
    [
        "a\u200bna@exam\u00adple.com",
        "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "ana@\u2060example.com",
        "аna@example.com",
        "ana @ example . com",
    ],
)
def test_disguised_addresses_are_hidden_whole(detector: Detector, disguise: str) -> None:
    text = f"write to {disguise} please"
    assert [text[span.start : span.end] for span in found(detector, text)] == [disguise]
