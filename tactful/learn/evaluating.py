"""An evaluation from end to end: real models, the golden set, the written conversations, the archive, the gate."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from tactful.learn.asking import Engine
from tactful.learn.comparison import compare
from tactful.learn.gate import Checks, Learning, refusals
from tactful.learn.golden import Golden, golden, sentences
from tactful.learn.prediction import Tested
from tactful.learn.registry import Model, verify
from tactful.learn.report import Report
from tactful.learn.scan import scan

REVIEWED = "data/nlu/reviewed"  # what came from conversations; everything else in data/ was written by hand
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

    def report(self, candidate: Model, champion: Model | None) -> Report:
        """Judge a candidate, beside the champion if there is another one.

        Errors: `GoldenUnusable`, `ModelChanged`, `ModelSilent`, `NotFound`.
        """
        if champion and champion.sha256 == candidate.sha256:
            champion = None
        held = golden(self.engine.project / self.learning.golden, self.tone_of)
        new = self._tested(candidate, held)
        old = self._tested(champion, held) if champion else None
        checks = self._checks(candidate, held)
        compared = compare(held.examples, new, old, golden_sha256=held.sha256)
        limits = self.learning.limits
        found = refusals(compared, checks, limits)
        return Report(compared, checks, found, limits.model_dump(), self.clock())

    def _tested(self, model: Model, held: Golden) -> Tested:
        self.told(f"asking {model.name} {len(held.examples)} sentences")
        run = self.engine.predict(verify(model), [example.text for example in held.examples])
        return Tested(model.name, model.sha256, run)

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


def leaks(project: Path, held: Golden) -> set[str]:
    """Golden sentences that also stand in the training data, whatever their case and spacing."""
    taught = {folded(example.text) for file in _nlu(project) for example in sentences(_read(file))}
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


def _nlu(project: Path) -> list[Path]:
    return sorted((project / "data").rglob("*.yml"))


def _read(file: Path) -> dict[str, object]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
