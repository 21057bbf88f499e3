"""An evaluation from end to end: real models, the golden set, the written conversations, the archive, the gate."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from tactful.learn import recent
from tactful.learn.asking import Engine
from tactful.learn.comparison import compare
from tactful.learn.exported import REVIEWED
from tactful.learn.gate import Checks, Learning, refusals
from tactful.learn.golden import Golden, golden, sentences
from tactful.learn.model_files import verify
from tactful.learn.models import Model
from tactful.learn.prediction import Tested
from tactful.learn.recent import Sampled
from tactful.learn.report import Report
from tactful.learn.scan import scan

CONVERSATIONS = "tests/conversations"
BY_HAND = ("domain.yml", "domain", "data", "config.yml")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is needed to judge a candidate. `values`: what this installation knows to be personal, in clear.

    `data` is the fingerprint of the training data as it lies in the project now.
    """

    engine: Engine
    learning: Learning
    tone_of: Callable[[str], str]
    values: Callable[[], Iterable[str]]
    data: str
    clock: Callable[[], int]
    told: Callable[[str], None] = lambda step: None
    sampled: Callable[[], Sequence[Sampled]] = tuple  # the reviewed turns of the recent random sample

    def report(self, candidate: Model, champion: Model | None) -> Report:
        """Judge a candidate, beside the champion if there is another one.

        Errors: `GoldenUnusable`, `ModelChanged`, `ModelSilent`, `NotFound`.
        """
        if champion and champion.sha256 == candidate.sha256:
            champion = None
        held = golden(self.engine.project / self.learning.golden, self.tone_of)
        sampled = list(self.sampled())
        taught = _taught(self.engine.project)
        kept = [each for each in sampled if folded(each.example.text) not in taught]
        texts = [*(example.text for example in held.examples), *(each.example.text for each in kept)]
        new = self._tested(candidate, texts)
        old = self._tested(champion, texts) if champion else None
        checks = self._checks(candidate, held)
        split = len(held.examples)
        compared = compare(
            held.examples, _some(new, 0, split), old and _some(old, 0, split), golden_sha256=held.sha256
        )  # fmt: skip
        lately = recent.compared(
            sampled, kept, _some(new, split, None), old and _some(old, split, None), days=self.learning.recent_days
        ) if sampled else None  # fmt: skip
        limits = self.learning.limits
        found = refusals(compared, checks, limits, lately.comparison if lately else None)
        return Report(compared, checks, found, limits.model_dump(), self.clock(), lately)

    def _tested(self, model: Model, texts: Sequence[str]) -> Tested:
        self.told(f"asking {model.name} {len(texts)} sentences")
        return Tested(model.name, model.sha256, self.engine.predict(verify(model), texts))

    def _checks(self, model: Model, held: Golden) -> Checks:
        self.told(f"looking for personal values in {model.name}")
        project = self.engine.project
        scanned = scan(model.path, self.values(), by_hand(project))
        self.told(f"trying the written conversations on {model.name}")
        conversations, failed = self.engine.conversations(model.path, project / CONVERSATIONS)
        leaked = len(leaks(project, held)) if model.data == self.data else None
        return Checks(conversations, failed, scanned.parts, scanned.personal, leaked)


def taught_by_hand(project: Path) -> dict[str, str]:
    """Folded sentence → intent, of the training data that people wrote by hand."""
    files = (file for file in _nlu(project) if project / REVIEWED not in file.parents)
    return {folded(example.text): example.intent for file in files for example in sentences(_read(file))}


def provenance(project: Path) -> str:
    """The sidecar of what came from conversations; empty where nothing did."""
    path = project / REVIEWED / "provenance.jsonl"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def leaks(project: Path, held: Golden) -> set[str]:
    """Golden sentences that also stand in the training data, whatever their case and spacing."""
    taught = _taught(project)
    return {example.text for example in held.examples if folded(example.text) in taught}


def folded(text: str) -> str:
    """A sentence as it counts when it is looked for again."""
    return " ".join(text.casefold().split())


def by_hand(project: Path) -> str:
    """Every word of the project's own data that people wrote by hand."""
    roots = (project / part for part in BY_HAND)
    files = (file for root in roots for file in (root.rglob("*.yml") if root.is_dir() else [root]))
    reviewed = project / REVIEWED
    return "\n".join(f.read_text(encoding="utf-8") for f in sorted(files) if f.exists() and reviewed not in f.parents)


def _taught(project: Path) -> set[str]:
    return {folded(example.text) for file in _nlu(project) for example in sentences(_read(file))}


def _some(tested: Tested, start: int, end: int | None) -> Tested:
    """What a model said to a part of the sentences."""
    return replace(tested, run=replace(tested.run, predictions=tested.run.predictions[start:end]))


def _nlu(project: Path) -> list[Path]:
    return sorted((project / "data").rglob("*.yml"))


def _read(file: Path) -> dict[str, object]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
