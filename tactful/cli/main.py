"""`tactful`: one file a command. Every failure is one clear line and a non-zero exit."""

import sys
from collections.abc import Iterable
from importlib import import_module

import typer

from tactful.errors import TactfulError

# In the order in which help shows them. Each is the module's function (or app) of the same name.
NAMES = (
    "up door engine train evaluate shadow promote rollback models learn redact detector leakscan doctor settings "
    "relay migrate subject consent user records retention audit keys backup restore"
)
COMMANDS = tuple(NAMES.split())


def commands(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands. What a command needs is imported only when it is named."""
    app = typer.Typer(
        help="A support chatbot that remembers what helps its customers and never learns who they are.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(lambda: None)  # a single command stays a command with a name
    for name in names:
        command = getattr(import_module(f"tactful.cli.{name}"), name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command()(command)
    return app


def run() -> None:
    """The console script."""
    named = [name for name in sys.argv[1:2] if name in COMMANDS]
    try:
        commands(named or COMMANDS)()
    except TactfulError as error:
        sys.exit(f"tactful: {error}")


if __name__ == "__main__":
    run()
