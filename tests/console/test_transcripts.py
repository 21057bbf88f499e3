"""Reading is audited and counted for the customer; notes hide what is personal or are not kept."""

import pytest
from sqlalchemy import select

from tactful.errors import BadRequest, DetectorUnavailable, NotFound
from tactful.profile.rights import parts
from tactful.store.tables import audit, notes
from tests.console.reviewing import BEN, CARA, Team, run


def test_every_reading_is_audited_and_counted_for_the_customer(team: Team) -> None:
    talking = team.customer()
    turn = talking.says("I am PERSON_1", kinds={"PERSON": 1})
    team.transcripts.open(turn, BEN)
    team.transcripts.open(turn, CARA)
    with team.database.read() as tx:
        entries = tx.execute(select(audit.c.act, audit.c.fields, audit.c.reason, audit.c.object_id)).all()
        assert parts.human_reads(tx, talking.subject_id)["count"] == 2
    assert entries[0] == ("transcript.read", "human_review,transcript", "review", talking.conversation_id)


def test_placeholders_stand_apart_with_their_kind_in_words(team: Team) -> None:
    turn = team.turn("ask PERSON_12, not NOT_A_KIND_1", kinds={"PERSON": 1})
    runs = team.transcripts.open(turn, BEN).said[0].runs
    assert [(run_.text, run_.kind, run_.words) for run_ in runs] == [
        ("ask ", "", ""), ("PERSON_12", "PERSON", "name 12"), (", not NOT_A_KIND_1", "", ""),
    ]  # fmt: skip


def test_a_turn_shows_what_else_the_engine_thought_of(team: Team) -> None:
    turn = team.transcripts.open(team.turn(intent="billing_invoice"), BEN).turn
    assert [guess["name"] for guess in turn.runners_up] == ["refund_request", "booking_cancel"]


def test_a_note_hides_what_the_detector_finds(team: Team) -> None:
    talking = team.customer()
    turn = talking.says("I am PERSON_1")
    talking.hide("PERSON_1", "PERSON", "Ana")
    run(team.notes.add(talking.conversation_id, BEN, "Ana wrote from ana@example.com"))
    (noted,) = team.transcripts.open(turn, BEN).notes
    assert noted["text"] == "PERSON_1 wrote from [e-mail address]"


def test_a_note_that_cannot_be_checked_is_not_kept(team: Team) -> None:
    talking = team.customer()
    talking.says("hello")
    team.detector.down = True
    with pytest.raises(DetectorUnavailable):
        run(team.notes.add(talking.conversation_id, BEN, "nothing personal"))
    with pytest.raises(DetectorUnavailable):
        run(team.notes.label(talking.conversation_id, "angry", BEN))
    with team.database.read() as tx:
        assert tx.execute(select(notes)).all() == []


def test_a_note_is_removed_by_who_wrote_it(team: Team) -> None:
    talking = team.customer()
    turn = talking.says("hello")
    note = run(team.notes.add(talking.conversation_id, BEN, "rude"))
    with pytest.raises(NotFound):
        team.notes.remove(talking.conversation_id, note, CARA)
    assert team.notes.remove(talking.conversation_id, note, BEN) == "rude"
    assert team.transcripts.open(turn, BEN).notes == []


@pytest.mark.parametrize("name", ["", " ", "<b>", "x" * 31, "Ana", "-a"])
def test_a_label_that_is_none_or_names_somebody_is_refused(team: Team, name: str) -> None:
    talking = team.customer()
    team.detector.personal["ana"] = "PERSON"
    with pytest.raises(BadRequest):
        run(team.notes.label(talking.conversation_id, name, BEN))


def test_notes_on_what_may_not_be_read_are_refused(team: Team) -> None:
    talking = team.customer(allows=False)
    with pytest.raises(NotFound):
        run(team.notes.add(talking.conversation_id, BEN, "rude"))
