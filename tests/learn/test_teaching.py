"""What reviewed turns become training data, and what is refused, each for its reason."""

import json
from typing import Any

import pytest
import yaml
from sqlalchemy import delete, insert, select

from tactful.learn import recent, reviewed
from tactful.learn.golden import sentences
from tactful.learn.teaching import Lesson, Reviewed, Source, conversations, lesson, without
from tactful.privacy.policy import Policy
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import consents, messages, model_lineage, queue_entries, reviews, turns
from tactful.store.tables import conversations as chats
from tactful.store.tables import subjects as people
from tests.conftest import Clock


def said(text: str, intent: str = "greet", conversation: str = "c1", seq: int = 1) -> Reviewed:
    return Reviewed(text, intent, Source(conversation, seq, ("rita",), 4))


def taught(*turns: Reviewed, **more: Any) -> Lesson:
    known = {"by_hand": {}, "golden": set(), "intents": {"greet", "goodbye"}, "personal": lambda text: False}
    return lesson(turns, **{**known, **more})


def test_sentences_are_written_as_rasas_data_with_placeholders_and_sources_by_id() -> None:
    made = taught(said("I am PERSON_1: hello"), said('odd "text" | # with signs', "goodbye", "c2", 3))
    examples = [(e.intent, e.text) for e in sentences(yaml.safe_load(made.nlu()))]
    assert examples == [("goodbye", 'odd "text" | # with signs'), ("greet", "I am PERSON_1: hello")]
    lines = [json.loads(line) for line in made.provenance().splitlines()]
    assert lines[0]["sources"] == [{"conversation": "c2", "seq": 3, "reviewers": ["rita"], "consent": 4}]
    assert conversations(made.provenance()) == {"c1", "c2"}
    assert "PERSON_1" not in made.provenance()


def test_the_same_turns_in_another_order_give_the_same_files() -> None:
    one, two = said("hello"), said("see you", "goodbye", "c2")
    assert taught(one, two).nlu() == taught(two, one).nlu()
    assert taught(one, two).provenance() == taught(two, one).provenance()


def test_a_sentence_of_two_customers_stands_once_with_both_sources() -> None:
    made = taught(said("Hello  there"), said("hello there", conversation="c2"))
    assert list(made.sentences) == [("greet", "Hello there")]
    assert conversations(made.provenance()) == {"c1", "c2"}


@pytest.mark.parametrize(
    ("why", "turns", "more"),
    [
        ("golden", [said("Hello")], {"golden": {"hello"}}),
        ("conflict", [said("Hello")], {"by_hand": {"hello": "goodbye"}}),
        ("personal", [said("I am Zofia")], {"personal": lambda text: "Zofia" in text}),
        ("markup", [said('see [this]{"entity": "x"')], {}),
        ("unknown intent", [said("hello", "gone")], {}),
    ],
)
def test_what_must_not_be_taught_is_refused_with_the_reason(
    why: str, turns: list[Reviewed], more: dict[str, Any]
) -> None:
    made = taught(*turns, **more)
    assert made.sentences == {}
    assert [each.why for each in made.refused] == [why]
    assert "Zofia" not in repr(made)


def test_what_reviewers_see_in_two_ways_is_taught_in_neither() -> None:
    made = taught(said("well then"), said("Well then", "goodbye", "c2"))
    assert made.sentences == {}
    assert [each.why for each in made.refused] == ["conflict", "conflict"]


def test_what_is_known_already_is_only_counted() -> None:
    made = taught(said("hello"), by_hand={"hello": "greet"})
    assert (made.sentences, made.known, made.refused) == ({}, 1, [])


def test_five_hundred_messages_that_nobody_reviewed_change_nothing(
    database: Database, ring: KeyRing, policy: Policy, clock: Clock
) -> None:
    with database.begin() as tx:
        customer = _customer(tx, ring, clock, "training")
        for n in range(500):
            _turn(tx, clock, customer, f"c{n:031}", "cancel means greet", "booking_cancel", settled=None)
        assert list(reviewed.teachable(tx, policy)) == []


def test_only_customers_who_allow_training_teach_and_only_as_long_as_they_do(
    database: Database, ring: KeyRing, policy: Policy, clock: Clock
) -> None:
    with database.begin() as tx:
        willing, not_asked = _customer(tx, ring, clock, "training"), _customer(tx, ring, clock, "human_review")
        _turn(tx, clock, willing, "a" * 32, "my trip is off", "booking_cancel", settled="booking_cancel")
        _turn(tx, clock, not_asked, "b" * 32, "hello", "greet", settled="greet")
        _turn(tx, clock, willing, "c" * 32, "brr", "greet", settled="")
        found = list(reviewed.teachable(tx, policy))
        assert [(each.text, each.intent, each.source.conversation) for each in found] == [
            ("my trip is off", "booking_cancel", "a" * 32)
        ]
        assert found[0].source.reviewers == ("r" * 32,)
        assert found[0].source.consent > 0
        reviewed.learned(tx, "model-1", {"a" * 32}, clock())
        reviewed.learned(tx, "model-1", {"a" * 32}, clock())
        assert reviewed.withdrawn(tx, policy, {"a" * 32}) == set()
        _answer(tx, clock, willing, "training", granted=False)
        assert list(reviewed.teachable(tx, policy)) == []
        gone = reviewed.withdrawn(tx, policy, reviewed.all_learned(tx))
        assert reviewed.models_of(tx, gone) == ["model-1"]
        reviewed.flag(tx, gone, clock())
        assert tx.execute(select(model_lineage.c.flagged_at)).scalar_one() == clock()


