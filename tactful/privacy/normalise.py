"""Text as a detector should read it, with the way back to the offsets of the original."""

import re
import unicodedata
from dataclasses import dataclass

# Invisible characters that split a word for a machine but not for a reader.
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")

# Letters of other scripts that are seen as Latin ones; within a Latin word they are there to deceive (UTS #39, 4).
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝүАВЕКМНОРСТУХІЈЅοανιρυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijshdqwyABEKMHOPCTYXIJSoavipyABEZHIKMNOPTYX"
)
_WORD = re.compile(r"\w+")
_LATIN, _LOOKS_LATIN = re.compile("[A-Za-z]"), re.compile("[\u0370-\u052f]")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text`, and for each of its code points the place in the original that it came from."""

    text: str
    origin: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original's `[start, end)` for a span of `text`, whole characters only."""
        return self.origin[start], self.origin[end]


def normalised(text: str) -> Normalised:
    """NFKC character by character, invisible characters left out, every space a plain one, no look-alikes in a word."""
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
    return Normalised(_WORD.sub(_in_latin, "".join(characters)), origin)


def _in_latin(word: re.Match[str]) -> str:
    mixed = _LOOKS_LATIN.search(word[0]) and _LATIN.search(word[0])
    return word[0].translate(_LOOKALIKES) if mixed else word[0]
