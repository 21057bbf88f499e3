"""An export taken back in: the same facts, answers and conversations, under the importing customer.

Conversations, answers and dates are taken only from a document that this installation signed: of its words we know
that they were redacted, and of its answers that the customer gave them. From any other, only facts are.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select, update

from tactful.errors import BadRequest, Personal
from tactful.profile import consent, facts, own_words
from tactful.profile.facts import DAY_MS, Fact
from tactful.profile.rights import document as documents
from tactful.profile.rights import ledger, parts
from tactful.profile.rights.document import Conversation, Export
from tactful.profile.rights.document import Fact as Stated
from tactful.profile.rights.parts import Parts
from tactful.store.audit import Act
from tactful.store.refusals import Refusal, What
from tactful.store.tables import consents, conversations, messages, objections, receipts
from tactful.store.vault import DatedEntry

LeftOut = list[dict[str, str]]


def take_in(with_: Parts, subject_id: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """{imported: {profile, consents, conversations}, left_out: [{what, why}]}; all or nothing.

    What the customer has said here since is newer and stays. Errors: `BadRequest` for what is no export; `NotFound`;
    `DetectorUnavailable`.
    """
    signed = with_.signer.is_valid(document)
    export = _read(document)
    left_out: LeftOut = []
    facts_told = _impersonal(with_, export.profile, left_out)
    with with_.database.begin() as tx:
        parts.subject(tx, subject_id)
        answers = _answers(with_, tx, subject_id, export, left_out) if signed else 0
        known = _facts(with_, tx, subject_id, facts_told, signed, left_out)
        spoken = _conversations(with_, tx, subject_id, export.conversations, left_out) if signed else 0
        if not signed and (export.consents or export.conversations):
            left_out.append({"what": "consents and conversations", "why": "this document was not signed here"})
        consent.settle(tx, subject_id, with_.policy)
        ledger.done(tx, subject_id, "import", with_.via, with_.clock())
        with_.note(tx, Act.IMPORTED, subject_id, ("profile", "transcript") if signed else ("profile",))
    return {
        "imported": {"profile": known, "consents": answers, "conversations": spoken},
        "left_out": left_out,
    }


def _read(document: Mapping[str, Any]) -> Export:
    try:
        return Export.model_validate(document)
    except ValidationError as error:
        # Where, without the value: it may be personal.
        place = ".".join(str(part) for part in error.errors()[0]["loc"][:4]) or "as a whole"
        raise BadRequest(f"This is no {documents.FORMAT} document: {place[:100]}.") from None


def _answers(with_: Parts, tx: Connection, subject_id: str, export: Export, left_out: LeftOut) -> int:
    """The whole history of answers, if none was given here yet; receipts belong to somebody again."""
    for receipt in export.receipts:
        tx.execute(
            update(receipts)
            .where(receipts.c.id == str(receipt.get("id")), receipts.c.subject_id.is_(None))
            .values(subject_id=subject_id)
        )
    for purpose in set(export.objections) - consent.objected(tx, subject_id):
        consent.check(purpose)
        now = with_.clock()
        tx.execute(insert(objections).values(subject_id=subject_id, purpose=purpose, at=now))
        with_.refusals.note(subject_id, Refusal(now, What.OBJECTION, purpose))
    if consent.answers(tx, subject_id):
        left_out.append({"what": "consents", "why": "you have answered here yourself"})
        return 0
    for answer in export.consents:
        consent.check(answer.purpose)
        tx.execute(
            insert(consents).values(
                subject_id=subject_id, purpose=answer.purpose, granted=answer.granted,
                policy_version=with_.policy.version, at=_ms(answer.at),
            )
        )  # fmt: skip
    for purpose, said in consent.answers(tx, subject_id).items():
        if not said.granted:
            with_.refusals.note(subject_id, Refusal(said.at, What.CONSENT, purpose))
    return len(export.consents)


def _impersonal(with_: Parts, told: Sequence[Stated], left_out: LeftOut) -> list[Stated]:
    """The facts without those whose words hold something personal, whoever signed them."""
    found = {number for number, each in enumerate(told) if own_words.personal({each.name: each.value}, with_.reads)}
    left_out += [{"what": told[number].name, "why": Personal.WHY} for number in sorted(found)]
    return [each for number, each in enumerate(told) if number not in found]


def _facts(
    with_: Parts, tx: Connection, subject_id: str, told: Iterable[Stated], signed: bool, left_out: LeftOut
) -> int:
    now, taken = with_.clock(), 0
    before = facts.load(tx, with_.cipher, subject_id, now)
    for stated in told:
        name = stated.name if stated.name in with_.policy.attributes else "a fact"
        held = before.get(stated.name)
        if held and (not signed or held.learned_at >= _ms(stated.learned_at)):
            if held.value != stated.value:
                left_out.append({"what": name, "why": "what is known here is newer"})
            continue
        if signed and _ms(stated.expires_at) <= now:
            left_out.append({"what": name, "why": "its end date has come"})
            continue
        try:
            facts.check(tx, with_.policy, subject_id, stated.name, stated.value, known=held is not None)
        except BadRequest as refused:
            left_out.append({"what": name, "why": str(refused)})
            continue
        facts.put(tx, with_.cipher, subject_id, _as_it_was(stated) if signed else _as_told_now(with_, stated, now))
        taken += 1
    return taken


def _as_it_was(stated: Stated) -> Fact:
    dates = _ms(stated.learned_at), _ms(stated.expires_at)
    return Fact(stated.name, stated.value, stated.source, *dates, stated.sureness, stated.confirmed)


def _as_told_now(with_: Parts, stated: Stated, now: int) -> Fact:
    ends = now + with_.policy.attributes[stated.name].retention_days * DAY_MS
    return Fact(stated.name, stated.value, "chosen", now, ends)


def _conversations(
    with_: Parts, tx: Connection, subject_id: str, spoken: Iterable[Conversation], left_out: LeftOut
) -> int:
    here = set(tx.execute(select(conversations.c.created_at).where(conversations.c.subject_id == subject_id)).scalars())
    taken = 0
    for conversation in spoken:
        if _ms(conversation.began_at) in here:
            left_out.append({"what": "a conversation", "why": "it is here already"})
            continue
        _conversation(with_, tx, subject_id, conversation)
        taken += 1
    return taken


def _conversation(with_: Parts, tx: Connection, subject_id: str, conversation: Conversation) -> None:
    """To be read and exported; it is closed, and nobody speaks in it any more."""
    conversation_id, began = secrets.token_hex(16), _ms(conversation.began_at)
    tx.execute(
        insert(conversations).values(
            id=conversation_id, subject_id=subject_id, created_at=began, expires_at=began, state="closed",
            next_seq=len(conversation.messages) + 1,
        )
    )  # fmt: skip
    if conversation.messages:
        tx.execute(
            insert(messages),
            [
                {
                    "conversation_id": conversation_id,
                    "seq": seq,
                    "author": message.author,
                    "kind": "text",
                    "status": _status(message),
                    "text": message.redacted,
                    "created_at": _ms(message.at),
                }
                for seq, message in enumerate(conversation.messages, 1)
            ],
        )
    now = with_.clock()
    with_.vault.put(
        tx,
        conversation_id,
        subject_id,
        [
            DatedEntry(value.placeholder, value.type, value.value, _ms(value.learned_at), _ms(value.expires_at))
            for value in conversation.values
            if _ms(value.expires_at) > now
        ],
    )


def _status(message: documents.Message) -> str:
    if not message.kept:
        return "withheld"
    return "answered" if message.author == "customer" else "sent"


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
