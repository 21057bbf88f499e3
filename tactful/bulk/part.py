"""One part of an archive, read, redacted and written as a file of its own: the task that workers do."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tactful.bulk.archives import opened
from tactful.bulk.detecting import CHILD, DetectorProcess
from tactful.bulk.documents import Document, Options, Reason, Withheld
from tactful.bulk.files import whole
from tactful.bulk.index import entries_of
from tactful.errors import SetupError, TactfulError
from tactful.privacy.policy import Policy
from tactful.privacy.redactor import Passage, Redacted, Redactor
from tactful.privacy.replacements import scope_maker
from tactful.privacy.scopes import Scopes

TEXTS_AT_ONCE = 256
_here = threading.local()  # a worker's thread keeps its detector


@dataclass(frozen=True, slots=True)
class Part:
    """What a worker needs to know. All secrets are in files that it reads: a scheduler shows its tasks to everyone."""

    work: Path  # of this archive: index/, source, salt, parts
    number: int
    options: Options
    policy: Path
    policy_version: str
    budget_ms: int
    command: tuple[str, ...] = CHILD

    @property
    def path(self) -> Path:
        return self.work / f"{self.number:04}.part"


def redact_part(part: Part) -> int:
    """Write the part's file, unless it is there. Its number. Errors: `SetupError`; nothing is written then."""
    if part.path.exists():
        return part.number
    try:
        policy = Policy.load(part.policy)
        if policy.version != part.policy_version:
            raise SetupError("A worker has another privacy.yml: nothing it reads can be used.")
        _write(part, policy)
    except TactfulError:
        raise
    except Exception as error:  # its message could quote a document
        raise SetupError(f"A part could not be redacted ({type(error).__name__}); start again to go on.") from None
    return part.number


def _write(part: Part, policy: Policy) -> None:
    archive = opened((part.work / "source").read_text(encoding="utf-8"), part.options)
    scopes = Scopes(scope_maker(part.options.replacement, (part.work / "salt").read_bytes()))
    redactor = Redactor(_detector(part), policy)
    entries = list(entries_of(part.work / "index", part.number))
    spans: Counter[str] = Counter()
    withheld: list[Withheld] = []
    documents = 0
    with whole(part.path) as file:
        for document, redacted in _redacted(redactor, scopes, archive.documents(entries)):
            documents += 1
            if isinstance(document, Withheld):
                withheld.append(document)
                continue
            line = document.write(redacted)
            unread = [Withheld(document.row, Reason.UNREAD, document.id) for each in redacted if each is None]
            withheld += unread if document.by_message else unread[:1]
            if not isinstance(line, Reason):
                spans.update(span.type for each in redacted if each for span in each.spans)
                file.write(json.dumps([document.row, line], ensure_ascii=False) + "\n")
        file.write(json.dumps(_summary(documents, spans, withheld)) + "\n")


def _redacted(
    redactor: Redactor, scopes: Scopes, documents: Iterator[Document | Withheld]
) -> Iterator[tuple[Document | Withheld, Sequence[Redacted | None]]]:
    """Each document with what came of its texts; many documents' texts go to the detector together."""
    for some in _together(documents):
        passages = [
            [Passage(text.text, scope, text.question) for text in document.texts]
            for document in some
            if isinstance(document, Document)
            for scope in [_scope(scopes, document)]
        ]
        coming = redactor.redact([passage for each in passages for passage in each])
        for document in some:
            texts = document.texts if isinstance(document, Document) else ()
            yield document, [next(coming) for _ in texts]


def _scope(scopes: Scopes, document: Document) -> Any:
    named = document.conversation
    return scopes.line(document.row) if named is None else scopes.of(named)


def _together(documents: Iterator[Document | Withheld]) -> Iterator[list[Document | Withheld]]:
    some: list[Document | Withheld] = []
    texts = 0
    for document in documents:
        some.append(document)
        texts += len(document.texts) if isinstance(document, Document) else 1
        if texts >= TEXTS_AT_ONCE:
            yield some
            some, texts = [], 0
    if some:
        yield some


def _summary(documents: int, spans: Counter[str], withheld: Sequence[Withheld]) -> dict[str, Any]:
    named = [{"row": each.row, "reason": each.reason} | ({"id": each.id} if each.id else {}) for each in withheld]
    return {"documents": documents, "spans": dict(sorted(spans.items())), "withheld": named}


def _detector(part: Part) -> DetectorProcess:
    asked = (part.policy, part.policy_version, part.budget_ms, part.command)
    if getattr(_here, "asked", None) != asked:
        if hasattr(_here, "detector"):
            _here.detector.close()
        _here.asked, _here.detector = asked, DetectorProcess(part.policy, part.budget_ms, part.command)
    detector: DetectorProcess = _here.detector
    return detector
