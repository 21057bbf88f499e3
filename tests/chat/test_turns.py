"""An accepted message is answered exactly once, in order, whatever happens in between."""

import asyncio

import pytest
from sqlalchemy import select

from tactful.chat import leases
from tactful.chat.ending import Ending
from tactful.chat.engine import EngineFailed, EngineGarbled, Outcome, Said
from tactful.chat.replies import GAVE_UP, SILENT
from tactful.chat.taking import Work
from tactful.errors import EngineUnavailable, StoreUnavailable
from tactful.store.tables import conversations, messages, outbox
from tests.chat.conftest import Chat, run


def test_a_message_is_answered_with_placeholders_kept_from_the_engine(chat: Chat) -> None:
    """The engine sees the placeholder; the customer sees the name."""

    async def story() -> None:
        async with chat.running() as runner:
            await chat.intake.text(chat.session, "m1", "I am Ana")
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: "You said: I am Ana" in chat.texts())

    run(story())
    assert [text for _, text, _ in chat.engine.heard] == ["/conversation_started", "I am PERSON_1"]


def test_replies_follow_their_messages_and_never_interleave(chat: Chat) -> None:
    chat.engine.answer = lambda text: Outcome(messages=[Said(text=f"{text} one"), Said(text=f"{text} two")])

    async def story() -> None:
        async with chat.running() as runner:
            for number in range(10):
                await chat.intake.text(chat.session, f"m{number}", f"message {number}")
                runner.wake(chat.session.conversation_id)
            await chat.until(lambda: "message 9 two" in chat.texts())

    run(story())
    replies = [text for text in chat.texts() if text.endswith((" one", " two")) and text.startswith("message")]
    assert replies == [f"message {number} {part}" for number in range(10) for part in ("one", "two")]


def test_an_engine_that_is_down_delays_the_answer_and_the_customer_is_told(chat: Chat) -> None:
    chat.engine.failing = [EngineUnavailable() for _ in range(3)]

    async def story() -> None:
        async with chat.running() as runner:
            await chat.intake.text(chat.session, "m1", "hello")
            runner.wake(chat.session.conversation_id)
            states = set()

            def answered() -> bool:
                view = chat.conversations.view(chat.session.conversation_id, 0)
                assert view
                states.add(view.state)
                return "You said: hello" in [message["text"] for message in view.messages]

            await chat.until(answered)
            assert "engine_down" in states

    run(story())
    assert chat.texts().count("You said: hello") == 1


def test_how_long_there_was_no_engine_does_not_count_against_a_turn_that_it_then_refuses_once(chat: Chat) -> None:
    chat.engine.failing = [*(EngineUnavailable() for _ in range(6)), EngineFailed()]

    async def story() -> None:
        async with chat.running() as runner:
            runner._backoff = Impatient()
            await chat.intake.text(chat.session, "m1", "hello")
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: "You said: hello" in chat.texts(), seconds=30)

    run(story())
    assert GAVE_UP not in chat.texts()


@pytest.mark.parametrize("failure", [EngineFailed, EngineGarbled])
def test_a_turn_that_the_engine_never_manages_ends_with_an_apology_and_stops_nobody(
    chat: Chat, failure: type[EngineFailed]
) -> None:
    """Garbage, or an end in the middle, may be another's fault: it is borne for longer."""
    chat.engine.failing = [failure() for _ in range(2 * (failure.patience + 1))]

    async def story() -> None:
        async with chat.running() as runner:
            runner._backoff = Impatient()
            for number, word in enumerate(("one", "two")):
                await chat.intake.text(chat.session, f"m{number}", word)
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: "You said: two" in chat.texts(), seconds=60)

    run(story())
    # The first that it did not manage was the conversation's start, which nobody asked for.
    assert chat.texts() == ["one", "two", GAVE_UP, "You said: two"]
    assert chat.engine.failing == []


class Impatient(dict[str, float]):
    """A backoff that does not grow."""

    def get(self, key: str, default: float = 0.0) -> float:
        return 0.005


def test_an_answer_that_cannot_be_stored_is_stored_as_soon_as_it_can(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is not asked again, and the lease need not run out: the clock stands still here."""
    run(chat.intake.text(chat.session, "m1", "hello"))
    away = [True] * 4
    stored = Ending.commit

    def commit(ending: Ending, work: Work, outcome: Outcome | None) -> Work | None:
        if away and away.pop():
            raise StoreUnavailable
        return stored(ending, work, outcome)

    monkeypatch.setattr(Ending, "commit", commit)

    async def story() -> None:
        async with chat.running():
            await chat.until(lambda: "You said: hello" in chat.texts(), seconds=30)

    run(story())
    assert len(chat.engine.heard) == 2


def test_a_commit_whose_end_was_not_heard_is_not_made_twice(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection may break after the commit and before its answer: the turn is then stored, and looks as if not."""
    run(chat.intake.text(chat.session, "m1", "hello"))
    unheard = [True, True]
    stored = Ending.commit

    def commit(ending: Ending, work: Work, outcome: Outcome | None) -> Work | None:
        following = stored(ending, work, outcome)
        if unheard and unheard.pop():
            raise StoreUnavailable
        return following

    monkeypatch.setattr(Ending, "commit", commit)

    async def story() -> None:
        async with chat.running():
            await chat.until(lambda: "You said: hello" in chat.texts(), seconds=30)
            await asyncio.sleep(0.5)

    run(story())
    assert chat.texts().count("You said: hello") == 1
    with chat.database.read() as tx:
        assert len(tx.execute(select(outbox.c.id)).all()) == 1


def test_an_empty_answer_is_not_an_answer(chat: Chat) -> None:
    chat.engine.answer = lambda text: Outcome(messages=[])

    async def story() -> None:
        async with chat.running() as runner:
            await chat.intake.text(chat.session, "m1", "hello")
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: SILENT in chat.texts())

    run(story())


