# ruff: noqa: E501
"""How dates are written: patterns in the order of trust, each with what reads it."""

import re
from typing import Callable, Dict, NamedTuple, Optional, Tuple

from tactful_engine.travel import date_readings as means
from tactful_engine.travel.calendar_words import CARDINALS, COUNTS, MONTHS, ORDINALS, WEEKDAYS
from tactful_engine.travel.date_readings import Reading


class Rule(NamedTuple):
    """`needs`: what must stand in a text before the pattern is tried, for speed."""

    needs: "Optional[re.Pattern[str]]"
    pattern: "re.Pattern[str]"
    read: Callable[["re.Match[str]", "Reading"], Optional[str]]


def _any(names: Dict[str, int]) -> str:
    return "|".join(re.escape(name).replace(r"\-", "[ -]") for name in sorted(names, key=len, reverse=True))


_MONTH = rf"(?P<month>{_any(MONTHS)})\b\.?"
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_any(ORDINALS)})"
_DAY = rf"(?:the\s+)?(?P<day>{_ORDINAL}|\d{{1,2}}(?![\d:.,]\d))"
_DAY2 = rf"(?:the\s+)?(?P<day2>{_ORDINAL}|\d{{1,2}}(?![\d:.,]\d))"
_YEAR = r"(?:,?\s+(?:of\s+)?(?P<year>20\d\d)\b)?"
_WEEKDAY = rf"(?:(?P<weekday>{_any(WEEKDAYS)})\b\.?,?\s+)?"
_COUNT = rf"(?P<count>\d{{1,3}}|{_any(COUNTS)})"
_UNIT = r"(?P<unit>day|week|fortnight|month|year)s?\b"
_WHICH = r"(?P<which>this\s+coming|the\s+coming|coming|the\s+following|following|this|next|last|past|previous)"
_TILL = r"\s*(?:-|–|—|\bto\b|\btill?\b|\buntil\b|\bthrough\b|\band\b)\s*"


NEEDS = {
    "<month>": re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE),
    "<season>": re.compile("spring|summer|autumn|fall|winter", re.IGNORECASE),
    "<feast>": re.compile("mas|boxing|new year|valentine|halloween|easter|good friday|thanksgiving", re.IGNORECASE),
    "<unit>": re.compile("day|week|fortnight|month|year", re.IGNORECASE),
    "<period>": re.compile("week|month|year", re.IGNORECASE),
    "<weekday>": re.compile("mon|tue|wed|thu|fri|sat|sun", re.IGNORECASE),
    "month\\b": re.compile("month", re.IGNORECASE),
    "<day>": re.compile(r"\d(?:st|nd|rd|th)|\bthe\s", re.IGNORECASE),
    "": re.compile(r"\d|to|yes", re.IGNORECASE),
}


def _rule(pattern: str, read: Callable[["re.Match[str]", Reading], Optional[str]]) -> Rule:
    needed = next(needs for part, needs in NEEDS.items() if part in pattern)
    return Rule(needed, re.compile(pattern, re.IGNORECASE), read)


