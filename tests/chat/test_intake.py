"""Nothing is stored before it was checked, and a repeat is one message."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from tactful.chat.replies import UNCHECKED
from tactful.errors import BadRequest, Conflict, NotFound, TooLarge
from tactful.store.tables import messages
from tests.chat.conftest import Chat, run


def stored(chat: Chat) -> list[str]:
    with chat.database.read() as tx:
        return list(
            tx.execute(
                select(messages.c.text).where(messages.c.author == "customer").order_by(messages.c.seq)
            ).scalars()
        )


def test_a_value_becomes_a_placeholder_before_it_is_stored(chat: Chat, tmp_path: Path) -> None:
    run(chat.intake.text(chat.session, "m1", "I am Ana, ana@example.com"))
    assert stored(chat) == ["I am PERSON_1, EMAIL_ADDRESS_1"]
    for file in tmp_path.glob("tactful.db*"):
        assert b"ana@example.com" not in file.read_bytes()


def test_the_same_value_is_the_same_placeholder_in_every_turn(chat: Chat) -> None:
    run(chat.intake.text(chat.session, "m1", "I am Ana"))
    run(chat.intake.text(chat.session, "m2", "Ben travels with Ana"))
    assert stored(chat) == ["I am PERSON_1", "PERSON_2 travels with PERSON_1"]


def test_the_customer_sees_their_own_words(chat: Chat) -> None:
    run(chat.intake.text(chat.session, "m1", "I am Ana"))
    assert chat.texts() == ["I am Ana"]


def test_a_repeat_gets_the_first_answer(chat: Chat) -> None:
    first = run(chat.intake.text(chat.session, "m1", "hello"))
    assert run(chat.intake.text(chat.session, "m1", "hello")) == first
    assert stored(chat) == ["hello"]


def test_the_same_id_for_another_text_is_refused(chat: Chat) -> None:
    run(chat.intake.text(chat.session, "m1", "hello"))
    with pytest.raises(Conflict):
        run(chat.intake.text(chat.session, "m1", "good bye"))


def test_the_same_message_sent_many_times_at_once_is_one_message(chat: Chat) -> None:
    async def story() -> list[int]:
        sent = [chat.intake.text(chat.session, "m1", "hello") for _ in range(8)]
        return [accepted.seq for accepted in await asyncio.gather(*sent)]

    assert len(set(run(story()))) == 1
    assert stored(chat) == ["hello"]


def test_two_people_named_at_once_never_share_a_placeholder(chat: Chat) -> None:
    async def story() -> None:
        await asyncio.gather(
            chat.intake.text(chat.session, "m1", "I am Ana"), chat.intake.text(chat.session, "m2", "I am Ben")
        )

    run(story())
    assert sorted(stored(chat)) == ["I am PERSON_1", "I am PERSON_2"]
    assert sorted(chat.texts()) == ["I am Ana", "I am Ben"]


def test_what_could_not_be_checked_is_not_kept_and_the_customer_is_told(chat: Chat, tmp_path: Path) -> None:
    chat.detector.down = True
    accepted = run(chat.intake.text(chat.session, "m1", "my secret is zebra-crossing"))
    assert accepted.status == "withheld"
    assert stored(chat) == [""]
    assert UNCHECKED in chat.texts()
    for file in tmp_path.glob("tactful.db*"):
        assert b"zebra-crossing" not in file.read_bytes()


def test_an_expired_value_is_gone_and_its_number_is_not_given_away(chat: Chat) -> None:
    run(chat.intake.text(chat.session, "m1", "I am Ana"))
    chat.clock.forward(days=3000)
    run(chat.intake.text(chat.session, "m2", "I am Ben"))
    assert stored(chat) == ["I am PERSON_1", "I am PERSON_2"]
    assert chat.texts()[0] != "I am Ana"
    assert "Ben" not in chat.texts()[0]


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\ud800"])
def test_what_is_no_text_is_refused(chat: Chat, text: str) -> None:
    with pytest.raises(BadRequest):
        run(chat.intake.text(chat.session, "m1", text))
    assert stored(chat) == []


def test_a_text_over_the_limit_is_refused_in_words(chat: Chat) -> None:
    run(chat.intake.text(chat.session, "m0", "x" * 4000))
    with pytest.raises(TooLarge, match="4,000"):
        run(chat.intake.text(chat.session, "m1", "x" * 4001))


def test_a_button_that_the_door_did_not_mint_is_unknown(chat: Chat) -> None:
    with pytest.raises(NotFound):
        run(chat.intake.choice(chat.session, "m1", "made-up"))