def test_two_doors_on_one_database_answer_each_message_once(chat: Chat) -> None:
    chat.engine.slow_s = 0.01

    async def story() -> None:
        async with chat.running("door-1") as one, chat.running("door-2") as two:
            for number in range(20):
                await chat.intake.text(chat.session, f"m{number}", f"message {number}")
                one.wake(chat.session.conversation_id)
                two.wake(chat.session.conversation_id)
            await chat.until(lambda: "You said: message 19" in chat.texts())
            await asyncio.sleep(0.2)

    run(story())
    texts = chat.texts()
    assert all(texts.count(f"You said: message {number}") == 1 for number in range(20))


def test_a_door_that_died_in_a_turn_leaves_it_to_the_next_under_the_same_id(chat: Chat) -> None:
    """The lease of the dead runs out; the engine is asked again with the id that it may already know."""
    run(chat.intake.text(chat.session, "m1", "hello"))
    with chat.database.begin() as tx:
        assert leases.acquire(tx, chat.session.conversation_id, "dead-door", chat.clock())

    async def story() -> None:
        async with chat.running():
            await asyncio.sleep(0.3)
            assert chat.engine.heard == []
            chat.clock.forward(seconds=7)
            await chat.until(lambda: "You said: hello" in chat.texts())

    run(story())
    assert chat.engine.heard[-1][0] == f"{chat.session.conversation_id}:2"


def test_whoever_comes_back_late_may_not_write(chat: Chat) -> None:
    """A door that lost its lease in the middle of a turn does not answer a second time."""
    chat.engine.slow_s = 0.3

    async def story() -> None:
        async with chat.running("slow") as slow:
            slow.wake(chat.session.conversation_id)
            await asyncio.sleep(0.1)
            with chat.database.begin() as tx:
                chat.clock.forward(seconds=7)
                assert leases.acquire(tx, chat.session.conversation_id, "other", chat.clock())
            await asyncio.sleep(0.5)

    run(story())
    with chat.database.read() as tx:
        assert tx.execute(select(messages.c.status)).scalars().all() == ["pending"]
        assert tx.execute(select(conversations.c.lease_owner)).scalar_one() == "other"


def test_a_hand_over_changes_the_state_and_is_announced(chat: Chat) -> None:
    chat.engine.answer = lambda text: Outcome(
        messages=[Said(text="A colleague will join.", custom={"handover": {"reason": "asked"}})]
    )

    async def story() -> None:
        async with chat.running() as runner:
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: "A colleague will join." in chat.texts())

    run(story())
    view = chat.conversations.view(chat.session.conversation_id, 0)
    assert view
    assert view.state == "waiting"
    with chat.database.read() as tx:
        rows = tx.execute(select(outbox.c.kind, outbox.c.payload)).all()
    assert ("handover_requested", {"reason": "asked"}) in [tuple(row) for row in rows]


def test_a_door_that_closes_ends_the_turn_under_way_and_leaves_the_rest(chat: Chat) -> None:
    chat.engine.slow_s = 0.5

    async def story() -> None:
        async with chat.running() as runner:
            for number, word in enumerate(("one", "two")):
                await chat.intake.text(chat.session, f"m{number}", word)
            runner.wake(chat.session.conversation_id)
            await asyncio.sleep(0.2)
            await runner.close(patience_s=20)
            assert [heard for _, heard, _ in chat.engine.heard] == ["/conversation_started"]
        async with chat.running("door-2") as runner:
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: "You said: two" in chat.texts())

    run(story())
    assert [heard for _, heard, _ in chat.engine.heard] == ["/conversation_started", "one", "two"]


def test_a_door_that_cannot_wait_frees_the_conversation_at_once(chat: Chat) -> None:
    chat.engine.slow_s = 30

    async def story() -> None:
        async with chat.running() as runner:
            await chat.intake.text(chat.session, "m1", "one")
            runner.wake(chat.session.conversation_id)
            await asyncio.sleep(0.3)
            await runner.close(patience_s=0.1)
        chat.engine.slow_s = 0
        async with chat.running("door-2") as runner:
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: "You said: one" in chat.texts())  # the clock stands still: no lease runs out

    run(story())


def test_a_message_may_be_taken_up_as_it_is_accepted_and_is_answered_under_that_lease(chat: Chat) -> None:
    async def story() -> None:
        async with chat.running() as runner:
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: len(chat.engine.heard) == 1 and chat.answered() == 1)
            accepted = await chat.taking(runner).text(chat.session, "m1", "hello")
            assert accepted.work
            with chat.database.read() as tx:
                assert tx.execute(select(conversations.c.lease_owner)).scalar_one() == "door-1"
            runner.hand(accepted.work)
            await chat.until(lambda: "You said: hello" in chat.texts())
            again = await chat.taking(runner).text(chat.session, "m1", "hello")
            assert (again.status, again.work) == ("answered", None)

    run(story())


def test_what_was_taken_up_and_not_begun_is_free_for_others_when_the_door_closes(chat: Chat) -> None:
    async def story() -> None:
        async with chat.running() as runner:
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: chat.answered() == 1)
            accepted = await chat.taking(runner).text(chat.session, "m1", "hello")
            assert accepted.work
            await runner.close()
            runner.hand(accepted.work)
            await runner.close()
            assert (await chat.taking(runner).text(chat.session, "m2", "more")).work is None
        async with chat.running("door-2"):  # the clock stands still: no lease runs out
            await chat.until(lambda: "You said: more" in chat.texts())

    run(story())
