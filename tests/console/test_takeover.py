"""Taking a conversation over: one person at a time, the bot silent, nothing stored raw."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import insert, select, update

from tactful.chat import handovers as line
from tactful.chat.engine import Outcome, Said
from tactful.console.staff import Role, Staff
from tactful.console.takeover import HOLD_MS, TakeOver
from tactful.console.waiting import Waiting
from tactful.console.wording import Wording
from tactful.errors import BadRequest, Conflict, DetectorUnavailable, NotAllowed, NotFound
from tactful.profile import consent
from tactful.profile.signing import Signer
from tactful.store.anchor import Anchors
from tactful.store.audit import Act, AuditLog
from tactful.store.tables import audit, conversations, handovers, messages, metadata, outbox, staff, subjects
from tests.chat.conftest import Chat, chat, run

__all__ = ["chat"]  # a fixture

KIM = Staff("1" * 32, "Kim Osei", frozenset({Role.AGENT}))
BEN = Staff("2" * 32, "Ben Ito", frozenset({Role.AGENT}))


@dataclass
class Talk:
    """A customer's conversation, and who takes it over."""

    chat: Chat
    takeover: TakeOver
    waiting: Waiting

    @property
    def id(self) -> str:
        return self.chat.session.conversation_id

    def ask_for_a_person(self) -> None:
        with self.chat.database.begin() as tx:
            line.ask(tx, self.id, "asked", self.chat.clock())

    def rows(self) -> list[tuple[str, str, str]]:
        with self.chat.database.read() as tx:
            shown = messages.c.kind != "event"
            query = select(messages.c.author, messages.c.status, messages.c.text).where(shown).order_by(messages.c.seq)
            return [tuple(row) for row in tx.execute(query)]

    def is_under_way(self) -> bool:
        with self.chat.database.read() as tx:
            return tx.execute(select(conversations.c.lease_owner)).scalar_one() is not None

    @property
    def view(self):
        seen = self.chat.conversations.view(self.id, 0)
        assert seen
        return seen

    def allow_reading(self) -> None:
        with self.chat.database.begin() as tx:
            consent.put(
                tx, self.chat.session.subject_id, "human_review", True,
                policy=self.chat.policy, signer=Signer(bytes(32)), now=self.chat.clock(),
            )  # fmt: skip


@pytest.fixture
def talk(chat: Chat) -> Talk:
    wording = Wording(chat.database, chat.vault, chat.detector, chat.policy, 4000)
    log = AuditLog(chat.ring, chat.policy, chat.clock, Anchors())
    with chat.database.begin() as tx:
        for each in (KIM, BEN):
            tx.execute(insert(staff).values(id=each.id, login=each.name, name=each.name, roles="agent", created_at=1))
    takeover = TakeOver(chat.database, wording, chat.policy, log, chat.clock, lambda _: None)
    return Talk(chat, takeover, Waiting(chat.database, chat.policy, chat.clock))


async def said(talk: Talk, number: int, text: str, status: str) -> None:
    accepted = await talk.chat.intake.text(talk.chat.session, f"m{number}", text)
    assert accepted.status == status


def test_the_bot_is_silent_while_a_person_answers_and_goes_on_afterwards(talk: Talk) -> None:
    async def story() -> None:
        async with talk.chat.running() as runner:
            await talk.chat.until(lambda: len(talk.chat.engine.heard) == 1)
            talk.ask_for_a_person()
            hold = talk.takeover.take(talk.id, KIM)
            await said(talk, 1, "are you there", "held")
            runner.wake(talk.id)
            await talk.takeover.answer(hold, "answer-1", "I am here.")
            await said(talk, 2, "good", "held")
            runner.wake(talk.id)
            await talk.chat.until(lambda: len(talk.rows()) >= 4)
            assert len(talk.chat.engine.heard) == 1
            await talk.takeover.hand_back(hold, "Your refund is on its way.")
            await said(talk, 3, "and now", "pending")
            runner.wake(talk.id)
            await talk.chat.until(lambda: "You said: and now" in talk.chat.texts())

    run(story())
    assert [text for _, text, _ in talk.chat.engine.heard] == ["/conversation_started", "and now"]
    assert talk.view.state == "bot"
    assert "Kim has handed you back to the assistant.\n\nYour refund is on its way." in talk.chat.texts()


def test_an_answer_of_the_bots_that_was_under_way_is_not_said(talk: Talk) -> None:
    async def story() -> None:
        async with talk.chat.running() as runner:
            await talk.chat.until(lambda: len(talk.chat.engine.heard) == 1)
            talk.chat.engine.slow_s = 0.6
            await said(talk, 1, "hello", "pending")
            runner.wake(talk.id)
            await talk.chat.until(talk.is_under_way)
            talk.ask_for_a_person()
            talk.takeover.take(talk.id, KIM)
            await talk.chat.until(lambda: len(talk.chat.engine.heard) == 2)
            await talk.chat.until(lambda: talk.view.state == "agent")

    run(story())
    assert "You said: hello" not in talk.chat.texts()
    assert ("customer", "held", "hello") in talk.rows()


