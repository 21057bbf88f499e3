"""Dates of birth: another day, another year, written the same way."""

import re

from tactful.privacy.surrogates.draw import Draw
from tactful.privacy.surrogates.shape import cased, scrambled

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_ORDINALS = ("st", "nd", "rd", "th")
_MONTHS = tuple(
    tuple(names.split())
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr jun jul aug sep sept oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
)
_NUMBER_WORDS = tuple(
    tuple(words.split())
    for words in (
        "one two three four five six seven eight nine",
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth",
    )
)


def birth(value: str, draw: Draw) -> str:
    """A date from 1940 to 2004 in the format of `value`, possible whether its day or its month comes first."""
    tokens = _TOKEN.findall(value)
    numbers = [token for token in tokens if token.isdecimal()]
    named = any(_list_of(token, _MONTHS) for token in tokens)
    year = _year_of(numbers, named)
    made: list[str] = []
    for token in tokens:
        if token.isdecimal():
            made.append(_number(token, token == year, named, draw))
        elif token.lower() in _ORDINALS and made and made[-1].isdecimal():
            made.append(cased(_ordinal(int(made[-1])), token))
        else:
            listed = _list_of(token, _MONTHS) or _list_of(token, _NUMBER_WORDS)
            made.append(cased(draw.pick(listed), token) if listed else token)
    coming = iter(made)
    return _TOKEN.sub(lambda _: next(coming), value)


def _list_of(token: str, lists: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    return next((names for names in lists if token.lower() in names), None)


def _year_of(numbers: list[str], named: bool) -> str | None:
    long = [number for number in numbers if len(number) == 4]
    large = [number for number in numbers if len(number) == 2 and int(number) > 31]
    last = numbers[-1:] if len(numbers) == (2 if named else 3) and len(numbers[-1]) == 2 else []
    return next(iter(long or large or last), None)


def _number(token: str, is_year: bool, named: bool, draw: Draw) -> str:
    if len(token) == 8:
        year, small = str(draw.number(1940, 2004)), f"{draw.number(1, 12):02}"
        other = f"{draw.number(1, 12):02}"
        return year + small + other if token[:2] in ("19", "20") else small + other + year
    if is_year or len(token) == 4:
        return str(draw.number(1940, 2004)) if len(token) == 4 else str(draw.number(40, 99))
    if len(token) > 2:
        return scrambled(token, draw)
    return str(draw.number(1, 9)) if len(token) == 1 else f"{draw.number(1, 28 if named else 12):02}"


def _ordinal(day: int) -> str:
    return "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
