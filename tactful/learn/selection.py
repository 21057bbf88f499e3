"""The choice of what to review, from the store and back into it: turns by id and reasons in numbers, no words.

Only turns whose customers let people read them, asked anew each time: when it is made and when it is shown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, zip_longest

from sqlalchemy import Connection, RowMapping, delete, insert, select

from tactful.learn.choice import Alike, Choice, Doubt, Selecting, Turn, Why
from tactful.learn.naming import name
from tactful.learn.prediction import OUT_OF_SCOPE
from tactful.learn.selecting import choose
from tactful.privacy.placeholders import PLACEHOLDER
from tactful.privacy.policy import Policy
from tactful.profile import consent
from tactful.store.guesses import ranking_of
from tactful.store.tables import messages, queue_entries, selections, turns

QUEUE = "selected"
FALLBACK = frozenset({"", "nlu_fallback"})
LONGEST = 1000  # characters of a sentence that are compared
LABELLED = 4000  # reviewed turns whose labels are checked, newest first
NAMED, MEMBERS = 10, 200  # groups that are kept as suggestions, and turns of each
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Pool:
    """What is chosen from: turns, their sentences by key, and the reviewed ones with their labels."""

    turns: Sequence[Turn]
    texts: Mapping[str, tuple[str, int]] = field(repr=False)  # key → (sentence, how often)
    labelled: Sequence[tuple[int, str, str]] = field(repr=False)  # (turn, sentence, intent)

    def compared(self, most: int) -> dict[str, tuple[str, int]]:
        """The sentences to compare: in turn one said most often, one the model was unsure of, and one said lately."""
        if len(self.texts) <= most:
            return dict(self.texts)
        orders = (
            sorted(self.texts, key=lambda key: -self.texts[key][1]),
            (turn.key for turn in sorted(self.turns, key=lambda turn: turn.margin)),
            (turn.key for turn in self.turns),
        )
        keys = (key for key in chain.from_iterable(zip_longest(*orders)) if key is not None)
        found: dict[str, tuple[str, int]] = {}
        for key in keys:
            if len(found) == most:
                break
            found[key] = self.texts[key]
        return found


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A group that may be a new intent: words that name it, how many customers said it, a few of their turns."""

    words: Sequence[str]
    customers: int
    turns: Sequence[int]


@dataclass(frozen=True, slots=True)
class Kept:
    """A chosen turn as it is kept."""

    turn: int
    why: Why
    like: int
    score: float
    said: str
    at: int


def pool(tx: Connection, policy: Policy, most: int) -> Pool:
    """The newest turns that may be read and do not wait for a resolver, newest first."""
    rows = tx.execution_options(yield_per=2000).execute(
        select(
            turns.c.id, turns.c.subject_id, turns.c.state, turns.c.intent, turns.c.confidence, turns.c.ranking,
            turns.c.guesses, turns.c.final_intent, messages.c.text,
        )
        .join(messages, (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq))
        .where(turns.c.readable, turns.c.state.in_(("open", "done")))
        .order_by(turns.c.id.desc())
        .limit(most)
    ).mappings()  # fmt: skip
    found: list[Turn] = []
    texts: dict[str, tuple[str, int]] = {}
    labelled: list[tuple[int, str, str]] = []
    for row in rows:
        if not row["text"].strip():
            continue
        turn = _turn(row)
        found.append(turn)
        text, count = texts.get(turn.key, (row["text"][:LONGEST], 0))
        texts[turn.key] = text, count + 1
        if turn.final_intent and len(labelled) < LABELLED:
            labelled.append((turn.id, text, turn.final_intent))
    may = _readable(tx, {turn.subject for turn in found}, policy)
    kept = [turn for turn in found if turn.subject in may]
    keys, ids = {turn.key for turn in kept}, {turn.id for turn in kept}
    return Pool(
        kept, {key: each for key, each in texts.items() if key in keys}, [each for each in labelled if each[0] in ids]
    )


def selected(found: Pool, alike: Alike, doubts: Iterable[tuple[int, str, float]], settings: Selecting) -> Choice:
    """Choose from a pool. `doubts`: (number in `labelled`, other intent, probability)."""
    known = [Doubt(found.labelled[number][0], said, sure) for number, said, sure in doubts]
    return choose(found.turns, alike, known, settings)