def test_asking_the_bot_for_a_person_puts_one_in_line_once(talk: Talk) -> None:
    asking = Outcome(messages=[Said(text="A colleague will join.", custom={"handover": {"reason": "complaint"}})])
    talk.chat.engine.answer = lambda text: asking if "person" in text else Outcome(messages=[Said(text="Hi")])

    async def story() -> None:
        async with talk.chat.running() as runner:
            for number in (1, 2):
                await said(talk, number, "a person please", "pending")
                runner.wake(talk.id)
            await talk.chat.until(lambda: talk.chat.texts().count("A colleague will join.") == 2)

    run(story())
    listed = talk.waiting.line(KIM)
    assert [each.why for each in listed.waiting] == ["has a complaint"]
    assert talk.waiting.counts(KIM)["waiting"] == 1


def test_two_agents_never_have_the_same_conversation(talk: Talk) -> None:
    talk.ask_for_a_person()

    def take(who: Staff) -> bool:
        try:
            talk.takeover.take(talk.id, who)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, [KIM, BEN] * 8))
    assert len({who.id for who, got in zip([KIM, BEN] * 8, taken, strict=True) if got}) == 1
    assert [each.holder for each in (*talk.waiting.line(KIM).mine, *talk.waiting.line(KIM).others)]


def test_who_lost_a_conversation_cannot_write_in_it(talk: Talk) -> None:
    talk.ask_for_a_person()
    old = talk.takeover.take(talk.id, KIM)
    talk.chat.clock.forward(seconds=HOLD_MS / 1000 + 1)
    new = talk.takeover.take(talk.id, BEN)
    for act in (
        lambda: run(talk.takeover.answer(old, "answer-1", "too late")),
        lambda: run(talk.takeover.hand_back(old, "")),
        lambda: talk.takeover.put_back(old),
        lambda: talk.takeover.typing(old),
    ):
        with pytest.raises(Conflict):
            act()
    with pytest.raises(NotFound):
        talk.takeover.held(talk.id, KIM)
    run(talk.takeover.answer(new, "answer-2", "in time"))
    assert [text for author, _, text in talk.rows() if author == "agent"] == ["in time"]


def test_an_older_page_of_ones_own_cannot_write_either(talk: Talk) -> None:
    talk.ask_for_a_person()
    first, second = talk.takeover.take(talk.id, KIM), talk.takeover.take(talk.id, KIM)
    with pytest.raises(Conflict):
        run(talk.takeover.answer(first, "answer-1", "from the old tab"))
    run(talk.takeover.answer(second, "answer-2", "from the new one"))
    assert sum("has joined" in text for text in talk.chat.texts()) == 1


def test_when_the_person_vanishes_the_customer_is_told_and_is_in_line_again(talk: Talk) -> None:
    talk.ask_for_a_person()
    hold = talk.takeover.take(talk.id, KIM)
    talk.chat.clock.forward(seconds=60)
    assert talk.takeover.beat(KIM) == 1
    talk.chat.clock.forward(seconds=60)
    assert talk.takeover.end_vanished() == 0
    talk.chat.clock.forward(seconds=HOLD_MS / 1000)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: talk.takeover.end_vanished(), range(4))) == 1
    assert talk.view.state == "waiting"
    assert sum("Kim could not be reached any more" in text for text in talk.chat.texts()) == 1
    with pytest.raises(Conflict):
        run(talk.takeover.answer(hold, "answer-1", "I am back"))
    assert len(talk.waiting.line(BEN).waiting) == 1
    with talk.chat.database.read() as tx:
        assert "handover_timed_out" in tx.execute(select(outbox.c.kind)).scalars().all()


def test_the_bot_answers_again_while_one_waits_for_a_colleague(talk: Talk) -> None:
    async def story() -> None:
        async with talk.chat.running() as runner:
            talk.ask_for_a_person()
            talk.takeover.put_back(talk.takeover.take(talk.id, KIM))
            await said(talk, 1, "anybody?", "pending")
            runner.wake(talk.id)
            await talk.chat.until(lambda: "You said: anybody?" in talk.chat.texts())

    run(story())
    assert talk.view.state == "waiting"


def everything(talk: Talk) -> str:
    with talk.chat.database.read() as tx:
        return repr([tuple(row) for table in metadata.sorted_tables for row in tx.execute(select(table))])


def test_what_an_agent_types_is_hidden_before_it_is_stored_and_shown_to_the_customer(talk: Talk) -> None:
    talk.ask_for_a_person()
    hold = talk.takeover.take(talk.id, KIM)
    run(talk.takeover.answer(hold, "answer-1", "Write to ana@example.com, please."))
    run(talk.takeover.hand_back(hold, "Ana will write."))
    assert ("agent", "sent", "Write to EMAIL_ADDRESS_1, please.") in talk.rows()
    assert "Write to ana@example.com, please." in talk.chat.texts()
    assert any(text.endswith("Ana will write.") for text in talk.chat.texts())
    assert "ana@example.com" not in everything(talk)
    with talk.chat.database.read() as tx:
        assert tx.execute(select(handovers.c.summary)).scalar_one() == "PERSON_1 will write."