_M2 = _MONTH.replace("?P<month>", "?P<month2>")
_FULL_MONTH = "(?P<month>january|february|april|june|july|august|september|october|november|december)"
_FULL_DAY = "(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_FEAST = r"(?P<feast>christmas(?:\s+(?:eve|day))?|xmas|boxing\s+day|new\s+year(?:'?s)?(?:\s+(?:eve|day))?|valentine'?s\s+day|" \
         r"halloween|easter(?:\s+(?:sunday|monday))?|good\s+friday|thanksgiving)\b"  # fmt: skip
_CUE = r"(?:\b(?:on|from|until|till?|to|by|between|and|for|since|after|before|starting|through|around|about|date|of|check\s?in|arrive)|^|[,;:–-])\s*"

# In the order of trust: of two that overlap the earlier one stands.
RULES: Tuple[Rule, ...] = (
    _rule(r"(?<![\d-])(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d-])", means.iso),
    _rule(rf"(?:between\s+)?{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH}{_TILL}{_WEEKDAY.replace('weekday', 'w2')}{_DAY2}\s+(?:of\s+)?{_M2}{_YEAR}", means.across),
    _rule(rf"(?:between\s+)?\b{_MONTH}\s+{_DAY}{_TILL}{_M2}\s+{_DAY2}\b{_YEAR}", means.across),
    _rule(rf"(?:\b(?:between|from)\s+)?(?<![\d:.,/])\b{_DAY}{_TILL}{_DAY2}\s+(?:of\s+)?{_MONTH}{_YEAR}", means.two_days),
    _rule(rf"\b{_MONTH}\s+{_DAY}{_TILL}{_DAY2}\b(?!\s*(?:people|persons|nights|days|of)){_YEAR}", means.two_days),
    _rule(rf"(?<![\w:.,/-]){_WEEKDAY}{_DAY}(?:\s+of\s+|\s*-\s*|\s+){_MONTH}{_YEAR}", means.one_day),
    _rule(rf"\b{_WEEKDAY}{_MONTH}\s+{_DAY}\b(?!\s*(?:people|persons|nights|days|weeks|euros?|€)){_YEAR}", means.one_day),
    _rule(rf"\b{_MONTH}\s+(?P<day>{_any(CARDINALS)})\b(?!\s*(?:people|persons|nights|days|weeks|euros?|hundred|thousand|am|pm|o'clock))", means.one_day),
    _rule(r"(?<![\w/.-])(?P<a>\d{1,2})(?P<s>[/.-])(?P<b>\d{1,2})(?P=s)(?P<y>20\d\d|\d\d)(?![\w/-])", means.numeric),
    _rule(r"(?:\b(?:on|from|until|till?|by|between|and|since)\s+|^)(?P<it>(?P<a>\d{1,2})/(?P<b>\d{1,2})(?P<y>)(?![\w/.]))", means.numeric),
    _rule(r"\bthe\s+day\s+(?:after\s+tomorrow|before\s+yesterday)\b|\bday\s+after\s+tomorrow\b|\b(?:today|tonight|tonite|tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr|yesterday)\b(?!\s+week)", means.simple),
    _rule(rf"\b(?:in|within)\s+(?!an?\s+(?:day|year)|one\s+(?:day|year)){_COUNT}\s+{_UNIT}(?:\s*'?\s+time)?", means.ahead),
    _rule(rf"\b{_COUNT}\s+{_UNIT}\s+(?:from\s+(?:now|today|tomorrow)|later)\b", means.ahead),
    _rule(rf"\b{_COUNT}\s+{_UNIT}\s+(?:ago|back|earlier)\b", means.ago),
    _rule(r"\b(?:the\s+)?(?P<nth>first|second|third|fourth|last)\s+week\s+(?:of|in)\s+" + _MONTH + _YEAR, means.week_of_month),
    _rule(rf"\b(?:the\s+)?(?P<part>early|mid(?:dle)?(?:\s+of)?|late|(?:the\s+)?(?:beginning|start|end)\s+of)[\s-]+{_MONTH}{_YEAR}", means.part_of_month),
    _rule(r"\b(?:the\s+)?(?P<part>early|mid(?:dle)?(?:\s+of)?|late|(?:beginning|start|end)\s+of)\s+(?:the\s+|(?P<which>this|next)\s+)month\b", lambda m, r: means.part_of_month(m, r) if m["which"] else None),
    _rule(rf"{_DAY}\s+(?:of\s+)?(?:the\s+)?(?P<which>this|next|last)\s+month\b", means.of_this_month),
    _rule(rf"\b{_FULL_DAY}(?:\s+to\s+|\s*[-–]\s*|\s+(?:until|till?|through)\s+)(?P<weekday2>{_any(WEEKDAYS)})\b(?:\s+next\s+week)?", means.weekdays),
    _rule(rf"\b(?P<weekday>{_any(WEEKDAYS)})\b\s+(?P<week>next\s+week|(?:the\s+)?week\s+after\s+next|this\s+week|last\s+week)\b", means.weekday),
    _rule(rf"\b(?P<week>next\s+week|this\s+week|last\s+week)(?:\s+on)?\s+(?P<weekday>{_any(WEEKDAYS)})\b", means.weekday),
    _rule(rf"\b{_WHICH}\s+(?P<weekday>{_any(WEEKDAYS)})\b", means.weekday),
    _rule(r"\b(?:the\s+)?(?P<period>week|weekend|month|year)\s+after\s+next\b", means.after_next),
    _rule(rf"\b{_WHICH}\s+(?P<period>week|weekend|month|year)\b(?!\s+(?:long|pass|ticket|plan))", means.period),
    _rule(rf"\b{_WHICH}\s+{_MONTH}{_YEAR}", means.month),
    _rule(rf"\b(?:(?:in\s+(?:the\s+)?|{_WHICH}\s+|during\s+(?:the\s+)?|for\s+(?:the\s+)?)(?P<season>spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?(?P<year>20\d\d))?)\b", means.season),
    _rule(rf"(?:^|\b(?:at|over|for|on|around|before|after|until|this|next|in)\s+)(?P<it>{_FEAST}(?:\s+(?P<year>20\d\d))?)", means.feast),
    _rule(rf"\b{_MONTH}\s+(?:of\s+)?(?P<year>20\d\d)\b", means.month),
    _rule(rf"\b(?:in|of|during|by|until|till|since|for|from|around|through|before|after|or|and|mid)\s+(?P<it>{_MONTH})(?!\s*(?:i|we|you|not|be|it|to|the)\b)(?<!\bor mar)(?<!\band sun)", means.month),
    _rule(rf"^\W*(?P<it>(?:{_FULL_MONTH}|(?P<m2>march|may)(?=\W*$|\s+or\b)))\b", lambda m, r: means.month(m, r) if m["month"] else means.named_month(m["m2"], r)),
    _rule(rf"\b{_FULL_MONTH}\b", means.month),
    _rule(rf"\b{_FULL_DAY}\b(?!s)", means.weekday),
    _rule(r"\b(?:on|by|until|till|from|this|for)\s+(?P<it>(?P<weekday>mon|tue|tues|wed|weds|thu|thurs|fri|sat))\b", means.weekday),
    _rule(rf"{_CUE}(?P<it>the\s+(?P<day>\d{{1,2}}(?:st|nd|rd|th)){_TILL}(?:the\s+)?(?P<day2>\d{{1,2}}(?:st|nd|rd|th)))\b", means.bare_days),
    _rule(rf"(?:{_CUE}|\bcheck(?:ing)?\s+in\s+)(?P<it>(?:the\s+)?(?P<day>\d{{1,2}}(?:st|nd|rd|th)))\b", means.bare_day),
    _rule(rf"\b(?:on|by|until|till|from)\s+(?P<it>the\s+(?P<day>{_any(ORDINALS)}))\b(?!\s+(?:floor|day|time|page|of))", means.bare_day),
    _rule(r"\b(?:in|of|during)\s+(?P<it>(?P<y>20[2-4]\d))\b(?![-/.])", means.year),
)  # fmt: skip
