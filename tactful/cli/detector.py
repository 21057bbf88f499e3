"""`tactful detector …`: what this installation's detector has learned from its reviewers."""

import json
import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer

from tactful.cli.customer import services
from tactful.console.missed import cases as kept
from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy

detector = typer.Typer(help="The detector's own test set, made of what reviewers put right.", no_args_is_help=True)


@detector.command()
def cases(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="write there instead of to standard output")] = None,
) -> None:
    """Print the test set as JSON lines {"id", "text", "spans"}. Example: tactful detector cases --out cases.jsonl

    Each is a sentence in which the detector was wrong, with invented values in place of every real one. The texts can
    be given to `tactful redact --jsonl`, and what it answers be held against the spans.
    """
    lines = list(kept.exported(services().database))
    if out is None:
        _write(lines, sys.stdout)
        return
    with out.open("w", encoding="utf-8") as file:
        _write(lines, file)
    typer.echo(f"{len(lines)} cases are in {out}.")


@detector.command()
def score() -> None:
    """Read the test set with the detector as it comes, without what it learned. Example: tactful detector score"""
    built = services()
    reader = Detector(Policy.load(built.settings.project / "privacy.yml"))
    hidden = wanted = untouched = free = 0
    for line in kept.exported(built.database):
        case = json.loads(line)
        spans = [(span.start, span.end) for span in reader.detect(case["text"])]
        wanted += len(case["spans"])
        hidden += sum(any(s <= each["start"] and each["end"] <= e for s, e in spans) for each in case["spans"])
        free += not case["spans"]
        untouched += not case["spans"] and not spans
    typer.echo(f"{hidden} of {wanted} values hidden; {untouched} of {free} sentences without any left as they are.")


def _write(lines: list[str], file: TextIO) -> None:
    file.writelines(f"{line}\n" for line in lines)