def keep(tx: Connection, choice: Choice, now: int) -> None:
    """Put the choice into the reviewers' queue, in place of the one before."""
    tx.execute(delete(selections))
    tx.execute(delete(queue_entries).where(queue_entries.c.queue == QUEUE))
    rows = {
        each.turn: {
            "turn_id": each.turn, "place": place, "why": each.why.value, "twins": each.like, "score": each.score,
            "said": each.said, "cluster": None, "customers": 0, "at": now,
        }
        for place, each in enumerate(choice.chosen)
    }  # fmt: skip
    for number, group in enumerate(choice.groups[:NAMED]):
        for turn in group.turns[:MEMBERS]:
            row = rows.setdefault(turn, {
                "turn_id": turn, "place": 0, "why": "", "twins": 0, "score": 0.0, "said": "", "at": now,
            })  # fmt: skip
            row |= {"cluster": number, "customers": group.customers}
    states = dict(tx.execute(select(turns.c.id, turns.c.state).where(turns.c.id.in_(list(rows)))).all())
    there = [row for turn, row in rows.items() if turn in states]  # what was erased meanwhile stays away
    if there:
        tx.execute(insert(selections), there)
    entries = [
        {"turn_id": row["turn_id"], "queue": QUEUE, "open": True, "readable": True, "at": now}
        for row in there
        if row["why"] and states[row["turn_id"]] == "open"
    ]
    if entries:
        tx.execute(insert(queue_entries), entries)


def kept(tx: Connection, policy: Policy) -> list[Kept]:
    """The choice as it stands: what is still to be reviewed, or in doubt, of customers who allow it now."""
    rows = tx.execute(
        select(selections, turns.c.subject_id)
        .join(turns, turns.c.id == selections.c.turn_id)
        .where(
            selections.c.why != "",
            ((turns.c.state == "open") & (selections.c.why != Why.MISLABEL.value))
            | ((turns.c.state == "done") & (selections.c.why == Why.MISLABEL.value)),
        )
        .order_by(selections.c.place)
    ).all()
    may = _readable(tx, {row.subject_id for row in rows}, policy)
    return [
        Kept(row.turn_id, Why(row.why), row.twins, row.score, row.said, row.at) for row in rows if row.subject_id in may
    ]


def suggestions(tx: Connection, policy: Policy, rare: Mapping[str, float], customers: int) -> list[Suggestion]:
    """Groups that may be new intents, named by the words of those who allow reading now; one without words is none."""
    rows = (
        tx.execute(
            select(selections.c.cluster, turns.c.id, turns.c.subject_id, messages.c.text)
            .join(turns, turns.c.id == selections.c.turn_id)
            .join(messages, (messages.c.conversation_id == turns.c.conversation_id) & (messages.c.seq == turns.c.seq))
            .where(selections.c.cluster.is_not(None), turns.c.state == "open")
            .order_by(selections.c.cluster, turns.c.id.desc())
        )
        .mappings()
        .all()
    )
    may = _readable(tx, {row["subject_id"] for row in rows}, policy)
    found: dict[int, list[RowMapping]] = {}
    for row in rows:
        if row["subject_id"] in may:
            found.setdefault(row["cluster"], []).append(row)
    return [each for group in found.values() if (each := _suggestion(group, rare, customers)).words]


def _suggestion(rows: Sequence[RowMapping], rare: Mapping[str, float], most: int) -> Suggestion:
    said: dict[str, list[str]] = {}
    for row in rows:
        said.setdefault(row["subject_id"], []).append(row["text"])
    return Suggestion(name(said, rare, most), len(said), [row["id"] for row in rows])


def _turn(row: RowMapping) -> Turn:
    sure = [float(guess["confidence"]) for guess in ranking_of(row) if guess["name"] not in FALLBACK]
    first, second = (*sure, 0.0, 0.0)[:2] if sure else (row["confidence"], 0.0)
    outside = row["intent"] in FALLBACK or row["intent"] == OUT_OF_SCOPE
    return Turn(
        row["id"],
        row["subject_id"],
        key_of(row["text"]),
        max(0.0, first - second),
        outside,
        row["state"] == "done",
        row["final_intent"] or "",
    )


def key_of(text: str) -> str:
    """The same for what reads the same but for case, marks and the numbers of placeholders."""
    plain = _MARKS.sub(" ", PLACEHOLDER.sub(r"\1", text).casefold()).strip()
    return sha256(plain.encode()).hexdigest()[:16]


def _readable(tx: Connection, subjects: Iterable[str], policy: Policy) -> set[str]:
    return set().union(*_each(tx, subjects, policy))


def _each(tx: Connection, subjects: Iterable[str], policy: Policy) -> Iterator[set[str]]:
    for some in _batched(sorted(subjects), 500):
        yield consent.readable(tx, some, policy)


def _batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
