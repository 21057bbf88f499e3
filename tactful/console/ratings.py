"""A customer's thumbs up or down on a reply: kept with the message, and a reason to look at the turn."""

from collections.abc import Callable

from sqlalchemy import select, update

from tactful.console.queues import Queue
from tactful.console.reviews import enter, leave, reopen
from tactful.errors import NotFound
from tactful.store.database import Database
from tactful.store.tables import messages, turns

UP, DOWN = 1, -1


class Ratings:
    """Takes what customers think of replies; the last one counts, and can be taken back."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database, self._clock = database, clock

    def rate(self, conversation_id: str, seq: int, rating: int | None) -> None:
        """Rate a reply of the bot or of an agent; None takes it back. Errors: `NotFound` for any other message."""
        with self._database.begin() as tx:
            answered = tx.execute(
                update(messages)
                .where(
                    messages.c.conversation_id == conversation_id,
                    messages.c.seq == seq,
                    messages.c.author.in_(("bot", "agent")),
                )
                .values(rating=rating)
                .returning(messages.c.reply_to)
            ).first()
            if answered is None:
                raise NotFound("There is no such reply.")
            turn = (
                tx.execute(
                    select(turns)
                    .where(turns.c.conversation_id == conversation_id, turns.c.seq == answered.reply_to)
                    .with_for_update()
                )
                .mappings()
                .first()
            )
            if turn is None:
                return
            if rating != DOWN:
                leave(tx, turn["id"], Queue.THUMBS_DOWN)
            else:
                enter(tx, turn, Queue.THUMBS_DOWN, self._clock())
                if turn["state"] == "done":
                    reopen(tx, turn["id"], None, self._clock())
