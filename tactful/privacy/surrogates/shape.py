"""The shape of a value: case, character classes, and where its letters and digits stand."""

import re
import string
import unicodedata
from collections.abc import Iterator

from tactful.privacy.surrogates.draw import Draw

WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_HEX = 6


def cased(word: str, like: str) -> str:
    """`word` in the case of `like`: UPPER, Title, or lower."""
    if like.isupper() and (len(like) > 1 or len(word) == 1):
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word.lower()


def scrambled(value: str, draw: Draw) -> str:
    """Another letter for a letter, another digit for a digit; all else stays. What is hexadecimal stays so."""
    letters = "abcdef" if _hexadecimal(bare(value)) else string.ascii_lowercase
    return "".join(_other(character, letters, draw) for character in value)


def _hexadecimal(signs: str) -> bool:
    one_case = signs in (signs.lower(), signs.upper()) and not signs.isalpha()
    return len(signs) >= _SHORTEST_HEX and one_case and set(signs) <= set(string.hexdigits)


def _other(character: str, letters: str, draw: Draw) -> str:
    if unicodedata.combining(character):
        return ""
    if not character.isalnum():
        return character
    if character.isdecimal() or character.isnumeric():
        return draw.pick(string.digits)
    return draw.pick(letters).upper() if character.isupper() else draw.pick(letters)


def bare(value: str) -> str:
    """Letters and digits only, compatibility forms folded: two layouts of one number are one value."""
    return "".join(character for character in unicodedata.normalize("NFKC", value) if character.isalnum())


def digits_of(value: str) -> str:
    """The decimal digits of `value`, in ASCII."""
    return "".join(str(unicodedata.decimal(character)) for character in value if character.isdecimal())


def laid_out(characters: str, like: str) -> str:
    """`characters` in the places of the letters and digits of `like`; as many as there are places."""
    coming: Iterator[str] = iter(characters)
    return "".join(next(coming, "0") if character.isalnum() else character for character in like)


def digits_laid_out(digits: str, like: str) -> str:
    """`digits` in the places of the digits of `like`."""
    coming = iter(digits)
    return "".join(next(coming, "0") if character.isdecimal() else character for character in like)
