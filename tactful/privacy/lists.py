"""The installation's own lists: words that reviewers marked are hidden wherever they stand, what they freed is not.

A list knows a value by a keyed digest of its words, never the value. So it can be handed to any process that reads
messages, and tells nothing to who has not the key.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from tactful.privacy.normalise import normalised
from tactful.privacy.spans import Span

SCORE, SOURCE = 0.99, "marked by a reviewer"
SHORTEST = 3  # letters and digits: a shorter value says too little to be looked for
DIGEST = 16  # bytes
MOST_WORDS = 16
_LONGEST_GAP = 4  # characters between two words of one value
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of `words` words; `kept`: it is nothing personal, else it is hidden as `kind`."""

    digest: bytes
    words: int
    kind: str
    kept: bool = False


class Lists:
    """What one installation's reviewers taught the detector, as of `version`; of two entries the later one counts."""

    def __init__(self, version: str = "", key: bytes = b"", entries: Iterable[Entry] = ()) -> None:
        self.version, self._key, self._entries = version, key, tuple(entries)
        # The kind as which a value is hidden, or the kinds as which it is nothing personal.
        self._decided: dict[bytes, str | frozenset[str]] = {}
        for entry in self._entries:
            before = self._decided.get(entry.digest)
            kept = before if isinstance(before, frozenset) else frozenset[str]()
            self._decided[entry.digest] = kept | {entry.kind} if entry.kept else entry.kind
        self._longest = max((entry.words for entry in self._entries if not entry.kept), default=0)

    def __repr__(self) -> str:
        return f"Lists({len(self._entries)} entries)"

    def entry(self, value: str, kind: str, *, kept: bool = False, whose: str = "") -> Entry:
        """What a list notes of a value; `whose` is the subject for whom alone it counts, "" for everyone."""
        words = words_of(value)
        return Entry(self._digest(_joined(words, kind), whose), len(words), kind, kept)

    def find(self, text: str, whose: str = "") -> Iterator[Span]:
        """Spans of hidden values in the normalised `text`, said by the subject `whose`; of two the longer."""
        if not self._longest:
            return
        words, at = list(_WORD.finditer(text)), 0
        while at < len(words):
            count, kind = self._longest_at(words[at : at + self._longest], whose)
            if kind:
                yield Span(words[at].start(), words[at + count - 1].end(), kind, SCORE, SOURCE)
            at += count

    def kinds_kept(self, value: str, whose: str = "") -> frozenset[str]:
        """As which kinds these words are nothing personal."""
        decided = self._of(words_of(value), whose) if self._decided else None
        return decided if isinstance(decided, frozenset) else frozenset()

    def _longest_at(self, words: Sequence[re.Match[str]], whose: str) -> tuple[int, str]:
        """How many of the first words are one hidden value, and its kind; (1, "") when none is."""
        folded = [word[0].casefold() for word in words]
        for count in range(_together(words), 0, -1):
            decided = self._of(folded[:count], whose)
            if isinstance(decided, str):
                return count, decided
        return 1, ""

    def _of(self, words: Sequence[str], whose: str) -> str | frozenset[str] | None:
        """What was decided of these words: for this subject, or else for everyone."""
        for whom in dict.fromkeys((whose, "")):
            for joined in dict.fromkeys((" ".join(words), "".join(words))):
                if decided := self._decided.get(self._digest(joined, whom)):
                    return decided
        return None

    def _digest(self, joined: str, whose: str) -> bytes:
        # Keyed BLAKE2b (RFC 7693) takes half of HMAC's time, and a long message asks for thousands.
        words = f"{whose}\0{joined}".encode("utf-8", "replace")
        return blake2b(words, key=self._key, digest_size=DIGEST).digest()

    def as_json(self) -> dict[str, Any]:
        """For another process, through a pipe: with the key."""
        entries = [[_text(entry.digest), entry.words, entry.kind, entry.kept] for entry in self._entries]
        return {"version": self.version, "key": _text(self._key), "entries": entries}

    @classmethod
    def from_json(cls, sent: dict[str, Any]) -> "Lists":
        entries = (Entry(b64decode(digest), words, kind, kept) for digest, words, kind, kept in sent["entries"])
        return cls(sent["version"], b64decode(sent["key"]), entries)


def words_of(value: str) -> list[str]:
    """The words by which a value is known: however it is cased, spaced, or widened, and without its possessive."""
    plain = _POSSESSIVE.sub("", normalised(value).text.strip())
    return [word.casefold() for word in _WORD.findall(plain)]


def tells_enough(value: str) -> bool:
    """Whether a value can be looked for: neither so short nor so long that it would be found wrongly or never."""
    words = words_of(value)
    return sum(character.isalnum() for word in words for character in word) >= SHORTEST and len(words) <= MOST_WORDS


def _joined(words: Sequence[str], kind: str) -> str:
    """A name is words; of a number or an address it does not count where its spaces stand."""
    return (" " if kind == "PERSON" else "").join(words)


def _together(words: Sequence[re.Match[str]]) -> int:
    """How many of the first words stand so close that they may be one value."""
    gaps = (following.start() - word.end() for word, following in pairwise(words))
    return next((count for count, gap in enumerate(gaps, 1) if gap > _LONGEST_GAP), len(words))


def _text(data: bytes) -> str:
    return b64encode(data).decode()
