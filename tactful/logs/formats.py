"""How a clean record is written: a line for people, or a line of JSON for a collector."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

_ESCAPED = {number: f"\\x{number:02x}" for number in [*range(32), 127]} | {ord("\n"): "\\n", ord("\t"): "\\t"}


class AsText(logging.Formatter):
    """`time level logger  what happened  key=value …`; control characters are shown, so that a line is one line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(sep=" ", timespec="milliseconds")[:-6]
        rest = "".join(f" {name}={_short(value)}" for name, value in _rest(record).items())
        return f"{at} {record.levelname:7} {record.name}  {record.msg}{rest}".translate(_ESCAPED)


class AsJson(logging.Formatter):
    """One JSON object: `time` (RFC 3339, UTC), `level`, `logger`, `message`, `where`, ids, numbers."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(as_object(record), ensure_ascii=False)


def as_object(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "time": at,
        "level": record.levelname,
        "logger": record.name,
        "message": record.msg,
        "where": getattr(record, "where", ""),
        **_rest(record),
    }


def _rest(record: logging.LogRecord) -> dict[str, Any]:
    return {**getattr(record, "ids", {}), **getattr(record, "fields", {})}


def _short(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


FORMATS: dict[str, type[logging.Formatter]] = {"text": AsText, "json": AsJson}
