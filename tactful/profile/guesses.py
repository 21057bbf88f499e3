"""What the bot gathers from what is said: kept apart from what is known, and counting for nothing until confirmed."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from tactful.privacy.policy import Policy
from tactful.profile import attributes, consent, facts
from tactful.profile.facts import DAY_MS, INFERRED, Fact, Writing
from tactful.store.crypto import SubjectCipher

SURE_ENOUGH = 0.7  # to ask whether it is so


def surer(before: float) -> float:
    """How sure one more hint of the same makes: half of what was missing."""
    return 1 - (1 - before) / 2


@dataclass(frozen=True, slots=True)
class Guesses:
    """Notes inferences of a subject, as far as privacy.yml and the subject allow them."""

    cipher: SubjectCipher
    policy: Policy

    def note(self, tx: Connection, subject_id: str, name: str, value: Any, sureness: float, writing: Writing) -> bool:
        """Keep an inference; whether it was kept.

        It is not when the attribute may not be inferred, something is known about it, the customer refused it
        lately, or does not want advice that fits them. Errors: `BadRequest` for a value that does not fit.
        """
        attribute = self.policy.attributes.get(name)
        if attribute is None or not attribute.may_infer or not 0 < sureness < 1:
            return False
        attributes.check(name, value)
        if not consent.allowed(tx, subject_id, consent.PERSONALISATION, self.policy):
            return False
        if name in facts.refused(tx, subject_id, writing.now):
            return False
        before = facts.load(tx, self.cipher, subject_id, writing.now).get(name)
        if before and before.confirmed:
            return False
        ends = writing.now + attribute.retention_days * DAY_MS
        guess = Fact(name, value, INFERRED, writing.now, ends, sureness, confirmed=False)
        if before and replace(before, learned_at=guess.learned_at, expires_at=guess.expires_at) == guess:
            return False  # a turn that is run again adds nothing
        facts.put(tx, self.cipher, subject_id, guess, writing.conversation_id)
        return True

    def refuse(self, tx: Connection, subject_id: str, name: str, writing: Writing) -> None:
        """The customer says that it is not so. What is known by then stays; an earlier refusal keeps its end."""
        if name in facts.refused(tx, subject_id, writing.now):
            return
        held = facts.load(tx, self.cipher, subject_id, writing.now).get(name)
        if name in self.policy.attributes and not (held and held.confirmed):
            facts.refuse(tx, self.cipher, subject_id, name, writing)
