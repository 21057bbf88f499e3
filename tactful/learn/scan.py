"""Does a model's archive hold personal values? Its words are read as they lie in it, decoded where compressed.

Two looks, since a vocabulary is cut into lower-case pieces in which no name can be told from a word: values that this
installation knows to be somebody's (its vault) are searched as they are, and what has an unmistakable shape (an
address with @, a card that checks, a key) is looked for with the detector's own recognizers. What people wrote into
the project by hand may stand in a model: there "Paris" is a city, whoever else is called so.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tactful.privacy.normalise import normalised
from tactful.privacy.recognizers.bank import ACCOUNTS
from tactful.privacy.recognizers.cards import CARDS
from tactful.privacy.recognizers.email import EMAILS
from tactful.privacy.recognizers.first_look import FirstLook
from tactful.privacy.recognizers.keys import KEYS
from tactful.store.archives import DAMAGED, Unopened, leaves
from tactful.store.leak_values import Matcher, Value
from tactful.store.leakscan import Scan

SURE = 0.9  # how sure a recognizer must be of a shape among words that are nobody's sentence
LARGEST_TEXT = 20_000_000  # bytes
# Rasa names the parts of a model by digests, and one in a hundred has the shape of an account number.
_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")
READABLE = {".json", ".yml", ".yaml", ".txt", ".md", ".csv", ""}


@dataclass(frozen=True, slots=True)
class Scanned:
    """How many parts of an archive were read, and where personal values stand: member and kind, never the value."""

    parts: int
    personal: list[str]


def scan(archive: Path, values: Iterable[str], own: str) -> Scanned:
    """Look through an archive for these values and for shapes; `own` is what people wrote into the project by hand.

    What cannot be opened counts as found: it was not shown to be free of them.
    """
    foreign = _foreign(list(dict.fromkeys(values)), own)
    parts, found = _shapes(archive, own)
    if foreign:
        report = _values(archive, foreign)
        found += report
    return Scanned(parts, sorted(set(found)))


def _foreign(values: list[str], own: str) -> list[Value]:
    """Those values of two characters or more that do not stand in the project's own words."""
    numbered = [Value(line, value) for line, value in enumerate(values, 1) if len(value) > 1]
    known = {hit.value.line for hit in Matcher(numbered).hits(own.encode(), text=True)} if numbered else set()
    return [value for value in numbered if value.line not in known]


def _values(archive: Path, values: list[Value]) -> list[str]:
    search = Scan(values)
    search.file(archive, archive.name)
    found = {f"{_member(finding.part)} (a value of the vault)" for finding in search.report.findings}
    return [*found, *(f"{_member(place)} (not searched)" for place in search.report.not_searched)]


def _shapes(archive: Path, own: str) -> tuple[int, list[str]]:
    parts, found = 0, []
    look = FirstLook([*EMAILS, *CARDS, *ACCOUNTS, *KEYS])
    with archive.open("rb") as stream:
        for place, leaf in leaves(archive.name, stream):
            parts += 1
            if isinstance(leaf, Unopened):
                found.append(f"{_member(place)} (not opened)")
                continue
            try:
                data = leaf.read(LARGEST_TEXT + 1)
            except DAMAGED:
                found.append(f"{_member(place)} (damaged)")
                continue
            if Path(_member(place)).suffix in READABLE:
                found += [f"{_member(place)} ({kind})" for kind in set(_kinds(data, look, own))]
    return parts, found


def _kinds(data: bytes, look: FirstLook, own: str) -> Iterator[str]:
    for line in io.StringIO(data[:LARGEST_TEXT].decode("utf-8", "replace")):
        text = normalised(line).text
        for reader in look.likely(text):
            for span in reader.read(text):
                value = text[span.start : span.end]
                if span.score >= SURE and value not in own and not _DIGEST.fullmatch(value):
                    yield span.type


def _member(place: str) -> str:
    """The last part of `archive!member!…`, without the offset."""
    return place.rpartition("!")[2].partition(":")[0]
