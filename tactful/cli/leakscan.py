"""`tactful leakscan`: does anything that this installation keeps hold one of these values in clear?"""

import json
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from tactful.config import Settings
from tactful.store.leak_values import UnusableValues, read_values
from tactful.store.leakscan import Report, Scan, earlier_findings

CLEAN, LEAKED, UNUSABLE = 0, 1, 2
SHOWN_A_PART = 5


def leakscan(
    values: Annotated[Path, typer.Option(help='one value a line, or JSON lines {"value"}', metavar="FILE")],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object with every place")] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="output of an earlier --json run: places in it are not told again")
    ] = None,
    case_sensitive: Annotated[bool, typer.Option("--case-sensitive", help="take upper and lower case apart")] = False,
) -> None:
    """Search every byte this installation keeps for values. Example: tactful leakscan --values names.txt

    Prints where each was found (file!member:offset, the offset in what was decoded, or table.column and row) with the
    line of FILE and a masked form, never the value. Exit status: 0 found nothing, 1 found something, 2 could not
    search everything or could not use FILE.
    """
    settings = Settings()
    try:
        wanted = read_values(values)
        earlier = list(earlier_findings(json.loads(baseline.read_text(encoding="utf-8")))) if baseline else []
    except UnusableValues as error:
        _fail(str(error))
    except (OSError, ValueError, KeyError, TypeError):
        _fail(f"{baseline} is not the output of an earlier: tactful leakscan --json")
    report = Scan(wanted, case_sensitive=case_sensitive).installation(settings, _progress)
    _progress(None)
    known = report.without(earlier)
    if as_json:
        typer.echo(json.dumps(report.as_json() | {"values": len(wanted), "known_before": known}, ensure_ascii=False))
    else:
        _tell(report, len(wanted), known)
    raise typer.Exit(LEAKED if report.findings else UNUSABLE if report.not_searched else CLEAN)


def _tell(report: Report, values: int, known: int) -> None:
    for (part, line), group in groupby(report.sorted(), key=lambda found: (found.part, found.line)):
        found = list(group)
        for finding in found[:SHOWN_A_PART]:
            typer.echo(f"line {line}  {finding.masked}  {finding.where}")
        if len(found) > SHOWN_A_PART:
            typer.echo(f"line {line}  {found[0].masked}  and {len(found) - SHOWN_A_PART} more in {part}")
    for sentence in report.not_searched:
        typer.echo(f"not searched: {sentence}", err=True)
    lines = Counter(finding.line for finding in report.findings)
    searched = f"{report.files} files, {report.cells} cells, {report.bytes / 1e6:.1f} MB decoded"
    before = f" ({known} places known before are left out)" if known else ""
    if lines:
        typer.echo(
            f"{len(lines)} of {values} values found, in {sum(lines.values())} places; searched {searched}{before}."
        )
    else:
        typer.echo(f"None of {values} values found; searched {searched}{before}.")


def _progress(path: Path | None) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[2K{path.name[:60] if path else ''}")
        sys.stderr.flush()


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"tactful: {sentence}", err=True)
    raise typer.Exit(UNUSABLE)
