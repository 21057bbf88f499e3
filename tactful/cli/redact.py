"""`tactful redact`: text in, placeholders out."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tactful.bulk.documents import Options
from tactful.cli.redact_lines import JsonLines, LineRedactor, PlainLines
from tactful.config import Settings
from tactful.privacy.budgeted import BudgetedDetector
from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy
from tactful.privacy.redactor import Redactor
from tactful.privacy.replacements import Replacement, read_salt, scope_maker
from tactful.privacy.scopes import Scopes

POLICY = "privacy.yml"
Names = list[str] | None


def redact(
    archives: Annotated[
        Names,
        typer.Argument(metavar="ARCHIVE…", help=".jsonl, .csv, .json of Rasa, or a tracker store's URL (sqlite:///…)"),
    ] = None,
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
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="folder of the archives' redacted copies")] = None,
    field: Annotated[Names, typer.Option(help="field of JSON lines to redact (text); may be repeated")] = None,
    column: Annotated[Names, typer.Option(help="column of a CSV to redact; may be repeated")] = None,
    keep: Annotated[
        Names, typer.Option(help="field or column to pass on UNREAD; all that is not named is dropped, but for id")
    ] = None,
    rasa: Annotated[bool, typer.Option("--rasa", help="JSON lines are events of Rasa (its file broker's)")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="processes on this machine; else one a core")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://…", help="a Dask cluster that sees the same files under the same paths")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="forget what an earlier run did, and begin anew")] = False,
    escape_formulas: Annotated[
        bool, typer.Option("--escape-formulas", help="put ' before a cell that a spreadsheet would run")
    ] = False,
) -> None:
    """Redact standard input, line by line. Example: tactful redact --jsonl < chats.jsonl > redacted.jsonl

    A line that cannot be checked is withheld: its text comes out empty, marked "withheld". A line that cannot be
    read is named on standard error, the others are still answered, and the exit status is 1.

    Archives are redacted into a folder, resumable at any point: tactful redact chats.jsonl tickets.csv --column body
    --out redacted. Its manifest.json says what was found and what was withheld.
    """
    settings = Settings()
    if archives:
        if out is None:
            raise typer.BadParameter("archives need --out DIR, the folder of their redacted copies")
        options = Options(
            fields=tuple(field or ["text"]),
            columns=tuple(column or []),
            keep=tuple(keep or []),
            conversation=conversation,
            replacement=replace,
            rasa=rasa,
            explain=explain,
            escape_formulas=escape_formulas,
        )
        from tactful.bulk.export import Export
        from tactful.cli.redact_archives import redact_archives  # Dask, which lines do without

        budget = settings.detector_budget_ms
        export = Export(archives, out, options, settings.project / POLICY, budget, salt_file)
        raise typer.Exit(redact_archives(export, workers, scheduler, restart=restart))
    policy = Policy.load(settings.project / POLICY)
    redactor = Redactor(BudgetedDetector(Detector(policy), settings.detector_budget_ms), policy)
    scopes = Scopes(scope_maker(replace, read_salt(salt_file)))
    kind = JsonLines() if jsonl else PlainLines()
    raise typer.Exit(_lines(LineRedactor(redactor, scopes, kind, conversation=conversation, explain=explain)))


def _lines(lines: LineRedactor) -> int:
    """Standard input to standard output; the exit status."""
    sys.stdout.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]
    try:
        failed = lines.run(sys.stdin.buffer, sys.stdout)
    except BrokenPipeError:  # nobody reads on: what is still to come would complain again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        failed = 1
    return 1 if failed else 0


if __name__ == "__main__":
    typer.run(redact)
