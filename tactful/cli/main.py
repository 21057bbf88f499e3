"""`tactful`: one file a command. Every failure is one clear line and a non-zero exit."""

import sys

import typer

from tactful.cli.audit import audit
from tactful.cli.doctor import doctor
from tactful.cli.leakscan import leakscan
from tactful.cli.redact import redact
from tactful.cli.settings import settings
from tactful.cli.subject import subject
from tactful.cli.train import train
from tactful.cli.up import up
from tactful.errors import TactfulError

app = typer.Typer(
    help="A support chatbot that remembers what helps its customers and never learns who they are.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (up, train, redact, leakscan, doctor, settings):
    app.command()(command)
app.add_typer(subject, name="subject")
app.add_typer(audit, name="audit")


def run() -> None:
    """The console script."""
    try:
        app()
    except TactfulError as error:
        sys.exit(f"tactful: {error}")


if __name__ == "__main__":
    run()
