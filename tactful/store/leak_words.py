"""Does a match stand alone, as a word does? "Li" is in "Li Wei" and not in "Lisbon", nor in random bytes."""

import re
import unicodedata
from dataclasses import dataclass, field

BEFORE = 12  # bytes that are looked at on either side
ESCAPES = re.compile(rb"(?:\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|(\\[ntrbfav0]))$")
ESCAPED_NEXT = re.compile(rb"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})")
WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
PRINTABLE = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0D}
SHORT_STRING, MSGPACK_STRING = 0x8C, 0xD9  # a pickle's, a MessagePack's: followed by the length in a byte

# Between random bytes short values occur by chance: they count only inside something readable of this length.
READABLE = {2: 20, 3: 16, 4: 12, 5: 10}
LONG_ENOUGH_ANYWHERE = 8


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of what is searched. `text`: readable as a whole; `raw_table`: cells side by side, nothing between."""

    data: bytes = field(repr=False)
    text: bool = True
    raw_table: bool = False


def stands_alone(window: Window, start: int, end: int, value: str) -> bool:
    """Whether the match at `start` to `end` (bytes) is the value itself and no part of a longer word."""
    data = window.data
    if not window.text and not _readable(data, start, end):
        return False
    if window.raw_table and len(value) >= LONG_ENOUGH_ANYWHERE:
        return True  # its neighbours may be the cells before and after it
    width = _width(data, start, end, value)
    before = not _makes_words(value[0]) or not _letter_before(data, start, width)
    return before and (not _makes_words(value[-1]) or not _letter_after(data, end, width))


def _makes_words(sign: str) -> bool:
    return sign.isalnum() and not unicodedata.name(sign, "").startswith(WITHOUT_SPACES)


def _width(data: bytes, start: int, end: int, value: str) -> tuple[int, str]:
    """Bytes a character and encoding, seen from the zeros in the match."""
    if b"\0" not in data[start:end]:
        return 1, "utf-8"
    if end - start >= 4 * len(value):
        return 4, "utf-32-be" if data[start] == 0 else "utf-32-le"
    return 2, "utf-16-be" if data[start] == 0 else "utf-16-le"


def _letter_before(data: bytes, start: int, width: tuple[int, str]) -> bool:
    size, encoding = width
    if size > 1:
        return start >= size and _is_letter(data[start - size : start].decode(encoding, "replace"))
    near = data[max(0, start - BEFORE) : start]
    if escape := ESCAPES.search(near):
        return _escaped_letter(escape)
    if len(near) >= 2 and near[-2] in (SHORT_STRING, MSGPACK_STRING):
        return False  # what looks like a letter is the length of the string
    return _is_letter(near[-4:].decode("utf-8", "replace")[-1:])


def _letter_after(data: bytes, end: int, width: tuple[int, str]) -> bool:
    size, encoding = width
    if size > 1:
        return _is_letter(data[end : end + size].decode(encoding, "replace")[:1])
    near = data[end : end + BEFORE]
    if escape := ESCAPED_NEXT.match(near):
        return _escaped_letter(escape)
    return _is_letter(near[:4].decode("utf-8", "replace")[:1])


def _escaped_letter(escape: re.Match[bytes]) -> bool:
    digits = next((group for group in escape.groups()[:3] if group), None)
    return digits is not None and _is_letter(chr(int(digits, 16)))


def _is_letter(sign: str) -> bool:
    return bool(sign) and sign != "\ufffd" and (sign.isalnum() or unicodedata.category(sign).startswith("M"))


def _readable(data: bytes, start: int, end: int) -> bool:
    """Whether a match among bytes that are no text is more than chance: long, or in a string that is."""
    needed = READABLE.get(end - start)
    if needed is None:
        return True
    first, last = start, end
    while first > 0 and start - first < needed and data[first - 1] in PRINTABLE:
        first -= 1
    while last < len(data) and last - end < needed and data[last] in PRINTABLE:
        last += 1
    return last - first >= needed or _has_length(data, first, last) or _has_length(data, start, end)


def _has_length(data: bytes, first: int, last: int) -> bool:
    """A string with its length before it, as pickles and other formats write them."""
    length = last - first
    if first >= 4 and int.from_bytes(data[first - 4 : first], "little") == length:
        return True
    return first >= 2 and data[first - 1] == length and data[first - 2] in (SHORT_STRING, MSGPACK_STRING)
