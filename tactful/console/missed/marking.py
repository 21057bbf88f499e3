"""Missed personal data: marked in one message, hidden there at once, then wherever the same value stands."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, Connection, select, true

from tactful.console.missed import cases, corrections
from tactful.console.missed.corrections import MISSED, Correction, Scope, State
from tactful.console.missed.hiding import Hidden
from tactful.console.missed.kinds import kinds
from tactful.console.missed.parts import Parts
from tactful.console.missed.places import BY_NAME, PLACES, Row, of_conversations
from tactful.console.missed.same import Hiding, Same
from tactful.console.missed.settling import PATIENCE_S, Settling
from tactful.errors import BadRequest, Conflict, NotFound
from tactful.privacy.lists import tells_enough
from tactful.privacy.placeholders import PLACEHOLDER
from tactful.privacy.recognizers.words import is_word
from tactful.privacy.spans import Span
from tactful.store.audit import Act
from tactful.store.tables import conversations, messages

_EDGES = " \t\r\n.,;:!?\"'“”‘’«»()[]{}"
_OPENING = "(+#@"  # with which a number or a handle may begin
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation in which the value stands, and how often."""

    conversation_id: str
    began_at: int
    places: int
    same_customer: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """Where else a marked value stands: in this conversation, in others that may be seen, and in those that may not.

    `too_short`: it says too little to be looked for. `ordinary`: it is made of common words alone.
    """

    here: int
    seen: list[Found]
    unseen_conversations: int
    unseen_places: int
    too_short: bool = False
    ordinary: bool = False

    @property
    def places(self) -> int:
        return self.here + sum(found.places for found in self.seen) + self.unseen_places


class Missed:
    """What reviewers do about missed values; each method is a transaction of its own, and then tells the engine."""

    def __init__(self, parts: Parts, patience_s: float = PATIENCE_S) -> None:
        self._parts, self._settling = parts, Settling(parts, patience_s)

    def mark(self, by: str, conversation_id: str, seq: int, start: int, end: int, kind: str) -> Correction:
        """Hide `[start, end)` (code points of the redacted text) of a message as this kind; `by` is an account's id.

        Errors: `BadRequest` when nothing can be marked there, `NotFound` for a message that may not be seen.
        """
        if kind not in {each.name for each in kinds(self._parts.policy)}:
            raise BadRequest("Choose what kind of personal data this is.")
        with self._parts.database.begin() as tx:
            subject_id = corrections.subject_of(tx, conversation_id)
            row = self._message(tx, conversation_id, subject_id, seq)
            span = _selected(row.content["text"], start, end)
            value = row.content["text"][span[0] : span[1]]
            same = Same(value, kind, whole=True)
            scope = Scope.CUSTOMER if _is_ordinary(value) else Scope.EVERYONE
            now = self._parts.clock()
            correction_id = corrections.add(
                tx, act=MISSED, conversation_id=conversation_id, subject_id=subject_id, seq=seq, placeholder="",
                kind=kind, scope=scope, places=0, state=State.HERE, by=by, at=now,
            )  # fmt: skip
            hidden = Hidden(self._parts, tx, corrections.one(tx, correction_id), conversation_id, subject_id)
            places, placeholder = hidden.selected(row, partial(_replaced, span=Span(*span, kind, 1.0)), same)
            hidden.models()
            corrections.change(tx, correction_id, places=places, placeholder=placeholder)
            self._learn(tx, correction_id, value, kind, subject_id if scope == Scope.CUSTOMER else "")
            correction = corrections.one(tx, correction_id)
            cases.renew(self._parts, tx, conversation_id, [seq])
            self._parts.note(tx, Act.MISSED_MARKED, by, subject_id, conversation_id, {kind: places})
        return self._settling.settle(correction.id)

    def preview(self, correction_id: str, scope: str | None = None) -> Preview:
        """Where else it stands. Errors: `NotFound`; `Conflict` once it was undone, or the value's end date has come."""
        with self._parts.database.read() as tx:
            correction, value = self._active(tx, correction_id)
            ordinary = _is_ordinary(value)
            if not tells_enough(value):
                return Preview(0, [], 0, 0, too_short=True, ordinary=ordinary)
            here = Hidden(self._parts, tx, correction, correction.conversation_id, correction.subject_id)
            same = Same(value, correction.kind, whole=False)
            places = here.count(same)
            found = self._elsewhere(tx, correction, value, scope or correction.scope)
            seen = [each for each, visible in found if visible]
            unseen = [each for each, visible in found if not visible]
            return Preview(places, seen, len(unseen), sum(each.places for each in unseen), ordinary=ordinary)

    def spread(self, by: str, correction_id: str, scope: str, without: Collection[str] = ()) -> Correction:
        """Hide it wherever else it stands: in this conversation, and in this customer's others or in everybody's.

        `without`: conversations that are left as they are. Errors: as `preview`.
        """
        scope = Scope(scope)
        with self._parts.database.begin() as tx:
            correction, value = self._active(tx, correction_id)
            corrections.change(tx, correction_id, scope=scope, state=State.EVERYWHERE, settled=False)
            self._parts.listed.end(tx, correction_id, self._parts.clock())
            self._learn(tx, correction_id, value, correction.kind, correction.subject_id if scope == "customer" else "")
            places = 0
            if tells_enough(value):
                places = self._hide(tx, correction, value, scope, without)
            self._parts.note(
                tx, Act.MISSED_SPREAD, by, correction.subject_id, correction.conversation_id, {correction.kind: places}
            )
        return self._settling.settle(correction_id)

    def _hide(self, tx: Connection, correction: Correction, value: str, scope: str, without: Collection[str]) -> int:
        own = Hidden(self._parts, tx, correction, correction.conversation_id, correction.subject_id)
        same = Same(value, correction.kind, whole=False)
        places = own.rows(same)
        own.facts(same)
        own.models()
        same = Same(value, correction.kind, whole=True)
        touched = {correction.conversation_id}
        for found, _ in self._elsewhere(tx, correction, value, scope):
            if found.conversation_id in without:
                continue
            subject_id = corrections.subject_of(tx, found.conversation_id)
            other = Hidden(self._parts, tx, correction, found.conversation_id, subject_id)
            places += other.rows(same)
            other.facts(same)
            other.models()
            touched.add(found.conversation_id)
        for conversation_id in touched:
            cases.renew(self._parts, tx, conversation_id)
        return places

    def _elsewhere(self, tx: Connection, correction: Correction, value: str, scope: str) -> list[tuple[Found, bool]]:
        """Other conversations in which the value stands, and whether they may be seen; oldest first."""
        same, places = Same(value, correction.kind, whole=True), dict[str, int]()
        for place in PLACES:
            where: ColumnElement[bool] = true()
            if scope == Scope.CUSTOMER:
                theirs = select(conversations.c.id).where(conversations.c.subject_id == correction.subject_id)
                where = of_conversations(place, theirs)
            for row in place.rows(tx, where, same.run):
                if row.conversation_id != correction.conversation_id:
                    hiding = Hiding(same, {})
                    hiding.content(list(row.content.values()))
                    places[row.conversation_id] = places.get(row.conversation_id, 0) + hiding.places
        held = {each: count for each, count in places.items() if count}
        about = corrections.subjects_of(tx, held)
        seen = {who: corrections.may_be_seen(tx, who, self._parts.policy) for who, _ in about.values()}
        found = [
            (Found(each, began, held[each], subject == correction.subject_id), seen[subject])
            for each, (subject, began) in about.items()
        ]
        return sorted(found, key=lambda each: (each[0].began_at, each[0].conversation_id))

    def _message(self, tx: Connection, conversation_id: str, subject_id: str, seq: int) -> Row:
        if not corrections.may_be_seen(tx, subject_id, self._parts.policy):
            raise NotFound
        place = BY_NAME[messages.name]
        shown = (messages.c.seq == seq) & (messages.c.kind != "event") & (messages.c.status != "withheld")
        row = next(place.rows(tx, of_conversations(place, [conversation_id]) & shown), None)
        if row is None:
            raise NotFound
        return row

    def _active(self, tx: Connection, correction_id: str) -> tuple[Correction, str]:
        correction = corrections.one(tx, correction_id)
        if correction.act != MISSED:
            raise NotFound
        if not correction.is_active:
            raise Conflict("This was undone already.")
        entry = self._parts.value(tx, correction.conversation_id, correction.placeholder)
        if entry is None:
            raise Conflict("The value has reached its end date and is gone. Where it was marked it stays hidden.")
        return correction, entry.value

    def _learn(self, tx: Connection, correction_id: str, value: str, kind: str, whose: str) -> None:
        if tells_enough(value):
            entry = self._parts.listed.entry(value, kind, kept=False, whose=whose)
            self._parts.listed.add(tx, correction_id, entry, self._parts.clock())


