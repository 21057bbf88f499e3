"""`tactful models`: what is registered, who answers customers, and what was promoted when, by whom and why."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from tactful.cli.customer import services
from tactful.cli.trying import line
from tactful.config import Settings
from tactful.console.shelf import is_account
from tactful.errors import TactfulError
from tactful.installation import registry
from tactful.learn.model_files import Conditions
from tactful.learn.models import Model, State
from tactful.times import iso

models = typer.Typer(help="The models of this installation: champion, candidate, hashes, figures, history.")


@models.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="print everything as one JSON object")] = False,
) -> None:
    """List every model with its aliases, figures and whether its file is as registered. Example: tactful models"""
    if context.invoked_subcommand:
        return
    state = registry(Settings()).state()
    if as_json:
        typer.echo(json.dumps(_everything(state), ensure_ascii=False))
        return
    names = _names(state)
    if not state.models:
        typer.echo("No model is registered yet. tactful train makes one.")
    for model in sorted(state.models.values(), key=lambda each: -each.at):
        typer.echo("\n".join(_lines(state, model, names)))
    if state.canary:
        typer.echo(f"{line(state.canary)} Beside the champion: tactful promote --status")
    for move in state.moves[-5:]:
        why = f": {move.reason}" if move.reason else ""
        typer.echo(f"{iso(move.at)}  {move.model} {move.act} by {names.get(move.by, move.by)}{why}")


@models.command()
def forget(name: Annotated[str, typer.Argument(help="the model's name")]) -> None:
    """Take a model off the register; its file stays. Example: tactful models forget tactful-0123456789ab"""
    registry(Settings()).forget(name)
    typer.echo(f"{name} is registered no more.")


def _lines(state: State, model: Model, names: Mapping[str, str]) -> Iterator[str]:
    aliases = ", ".join([*state.names_of(model), *(["canary"] if state.tried == model else [])])
    yield f"{model.name}{f'  [{aliases}]' if aliases else ''}"
    yield f"  registered {iso(model.at)} by {names.get(model.by, model.by)}; the file {Conditions().of(model)}"
    yield f"  sha256 {model.sha256[:16]}…  data {model.data}  config {model.config}  seed {model.seed or 'built in'}"
    if figures := model.metrics:
        outside = figures["out_of_scope_auroc"]
        told = f"accuracy {figures['accuracy']:.1%}, macro F1 {figures['macro_f1']:.3f}, "
        told += f"calibration error {figures['calibration_error']:.3f}, "
        yield f"  {told}out of scope {'–' if outside is None else format(outside, '.3f')}"
    if model.conversations:
        yield f"  learned from {model.conversations} customers' conversations"


def _names(state: State) -> Mapping[str, str]:
    """Who acted, by what the register has: colleagues by their names where the database can be asked."""
    acted = {model.by for model in state.models.values()} | {move.by for move in state.moves}
    if not any(map(is_account, acted)):
        return {}
    try:
        return services().shelf.names(acted)
    except (TactfulError, SQLAlchemyError):
        return {}


def _everything(state: State) -> dict[str, object]:
    shown = [asdict(model) | {"file_is": Conditions().of(model)} for model in state.models.values()]
    return {
        "models": shown,
        "aliases": dict(state.aliases),
        "moves": [asdict(move) for move in state.moves],
        "canary": asdict(state.canary) if state.canary else None,
    }
