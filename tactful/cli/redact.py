"""`tactful redact`: text in, placeholders out."""

import json
import sys
from typing import Annotated, Any, BinaryIO, TextIO

import typer

from tactful.config import Settings
from tactful.privacy.detector import Detector
from tactful.privacy.placeholders import redact as replace
from tactful.privacy.policy import Policy


def redact(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='lines {"id", "text"} in, {"id", "text", "spans"} out, in order')
    ] = False,
) -> None:
    """Redact standard input, line by line. Example: tactful redact --jsonl < chats.jsonl > redacted.jsonl

    A line that cannot be checked is withheld: its text comes out empty, marked "withheld". A line that cannot be
    read is named on standard error, the others are still answered, and the exit status is 1.
    """
    detector = Detector(Policy.load(Settings().project / "privacy.yml"))
    sys.stdout.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]
    failed = (_jsonl if jsonl else _lines)(detector, sys.stdin.buffer, sys.stdout)
    raise typer.Exit(1 if failed else 0)


def _jsonl(detector: Detector, source: BinaryIO, target: TextIO) -> int:
    failed = 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name, text = row["id"], row["text"]
            text.encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            failed += 1
            typer.echo(f'tactful: line {number} is not {{"id", "text"}} and was left out.', err=True)
            continue
        answer = {"id": name} | checked(detector, text)
        failed += "withheld" in answer
        target.write(json.dumps(answer, ensure_ascii=False) + "\n")
        target.flush()
    return failed


def _lines(detector: Detector, source: BinaryIO, target: TextIO) -> int:
    failed = 0
    for number, line in enumerate(source, 1):
        try:
            answer = checked(detector, line.decode().rstrip("\r\n"))
        except UnicodeDecodeError:
            typer.echo(f"tactful: line {number} is not UTF-8 and was withheld.", err=True)
            answer = {"withheld": True}
        failed += "withheld" in answer
        target.write(("[withheld]" if "withheld" in answer else answer["text"]) + "\n")
        target.flush()
    return failed


def checked(detector: Detector, text: str) -> dict[str, Any]:
    """{"text", "spans"} of the text, or an empty text marked withheld when the detector fails on it."""
    try:
        spans = detector.detect(text)
    except Exception:  # whatever failed, the text was not read to its end
        return {"text": "", "spans": [], "withheld": True}
    return {
        "text": replace(text, spans, {}).text,
        "spans": [{"start": span.start, "end": span.end, "type": span.type} for span in spans],
    }


if __name__ == "__main__":
    typer.run(redact)
