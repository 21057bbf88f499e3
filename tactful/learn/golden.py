"""The golden set: sentences that no model learns from, by which all are judged. It only grows.

Beside its YAML lies `golden.lock`: a digest of every sentence it has ever held. A sentence that is gone, or that has
another intent now, makes a model look better than it is: then nothing is evaluated until it is back. One that must go
(its customer was erased) is let go by name of its digest, with a reason, which stays in the lock.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from tactful.errors import TactfulError
from tactful.learn.prediction import Example

LOCK = "golden.lock"
HEADER = (
    "# Digests of every sentence this golden set has ever held. Made by `tactful learn golden`; see docs/learning.md.\n"
)


class GoldenUnusable(TactfulError):
    code, status, message = "golden", 409, "The golden set cannot be used."


@dataclass(frozen=True, slots=True)
class Golden:
    """The sentences, in the order of their files, and a hash over all of them."""

    examples: Sequence[Example]
    sha256: str


def digest(example: Example) -> str:
    """What a sentence with its intent is known by in the lock: 16 hex digits."""
    return sha256(f"{example.intent}\0{example.text}".encode()).hexdigest()[:16]


def golden(folder: Path, tone_of: Callable[[str], str]) -> Golden:
    """The golden set of a folder of Rasa's NLU files. Errors: `GoldenUnusable` when it is empty or has shrunk.

    `tone_of` tells the tone of a sentence that does not say it in its metadata.
    """
    examples = read(folder, tone_of)
    known = locked(folder)
    gone = set(known) - {digest(example) for example in examples} - {d for d, why in known.items() if why}
    if gone:
        raise GoldenUnusable(
            f"{len(gone)} sentences of the golden set are gone or changed: {', '.join(sorted(gone)[:3])} …\n"
            f"Put them back, or let them go with a reason: tactful learn golden --let-go DIGEST --reason …"
        )
    return Golden(examples, sha256("\n".join(sorted(map(digest, examples))).encode()).hexdigest())


def read(folder: Path, tone_of: Callable[[str], str]) -> list[Example]:
    """Every sentence with its intent. Errors: `GoldenUnusable`."""
    found: dict[tuple[str, str], Example] = {}
    for file in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            for example in sentences(content):
                found.setdefault((example.text, example.intent), _with_tone(example, tone_of))
        except (yaml.YAMLError, AttributeError, TypeError, KeyError) as error:
            raise GoldenUnusable(f"{file.name} is no NLU data that can be read ({type(error).__name__}).") from None
    if not found:
        raise GoldenUnusable(f"{folder} holds no sentences.")
    if len({text for text, _ in found}) < len(found):
        raise GoldenUnusable("A sentence of the golden set stands there with two intents; one of them is false.")
    return list(found.values())


def sentences(content: Mapping[str, Any]) -> Iterable[Example]:
    """The examples of one NLU file, in either of Rasa's ways of writing them; tone and language from their metadata."""
    for block in content.get("nlu") or ():
        if "intent" not in block:
            continue
        shared = block.get("metadata") or {}
        for text, own in _texts(block.get("examples") or ""):
            about = {**shared, **own}
            yield Example(text, block["intent"], about.get("tone", ""), about.get("language", "en"))


def _texts(examples: str | list[Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if isinstance(examples, str):
        for line in examples.splitlines():
            if line.strip().startswith("- "):
                yield line.strip()[2:].strip(), {}
        return
    for example in examples:
        yield str(example["text"]).strip().removeprefix("- ").strip(), example.get("metadata") or {}


def _with_tone(example: Example, tone_of: Callable[[str], str]) -> Example:
    return example if example.tone else replace(example, tone=tone_of(example.text))


def locked(folder: Path) -> dict[str, str]:
    """Digest → reason it was let go, "" while it must be there."""
    path = folder / LOCK
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    entries = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {known: why.strip() for known, _, why in entries}


def grown(folder: Path, tone_of: Callable[[str], str], let_go: Mapping[str, str] | None = None) -> tuple[str, int]:
    """The lock's new content and how many sentences are new in it; `let_go` is digest → reason.

    Errors: `GoldenUnusable`, also for a digest that the lock does not know.
    """
    known = locked(folder)
    for gone, why in (let_go or {}).items():
        if gone not in known:
            raise GoldenUnusable(f"The lock knows no sentence {gone}.")
        known[gone] = " ".join(why.split())
    new = {digest(example) for example in read(folder, tone_of)} - set(known)
    everything = {**known, **dict.fromkeys(new, "")}
    return HEADER + "".join(f"{d} {why}".rstrip() + "\n" for d, why in sorted(everything.items())), len(new)
