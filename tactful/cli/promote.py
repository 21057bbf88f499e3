"""`tactful promote` and what it shares with `tactful rollback`: another model answers customers."""

import getpass
import time
from collections.abc import Mapping
from typing import Annotated

import typer

from tactful.bootstrap import Services
from tactful.chat.engines import read
from tactful.cli import evaluating
from tactful.cli.customer import services
from tactful.cli.up import pointer_file, running
from tactful.errors import BadRequest, Conflict
from tactful.learn.registry import CHAMPION, Move, verify
from tactful.privacy.detector import Detector
from tactful.privacy.placeholders import Redaction, redact
from tactful.store.audit import LONGEST_NOTE, Act, Actor, Role
from tactful.store.audit import Reason as Why

PATIENCE_S = 300.0
Reason = Annotated[str, typer.Option(help="why; stands in the register and in the audit log")]


class Refused(Conflict):
    code, message = "gate", "The gate refuses this model."


def promote(
    reason: Reason,
    model: Annotated[
        str | None, typer.Argument(metavar="[CANDIDATE]", help="a model's name; without one, the candidate")
    ] = None,
) -> None:
    """Let a model answer customers, if the gate lets it pass. Example: tactful promote --reason "knows refunds"

    It is evaluated anew. Where Tactful runs, a second engine is started and warmed, and then gets the turns; the one
    before stays alive for `tactful rollback`.
    """
    built = services()
    candidate = evaluating.chosen(built, model)
    note = redacted(built, reason)
    state = built.models.state()
    if state.alias(CHAMPION) == candidate:
        raise BadRequest(f"{candidate.name} is the champion already.")
    report = evaluating.evaluation(built, evaluating.progress).report(candidate, state.answering)
    built.models.measured(candidate.name, report.metrics())
    folder = evaluating.kept(built, report)
    for line in evaluating.summary(report):
        typer.echo(line)
    if not report.passes:
        raise Refused(f"{candidate.name} is not promoted. The report: {folder / 'report.html'}")
    verify(candidate)
    move = built.models.promote(candidate.name, by=getpass.getuser(), reason=note.text)
    recorded(built, Act.MODEL_PROMOTED, move, note)
    followed(built, move, state.aliases)


def redacted(built: Services, reason: str) -> Redaction:
    """A reason without personal values. Errors: `BadRequest` when there is none or it is too long."""
    said(reason)
    return redact(reason, Detector(built.policy, built.listed.current()).detect(reason), {})


def said(reason: str) -> None:
    """Errors: `BadRequest` for a reason that is empty or too long."""
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        raise BadRequest(f"Say why, in 1 to {LONGEST_NOTE} characters: --reason …")


def recorded(built: Services, act: Act, move: Move, note: Redaction) -> None:
    """Enter it in the audit log, with the model's hash."""
    sha256 = built.models.state().named(move.model).sha256
    actor = Actor(Role.OPERATOR, move.by)
    with built.database.begin() as tx:
        built.audit.record(tx, act, actor=actor, reason=Why.ROUTINE, note=note, object_id=sha256)


def followed(built: Services, move: Move, aliases: Mapping[str, str]) -> None:
    """Wait until the running engine is the new champion's, and say so. When it does not come up, the aliases go back.

    Errors: `Conflict` then.
    """
    pointer = pointer_file(built.settings)
    if not running(built.settings):
        typer.echo(f"{move.model} is the champion. It answers from the next start on.")
        return
    wanted, began = built.models.state().named(move.model).sha256, time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        now = read(pointer)
        if now and now.sha256 == wanted:
            typer.echo(
                f"{move.model} is the champion and answers, {time.monotonic() - began:.1f} s after it was asked to."
            )
            return
        if now and now.refused == wanted:
            break
        time.sleep(0.05)
    why = now.why if now and now.refused == wanted else "nobody followed in time"
    built.models.take_back(move, aliases, why)
    raise Conflict(f"{move.model} does not answer: {why}. {move.before or 'The model before'} still does.")