def _selected(text: str, start: int, end: int) -> tuple[int, int]:
    """The selection without the signs at its edges that belong to the sentence. Errors: `BadRequest`."""
    if not 0 <= start < end <= len(text):
        raise BadRequest("The message has changed since. Select the words again.")
    while start < end and text[start] in _EDGES and text[start] not in _OPENING:
        start += 1
    closing = _EDGES.replace(")", "") if "(" in text[start:end] else _EDGES
    while end > start and text[end - 1] in closing:
        end -= 1
    end -= len(found[0]) if (found := _POSSESSIVE.search(text[start:end])) else 0
    if not any(character.isalnum() for character in text[start:end]):
        raise BadRequest("Select words or numbers.")
    if any(found.start() < end and start < found.end() for found in PLACEHOLDER.finditer(text)):
        raise BadRequest("A part of this is hidden already. Select the words beside it.")
    return start, end


def _replaced(hiding: Hiding, text: str, *, span: Span) -> str:
    """The text with the selection hidden; a placeholder stands as a word of its own, or it would not be read as one."""
    before = " " if span.start and _in_word(text[span.start - 1]) else ""
    after = " " if span.end < len(text) and _in_word(text[span.end]) else ""
    parted = text[: span.start] + before + text[span.start : span.end] + after + text[span.end :]
    moved = Span(span.start + len(before), span.end + len(before), span.type, span.score)
    return hiding.spans(parted, [moved])


def _in_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def _is_ordinary(value: str) -> bool:
    """Whether it is made of common words alone, so that hiding it in everybody's messages would hide too much."""
    words = _WORDS.findall(value)
    return bool(words) and not any(character.isdigit() for character in value) and all(map(is_word, words))
