"""What reviewers taught: hidden wherever it stands, or kept readable, known by keyed digests alone."""

import asyncio

import pytest

from tactful.errors import DetectorUnavailable
from tactful.privacy.detector import Detector
from tactful.privacy.isolated import IsolatedDetector
from tactful.privacy.lists import Lists, tells_enough
from tactful.privacy.policy import Policy
from tests.conftest import ROOT

KEY = bytes(range(32))


def lists(*taught: tuple[str, str, bool, str]) -> Lists:
    """Of (value, kind, kept, whose)."""
    empty = Lists(key=KEY)
    return Lists("1", KEY, [empty.entry(value, kind, kept=kept, whose=whose) for value, kind, kept, whose in taught])


def hidden(taught: Lists, text: str, whose: str = "") -> list[str]:
    return [text[span.start : span.end] for span in taught.find(text, whose)]


@pytest.mark.parametrize(
    ("value", "kind", "text", "found"),
    [
        ("Quimbleton", "PERSON", "dear QUIMBLETON, quimbleton's bag", ["QUIMBLETON", "quimbleton"]),
        ("Quimbleton", "PERSON", "Quimbletonshire, x_Quimbleton", []),
        ("Ana Berg", "PERSON", "it is ana   berg, not AnaBerg", ["ana   berg"]),
        ("8497 RT", "BOOKING_ID", "8497RT or 8497-rt or 8497 RT.", ["8497RT", "8497-rt", "8497 RT"]),
        ("12 Elm St., Flat 4", "STREET_ADDRESS", "at 12 elm st flat 4!", ["12 elm st flat 4"]),
        ("zoe@ex.org", "EMAIL_ADDRESS", "to ZOE@ex.org now", ["ZOE@ex.org"]),
        ("Straße", "PERSON", "STRASSE straße", ["STRASSE", "straße"]),
    ],
)
def test_a_value_is_found_as_a_whole_however_it_is_written(value: str, kind: str, text: str, found: list[str]) -> None:
    assert hidden(lists((value, kind, False, "")), text) == found


def test_words_far_apart_are_not_one_value() -> None:
    assert hidden(lists(("8497 RT", "BOOKING_ID", False, "")), "8497 ------ RT") == []


def test_of_two_values_the_longer_is_found() -> None:
    taught = lists(("Ana", "PERSON", False, ""), ("Ana Berg", "PERSON", False, ""))
    assert hidden(taught, "Ana Berg and Ana") == ["Ana Berg", "Ana"]


def test_what_counts_for_one_customer_does_not_count_for_others() -> None:
    taught = lists(("Grace", "PERSON", False, "s1"), ("grace period", "PERSON", True, "s2"))
    assert (hidden(taught, "grace", "s1"), hidden(taught, "grace", "s2"), hidden(taught, "grace")) == (
        ["grace"],
        [],
        [],
    )
    assert taught.kinds_kept("Grace Period", "s2") == {"PERSON"}
    assert not taught.kinds_kept("Grace Period", "s1") | taught.kinds_kept("Grace Period")


def test_the_later_decision_counts_and_a_customers_own_before_everyones() -> None:
    hide, keep = ("Elm", "PERSON", False, ""), ("Elm", "PERSON", True, "")
    assert (hidden(lists(hide, keep), "Elm"), hidden(lists(keep, hide), "Elm")) == ([], ["Elm"])
    assert not lists(keep, hide).kinds_kept("elm")
    assert hidden(lists(hide, ("Elm", "PERSON", True, "s1")), "Elm", "s1") == []
    assert hidden(lists(("Elm", "PERSON", False, "s1"), keep), "Elm", "s1") == ["Elm"]


def test_it_tells_no_value_and_goes_to_another_process_as_it_is() -> None:
    taught = lists(("Quimbleton", "PERSON", False, ""), ("Grace Period", "PERSON", True, ""))
    sent = taught.as_json()
    assert "uimble" not in str(sent) + repr(taught) + str(taught.__dict__)
    again = Lists.from_json(sent)
    assert (again.version, hidden(again, "Quimbleton"), again.kinds_kept("grace period")) == (
        "1",
        ["Quimbleton"],
        {"PERSON"},
    )
    assert hidden(Lists.from_json({**sent, "key": ""}), "Quimbleton") == []


@pytest.mark.parametrize(("value", "enough"), [("Bo", False), ("A. B.", False), ("Bob", True), ("x " * 17, False)])
def test_what_says_too_little_is_not_looked_for(value: str, enough: bool) -> None:
    assert tells_enough(value) is enough


@pytest.fixture(scope="module")
def detector(policy: Policy) -> Detector:
    return Detector(policy)


def test_the_detector_hides_what_was_marked_and_keeps_what_was_freed(detector: Detector) -> None:
    text = "please use the stapler, Philippa Quimbleton waits"
    detector.lists = Lists()
    before = [text[s.start : s.end] for s in detector.detect(text)]
    assert before == ["Philippa Quimbleton"]
    detector.lists = lists(("Stapler", "USERNAME", False, ""), ("Philippa Quimbleton", "PERSON", True, "s1"))
    assert [(text[s.start : s.end], s.type) for s in detector.detect(text)] == [
        ("stapler", "USERNAME"), ("Philippa Quimbleton", "PERSON"),
    ]  # fmt: skip
    known = [("Philippa Quimbleton", "PERSON")]
    assert [text[s.start : s.end] for s in detector.detect(text, known=known, whose="s1")] == ["stapler"]
    detector.lists = Lists()


def test_what_one_person_freed_does_not_free_a_kind_that_takes_two(detector: Detector) -> None:
    text = "my mail is zoe@example.org"
    detector.lists = lists(("zoe@example.org", "USERNAME", True, ""))
    assert [s.type for s in detector.detect(text)] == ["EMAIL_ADDRESS"]
    detector.lists = lists(("zoe@example.org", "EMAIL_ADDRESS", True, ""))
    assert detector.detect(text) == []
    detector.lists = Lists()


def test_the_detectors_process_learns_between_two_messages_and_so_does_its_successor() -> None:
    now = {"lists": Lists()}

    async def found(isolated: IsolatedDetector) -> list[str]:
        return [span.type for span in await isolated.detect("please use the stapler", whose="s1")]

    async def steps() -> None:
        isolated = IsolatedDetector(ROOT / "privacy.yml", 5000, lists=lambda: now["lists"])
        await isolated.start()
        try:
            assert await found(isolated) == []
            now["lists"] = lists(("Stapler", "PERSON", False, "s1"))
            assert await found(isolated) == ["PERSON"]
            for worker in list(isolated._alive):
                worker.kill()
            with pytest.raises(DetectorUnavailable):
                await found(isolated)
            assert await _again(isolated) == ["PERSON"]
            now["lists"] = Lists("3")
            assert await found(isolated) == []
        finally:
            await isolated.close()

    async def _again(isolated: IsolatedDetector) -> list[str]:
        while not isolated.ready:
            await asyncio.sleep(0.05)
        return await found(isolated)

    asyncio.run(steps())
