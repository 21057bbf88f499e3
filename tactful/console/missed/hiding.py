"""Hiding a value in one conversation: its rows, its customer's facts; what was there before is kept for undoing."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, update

from tactful.console.missed.changes import Change
from tactful.console.missed.corrections import Correction
from tactful.console.missed.parts import Parts
from tactful.console.missed.places import PLACES, Row, of_conversations
from tactful.console.missed.same import Hiding, Same, mapped
from tactful.profile import facts
from tactful.store.tables import facts as facts_table
from tactful.store.tables import model_lineage

VAULT, FACTS, EVENTS = "vault", "facts", "events"
NAME = "name"  # the fact that the engine only ever sees as a placeholder


class Hidden:
    """What a correction hides in one conversation, within one transaction."""

    def __init__(
        self, parts: Parts, tx: Connection, correction: Correction, conversation_id: str, subject: str
    ) -> None:
        self._parts, self._tx, self._correction = parts, tx, correction
        self._conversation, self._subject = conversation_id, subject
        self._ends = parts.ends(correction.kind)

    def rows(self, same: Same, rows: Iterable[Row] | None = None) -> int:
        """Hide the value in these rows, or in all of the conversation; how often it stood there."""
        hiding = self._hiding(same)
        for row in self._all(same) if rows is None else rows:
            before = hiding.places
            content = {name: hiding.content(value) for name, value in row.content.items()}
            if hiding.places > before:
                self.write(row, content)
        self._keep(hiding)
        return hiding.places

    def count(self, same: Same) -> int:
        """How often `rows` would hide it; nothing is changed."""
        hiding = self._hiding(same)
        for row in self._all(same):
            hiding.content(list(row.content.values()))
        return hiding.places

    def selected(self, row: Row, hide: Callable[[Hiding, str], str], same: Same) -> tuple[int, str]:
        """Hide what was selected in a message's text, and the same in the rest of it; (how often, its placeholder)."""
        hiding = self._hiding(same)
        text = hide(hiding, row.content["text"])
        placeholder = hiding.last
        rest = {name: hiding.content(value) for name, value in row.content.items() if name != "text"}
        self.write(row, {"text": hiding.text(text), **rest})
        self._keep(hiding)
        return hiding.places, placeholder

    def write(self, row: Row, content: dict[str, Any]) -> None:
        """Put content into a row, and keep what it replaces."""
        changed = {name: value for name, value in content.items() if value != row.content[name]}
        before = {name: row.content[name] for name in changed}
        self._note(row.place.table.name, row.name, before, changed)
        row.place.write(self._tx, row, changed)

    def facts(self, same: Same) -> int:
        """Forget facts in which the value stands, which the engine would see in clear; how many."""
        held, _ = facts.load_all(self._tx, self._parts.cipher, self._subject, self._parts.clock())
        found = [fact for name, fact in held.items() if name != NAME and _holds(same, fact.value)]
        for fact in found:
            self._note(FACTS, fact.name, asdict(fact), None)
            which = facts_table.c.subject_id == self._subject, facts_table.c.name == fact.name
            self._tx.execute(delete(facts_table).where(*which))
        return len(found)

    def models(self) -> None:
        """Models that learned from this conversation learned the value: they are to be trained anew."""
        learned = model_lineage.c.conversation_id == self._conversation, model_lineage.c.flagged_at.is_(None)
        self._tx.execute(update(model_lineage).where(*learned).values(flagged_at=self._parts.clock()))

    def events(self, same: Same, events: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
        """Name → event as it should be, for those of the engine's in which the value stands."""
        hiding = self._hiding(same)
        changed = self.changed(events, hiding.text)
        self._keep(hiding)
        return changed

    def changed(
        self, events: Iterable[tuple[str, dict[str, Any]]], change: Callable[[str], str]
    ) -> dict[str, dict[str, Any]]:
        """The same for any change of a text."""
        changed = dict[str, dict[str, Any]]()
        for row, event in events:
            new = event | mapped({key: each for key, each in event.items() if key not in NO_WORDS}, change)
            if new != event:
                self._note(EVENTS, row, event, new)
                changed[row] = new
        return changed

    def _all(self, same: Same) -> Iterable[Row]:
        for place in PLACES:
            yield from list(place.rows(self._tx, of_conversations(place, [self._conversation]), same.run))

    def _hiding(self, same: Same) -> Hiding:
        return Hiding(same, self._parts.vault.numbering(self._tx, self._conversation))

    def _keep(self, hiding: Hiding) -> None:
        self._parts.vault.keep(self._tx, self._conversation, self._subject, hiding.new)
        for new in hiding.new:
            self._note(VAULT, new.placeholder, None, None)

    def _note(self, place: str, row: str, before: Any, after: Any) -> None:
        change = Change(self._conversation, self._subject, place, row, before)
        self._parts.changes.keep(self._tx, self._correction.id, change, after, self._ends)


# Of an event of Rasa's: what names things of the assistant.
NO_WORDS = frozenset({"event", "name", "timestamp", "message_id", "input_channel", "policy", "confidence"})


def _holds(same: Same, value: Any) -> bool:
    """Whether the value stands in a fact's."""
    return any(isinstance(each, str) and same.spans(each) for each in (value if isinstance(value, list) else [value]))
