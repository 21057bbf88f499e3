"""Not personal: words that were hidden for nothing are readable again in their conversation, and not hidden any more.

Who says so has not seen them. So one person can free only what is made of ordinary words; anything else might be
somebody's, and calling it "not personal" would be a way to see it: that takes a second person's yes.
"""

import re
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from tactful.console.missed import cases, corrections
from tactful.console.missed.corrections import KEPT, MISSED, Correction, Scope, State
from tactful.console.missed.hiding import Hidden
from tactful.console.missed.parts import Parts
from tactful.console.missed.places import PLACES, Row, of_conversations
from tactful.console.missed.same import mapped, restored
from tactful.console.missed.settling import Settling
from tactful.errors import BadRequest, Conflict, NotAllowed, NotFound
from tactful.privacy.lexicon import Known, known
from tactful.privacy.lists import tells_enough
from tactful.privacy.placeholders import LITERAL, PLACEHOLDER
from tactful.privacy.policy import Policy
from tactful.store.audit import Act
from tactful.store.tables import corrections as corrections_table
from tactful.store.tables import messages
from tactful.store.vault import VaultEntry

COMMON = 2  # how rare a word of the lexicon may be
_WORDS = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[\w ,.'’-]+")  # nothing that Markdown would read as more than words


class NotPersonal:
    """What reviewers do about words hidden for nothing; each method is a transaction, and then tells the engine."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._settling = parts, Settling(parts)

    def free(self, by: str, conversation_id: str, placeholder: str, scope: str) -> Correction:
        """Say that what a placeholder stands for is nothing personal; it is readable again, or waits for a second yes.

        Errors: `NotFound` for what may not be seen; `Conflict` when its value is gone, when it was marked by hand, or
        waits already; `BadRequest` for what can't be freed.
        """
        scope = Scope(scope)
        with self._parts.database.begin() as tx:
            subject_id = corrections.subject_of(tx, conversation_id)
            if not corrections.may_be_seen(tx, subject_id, self._parts.policy):
                raise NotFound
            entry = self._entry(tx, conversation_id, placeholder)
            waits = takes_two(self._parts.policy, entry)
            correction_id = corrections.add(
                tx, act=KEPT, conversation_id=conversation_id, subject_id=subject_id,
                seq=_first(tx, conversation_id, placeholder), placeholder=placeholder, kind=entry.type, scope=scope,
                places=0, state=State.WAITING if waits else State.HERE, by=by, at=self._parts.clock(),
            )  # fmt: skip
            if not waits:
                self._restore(tx, corrections.one(tx, correction_id), entry)
            act = Act.FREED_ASKED if waits else Act.FREED
            self._parts.note(tx, act, by, subject_id, conversation_id, {entry.type: 1})
        return self._settled(correction_id)

    def agree(self, by: str, correction_id: str) -> Correction:
        """The second person's yes. Errors: `NotAllowed` for oneself; `Conflict` unless it waits; as `free`."""
        with self._parts.database.begin() as tx:
            correction = self._waiting(tx, correction_id, by)
            if not corrections.may_be_seen(tx, correction.subject_id, self._parts.policy):
                raise NotFound
            entry = self._parts.value(tx, correction.conversation_id, correction.placeholder)
            if entry is None:
                raise Conflict("The value has reached its end date and is gone.")
            corrections.change(tx, correction_id, state=State.HERE, decided_by=by, settled=False)
            self._restore(tx, corrections.one(tx, correction_id), entry)
            self._note(tx, Act.FREED, by, correction)
        return self._settled(correction_id)

    def refuse(self, by: str, correction_id: str) -> Correction:
        """The second person's no; who asked may take it back so, too. Errors: `Conflict` unless it waits."""
        with self._parts.database.begin() as tx:
            correction = self._waiting(tx, correction_id, None)
            corrections.change(tx, correction_id, state=State.REFUSED, decided_by=by)
            self._note(tx, Act.FREED_REFUSED, by, correction)
            return corrections.one(tx, correction_id)

    def _settled(self, correction_id: str) -> Correction:
        return self._settling.settle(correction_id)

    def _entry(self, tx: Connection, conversation_id: str, placeholder: str) -> VaultEntry:
        of_this = (
            corrections_table.c.conversation_id == conversation_id,
            corrections_table.c.placeholder == placeholder,
        )
        for row in tx.execute(select(corrections_table).where(*of_this)).all():
            earlier = Correction(*row)
            if earlier.act == MISSED and earlier.is_active:
                raise Conflict("These words were marked by hand. Undo that mark instead.")
            if earlier.act == KEPT and earlier.state == State.WAITING:
                raise Conflict("This waits for a second person already.")
        entry = self._parts.value(tx, conversation_id, placeholder)
        if entry is None:
            raise Conflict("The value has reached its end date and is gone: there is nothing to make readable.")
        if entry.type == LITERAL or PLACEHOLDER.search(entry.value):
            raise BadRequest(
                "These words look like a placeholder. They must stay hidden, or they would be read as one."
            )
        return entry

    def _restore(self, tx: Connection, correction: Correction, entry: VaultEntry) -> None:
        """Put the value into the text of its own conversation, and let the detector know."""
        hidden = Hidden(self._parts, tx, correction, correction.conversation_id, correction.subject_id)
        for place in PLACES:
            where = of_conversations(place, [correction.conversation_id])
            for row in list(place.rows(tx, where, entry.placeholder)):
                if _PLAIN.fullmatch(entry.value) or _is_customers(tx, row):
                    hidden.write(row, mapped(row.content, partial(restored, entry=entry)))
        if tells_enough(entry.value):
            whose = correction.whose
            listed = self._parts.listed.entry(entry.value, entry.type, kept=True, whose=whose)
            self._parts.listed.add(tx, correction.id, listed, self._parts.clock())
        cases.renew(self._parts, tx, correction.conversation_id)

    def _waiting(self, tx: Connection, correction_id: str, by: str | None) -> Correction:
        correction = corrections.one(tx, correction_id)
        if correction.state != State.WAITING:
            raise Conflict("This was decided already.")
        if correction.by == by:
            raise NotAllowed("This needs a second person: somebody else has to agree.")
        return correction

    def _note(self, tx: Connection, act: Act, by: str, correction: Correction) -> None:
        self._parts.note(tx, act, by, correction.subject_id, correction.conversation_id, {correction.kind: 1})


def takes_two(policy: Policy, entry: VaultEntry) -> bool:
    """Whether it needs a second person: its kind does, or it is more than ordinary words, or they may all be names."""
    words = [known(word) for word in _WORDS.findall(entry.value)]
    plain = _PLAIN.fullmatch(entry.value) and not any(map(str.isdigit, entry.value))
    # "Grace period" can be nobody's name, "Grace" can.
    ordinary = all(word.word == 1 or _no_name(word) for word in words) and any(map(_no_name, words))
    return policy.two_people(entry.type) or not plain or not ordinary


def _no_name(word: Known) -> bool:
    return not (word.first or word.last) and (0 < word.word <= COMMON or word.place)


def _first(tx: Connection, conversation_id: str, placeholder: str) -> int | None:
    """The first message of the customer's in which it stands."""
    query = select(messages.c.seq).where(
        messages.c.conversation_id == conversation_id,
        messages.c.author == "customer",
        messages.c.text.contains(placeholder, autoescape=True),
    )
    found: int | None = tx.execute(query.order_by(messages.c.seq).limit(1)).scalar_one_or_none()
    return found


def _is_customers(tx: Connection, row: Row) -> bool:
    """Whether the customer wrote it: their words are never read as Markdown."""
    if row.place.table is not messages:
        return False
    author: Any = tx.execute(
        select(messages.c.author).where(messages.c.conversation_id == row.key[0], messages.c.seq == row.key[1])
    ).scalar_one()
    return bool(author == "customer")
