"""`tactful learn …`: what models learn from, and what they are judged by."""

import getpass
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from tactful.bootstrap import Services
from tactful.cli.customer import services
from tactful.cli.evaluating import sample_since, sampled, tone_of
from tactful.cli.reading import detector
from tactful.cli.selecting import select
from tactful.config import Settings
from tactful.errors import BadRequest
from tactful.installation import jobs
from tactful.learn import reviewed
from tactful.learn.evaluating import folded, leaks, provenance, taught_by_hand
from tactful.learn.exported import REVIEWED
from tactful.learn.gate import load
from tactful.learn.golden import LOCK, grown, read, sentences
from tactful.learn.golden import golden as golden_set
from tactful.learn.teaching import Lesson, conversations, lesson
from tactful.privacy.placeholders import PLACEHOLDER

learn = typer.Typer(help="What models learn from, and what they are judged by.", no_args_is_help=True)
learn.command()(select)


@learn.command()
def golden(
    let_go: Annotated[list[str] | None, typer.Option(metavar="DIGEST", help="a sentence that must go for good")] = None,
    reason: Annotated[str, typer.Option(help="why it goes; stands in the lock for ever")] = "",
) -> None:
    """Enter new golden sentences in the lock, after which none may go. Example: tactful learn golden"""
    if let_go and not reason:
        raise BadRequest("Say why: --reason …")
    project = Settings().project
    folder = project / load(project / "learning.yml").golden
    content, new = grown(folder, tone_of, dict.fromkeys(let_go or (), reason))
    (folder / LOCK).write_text(content, encoding="utf-8")
    typer.echo(f"{new} sentences are new in {LOCK}{f', {len(let_go)} let go' if let_go else ''}.")


@learn.command()
def export(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only tell, write nothing")] = False,
) -> None:
    """Write what reviewers settled as training data, for a pull request. Example: tactful learn export --dry-run

    Only turns whose customers allow training now; the files are made anew each time, and what was withdrawn is gone.
    """
    built = services()
    with jobs(built.settings).doing("look" if dry_run else "export", getpass.getuser()) as work:
        taught, work.result = export_lesson(built, work.told, dry_run=dry_run)
    for why, count in sorted(Counter(each.why for each in taught.refused).items()):
        typer.echo(f"refused, {why}: {count}")
    for each in taught.refused:
        typer.echo(f"  {each.why}: conversation {each.source.conversation}, message {each.source.seq} ({each.intent})")
    typer.echo(f"{taught.known} were known already.")
    if held := work.result["held"]:
        days = load(built.settings.project / "learning.yml").recent_days
        typer.echo(f"{held} are held back: chance drew them in the last {days} days, and models are judged by them.")
    told = "would be" if dry_run else "are"
    typer.echo(f"{len(taught.sentences)} sentences {told} in {REVIEWED}. Next: tactful train, tactful evaluate")


@learn.command()
def check() -> None:
    """Look for taught sentences whose customers withdrew or are gone. Example: tactful learn check

    Lists the models that learned from them. Exit status: 0 when there are none, 1 when there are.
    """
    built = services()
    taught = conversations(provenance(built.settings.project))
    with built.database.begin() as tx:
        gone = reviewed.withdrawn(tx, built.policy, taught | reviewed.all_learned(tx))
        models = reviewed.models_of(tx, gone)
        reviewed.flag(tx, gone, built.clock())
    if gone & taught:
        typer.echo(f"{len(gone & taught)} conversations may not teach any more. Run: tactful learn export")
    for model in models:
        typer.echo(f"{model} learned from conversations that may not teach any more. Train anew, and promote that one.")
    if not gone:
        typer.echo("Everything that was taught may still teach.")
    raise typer.Exit(1 if gone else 0)


def export_lesson(
    built: Services, told: Callable[[str], None], *, dry_run: bool = False
) -> tuple[Lesson, dict[str, Any]]:
    """Sort what reviewers settled, and write it; what came of it, by ids and numbers alone."""
    told("sorting what reviewers settled")
    taught = _lesson(built)
    project = built.settings.project
    folder = project / REVIEWED
    written = folder / "reviewed.yml"
    before = yaml.safe_load(written.read_text(encoding="utf-8")) if written.exists() else {}
    known = {(each.intent, each.text) for each in sentences(before or {})}
    if not dry_run:
        told("writing the examples")
        _write(folder, taught)
    held = golden_set(project / load(project / "learning.yml").golden, tone_of)
    return taught, {
        "written": not dry_run,
        "sentences": len(taught.sentences),
        "new": len(set(taught.sentences) - known),
        "gone": len(known - set(taught.sentences)),
        "known": taught.known,
        "held": len(sampled(built)),
        "leaks": len(leaks(project, held)),
        "refused": [
            {"why": each.why, "intent": each.intent, "conversation": each.source.conversation, "seq": each.source.seq}
            for each in taught.refused
        ],
        "taken": [[from_[0].conversation, from_[0].seq, intent] for (intent, _), from_ in taught.sentences.items()],
    }


def _lesson(built: Services) -> Lesson:
    project = built.settings.project
    golden = {folded(example.text) for example in read(project / load(project / "learning.yml").golden, tone_of)}
    domain = yaml.safe_load((project / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(each)) if isinstance(each, dict) else each for each in domain["intents"]}
    with built.database.read() as tx:
        turns = list(reviewed.teachable(tx, built.policy, held_since=sample_since(built)))
    return lesson(
        turns, by_hand=taught_by_hand(project), golden=golden, intents=intents, personal=_personal(built)
    )  # fmt: skip


def _personal(built: Services) -> Callable[[str], bool]:
    """Whether the detector still finds somebody's value in a text beside its placeholders."""
    loaded = detector(built)

    def personal(text: str) -> bool:
        found = (text[span.start : span.end] for span in loaded.detect(text))
        return any(not PLACEHOLDER.fullmatch(each) for each in found)

    return personal


def _write(folder: Path, taught: Lesson) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reviewed.yml").write_text(taught.nlu(), encoding="utf-8")
    (folder / "provenance.jsonl").write_text(taught.provenance(), encoding="utf-8")