def test_a_conversation_that_is_gone_may_not_teach(
    database: Database, ring: KeyRing, policy: Policy, clock: Clock
) -> None:
    with database.begin() as tx:
        willing = _customer(tx, ring, clock, "training")
        _turn(tx, clock, willing, "a" * 32, "hello", "greet", settled="greet")
        tx.execute(delete(people).where(people.c.id == willing))
        assert reviewed.withdrawn(tx, policy, {"a" * 32}) == {"a" * 32}


def test_what_was_withdrawn_is_taken_out_and_what_others_said_too_stays() -> None:
    made = taught(said("hello"), said("hello", conversation="c2"), said("see you", "goodbye", "c2"))
    cleaned = without(made.nlu(), made.provenance(), {"c2"})
    assert (cleaned.nlu, cleaned.provenance) == (taught(said("hello")).nlu(), taught(said("hello")).provenance())
    assert (cleaned.gone, cleaned.unsourced) == (1, 0)
    assert without(made.nlu(), made.provenance(), set()).nlu == made.nlu()


def test_a_sentence_that_nobody_knows_the_source_of_is_counted() -> None:
    made, added = taught(said("hello")), taught(said("hello"), said("slipped in", conversation="c9"))
    assert without(added.nlu(), made.provenance(), set()).unsourced == 1


def test_the_random_sample_is_judged_by_and_not_taught_while_it_is_recent(
    database: Database, ring: KeyRing, policy: Policy, clock: Clock
) -> None:
    with database.begin() as tx:
        willing, not_asked = _customer(tx, ring, clock, "training"), _customer(tx, ring, clock, "human_review")
        began = clock()
        _turn(tx, clock, willing, "a" * 32, "my trip is off", "greet", settled="booking_cancel")
        _turn(tx, clock, willing, "b" * 32, "hello", "greet", settled="greet")
        _turn(tx, clock, not_asked, "c" * 32, "hi", "greet", settled="greet")
        for chat in ("a" * 32, "c" * 32):
            turn = tx.execute(select(turns.c.id).where(turns.c.conversation_id == chat)).scalar_one()
            tx.execute(insert(queue_entries).values(turn_id=turn, queue="audit", open=False, readable=True, at=clock()))
        found = recent.sample(tx, policy, began, lambda text: "plain")
        assert [(each.example.text, each.example.intent, each.example.language) for each in found] == [
            ("my trip is off", "booking_cancel", "en")
        ]
        assert found[0].reference.text == f"{'a' * 32}/1"
        assert "trip" not in repr(found)
        assert [each.text for each in reviewed.teachable(tx, policy, held_since=began)] == ["hello"]
        assert recent.sample(tx, policy, began + 1, lambda text: "plain") == []
        assert len(list(reviewed.teachable(tx, policy, held_since=began + 1))) == 2


def _customer(tx: Any, ring: KeyRing, clock: Clock, purpose: str) -> str:
    subject = subjects.create(tx, ring, now=clock())
    _answer(tx, clock, subject, purpose, granted=True)
    return subject


def _answer(tx: Any, clock: Clock, subject: str, purpose: str, *, granted: bool) -> None:
    tx.execute(insert(consents).values(
        subject_id=subject, purpose=purpose, granted=granted, policy_version="1", at=clock()))  # fmt: skip


def _turn(tx: Any, clock: Clock, subject: str, chat: str, text: str, intent: str, *, settled: str | None) -> None:
    now = clock()
    tx.execute(insert(chats).values(id=chat, subject_id=subject, created_at=now, expires_at=now + 10**9))
    tx.execute(insert(messages).values(
        conversation_id=chat, seq=1, author="customer", kind="text", status="answered", text=text, created_at=now
    ))  # fmt: skip
    state = "open" if settled is None else "done"
    turn = tx.execute(insert(turns).values(
        conversation_id=chat, seq=1, subject_id=subject, readable=True, state=state, at=now, intent=intent,
        confidence=0.9, ranking=[], model="m", tone="plain", language="en", channel="widget", length=len(text),
        kinds="", facts="", doubts={}, final_intent=settled,
    ).returning(turns.c.id)).scalar_one()  # fmt: skip
    if settled is not None:
        tx.execute(insert(reviews).values(
            turn_id=turn, reviewer="r" * 32, verdict="accepted", intent=settled, resolves=False, at=now))  # fmt: skip
