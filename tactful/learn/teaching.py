"""Training data from reviewed turns: what may be taught, what must not, and why not.

Sentences keep their placeholders. Each carries where it comes from by ids alone: conversation, message, reviewers and
the consent under which it was taken.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import yaml

from tactful.learn.evaluating import folded

HEADER = (
    "# Made by `tactful learn export` from reviewed turns; provenance.jsonl beside it says from which. Do not edit.\n"
)
MARKUP = re.compile(r"\[[^\]]*\]\s*[({]")  # what Rasa would read as an entity, whoever typed it


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sentence comes from, by ids."""

    conversation: str
    seq: int
    reviewers: tuple[str, ...]
    consent: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A sentence that reviewers found to mean something; redacted as it was stored."""

    text: str = field(repr=False)
    intent: str
    source: Source


@dataclass(frozen=True, slots=True)
class Refused:
    """A sentence that is not taught, and why: personal, golden, conflict, markup or unknown intent."""

    why: str
    intent: str
    source: Source


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is taught: (intent, text) with all their sources; what was refused; how many were known already."""

    sentences: Mapping[tuple[str, str], Sequence[Source]]
    refused: Sequence[Refused]
    known: int

    def nlu(self) -> str:
        """The sentences as Rasa's NLU data, sorted, so that a review shows only what changed."""
        intents: dict[str, list[str]] = {}
        for intent, text in sorted(self.sentences):
            intents.setdefault(intent, []).append(text)
        blocks = [
            {"intent": intent, "examples": [{"text": text} for text in texts]} for intent, texts in intents.items()
        ]
        content = {"version": "3.1", "nlu": blocks}
        return _as_yaml(content)

    def provenance(self) -> str:
        """A line a sentence: its digest and where it comes from."""
        lines = (
            {
                "sentence": digest(intent, text),
                "sources": [
                    {"conversation": s.conversation, "seq": s.seq, "reviewers": s.reviewers, "consent": s.consent}
                    for s in sorted(sources, key=lambda each: (each.conversation, each.seq))
                ],
            }
            for (intent, text), sources in sorted(self.sentences.items())
        )
        return "".join(json.dumps(line) + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was exported, less what may not teach any more. `unsourced`: sentences of which nobody knows where from."""

    nlu: str = field(repr=False)
    provenance: str
    gone: int  # sentences
    unsourced: int


def without(nlu: str, provenance: str, gone: Collection[str]) -> Cleaned:
    """Take out what came from these conversations alone. Errors: `ValueError` for files that are not an export's."""
    lines = [json.loads(line) for line in provenance.splitlines() if line]
    for line in lines:
        line["sources"] = [each for each in line["sources"] if each["conversation"] not in gone]
    sourced, kept = {line["sentence"] for line in lines}, [line for line in lines if line["sources"]]
    alive = {line["sentence"] for line in kept}
    blocks, unsourced = (yaml.safe_load(nlu) or {}).get("nlu") or [], 0
    for block in blocks:
        digests = [(digest(block["intent"], each["text"]), each) for each in block["examples"]]
        unsourced += sum(known not in sourced for known, _ in digests)
        block["examples"] = [each for known, each in digests if known in alive or known not in sourced]
    content = {"version": "3.1", "nlu": [block for block in blocks if block["examples"]]}
    return Cleaned(
        _as_yaml(content), "".join(json.dumps(line) + "\n" for line in kept), len(lines) - len(kept), unsourced
    )  # fmt: skip


def _as_yaml(content: Mapping[str, Any]) -> str:
    return HEADER + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)


def lesson(
    reviewed: Iterable[Reviewed],
    *,
    by_hand: Mapping[str, str],
    golden: Collection[str],
    intents: Collection[str],
    personal: Callable[[str], bool],
) -> Lesson:
    """Sort out what may be taught. `by_hand`: folded sentence → intent of the data people wrote; `golden`: folded ones.

    A sentence that reviewers or the data give two intents is taught as neither.
    """
    everything = list(reviewed)
    meant: dict[str, set[str]] = {}
    for each in everything:
        meant.setdefault(folded(each.text), set()).add(each.intent)
    taught: dict[tuple[str, str], list[Source]] = {}
    spelled: dict[str, str] = {}
    refused, known = [], 0
    for each in everything:
        key = folded(each.text)
        meanings = meant[key] | ({by_hand[key]} if key in by_hand else set())
        if why := _why_not(each, key, meanings, golden, intents, personal):
            refused.append(Refused(why, each.intent, each.source))
        elif key in by_hand:
            known += 1
        else:
            text = spelled.setdefault(key, " ".join(each.text.split()))
            taught.setdefault((each.intent, text), []).append(each.source)
    return Lesson(taught, refused, known)


def _why_not(
    each: Reviewed,
    key: str,
    meanings: set[str],
    golden: Collection[str],
    intents: Collection[str],
    personal: Callable[[str], bool],
) -> str:
    if each.intent not in intents:
        return "unknown intent"
    if MARKUP.search(each.text):
        return "markup"
    if key in golden:
        return "golden"
    if len(meanings) > 1:
        return "conflict"
    return "personal" if personal(each.text) else ""


def digest(intent: str, text: str) -> str:
    """What a sentence is known by beside its text."""
    return sha256(f"{intent}\0{text}".encode()).hexdigest()[:16]


def conversations(provenance: str) -> set[str]:
    """The conversations that a provenance file names."""
    lines = (json.loads(line) for line in provenance.splitlines() if line)
    return {source["conversation"] for line in lines for source in line["sources"]}
