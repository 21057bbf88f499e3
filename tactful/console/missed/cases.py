"""The installation's own test set for its detector: each correction's sentence, with surrogates for every value."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tactful.console.missed.corrections import ACTIVE, KEPT, Correction
from tactful.console.missed.parts import Parts
from tactful.privacy.placeholders import PLACEHOLDER
from tactful.privacy.spans import Span
from tactful.privacy.surrogates import Surrogates
from tactful.store.database import Database
from tactful.store.tables import corrections, detector_cases, messages
from tactful.store.vault import VaultEntry

_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]*")


def renew(parts: Parts, tx: Connection, conversation_id: str, seqs: Collection[int] | None = None) -> None:
    """Make the cases of a conversation anew (of these messages only), from its words as they stand now."""
    which = [corrections.c.conversation_id == conversation_id, corrections.c.state.in_(ACTIVE)]
    if seqs is not None:
        which.append(corrections.c.seq.in_(seqs))
    held = {entry.placeholder: entry for entry in parts.vault.entries(tx, conversation_id)}
    for row in tx.execute(select(corrections).where(*which)).all():
        correction = Correction(*row)
        drop(tx, correction.id)
        if made := _case(parts, tx, correction, held):
            text, spans = made
            tx.execute(
                insert(detector_cases).values(correction_id=correction.id, text=text, spans=spans, at=parts.clock())
            )


def drop(tx: Connection, correction_id: str) -> None:
    """Take a correction's case out of the test set."""
    tx.execute(delete(detector_cases).where(detector_cases.c.correction_id == correction_id))


def exported(database: Database) -> Iterator[str]:
    """JSON lines {"id", "text", "spans": [{"start", "end", "type"}]}, as `tactful redact --jsonl` answers in spans."""
    with database.read() as tx:
        for row in tx.execute(select(detector_cases).order_by(detector_cases.c.at, detector_cases.c.correction_id)):
            yield json.dumps({"id": row.correction_id, "text": row.text, "spans": row.spans}, ensure_ascii=False)


def _case(
    parts: Parts, tx: Connection, correction: Correction, held: Mapping[str, VaultEntry]
) -> tuple[str, list[dict[str, Any]]] | None:
    """The sentence with surrogates, and where they stand; None when it is gone."""
    where = messages.c.conversation_id == correction.conversation_id, messages.c.seq == correction.seq
    text = tx.execute(select(messages.c.text).where(*where)).scalar_one_or_none() or ""
    entry = held.get(correction.placeholder)
    if entry is None:
        return None
    # What is nothing personal stands in the text again.
    at = text.find(entry.value if correction.act == KEPT else entry.placeholder)
    if at < 0:
        return None
    return with_surrogates(_sentence(text, at), held, parts.ring.derive("detector-cases"), correction.id)


def with_surrogates(
    sentence: str, held: Mapping[str, VaultEntry], salt: bytes, about: str
) -> tuple[str, list[dict[str, Any]]]:
    """A redacted sentence with somebody else's values in place of its placeholders; one whose value is gone stays."""
    real, spans = _put_back(sentence, held)
    surrogates = Surrogates(salt, about)
    surrogates.replace(real, spans)  # once as a whole: so none is chosen that stands in the sentence
    made, where, at = "", list[dict[str, Any]](), 0
    for span in spans:
        made += real[at : span.start]
        value = real[span.start : span.end]
        surrogate = surrogates.replace(value, [Span(0, len(value), span.type, 1.0)])
        where.append({"start": len(made), "end": len(made) + len(surrogate), "type": span.type})
        made, at = made + surrogate, span.end
    return made + real[at:], where


def _put_back(sentence: str, held: Mapping[str, VaultEntry]) -> tuple[str, list[Span]]:
    text, spans, at = "", list[Span](), 0
    for found in PLACEHOLDER.finditer(sentence):
        if entry := held.get(found[0]):
            text += sentence[at : found.start()]
            spans.append(Span(len(text), len(text) + len(entry.value), entry.type, 1.0))
            text, at = text + entry.value, found.end()
    return text + sentence[at:], spans


def _sentence(text: str, at: int) -> str:
    return next((found[0].strip() for found in _SENTENCE.finditer(text) if found.start() <= at < found.end()), text)
