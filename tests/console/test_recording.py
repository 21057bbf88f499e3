"""What the door notes of a turn for those who review it, and what it does not."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from tactful.console.recording import look_again
from tactful.store import search
from tactful.store.guesses import in_brief, ranking_of
from tactful.store.tables import messages, turns
from tests.console.reviewing import BEN, MakeTeam, Team


def test_a_turn_is_noted_with_what_the_engine_made_of_it(team: Team) -> None:
    turn = team.row(team.turn("my refund, PERSON_1 here", kinds={"PERSON": 1}, tone="developer", model="m7"))
    assert (turn["intent"], turn["confidence"], turn["model"], turn["tone"]) == (
        "refund_request", 0.9, "m7", "developer",
    )  # fmt: skip
    assert turn["ranking"] == []
    assert [guess["name"] for guess in ranking_of(turn)] == ["refund_request", "billing_invoice", "booking_cancel"]
    assert (turn["kinds"], turn["channel"], turn["language"]) == (" PERSON ", "widget", "en")
    assert turn["length"] == len("my refund, PERSON_1 here")
    assert turn["readable"]


def test_a_press_on_a_button_needs_no_review(team: Team) -> None:
    assert team.customer().says("I am a developer", by="choice") == 0


@pytest.mark.parametrize(
    ("about", "queue"),
    [
        ({"confidence": 0.59}, "low_confidence"),
        ({"intent": "nlu_fallback", "confidence": 0.3}, "fallback"),
        ({"text": "reach me at 0171 555 99"}, "missed"),
        ({"text": "ask for PERSON_1 Quimby"}, "missed"),
        ({"text": "my name is Quimby"}, "missed"),
    ],
)
def test_it_stands_in_the_queue_that_says_why(team: Team, about: dict[str, Any], queue: str) -> None:
    turn = team.turn(**about)
    assert team.found(queue=queue) == [turn]
    assert team.desk.counts()[queue] == 1


def test_what_is_sure_and_clean_stands_in_none(team: Team) -> None:
    turn = team.turn("where is my refund for the trip to Porto in May")
    assert not any(team.desk.counts().values())
    assert team.found() == [turn]


def test_doubts_tell_kinds_and_counts_and_no_words(team: Team) -> None:
    turn = team.row(team.turn("it is 4711 0815 99 or 4711 0815 98"))
    assert turn["doubts"]["number"] == 2
    assert "4711" not in str(dict(turn))


def test_the_sample_is_drawn_by_chance_and_is_the_same_when_asked_again(make_team: MakeTeam) -> None:
    team = make_team(share=0.2)
    drawn = [team.recorder.is_sampled("c" * 32, seq) for seq in range(5000)]
    assert 900 < sum(drawn) < 1100
    assert drawn == [team.recorder.is_sampled("c" * 32, seq) for seq in range(5000)]


def test_nothing_and_everything_can_be_sampled(make_team: MakeTeam) -> None:
    assert not make_team(share=0).recorder.is_sampled("c" * 32, 1)
    assert make_team(share=1).recorder.is_sampled("c" * 32, 1)


def test_changed_words_are_found_instead_of_the_old_ones(team: Team) -> None:
    talking = team.customer()
    turn = talking.says("my name is Quimby")
    with team.database.begin() as tx:
        tx.execute(messages.update().where(messages.c.author == "customer").values(text="my name is PERSON_1"))
        look_again(tx, talking.conversation_id)
    assert team.found(q="Quimby") == []
    assert team.found(q="PERSON_1") == [turn]
    assert team.row(turn)["doubts"] == {}


def test_a_turn_of_somebody_who_does_not_allow_it_is_counted_and_not_shown(team: Team) -> None:
    team.turn("where is my money", allows=False, confidence=0.1)
    assert team.desk.unreadable() == 1
    assert team.found() == team.found(q="money", reviewer=BEN) == []
    assert not any(team.desk.counts().values())
    with team.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(turns)).scalar_one() == 1


def indexed(team: Team) -> int:
    with team.database.read() as tx:
        return int(tx.execute(text("SELECT count(*) FROM search_words")).scalar_one())


def test_words_are_to_be_searched_for_as_long_as_people_may_read_them(team: Team) -> None:
    talking = team.customer(allows=False)
    turn = talking.says("where is my parcel")
    assert indexed(team) == 0
    talking.allow(True)
    other = talking.says("where is my parcel now")
    assert sorted(team.found(q="parcel")) == [turn, other]
    assert team.found(q="refund parcel now") == [other]  # the answer's words, too
    talking.allow(False)
    assert indexed(team) == 0
    assert team.found(q="parcel") == []


def test_what_an_older_door_let_people_read_is_indexed_when_a_door_starts(team: Team) -> None:
    turn = team.turn("where is my parcel")
    team.turn("where is my other parcel", allows=False)
    with team.database.begin() as tx:
        search.forget(tx, [turn])
        assert [found[0] for found in search.missing(tx)] == [turn]
    assert search.catch_up(team.database) == 1
    assert team.found(q="parcel") == [turn]
    with team.database.read() as tx:
        assert search.missing(tx) == []


def test_guesses_of_turns_of_before_are_read_as_they_were(team: Team) -> None:
    turn = team.turn()
    older = [{"name": "refund_request", "confidence": 0.9}, {"name": "greet", "confidence": 0.05}]
    with team.database.begin() as tx:
        tx.execute(turns.update().values(ranking=older, guesses=None))
    assert ranking_of(team.row(turn)) == older
    assert team.transcripts.turn(turn, BEN).runners_up == older[1:]


def test_guesses_are_kept_in_brief() -> None:
    ranking = [("nlu_fallback", 0.4), ("affirm", 0.31349), ("deny", 0.2), ("greet", 0.0099), ("bye", 0.005), ("x", 0.9)]
    assert in_brief("nlu_fallback", ranking) == {"affirm": 0.313, "deny": 0.2}
