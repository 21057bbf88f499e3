"""Finds dates and gives them as ISO 8601: a day, a month, a year, or an interval of days ("2027-05-12/2027-05-15").

Everything is relative to the day that is handed in. A week begins on Monday; "next Friday" is the Friday of next week,
"this Friday" and "Friday" the coming one; the beginning, middle and end of a month are its ten days. A date without a
year is the coming one, or the last one where the sentence speaks of the past.
"""

import re
from calendar import monthrange
from datetime import date
from typing import Dict, Iterator, List, Optional, Tuple

from tactful_engine.travel.date_readings import Reading
from tactful_engine.travel.date_rules import RULES, Rule
from tactful_engine.travel.found import Found, apart

PAST = re.compile(
    r"\b(?:was|were|did|didn't|had|booked|charged|paid|flew|bought|cancelled|canceled|ordered|got|made|took|happened|been|"
    r"received|since|ago|asked|sent|wrote|called|subscribed|signed|arrived|invoice of|bill of|from my trip|lost)\b",
    re.I,
)
FUTURE = re.compile(
    r"\b(?:will|want|going to|would like|i'd|we'd|i'll|we'll|book a|plan(?:ning)?|"
    r"need|can i|could you|should|looking|by)\b",
    re.I,
)


def dates(text: str, today: date, *, day_first: bool = True) -> List[Found]:
    """Dates in the order of the text."""
    reading = Reading(today, bool(PAST.search(text)) and not FUTURE.search(text), day_first, text)
    return apart(_all(text, reading))


def _all(text: str, reading: Reading) -> Iterator[Found]:
    there: Dict[Optional["re.Pattern[str]"], bool] = {None: True}
    for rule in RULES:
        if rule.needs not in there:
            there[rule.needs] = bool(rule.needs and rule.needs.search(text))
        if not there[rule.needs]:
            continue
        for match in rule.pattern.finditer(text):
            value = _safely(rule, match, reading)
            if value:
                found = match.span("it") if "it" in match.re.groupindex else match.span()
                yield _found(*found, value)


def _safely(rule: Rule, match: "re.Match[str]", reading: Reading) -> Optional[str]:
    try:
        return rule.read(match, reading)
    except ValueError:  # 31 February
        return None


def _found(start: int, end: int, value: str) -> Found:
    first, last = bounds(value)
    return Found("date", start, end, value, {"from": first.isoformat(), "to": last.isoformat()})


def bounds(value: str) -> Tuple[date, date]:
    """The first and the last day of what `value` says."""
    ends = value.split("/")
    return _span(ends[0])[0], _span(ends[-1])[1]


def _span(value: str) -> Tuple[date, date]:
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], monthrange(*parts)[1])
    return date(parts[0], 1, 1), date(parts[0], 12, 31)
