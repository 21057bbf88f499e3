"""What access tells, as the conversation may say it: sources, purposes, dates and counts; values as placeholders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """How a fact was learned (told, chosen, inferred), when, what for, and until when it is kept."""

    source: str
    purpose: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value of this conversation that stands behind a placeholder, of which kind, and until when."""

    placeholder: str
    label: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything but the values: `elsewhere` counts hidden values of the customer's other conversations."""

    facts: Mapping[str, Origin]
    hidden: tuple[Hidden, ...] = ()
    elsewhere: int = 0
    conversations: int = 0
    human_reads: int = 0
    last_read: datetime | None = None
    models: int = 0
    reveals: int = 0  # of the reads, those at a hidden value


NOTHING = Overview({})


def overview(known: Mapping[str, Any], here: Iterable[Mapping[str, Any]]) -> Overview:
    """Made of what `access` tells, and of this conversation's hidden values among it."""
    hidden = tuple(Hidden(each["placeholder"], each["label"], _date(each["expires_at"])) for each in here)
    reads = known["human_reads"]
    return Overview(
        {fact["name"]: _origin(fact) for fact in known["profile"] if fact["confirmed"]},
        hidden,
        len(known["values"]) - len(hidden),
        len(known["conversations"]),
        reads["count"],
        _date(reads["last"]) if reads["last"] else None,
        len(known["models"]),
        reads["values"],
    )


def _origin(fact: Mapping[str, Any]) -> Origin:
    return Origin(fact["source"], fact["purpose"], _date(fact["learned_at"]), _date(fact["expires_at"]))


def _date(iso: str) -> datetime:
    return datetime.fromisoformat(iso)
