"""`tactful promote` and what it shares with `tactful rollback`: another model answers customers, all or some."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer

from tactful.bootstrap import Services
from tactful.cli import evaluating
from tactful.cli.audited import audited, taken_back
from tactful.cli.customer import services
from tactful.cli.following import Following, NotFollowed, followed
from tactful.cli.reading import detector
from tactful.cli.reasons import Reason, said
from tactful.cli.trying import status_lines
from tactful.errors import BadRequest, Conflict
from tactful.installation import jobs
from tactful.learn.model_files import verify
from tactful.learn.models import CHAMPION, Model, State
from tactful.privacy.placeholders import Redaction, redact
from tactful.store.audit import Act, Actor, Role


class Refused(Conflict):
    code, message = "gate", "The gate refuses this model."


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose act it is: as the register has it, and as the audit log does."""

    name: str
    actor: Actor


def promote(
    reason: Reason = "",
    model: Annotated[
        str | None, typer.Argument(metavar="[CANDIDATE]", help="a model's name; without one, the candidate")
    ] = None,
    share: Annotated[
        str, typer.Option(metavar="PERCENT", help="a canary: only so much of the conversations that begin now")
    ] = "",
    everyone: Annotated[
        bool, typer.Option("--all", help="end the canary by giving it everything; the default")
    ] = False,
    status: Annotated[
        bool, typer.Option("--status", help="only show how canary and champion do, side by side")
    ] = False,
) -> None:
    """Let a model answer customers, if the gate lets it pass. Example: tactful promote --share 10% --reason "refunds"

    It is evaluated anew. Where Tactful runs, a second engine is started and warmed, and then gets the turns, or its
    share of the new conversations; the one before stays alive for `tactful rollback`, which also ends a canary. A
    canary that becomes the champion is not evaluated a second time.
    """
    built = services()
    if status:
        typer.echo("\n".join(status_lines(built)))
        return
    if share and everyone:
        raise BadRequest("Either --share or --all.")
    part = part_of(share) if share else None
    kind = "promote" if part is None else "canary"
    with jobs(built.settings).doing(kind, getpass.getuser(), evaluating.progress) as work:
        work.result |= promote_model(built, model, reason, operator(), work.told, part)


def promote_model(
    built: Services,
    model: str | None,
    reason: str,
    whose: Whose,
    told: Callable[[str], None],
    part: float | None = None,
) -> dict[str, str]:
    """Evaluate a model, ask the gate, move the alias or give it a part of the conversations, wait for the engine.

    Which model it was, and which one stays at hand.

    Errors: `Refused`; `Conflict` when it did not come up; `BadRequest`, `ModelSilent`, `NotFound`.
    """
    following = Following(built.settings)
    if part is not None:
        following.beside()
    note = redacted(built, reason)
    state = built.models.state()
    candidate = state.tried if model is None and state.tried else evaluating.chosen(built, model)
    if state.alias(CHAMPION) == candidate:
        raise BadRequest(f"{candidate.name} is the champion already.")
    if state.tried != candidate:
        _judged(built, candidate, state, told)
    verify(candidate)
    told("starting its engine")
    following = Following(built.settings)  # anew: what was refused while it was evaluated is no answer
    if part is None:
        promoting = partial(built.models.promote, candidate.name, by=whose.name, reason=note.text)
        move = audited(built, Act.MODEL_PROMOTED, candidate.name, whose.actor, promoting, note)
        try:
            followed(built.models, move, state.aliases, following)
        except Conflict:
            taken_back(built, Act.MODEL_ROLLED_BACK, move.model)
            raise
    else:
        trying = partial(built.models.try_out, candidate.name, part, by=whose.name, reason=note.text)
        move = audited(built, Act.MODEL_TRIED, candidate.name, whose.actor, trying, note)
        tried(built, candidate, part, following, whose)
    before = move.before if part is None and move.before != candidate.name else ""
    return {"model": candidate.name, "before": before}


def _judged(built: Services, candidate: Model, state: State, told: Callable[[str], None]) -> None:
    """Evaluate it and ask the gate. Errors: `Refused`."""
    report = evaluating.evaluation(built, told).report(candidate, state.answering)
    built.models.measured(candidate.name, report.metrics())
    folder = evaluating.kept(built, report)
    for line in evaluating.summary(report):
        typer.echo(line)
    if not report.passes:
        typer.echo(f"The report: {folder / 'report.html'}")
        why = " ".join(each.sentence for each in report.refusals)
        raise Refused(f"{candidate.name} is not promoted. {why}")


def part_of(share: str) -> float:
    """A share as it is typed, 10% or 0.1. Errors: `BadRequest`."""
    number = share.strip().removesuffix("%")
    try:
        part = float(number) / (100 if share.strip().endswith("%") else 1)
    except ValueError:
        part = 0.0
    if not 0 < part < 1:
        raise BadRequest("--share is more than 0% and less than 100%, for example 10%. For everything: --all")
    return part


def operator() -> Whose:
    """Who is at the command line."""
    return Whose(getpass.getuser(), Actor(Role.OPERATOR, getpass.getuser()))


def redacted(built: Services, reason: str) -> Redaction:
    """A reason without personal values. Errors: `BadRequest` when there is none or it is too long."""
    said(reason)
    return redact(reason, detector(built).detect(reason), {})


def tried(built: Services, model: Model, part: float, following: Following, whose: Whose) -> None:
    """Wait until the canary gets its share, and say so. When its engine does not come up, there is none.

    Errors: `Conflict` then.
    """
    if not following.running:
        typer.echo(f"{model.name} is the canary. It gets {part:.0%} of new conversations from the next start on.")
        return
    try:
        following.until(lambda now: bool(now.canary and now.canary.share == part))
    except NotFollowed as why:
        built.models.try_no_more(by=whose.name, reason=str(why))
        taken_back(built, Act.MODEL_ROLLED_BACK, model.name)
        raise Conflict(f"{model.name} does not answer: {why}. It was given to nobody.") from None
    typer.echo(f"{model.name} answers {part:.0%} of the conversations that begin now.")
    typer.echo("How it does: tactful promote --status. Then --all, or: tactful rollback")
