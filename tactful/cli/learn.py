"""`tactful learn …`: what models learn from, and what they are judged by."""

from typing import Annotated

import typer

from tactful.cli.evaluating import tone_of
from tactful.config import Settings
from tactful.errors import BadRequest
from tactful.learn.gate import load
from tactful.learn.golden import LOCK, grown

learn = typer.Typer(help="What models learn from, and what they are judged by.", no_args_is_help=True)


@learn.callback()
def _group() -> None:
    """A single command stays a command with a name."""


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
