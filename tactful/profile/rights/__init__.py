"""The rights of a subject, one code path for chat, widget, HTTP and command line; one file a right.

Access (GDPR art. 15), rectification (16), erasure (17), restriction (18), portability (20), objection (21),
consent and its withdrawal (7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tactful.profile import receipts
from tactful.profile.overview import Overview
from tactful.profile.own_words import Reads
from tactful.profile.rights import (
    access,
    consenting,
    erasure,
    importing,
    knowledge,
    ledger,
    limits,
    merging,
    portability,
    rectification,
    refused,
)
from tactful.profile.rights.erasure import Elsewhere, Told
from tactful.profile.rights.parts import CHAT, OPERATOR, PANEL, Parts, subject
from tactful.store.audit import Act

__all__ = ["CHAT", "OPERATOR", "PANEL", "Elsewhere", "Parts", "Rights"]


class Rights:
    """Every method: errors `NotFound` for a subject who is unknown or erased, and those of the right itself."""

    def __init__(self, parts: Parts, elsewhere: Elsewhere) -> None:
        self._parts, self._elsewhere = parts, elsewhere

    def by(self, via: str) -> "Rights":
        """The same, asked for in another place: CHAT, PANEL or OPERATOR."""
        return Rights(replace(self._parts, via=via), self._elsewhere)

    def reading(self, reads: Reads) -> "Rights":
        """The same, with another reader of what customers write in their own words."""
        return Rights(replace(self._parts, reads=reads), self._elsewhere)

    def profile(self, subject_id: str) -> list[dict[str, Any]]:
        """Facts with label, category, purpose, source and end date."""
        with self._parts.database.begin() as tx:
            subject(tx, subject_id)
            facts = knowledge.described(self._parts, tx, subject_id)
            self._parts.note(tx, Act.PROFILE_READ, subject_id, [fact["name"] for fact in facts])
            return facts

    def access(self, subject_id: str) -> dict[str, Any]:
        """Everything that is known, with purposes, end dates, human reads, models: `access.known`."""
        return access.known(self._parts, subject_id)

    def overview(self, subject_id: str, conversation_id: str) -> Overview:
        """The same as it may be said in this conversation; the turn that says it enters the request."""
        with self._parts.database.read() as tx:
            return access.told_in(self._parts, tx, subject_id, conversation_id)

    def rectify(self, subject_id: str, changes: Mapping[str, Any]) -> list[str]:
        """Correct or (None) delete facts; names of those that changed: `rectification.rectify`."""
        return rectification.rectify(self._parts, subject_id, changes)

    def consents(self, subject_id: str) -> dict[str, Any]:
        """What is allowed and refused: `consenting.state`."""
        return consenting.state(self._parts, subject_id)

    def consent(self, subject_id: str, given: Mapping[str, bool]) -> dict[str, Any]:
        """Give or withdraw, with receipts: `consenting.answer`."""
        return consenting.answer(self._parts, subject_id, given)

    def receipts(self, subject_id: str) -> list[dict[str, Any]]:
        """The subject's receipts of consent, newest first."""
        with self._parts.database.read() as tx:
            return receipts.of(tx, self._parts.signer, subject_id)

    def receipt(self, subject_id: str, receipt_id: str) -> dict[str, Any]:
        """One of them."""
        with self._parts.database.read() as tx:
            return receipts.one(tx, self._parts.signer, subject_id, receipt_id)

    def receipt_by_code(self, code: str) -> dict[str, Any]:
        """The receipt of a code, for whoever has the code."""
        with self._parts.database.read() as tx:
            return receipts.by_code(tx, self._parts.signer, code)

    def export(self, subject_id: str) -> dict[str, Any]:
        """Everything that is kept, with the values put back, signed: `document.Export`."""
        return portability.export(self._parts, subject_id)

    def page(self, subject_id: str) -> str:
        """The same as an HTML file for people."""
        return portability.page(self._parts, self.export(subject_id))

    def take_in(self, subject_id: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """An export, taken back in: `importing.take_in`."""
        return importing.take_in(self._parts, subject_id, document)

    def erase(self, subject_id: str, told: Told = lambda step: None) -> dict[str, Any]:
        """Erase everything, in steps; asked again, it goes on where it failed: `erasure.erase`."""
        return erasure.erase(self._parts, self._elsewhere, subject_id, told)

    def unfinished_erasures(self, under_way_ms: int | None = None) -> list[str]:
        """Subjects whose erasure was begun and is not done. One asked for within so long may be under way still."""
        before = None if under_way_ms is None else self._parts.clock() - under_way_ms
        with self._parts.database.read() as tx:
            return ledger.waiting(tx, "erasure", before)

    def refuse_again(self, there: Sequence[str] | None = None) -> list[str]:
        """Put in force what was refused since a backup that was restored; the subjects concerned: `refused.again`."""
        self._parts.refusals.begin()
        return refused.again(self._parts, there)

    def refuse_unknown(self) -> int:
        """Nobody knows what was: allow nothing more; of how many subjects: `refused.unknown`."""
        return refused.unknown(self._parts)

    def restrict(self, subject_id: str, restricted: bool) -> None:
        """Pause the use of the data, or take it up again."""
        limits.restrict(self._parts, subject_id, restricted)

    def object_to(self, subject_id: str, wanted: Mapping[str, bool]) -> list[str]:
        """Object to purposes, or no longer; those objected to now."""
        return limits.object_to(self._parts, subject_id, wanted)

    def merge(self, anonymous: str, known: str) -> dict[str, Any]:
        """What was known of an anonymous customer becomes the known one's: `merging.merge`."""
        return merging.merge(self._parts, self._elsewhere, anonymous, known)

    def requests(self, subject_id: str) -> list[dict[str, Any]]:
        """The subject's requests in the ledger, newest first."""
        with self._parts.database.read() as tx:
            return ledger.of(tx, subject_id, self._parts.clock())

    def ledger(self, *, overdue: bool = False) -> list[dict[str, Any]]:
        """Everybody's requests, or those not met in time."""
        with self._parts.database.read() as tx:
            return ledger.everyones(tx, self._parts.clock(), overdue=overdue)
