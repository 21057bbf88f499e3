"""Training examples: templates and carriers with their slots filled, written as people write in a chat.

A template's fold is drawn from its own words, so a model can be scored on templates that it never saw.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ner.carriers import HERE, LABELLED, PLAIN, SLOT
from ner.lists import Lists
from ner.values import Values
from tactful.privacy.lexicon import folded

FOLDS = 5
JOINED, BETWEEN = (
    0.12,
    (" ", ". ", " . ", ", ", " - ", " ! ", "\n", " : ", "; ", " ... "),
)  # share of messages that are two
REDACTED = 0.05  # share of texts that hold placeholders in the place of values
LABELS = ("PERSON", "STREET_ADDRESS", "BOOKING_ID", "EMAIL_ADDRESS", "USERNAME", "PHONE_NUMBER")
KIND_OF = {
    "PERSON": "PERSON", "FIRST": "PERSON", "LAST": "PERSON", "ADDRESS": "STREET_ADDRESS", "STREET": "STREET_ADDRESS",
    "EMAIL": "EMAIL_ADDRESS",     "USER": "USERNAME", "ID": "BOOKING_ID", "PHONE": "PHONE_NUMBER",
}  # fmt: skip
# Where somebody is spoken of, a name could stand.
_SOMEBODY = re.compile(
    r"\b(?:(?:my |the |his |her |your )?"
    r"(?:mom|mum|mother|dad|father|wife|husband|brother|sister|boss|friend|son|daughter|girlfriend|boyfriend"
    r"|driver|neighbor|manager)|he|she|him|someone|somebody)\b(?!')",
    re.IGNORECASE,
)
_OWN_SLOT = re.compile(r"\{([A-Z]+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """`parts` alternate between text and (slot, entity type or "")."""

    source: str
    parts: tuple[str | tuple[str, str], ...]
    fold: int

    @property
    def labelled(self) -> bool:
        return any(not isinstance(part, str) and part[1] for part in self.parts)


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with its entity spans: (start, end, label)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def fold_of(text: str) -> int:
    """0 to `FOLDS` - 1, from a template's words without slots, case and digits; -1 for a bare value."""
    bare = re.sub(r"\W+|\d+", " ", SLOT.sub(" ", _OWN_SLOT.sub(" ", text))).casefold()
    return sha256(bare.encode()).digest()[0] % FOLDS if bare.strip() else -1


def templates(lists: Lists) -> list[Template]:
    """Every template, own and carried."""
    own = [
        Template(f"own:{path.stem}", tuple(_own_parts(line.replace("\\n", "\n"))), fold_of(line))
        for path in sorted((HERE / "templates").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    carried = [
        Template(name, tuple(_carried_parts(carrier)), fold_of(carrier))
        for name in LABELLED
        for carrier in _lines(HERE / "carriers" / f"{name}.jsonl")
    ]
    names = {folded(name) for name in (*lists.first, *lists.last)}
    plain = [
        Template(name, (text,), fold_of(text))
        for name in PLAIN
        for text in _lines(HERE / "carriers" / f"{name}.jsonl")
        if not _may_name(text, names, lists.words)
    ]
    named = [
        replace(template, source="named", parts=tuple(_named(template.parts)))
        for template in carried + plain
        if any(isinstance(part, str) and _SOMEBODY.search(part) for part in template.parts)
    ]
    return own + carried + plain + named


def _named(parts: Iterable[str | tuple[str, str]]) -> Iterator[str | tuple[str, str]]:
    """The parts with a name for everybody who is spoken of without one."""
    for part in parts:
        if not isinstance(part, str):
            yield part
            continue
        at = 0
        for somebody in _SOMEBODY.finditer(part):
            yield part[at : somebody.start()]
            yield "PERSONl" if part.islower() else "PERSON", "PERSON"
            at = somebody.end()
        yield part[at:]


def samples(
    templates: Sequence[Template], values: Values, rng: random.Random, shares: dict[str, int]
) -> Iterator[Sample]:
    """`shares[source]` fillings of each template of a source, each written in one of the ways people write."""
    for template in templates:
        for _ in range(shares[template.source]):
            sample = _written(_filled(template, values, rng), rng, template.source.startswith("own"))
            if rng.random() < JOINED:
                other = rng.choice(templates)
                more = _written(_filled(other, values, rng), rng, other.source.startswith("own"))
                sample = _joined(sample, more, rng.choice(BETWEEN))
            yield sample


def _joined(one: Sample, other: Sample, between: str) -> Sample:
    """Two texts as one message: what is said before and after tells nothing of a name."""
    ahead = len(one.text) + len(between)
    later = tuple((start + ahead, end + ahead, label) for start, end, label in other.spans)
    return Sample(one.text + between + other.text, one.spans + later)


def _filled(template: Template, values: Values, rng: random.Random) -> Sample:
    text, spans = "", []
    redacted = rng.random() < REDACTED
    for part in template.parts:
        if isinstance(part, str):
            text += part
            continue
        slot, label = part
        if label and redacted:  # what is hidden already is nothing to find
            text += f"{label}_{rng.randint(1, 12)}"
            continue
        value = values.draw(slot)
        if label in LABELS:
            spans.append((len(text), len(text) + len(value), label))
        text += value
    return Sample(text, tuple(spans))


def _written(sample: Sample, rng: random.Random, own: bool) -> Sample:
    """Lower case, capitals, without punctuation: customers type fast."""
    text, spans = sample.text, list(sample.spans)
    way = rng.random()
    if way < (0.40 if own else 0.15):
        text = _same_length(text, str.lower)
    elif way < (0.46 if own else 0.18):
        text = _same_length(text, str.upper)
    elif way < (0.51 if own else 0.19):
        text = text.title() if len(text.title()) == len(text) else text
    if rng.random() < (0.35 if own else 0.08):
        text, spans = _without_punctuation(text, spans)
    elif own and rng.random() < 0.25 and text[-1:].isalnum():
        text += rng.choice([".", "!", "?", " .", " !", " ?", "...", ","])
    return Sample(text, tuple(spans))


def _same_length(text: str, change: "type[str.lower]") -> str:  # type: ignore[valid-type]
    return "".join(new if len(new := change(sign)) == 1 else sign for sign in text)


def _without_punctuation(text: str, spans: list[tuple[int, int, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    keep = [sign not in ".,;:!?'’\"()-@#/" for sign in text]
    place, at = [], 0
    for kept in keep:
        place.append(at)
        at += kept
    place.append(at)
    return "".join(sign for sign, kept in zip(text, keep, strict=True) if kept), [
        (place[start], place[end], label) for start, end, label in spans if place[end] > place[start]
    ]


def _own_parts(line: str) -> Iterator[str | tuple[str, str]]:
    for number, part in enumerate(_OWN_SLOT.split(line)):
        yield (part, KIND_OF.get(part, "")) if number % 2 else part


def _carried_parts(line: str) -> Iterator[str | tuple[str, str]]:
    for number, part in enumerate(SLOT.split(line)):
        if number % 2:
            slot, _, label = part.rpartition("|")
            yield slot, label
        else:
            yield part


def _may_name(text: str, names: set[str], words: dict[str, int]) -> bool:
    """Whether an unlabelled sentence may hold a name: such a one would teach the model to let it pass."""
    return any(word in names and words.get(word, 9) > 2 for word in map(folded, re.findall(r"[^\W\d_]+", text)))


def _lines(path: Path) -> Iterator[str]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
