"""The gate: what keeps a candidate from answering customers. What was not checked counts as failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tactful.errors import SetupError
from tactful.learn.choice import Selecting
from tactful.learn.comparison import FEWEST, Comparison, Side

CHANCE = 0.05  # a difference that is this probable by chance is none


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Part):
    """How much worse than the champion a candidate may be (shares), and what it may cost (ms, MB)."""

    overall_fall: float = Field(0.0, ge=0, le=1)
    intent_fall: float = Field(0.15, ge=0, le=1)
    intents: Mapping[str, float] = {}
    out_of_scope_fall: float = Field(0.01, ge=0, le=1)
    calibration_rise: float = Field(0.02, ge=0, le=1)
    recent_fall: float = Field(0.02, ge=0, le=1)
    p95_ms: float = Field(50, gt=0)
    peak_mb: float = Field(1200, gt=0)


class Learning(_Part):
    """learning.yml."""

    golden: str = "tests/nlu"
    recent_days: int = Field(28, gt=0)
    limits: Limits = Limits()
    select: Selecting = Selecting()


def load(path: Path) -> Learning:
    """The file's content, or the defaults where there is none. Errors: `SetupError`."""
    if not path.exists():
        return Learning()
    try:
        return Learning.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except ValidationError as error:
        first = error.errors()[0]
        told = first["msg"].removeprefix("Value error, ")
        raise SetupError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {told}.") from None
    except yaml.YAMLError:
        raise SetupError(f"{path.name} is no YAML.") from None


@dataclass(frozen=True, slots=True)
class Checks:
    """What is checked besides sentences. None: was not checked."""

    conversations: int | None = None  # how many were run
    conversations_failed: Sequence[str] = ()  # the names of those that went another way
    scanned: int | None = None  # texts of the archive that were read
    personal: Sequence[str] = field(
        default=()
    )  # where personal values stand in it, and of which kind; never the values
    leaked: int | None = None  # golden sentences that also stand in what the candidate learned from


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason against a candidate: a stable code and a sentence."""

    code: str
    sentence: str


def refusals(
    comparison: Comparison, checks: Checks, limits: Limits, recent: Comparison | None = None
) -> list[Refusal]:  # fmt: skip
    """Everything that speaks against promoting the candidate, worst first; empty when nothing does.

    `recent`: both on the recent random sample, where there is one.
    """
    found = [*_checked(checks), *_costs(comparison.candidate, limits)]
    if comparison.champion:
        found += _falls(comparison.candidate, comparison.champion, limits)
    if recent:
        found += _recent(recent, limits)
    return found


def _checked(checks: Checks) -> Iterator[Refusal]:
    if checks.scanned is None:
        yield Refusal("scan", "The archive was not scanned for personal values.")
    elif checks.personal:
        yield Refusal("scan", f"The archive holds {len(checks.personal)} personal values: {_some(checks.personal)}.")
    if checks.conversations is None:
        yield Refusal("conversations", "The conversation tests were not run.")
    elif not checks.conversations:
        yield Refusal("conversations", "There are no conversation tests.")
    elif checks.conversations_failed:
        failed = checks.conversations_failed
        yield Refusal("conversations", f"{len(failed)} conversation tests fail: {_some(failed)}.")
    if checks.leaked is None:
        yield Refusal("leak", "Nobody looked whether golden sentences are in the training data.")
    elif checks.leaked:
        yield Refusal(
            "leak", f"{checks.leaked} golden sentences stand in the training data, so the figures flatter it."
        )


def _costs(side: Side, limits: Limits) -> Iterator[Refusal]:
    if side.p95_ms > limits.p95_ms:
        yield Refusal("latency", f"A message takes {side.p95_ms:.1f} ms at p95; the bound is {limits.p95_ms:g} ms.")
    if side.peak_mb > limits.peak_mb:
        yield Refusal("memory", f"It takes {side.peak_mb:.0f} MB of memory; the bound is {limits.peak_mb:g} MB.")


def _falls(new: Side, old: Side, limits: Limits) -> Iterator[Refusal]:
    if _over(old.accuracy - new.accuracy, limits.overall_fall):
        yield Refusal("overall", f"Accuracy falls from {old.accuracy:.1%} to {new.accuracy:.1%}.")
    before = {each.intent: each for each in old.intents}
    for each in new.intents:
        known = before.get(each.intent)
        limit = limits.intents.get(each.intent, limits.intent_fall)
        if known and each.sentences >= FEWEST and _over(known.f1 - each.f1, limit):
            yield Refusal("intent", f"{each.intent}: F1 falls from {known.f1:.2f} to {each.f1:.2f} (limit {limit:g}).")
    if old.out_of_scope_auroc is not None:
        after = new.out_of_scope_auroc or 0.0
        if _over(old.out_of_scope_auroc - after, limits.out_of_scope_fall):
            yield Refusal("out_of_scope", f"Out-of-scope AUROC falls from {old.out_of_scope_auroc:.3f} to {after:.3f}.")
    if _over(new.calibration_error - old.calibration_error, limits.calibration_rise):
        error = f"from {old.calibration_error:.3f} to {new.calibration_error:.3f}"
        yield Refusal("calibration", f"The calibration error rises {error}.")


def _recent(recent: Comparison, limits: Limits) -> Iterator[Refusal]:
    """A fall that is more than its limit, and more than chance."""
    new, old = recent.candidate, recent.champion
    if old and recent.p_value <= CHANCE and _over(old.accuracy - new.accuracy, limits.recent_fall):
        fall = f"from {old.accuracy:.1%} to {new.accuracy:.1%}"
        yield Refusal("recent", f"On {recent.sentences} turns of the recent sample accuracy falls {fall}.")


def _over(change: float, limit: float) -> bool:
    return change > limit + 1e-9  # shares are binary fractions: 0.9 - 0.8 is a little over 0.1


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
