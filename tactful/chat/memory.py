"""What a turn taught: the slots that it set become facts of the profile, within the turn's own transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from tactful.chat import replies
from tactful.chat.engine import Outcome
from tactful.errors import BadRequest
from tactful.privacy.placeholders import PLACEHOLDER
from tactful.privacy.policy import Policy
from tactful.profile import consent, facts
from tactful.profile.consent import PERSONALISATION, PURPOSES, SENSITIVE
from tactful.profile.facts import INFERRED, Writing
from tactful.profile.guesses import Guesses
from tactful.profile.rights import CHAT, access, ledger
from tactful.profile.signing import Signer
from tactful.store.audit import BOT, Act, AuditLog, Reason
from tactful.store.crypto import SubjectCipher
from tactful.store.refusals import Refusals
from tactful.store.tables import conversations
from tactful.store.vault import Vault

log = logging.getLogger(__name__)

GUESSES = "guesses"  # slot: attribute → {value, sureness}, for what is inferred and not confirmed
NOT_SO = "not_so"  # slot: attributes that may not be inferred for now
ASKED = (SENSITIVE, "human_review", "training")  # what the bot asks for by itself, and never again once answered
NEUTRAL = "neutral"  # slot: set while nothing may be fitted to the customer


class Memory:
    """Writes the profile as turns change it, and gives it back as slots."""

    def __init__(
        self,
        vault: Vault,
        cipher: SubjectCipher,
        policy: Policy,
        signer: Signer,
        audit: AuditLog,
        clock: Callable[[], int],
        refusals: Refusals | None = None,
    ) -> None:
        self._refusals = refusals or Refusals.nowhere()
        self._vault, self._cipher, self._policy = vault, cipher, policy
        self._signer, self._audit, self._clock = signer, audit, clock
        self._guesses = Guesses(cipher, policy)

    def remember(self, tx: Connection, conversation_id: str, kind: str, outcome: Outcome) -> None:
        """Store the turn's slots that are attributes. What the policy refuses is left out, never stored anyway."""
        if kind == "event":
            return  # the engine took over what is stored; what it may not see looks to it as if it were gone
        right = replies.asked_for(outcome, "rights")
        if right == "access":
            self._tell_access(tx, owner(tx, conversation_id))
        elif right == "erase":
            # What the bot has promised is in the ledger with its words: whoever starts next keeps it.
            ledger.ask(tx, owner(tx, conversation_id), "erasure", CHAT, self._clock())
        slots = outcome.slots
        changes = {name: value for name, value in slots.items() if name in self._policy.attributes}
        answers = {each: granted for each in PURPOSES if isinstance(granted := slots.get(f"consent_{each}"), bool)}
        if not changes and not answers and not slots.keys() & {GUESSES, NOT_SO}:
            return
        subject_id = owner(tx, conversation_id)
        if consent.restricted(tx, subject_id):
            return
        answered = self._answer(tx, subject_id, answers)
        writing = Writing("chosen" if kind == "choice" else "told", self._clock(), conversation_id)
        changed = self._learn(tx, subject_id, conversation_id, changes, writing)
        changed += self._gather(tx, subject_id, slots, replace(writing, source=INFERRED))
        for act, granted in ((Act.CONSENT_GIVEN, True), (Act.CONSENT_WITHDRAWN, False)):
            self._note(tx, act, subject_id, [purpose for purpose in answered if answers[purpose] == granted])
        self._note(tx, Act.PROFILE_CHANGED, subject_id, list(dict.fromkeys(changed)))

    def _tell_access(self, tx: Connection, subject_id: str) -> None:
        access.entered(tx, subject_id, CHAT, self._clock())
        self._note(tx, Act.PROFILE_READ, subject_id, access.READ)

    def _answer(self, tx: Connection, subject_id: str, answers: Mapping[str, bool]) -> list[str]:
        before = consent.current(tx, subject_id)
        new = [purpose for purpose, granted in answers.items() if before.get(purpose) != granted]
        for purpose in new:
            receipt = consent.put(
                tx, subject_id, purpose, answers[purpose],
                policy=self._policy, signer=self._signer, now=self._clock(),
            )  # fmt: skip
            self._refusals.withdrawn(subject_id, receipt)
        return new

    def _learn(
        self, tx: Connection, subject_id: str, conversation_id: str, changes: Mapping[str, Any], writing: Writing
    ) -> list[str]:
        values, changed = self._values(tx, conversation_id), []
        for name, value in changes.items():
            resolved = (
                values.get(value, _UNUSABLE) if name in _ALWAYS_PLACEHOLDERS and value else _resolve(value, values)
            )
            if resolved is _UNUSABLE:
                log.warning("slot %s held no value of this conversation; left out", name)
                continue
            try:
                changed += facts.apply(tx, self._cipher, self._policy, subject_id, {name: resolved}, writing)
            except BadRequest as refusal:
                log.warning("attribute %s was refused (%s); left out", name, refusal.code)
        return changed

    def _gather(self, tx: Connection, subject_id: str, slots: Mapping[str, Any], writing: Writing) -> list[str]:
        """Keep what the turn inferred, and what the customer said is not so; names of what changed."""
        for name in slots.get(NOT_SO) or ():
            self._guesses.refuse(tx, subject_id, name, writing)
        noted = []
        for name, guess in (slots.get(GUESSES) or {}).items():
            try:
                if self._guesses.note(tx, subject_id, name, guess["value"], guess["sureness"], writing):
                    noted.append(name)
            except BadRequest as refusal:
                log.warning("inferred %s was refused (%s); left out", name, refusal.code)
        return noted

    def _note(self, tx: Connection, act: Act, subject_id: str, fields: Sequence[str]) -> None:
        if fields:
            self._audit.record(tx, act, actor=BOT, subject_id=subject_id, fields=fields, reason=Reason.CONVERSATION)

    def slots(self, tx: Connection, conversation_id: str) -> dict[str, Any]:
        """The profile as the engine may see it: names as this conversation's placeholders, never as values.

        Without consent to personalisation only what the service itself needs; nothing under restriction.
        """
        subject_id = owner(tx, conversation_id)
        if consent.restricted(tx, subject_id):
            return {NEUTRAL: True}
        profile, refused = facts.load_all(tx, self._cipher, subject_id, self._clock())
        personal = consent.given(tx, subject_id, PERSONALISATION, self._policy)
        if not personal:
            profile = {name: fact for name, fact in profile.items() if self._is_service(name)}
        guesses = {name: fact for name, fact in profile.items() if not fact.confirmed}
        profile = {name: fact for name, fact in profile.items() if fact.confirmed}
        slots: dict[str, Any] = {name: fact.value for name, fact in profile.items() if name != "name"}
        if name := profile.get("name"):
            known = {value: placeholder for placeholder, value in self._values(tx, conversation_id).items()}
            slots |= {"name": known[name.value]} if name.value in known else {}
        answers = consent.current(tx, subject_id)
        slots |= {f"consent_{each}": answers[each] for each in ASKED if each in answers}
        if guesses:
            slots[GUESSES] = {name: {"value": fact.value, "sureness": fact.sureness} for name, fact in guesses.items()}
        if refused:
            slots[NOT_SO] = refused
        return slots if personal else slots | {NEUTRAL: True}

    def sources(self, tx: Connection, conversation_id: str) -> dict[str, str]:
        """Name → how it was learned (told, chosen, inferred), for the facts that count."""
        profile = facts.load(tx, self._cipher, owner(tx, conversation_id), self._clock())
        return {name: fact.source for name, fact in profile.items() if fact.confirmed}

    def _is_service(self, name: str) -> bool:
        attribute = self._policy.attributes.get(name)
        return attribute is not None and attribute.purpose == "service"

    def _values(self, tx: Connection, conversation_id: str) -> Mapping[str, str]:
        return {entry.placeholder: entry.value for entry in self._vault.entries(tx, conversation_id)}


_UNUSABLE = object()
_ALWAYS_PLACEHOLDERS = frozenset({"name"})  # a name that the detector did not hide was none


def _resolve(value: Any, values: Mapping[str, str]) -> Any:
    """The value with its placeholder replaced; only a whole value can be one."""
    if not isinstance(value, str) or not PLACEHOLDER.search(value):
        return value
    return values.get(value, _UNUSABLE)


def owner(tx: Connection, conversation_id: str) -> str:
    """The subject of a conversation."""
    found: str = tx.execute(
        select(conversations.c.subject_id).where(conversations.c.id == conversation_id)
    ).scalar_one()
    return found
