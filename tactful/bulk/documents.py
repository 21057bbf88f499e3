"""What an archive is made of, whatever its format: documents with texts, and how they are written again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from tactful.bulk.index import Entry, Index
from tactful.privacy.redactor import Redacted
from tactful.privacy.replacements import Replacement

LARGEST_ROW = 16 << 20  # bytes


class Reason(StrEnum):
    """Why a document was not passed on."""

    NOT_UTF8 = "not UTF-8"
    NOT_JSON = "not a JSON object"
    NOT_RASA = "neither a tracker nor an event of Rasa"
    COLUMNS = "another number of columns than the header"
    NO_TEXT = "none of the fields to redact"
    NOT_TEXT = "a field to redact is not text"
    TOO_LONG = f"longer than {LARGEST_ROW >> 20} MB"
    UNREAD = "the detector failed, ran out of time, or found what the policy refuses"


@dataclass(frozen=True, slots=True)
class Options:
    """What is redacted, what is kept beside it, and how. Part of an export's fingerprint."""

    fields: tuple[str, ...] = ("text",)
    columns: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    conversation: str = "conversation"
    replacement: Replacement = Replacement.PLACEHOLDER
    rasa: bool = False
    explain: bool = False
    escape_formulas: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a document, and what had been asked before it."""

    text: str = field(repr=False)
    question: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A document, or a message of it, that is not passed on. Never its text."""

    row: int
    reason: Reason
    id: str | int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """`write` gives the line of the output, or says why the document must be withheld, for each text's redaction."""

    row: int
    texts: Sequence[Text] = field(repr=False)
    write: Callable[[Sequence[Redacted | None]], str | Reason] = field(repr=False)
    conversation: str | None = field(default=None, repr=False)
    id: str | int | None = None
    # Messages that may be missing from a document that is passed on all the same: a conversation.
    by_message: bool = False


class Archive(Protocol):
    """A source of documents that can be read in parts, by any process that sees it."""

    def plan(self, index: Index) -> None:
        """Read the whole archive once and tell `index` of every document."""
        ...

    def header(self) -> str:
        """What stands before the first line of the output."""
        ...

    def documents(self, entries: Sequence[Entry]) -> Iterator[Document | Withheld]:
        """The documents of one part."""
        ...


Opener = Callable[[Path | str, Options], Archive]
