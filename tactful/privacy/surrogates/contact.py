"""Ways to reach a person: e-mail, telephone, user names."""

import re

from tactful.privacy.surrogates.draw import Draw
from tactful.privacy.surrogates.shape import WORD, cased, digits_laid_out, digits_of, scrambled

_AT = re.compile(r"[@＠]|[(\[{<] ?at ?[)\]}>]|(?<=\s)at(?=\s)", re.IGNORECASE)
_DOT = re.compile(r"[.．。]|[(\[{<] ?dot ?[)\]}>]|(?<=\s)dot(?=\s)", re.IGNORECASE)
_RESERVED = ("com", "net", "org")  # RFC 2606: example.com, example.net, example.org
_RUN = re.compile(r"[^\W\d_]+|\d+")
_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)
_PHONE_WORDS = frozenset("ext extension x tel phone mobile cell fax and or call double triple".split())
_DIGIT_WORDS = tuple("zero one two three four five six seven eight nine".split())
_AREAS = tuple("206 212 303 305 312 404 415 503 512 602 614 617 702 713 808 816 901 907 919 954".split())

# Numbers that regulators keep for fiction: how the digits begin, how many there are, and what to begin with instead.
_FICTION = (
    (r"447", 12, "447700900"),
    (r"44", 12, "441632960"),
    (r"07", 11, "07700900"),
    (r"0[123]", 11, "01632960"),
    (r"33[67]", 11, "3363998"),
    (r"33", 11, "3319900"),
    (r"0[67]", 10, "063998"),
    (r"0[1-59]", 10, "019900"),
    (r"4930", 12, "493023125"),
    (r"030", 11, "03023125"),
)


def email(value: str, draw: Draw) -> str:
    """Somebody else at example.com, .net or .org, with the separators, digits and disguise of `value`."""
    at = _AT.search(value)
    if at is None:
        return _wordlike(value, draw)
    domain = value[at.end() :]
    dots = list(_DOT.finditer(domain))
    first, space = domain.lstrip(), domain[: len(domain) - len(domain.lstrip())]
    made = _wordlike(value[: at.start()], draw) + at[0] + space + cased("example", first)
    if not dots:
        return made
    ending = domain[dots[-1].end() :]
    top = ending.strip() if ending.strip().lower() in _RESERVED else cased(draw.pick(_RESERVED), ending.strip())
    before = " " if domain[: dots[-1].start()].endswith(" ") else ""
    return made + before + dots[-1][0] + (" " if ending.startswith(" ") else "") + top


def username(value: str, draw: Draw) -> str:
    """Another word for each word, another number for each number; signs stay."""
    return _wordlike(value, draw)


def _wordlike(value: str, draw: Draw) -> str:
    def other(found: re.Match[str]) -> str:
        if found[0].isdecimal() or len(found[0]) < 3:
            return scrambled(found[0], draw)
        return cased(draw.name("first", found[0]), found[0])

    return _RUN.sub(other, value)


def phone(value: str, draw: Draw) -> str:
    """A number kept for fiction where there are such, else of the same country; punctuation and length stay."""
    if len(digits_of(value)) < 5:
        return WORD.sub(lambda word: _spelled(word[0], draw), digits_laid_out(draw.digits(len(value)), value))
    extension = _EXTENSION.search(value)
    main = value[: extension.start()] if extension else value
    rest = digits_laid_out(draw.digits(6), value[len(main) :])
    made = digits_laid_out(_fictional(digits_of(main), "+" in main or main.strip().startswith("00"), draw), main)
    return WORD.sub(lambda word: word[0] if word[0].lower() in _PHONE_WORDS else scrambled(word[0], draw), made) + rest


def _fictional(digits: str, international: bool, draw: Draw) -> str:
    length = len(digits)
    if (length == 11 and digits[0] == "1") or (length == 10 and digits[0] in "23456789" and not international):
        return digits[: length - 10] + draw.pick(_AREAS) + "55501" + draw.digits(2)
    for beginning, count, instead in _FICTION:
        if length == count and re.match(beginning, digits):
            return instead + draw.digits(length - len(instead))
    stays = min(2 if international else 1, length)
    return digits[:stays] + draw.digits(length - stays)


def _spelled(word: str, draw: Draw) -> str:
    if word.lower() in _DIGIT_WORDS or word.lower() in ("oh", "o"):
        return cased(draw.pick(_DIGIT_WORDS), word)
    return word if word.lower() in _PHONE_WORDS else scrambled(word, draw)
