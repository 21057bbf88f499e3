"""A value marked by a reviewer leaves the real engine, its memory too, and the running detector knows it at once."""

import pytest

from tactful.bootstrap import build
from tactful.config import Settings
from tactful.store.leak_values import Value
from tactful.store.leakscan import Scan
from tactful.store.tables import messages
from tests.conftest import ROOT, Door
from tests.dialogues.conftest import Chat, NewChat

pytestmark = pytest.mark.engine

WORDS = "marzipan tuba"  # nobody's name, until a reviewer knows better
REVIEWER = "a" * 32


def test_it_is_gone_from_the_engine_the_conversation_goes_on_and_nobody_says_it_unhidden_again(
    door: Door, chat: Chat, new_chat: NewChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    port = int(door.url.rpartition(":")[2])
    services = build(Settings(home=door.home, port=port, project=ROOT))
    chat.http.put("/api/me/consents", json={"human_review": True}, headers=chat.headers)
    chat.say(f"please write {WORDS} on the ticket")
    chat.say(f"{WORDS}, as I said")
    with services.database.read() as tx:
        rows = tx.execute(
            messages.select().where(messages.c.conversation_id == chat.conversation, messages.c.text.contains(WORDS))
        ).all()
    first = min(rows, key=lambda row: row.seq)
    start = first.text.index(WORDS)
    assert WORDS in str(services.engine_memory.events(chat.conversation))
    marked = services.missed.mark(REVIEWER, chat.conversation, first.seq, start, start + len(WORDS), "USERNAME")
    done = services.missed.spread(REVIEWER, marked.id, "everyone")
    assert done.settled
    # The engine goes on from what is stored now, and writes nothing back.
    assert chat.say("what can you do?")
    assert chat.messages()[-3]["text"]
    assert WORDS not in str(services.engine_memory.events(chat.conversation))
    stranger = new_chat()
    stranger.say(f"tell Marzipan  Tuba that I wait for {WORDS.upper()}")
    for conversation in (chat.conversation, stranger.conversation):
        assert "marzipan" not in str(services.engine_memory.events(conversation)).casefold()
    with services.database.read() as tx:
        told = tx.execute(messages.select().where(messages.c.conversation_id == stranger.conversation)).all()
    assert "tell USERNAME_1 that I wait for USERNAME_1" in [row.text for row in told]
    settings = services.settings.model_copy(update={"project": door.home})
    assert Scan([Value(1, WORDS)]).installation(settings).findings == set()
    assert f"please write {WORDS} on the ticket" in [message["text"] for message in chat.messages()]
    services.undoing.undo(REVIEWER, marked.id)
    assert WORDS in str(services.engine_memory.events(chat.conversation))
    services.database.close()
