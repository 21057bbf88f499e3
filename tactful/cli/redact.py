"""`tactful redact`: text in, placeholders out."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tactful.cli.redact_lines import JsonLines, LineRedactor, PlainLines
from tactful.config import Settings
from tactful.privacy.budgeted import BudgetedDetector
from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy
from tactful.privacy.redactor import Redactor
from tactful.privacy.replacements import Replacement, read_salt, scope_maker
from tactful.privacy.scopes import Scopes


def redact(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='lines {"id", "text"} in, {"id", "text", "spans"} out, in order')
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="say which recognizer, score and context words made each span")
    ] = False,
    conversation: Annotated[
        str, typer.Option(metavar="FIELD", help="field of a row that names its conversation: values keep their number")
    ] = "conversation",
    replace: Annotated[
        Replacement, typer.Option(help="PERSON_1, or somebody else's name (and so on), consistent in a conversation")
    ] = Replacement.PLACEHOLDER,
    salt_file: Annotated[
        Path | None, typer.Option(help="secret that surrogates follow from; without it, one that nobody keeps")
    ] = None,
) -> None:
    """Redact standard input, line by line. Example: tactful redact --jsonl < chats.jsonl > redacted.jsonl

    A line that cannot be checked is withheld: its text comes out empty, marked "withheld". A line that cannot be
    read is named on standard error, the others are still answered, and the exit status is 1.
    """
    settings = Settings()
    policy = Policy.load(settings.project / "privacy.yml")
    redactor = Redactor(BudgetedDetector(Detector(policy), settings.detector_budget_ms), policy)
    scopes = Scopes(scope_maker(replace, read_salt(salt_file)))
    lines = LineRedactor(
        redactor, scopes, JsonLines() if jsonl else PlainLines(), conversation=conversation, explain=explain
    )
    sys.stdout.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]
    try:
        failed = lines.run(sys.stdin.buffer, sys.stdout)
    except BrokenPipeError:  # nobody reads on: what is still to come would complain again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        failed = 1
    raise typer.Exit(1 if failed else 0)


if __name__ == "__main__":
    typer.run(redact)
