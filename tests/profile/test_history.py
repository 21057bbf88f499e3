"""What was before: kinds and dates of earlier conversations, of this customer only, and only where it may be used."""

from dataclasses import dataclass

import pytest
from sqlalchemy import insert

from tactful.profile import subjects
from tactful.profile.history import History, Spoken, recall
from tactful.store.crypto import KeyRing
from tactful.store.tables import conversations, messages
from tests.profile.conftest import Profile


@dataclass
class Past:
    """Conversations of customers, as rows."""

    profile: Profile

    def conversation(self, id_: str, *intents: str | None, subject: str | None = None, state: str = "bot") -> None:
        now = self.profile.clock()
        with self.profile.database.begin() as tx:
            tx.execute(
                insert(conversations).values(
                    id=id_, subject_id=subject or self.profile.subject, created_at=now, expires_at=now + 1, state=state
                )
            )
            for seq, intent in enumerate(intents, 1):
                self.profile.clock.forward(seconds=1)
                tx.execute(
                    insert(messages).values(
                        conversation_id=id_, seq=seq, author="customer", kind="text", status="answered",
                        intent=intent, created_at=self.profile.clock(),
                    )
                )  # fmt: skip

    def recalled(self, id_: str = "now") -> History:
        with self.profile.database.read() as tx:
            return recall(tx, self.profile.policy, id_)


@pytest.fixture
def past(profile: Profile) -> Past:
    past = Past(profile)
    past.conversation("now", "greet")
    return past


def test_earlier_messages_come_newest_first_without_this_conversation(past: Past) -> None:
    past.conversation("one", "refund_request", None)
    past.conversation("two", "api_key_create")
    at = past.profile.clock()
    assert past.recalled().spoken == (Spoken("api_key_create", at), Spoken("refund_request", at - 2000))


def test_another_customers_past_is_not_recalled(past: Past, ring: KeyRing) -> None:
    with past.profile.database.begin() as tx:
        other = subjects.create(tx, ring, now=past.profile.clock())
    past.conversation("theirs", "refund_request", subject=other, state="waiting")
    assert past.recalled() == History()


def test_a_person_who_is_still_due_is_remembered(past: Past) -> None:
    past.conversation("one", "human_handoff", state="waiting")
    assert past.recalled().person_due


def test_nothing_is_recalled_for_who_wants_nothing_fitted(past: Past) -> None:
    past.conversation("one", "refund_request")
    past.profile.allow("personalisation", granted=False)
    assert past.recalled() == History()


def test_an_unknown_conversation_has_no_past(past: Past) -> None:
    assert past.recalled("nowhere") == History()
