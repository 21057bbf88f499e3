"""Text as a detector should read it, with the way back to the offsets of the original."""

import unicodedata
from dataclasses import dataclass

# Invisible characters that split a word for a machine but not for a reader.
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text`, and for each of its code points the place in the original that it came from."""

    text: str
    origin: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original's `[start, end)` for a span of `text`, whole characters only."""
        return self.origin[start], self.origin[end]


def normalised(text: str) -> Normalised:
    """NFKC character by character, invisible characters left out, every space a plain one."""
    if text.isascii():
        return Normalised(text, list(range(len(text) + 1)))
    characters: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if text[at] not in _INVISIBLE:
            form = unicodedata.normalize("NFKC", text[at:end])
            for character in form:
                characters.append(" " if character.isspace() and character != "\n" else character)
                origin.append(at)
        at = end
    origin.append(len(text))
    return Normalised("".join(characters), origin)