def test_an_agent_may_use_a_placeholder_and_only_one_that_is_there(talk: Talk) -> None:
    talk.ask_for_a_person()
    run(talk.chat.intake.text(talk.chat.session, "m1", "I am Ana"))
    hold = talk.takeover.take(talk.id, KIM)
    run(talk.takeover.answer(hold, "answer-1", "Thank you, PERSON_1. It is not an ERROR_401."))
    assert "Thank you, Ana. It is not an ERROR_401." in talk.chat.texts()
    with pytest.raises(BadRequest, match="no PERSON_2 in this"):
        run(talk.takeover.answer(hold, "answer-2", "Thank you, PERSON_2."))


def test_what_cannot_be_checked_is_not_sent(talk: Talk) -> None:
    talk.ask_for_a_person()
    hold = talk.takeover.take(talk.id, KIM)
    talk.chat.detector.down = True
    before = talk.rows()
    with pytest.raises(DetectorUnavailable, match="nothing was sent"):
        run(talk.takeover.answer(hold, "answer-1", "Call me"))
    with pytest.raises(DetectorUnavailable):
        run(talk.takeover.hand_back(hold, "Done"))
    assert talk.rows() == before
    assert talk.view.state == "agent"


def test_the_same_answer_twice_is_said_once(talk: Talk) -> None:
    talk.ask_for_a_person()
    hold = talk.takeover.take(talk.id, KIM)
    for _ in range(2):
        run(talk.takeover.answer(hold, "answer-1", "Once."))
    assert talk.chat.texts().count("Once.") == 1


def test_who_asked_for_a_person_is_served_without_consent_to_reviewing_and_who_did_not_is_left_alone(
    talk: Talk,
) -> None:
    with pytest.raises(NotAllowed, match="has not agreed"):
        talk.takeover.take(talk.id, KIM)
    assert talk.view.state == "bot"
    talk.ask_for_a_person()
    assert talk.takeover.take(talk.id, KIM)


def test_who_lets_people_read_along_may_be_joined_and_the_others_are_counted(talk: Talk) -> None:
    run(talk.chat.intake.text(talk.chat.session, "m1", "hello"))
    assert (talk.waiting.line(KIM).chatting, talk.waiting.line(KIM).unseen) == ([], 1)
    talk.allow_reading()
    listed = talk.waiting.line(KIM)
    assert ([each.conversation_id for each in listed.chatting], listed.unseen) == ([talk.id], 0)
    assert talk.takeover.take(talk.id, KIM)
    assert [each.why for each in talk.waiting.line(KIM).mine] == ["joined by a colleague"]


@pytest.mark.parametrize("change", [{"restricted": True}, {"erasing_at": 1}])
def test_whose_data_is_paused_or_being_erased_is_not_to_be_taken(talk: Talk, change: dict[str, object]) -> None:
    talk.ask_for_a_person()
    with talk.chat.database.begin() as tx:
        tx.execute(update(subjects).values(change))
    assert talk.waiting.line(KIM).waiting == []
    with pytest.raises(NotFound):
        talk.takeover.take(talk.id, KIM)


def test_every_taking_is_a_reading_that_its_customer_can_count(talk: Talk) -> None:
    talk.ask_for_a_person()
    talk.takeover.put_back(talk.takeover.take(talk.id, KIM))
    talk.takeover.take(talk.id, BEN)
    with talk.chat.database.read() as tx:
        read = tx.execute(select(audit).where(audit.c.act == Act.TRANSCRIPT_READ)).mappings().all()
    assert {row["subject_id"] for row in read} == {talk.chat.session.subject_id}
    assert len({row["actor"] for row in read}) == 2


def test_the_customer_sees_who_answers_and_that_they_write(talk: Talk) -> None:
    talk.ask_for_a_person()
    hold = talk.takeover.take(talk.id, KIM)
    assert (talk.view.state, talk.view.agent, talk.view.typing) == ("agent", "Kim", False)
    talk.takeover.typing(hold)
    assert talk.view.typing
    run(talk.takeover.answer(hold, "answer-1", "Hello."))
    assert not talk.view.typing
    assert talk.view.messages[-1]["name"] == "Kim"
    assert "Osei" not in repr(talk.view)


def test_the_line_tells_how_many_messages_nobody_has_answered(talk: Talk) -> None:
    talk.ask_for_a_person()
    hold = talk.takeover.take(talk.id, KIM)
    for number in range(2):
        run(said(talk, number, f"message {number}", "held"))
    assert talk.waiting.counts(KIM)["unread"] == 2
    run(talk.takeover.answer(hold, "answer-1", "Both read."))
    assert talk.waiting.counts(KIM)["unread"] == 0
    assert talk.waiting.one(talk.id).holder == "Kim Osei"
