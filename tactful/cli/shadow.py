"""`tactful shadow …`: a candidate hears live turns and is compared, without answering."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer

from tactful.bootstrap import Services
from tactful.cli import evaluating
from tactful.cli.audited import audited, taken_back
from tactful.cli.customer import services
from tactful.cli.following import Following, NotFollowed
from tactful.cli.promote import Whose, operator
from tactful.errors import BadRequest, Conflict, NotFound
from tactful.learn.agreement import Agreement, agreement
from tactful.learn.model_files import verify
from tactful.store.audit import Act

shadow = typer.Typer(help="A candidate hears live turns and is compared, without answering.", no_args_is_help=True)


@shadow.command()
def start(
    model: Annotated[
        str | None, typer.Argument(metavar="[CANDIDATE]", help="a model's name; without one, the candidate")
    ] = None,
) -> None:
    """Ask a model beside the one that answers. Example: tactful shadow start

    It hears what customers typed, redacted, of those who allow training, and answers nobody; its engine yields to the
    others. It ends with `tactful shadow stop`, or with the next promotion, canary or rollback. The gate is not asked.
    """
    listen(services(), model, operator())


@shadow.command()
def stop() -> None:
    """Ask it no more; what it understood stays. Example: tactful shadow stop"""
    listen_no_more(services(), operator())


@shadow.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="print it as one JSON object")] = False) -> None:
    """Show how often the newest shadow understood the same, and what it would change. Example: tactful shadow status"""
    built = services()
    running = built.models.state().shadow
    with built.database.read() as tx:
        found = agreement(tx, running.id if running else None)
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"listening": running is not None}))
        return
    typer.echo("\n".join(_lines(found, f"{built.settings.address}/console/conversations/", running is not None)))


def _lines(found: Agreement, address: str, listening: bool) -> Iterator[str]:
    yield f"{found.model} {'listens' if listening else 'listened'}: {found.compared} turns compared"
    if found.compared:
        share = found.agreed / found.compared
        yield f"understood the same: {found.agreed} = {share:.1%} ({found.low:.1%} to {found.high:.1%})"
        yield f"surer in {found.surer} of those"
    yield f"left out: {found.refused} without consent to training, {found.dropped} dropped, {found.failed} unanswered"
    for each in found.languages:
        yield f"  {each.name}: {each.agreed} of {each.turns} the same ({each.low:.1%} to {each.high:.1%})"
    for flip in found.flips:
        yield f"{flip.live or 'nothing'} → {flip.shadow or 'nothing'}: {flip.count}"
        for conversation, seq in flip.examples:
            yield f"  {address}{conversation}  message {seq}"


def listen(built: Services, model: str | None, whose: Whose) -> None:
    """Start a model's engine, and ask it beside the one that answers.

    Errors: `Conflict` when it did not come up; `OneAtATime`, `BadRequest`, `ModelChanged`, `NotFound`.
    """
    candidate = evaluating.chosen(built, model)
    if built.models.state().answering == candidate:
        raise BadRequest(f"{candidate.name} answers already.")
    verify(candidate)
    following = Following(built.settings)
    following.beside()
    listening = partial(built.models.listen, candidate.name, by=whose.name)
    trial = audited(built, Act.MODEL_LISTENED, candidate.name, whose.actor, listening)
    if not following.running:
        typer.echo(f"{candidate.name} is the shadow. It listens from the next start on.")
        return
    try:
        following.until(lambda now: bool(now.shadow and now.shadow.id == trial.id))
    except NotFollowed as why:
        built.models.listen_no_more()
        taken_back(built, Act.MODEL_LISTENED_NO_MORE, candidate.name)
        raise Conflict(f"{candidate.name} does not listen: {why}.") from None
    typer.echo(f"{candidate.name} listens, and answers nobody. What it understood: tactful shadow status")


def listen_no_more(built: Services, whose: Whose) -> None:
    """Ask the shadow no more. Errors: `Conflict` when it is still asked; `NotFound` when there is none."""
    following = Following(built.settings)
    asked = built.models.state().shadow
    if asked is None:
        raise NotFound("No model is asked beside the champion. Begin: tactful shadow start")
    ended = audited(built, Act.MODEL_LISTENED_NO_MORE, asked.model, whose.actor, built.models.listen_no_more)
    if following.running:
        try:
            following.until(lambda now: now.shadow is None)
        except NotFollowed as why:
            raise Conflict(f"{ended.model} is no shadow any more, and is still asked: {why}.") from None
    typer.echo(f"{ended.model} is asked no more.")
