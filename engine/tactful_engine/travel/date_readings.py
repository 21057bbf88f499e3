"""What the words of a date mean on a given day: from a match to ISO 8601."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Callable, Dict, NamedTuple, Optional

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from tactful_engine.travel.calendar_words import CARDINALS, COUNTS, MONTHS, ORDINALS, SEASONS, WEEKDAYS

NO_DAY = re.compile(r"[^\S\n]+(?:floor|time|one|option|person|class|question|trip|thing|party|try|attempt|row|part|key|"
                    r"line|child|bag|day|half|round|player|game|place|of all)\b", re.I)  # fmt: skip


class Reading(NamedTuple):
    """The day on which, and whether the sentence speaks of what has been; numbers as day/month or month/day."""

    today: date
    past: bool
    day_first: bool
    text: str

    def near(self, make: Callable[[int], date]) -> date:
        """Of this year or the next, or of this or the one before when the past is spoken of."""
        this = make(self.today.year)
        if self.past:
            return this if this <= self.today else make(self.today.year - 1)
        return this if this >= self.today else make(self.today.year + 1)


def between(first: date, last: date) -> str:
    return f"{first.isoformat()}/{last.isoformat()}"


def number_of(said: str) -> int:
    said = said.lower().replace(" ", "-")
    return ORDINALS.get(said) or CARDINALS.get(said) or int(re.sub(r"\D", "", said))


def month_day(match: "re.Match[str]", reading: Reading, group: str = "day", month: str = "month") -> date:
    number, day = MONTHS[match[month].lower()], number_of(match[group])
    if year := match.groupdict().get("year"):
        return date(int(year), number, day)
    return reading.near(lambda year: date(year, number, min(day, 28) if number == 2 and day == 29 else day))


def one_day(match: "re.Match[str]", reading: Reading) -> str:
    return month_day(match, reading).isoformat()


def two_days(match: "re.Match[str]", reading: Reading) -> Optional[str]:
    last = month_day(match, reading, "day2")
    first = last.replace(day=number_of(match["day"]))
    return between(first, last) if first < last else None


def across(match: "re.Match[str]", reading: Reading) -> Optional[str]:
    """ "28 April to 3 May" """
    first = month_day(match, reading)
    month, day = MONTHS[match["month2"].lower()], number_of(match["day2"])
    last = date(first.year, month, day)
    return between(first, last if last >= first else last.replace(year=first.year + 1))


def iso(match: "re.Match[str]", reading: Reading) -> str:
    return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()


def numeric(match: "re.Match[str]", reading: Reading) -> str:
    first, second = int(match["a"]), int(match["b"])
    day, month = (first, second) if (reading.day_first and second <= 12) or first > 12 else (second, first)
    if match["y"]:
        year = int(match["y"])
        return date(year + 2000 if year < 100 else year, month, day).isoformat()
    return reading.near(lambda year: date(year, month, day)).isoformat()


def month(match: "re.Match[str]", reading: Reading) -> str:
    number = MONTHS[match["month"].lower()]
    year = match.groupdict().get("year")
    if year:
        return f"{year}-{number:02}"
    this = reading.today.year
    if reading.past:
        return f"{this if number <= reading.today.month else this - 1}-{number:02}"
    which = (match.groupdict().get("which") or "").split()
    if which and which[-1] in {"last", "past", "previous"}:
        return f"{this if number < reading.today.month else this - 1}-{number:02}"
    return f"{this if number >= reading.today.month else this + 1}-{number:02}"


def part_of_month(match: "re.Match[str]", reading: Reading) -> str:
    if match.groupdict().get("month"):
        year, number = (int(part) for part in month(match, reading).split("-"))
        first = date(year, number, 1)
    else:
        first = reading.today.replace(day=1) + relativedelta(months=1 if match["which"].lower() == "next" else 0)
    part = match["part"].lower()
    if part.startswith(("early", "beginning", "start")):
        return between(first, first.replace(day=10))
    if part.startswith("mid"):
        return between(first.replace(day=11), first.replace(day=20))
    return between(first.replace(day=21), first + relativedelta(months=1, days=-1))


def week_of_month(match: "re.Match[str]", reading: Reading) -> str:
    year, number = (int(part) for part in month(match, reading).split("-"))
    if match["nth"].lower() == "last":
        last = date(year, number, monthrange(year, number)[1])
        return between(last - timedelta(days=6), last)
    first = date(year, number, 1 + 7 * (ORDINALS[match["nth"].lower()] - 1))
    return between(first, first + timedelta(days=6))


def simple(match: "re.Match[str]", reading: Reading) -> str:
    word = " ".join(match.group().lower().split())
    days = (
        2
        if "after" in word
        else -2
        if "before" in word
        else 1
        if word.startswith("tom") or word.startswith("tmr")
        else -1
        if word.startswith("yest")
        else 0
    )
    return (reading.today + timedelta(days=days)).isoformat()


def delta(match: "re.Match[str]") -> relativedelta:
    said = " ".join(match["count"].lower().split())
    count, unit = COUNTS.get(said) or int(said), match["unit"].lower()
    if unit == "fortnight":
        return relativedelta(weeks=2 * count)
    return relativedelta(**{f"{unit}s": count})  # type: ignore[arg-type]


def ahead(match: "re.Match[str]", reading: Reading) -> str:
    start = reading.today + timedelta(days=1) if "tomorrow" in match.group().lower() else reading.today
    return (start + delta(match)).isoformat()


def ago(match: "re.Match[str]", reading: Reading) -> str:
    return (reading.today - delta(match)).isoformat()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def coming(day: date, weekday: int, past: bool) -> date:
    if past:
        return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def weekday(match: "re.Match[str]", reading: Reading) -> str:
    named = match.groupdict()
    weekday, which = WEEKDAYS[named["weekday"].lower()], (named.get("which") or "").lower().split()
    week = (named.get("week") or "").lower().split()
    if "next" in (*which[-1:], *week[:1]) or "after" in week:
        shift = 14 if "after" in week else 7
        return (monday_of(reading.today) + timedelta(days=shift + weekday)).isoformat()
    if which[-1:] in (["last"], ["past"], ["previous"]) or week[:1] == ["last"]:
        return coming(reading.today, weekday, True).isoformat()
    return coming(reading.today, weekday, reading.past and not which).isoformat()


def weekdays(match: "re.Match[str]", reading: Reading) -> str:
    first = coming(reading.today, WEEKDAYS[match["weekday"].lower()], reading.past)
    if "next" in match.group().lower():
        first = monday_of(reading.today) + timedelta(days=7 + first.weekday())
    return between(first, coming(first, WEEKDAYS[match["weekday2"].lower()], False))


def period(match: "re.Match[str]", reading: Reading) -> str:
    which, unit = match["which"].lower().split()[-1], match["period"].lower()
    step = {"next": 1, "following": 1, "last": -1, "past": -1, "previous": -1}.get(which, 0)
    step += 1 if match.groupdict().get("after") else 0
    today = reading.today
    if unit == "month":
        return f"{today + relativedelta(months=step):%Y-%m}"
    if unit == "year":
        return str(today.year + step)
    monday = monday_of(today) + timedelta(weeks=step)
    if unit == "week":
        return between(monday, monday + timedelta(days=6))
    return between(monday + timedelta(days=5), monday + timedelta(days=6))


def after_next(match: "re.Match[str]", reading: Reading) -> str:
    unit = match["period"].lower()
    today = reading.today
    if unit == "month":
        return f"{today + relativedelta(months=2):%Y-%m}"
    if unit == "year":
        return str(today.year + 2)
    monday = monday_of(today) + timedelta(weeks=2)
    days = (0, 6) if unit == "week" else (5, 6)
    return between(monday + timedelta(days=days[0]), monday + timedelta(days=days[1]))


def season(match: "re.Match[str]", reading: Reading) -> str:
    month, which = SEASONS[match["season"].lower()], (match["which"] or "").lower().split()[-1:]
    year, today = match["year"], reading.today
    first = date(int(year) if year else today.year, month, 1)
    if not year and first + relativedelta(months=3) <= today and which != ["last"] and not reading.past:
        first += relativedelta(years=1)
    if not year and (which == ["last"] or reading.past) and first > today:
        first -= relativedelta(years=1)
    if not year and which == ["next"] and first <= today:
        first += relativedelta(years=1)
    return between(first, first + relativedelta(months=3, days=-1))


def feast(match: "re.Match[str]", reading: Reading) -> str:
    name = re.sub(r"[^a-z]", "", match["feast"].lower())
    if year := match["year"]:
        return FEASTS[name](int(year)).isoformat()
    return reading.near(FEASTS[name]).isoformat()


def of_this_month(match: "re.Match[str]", reading: Reading) -> str:
    step = 1 if match["which"].lower() == "next" else -1 if match["which"].lower() == "last" else 0
    return (
        (reading.today.replace(day=1) + relativedelta(months=step)).replace(day=number_of(match["day"]))
    ).isoformat()


def bare_day(match: "re.Match[str]", reading: Reading) -> Optional[str]:
    if NO_DAY.match(reading.text, match.end()):
        return None
    day, month = number_of(match["day"]), reading.today.replace(day=1)
    step = -1 if reading.past else 1
    for months in range(0, 12 * step, step):
        first = month + relativedelta(months=months)
        if day > monthrange(first.year, first.month)[1]:
            continue
        found = first.replace(day=day)
        if (found <= reading.today) if reading.past else (found >= reading.today):
            return found.isoformat()
    return None


def bare_days(match: "re.Match[str]", reading: Reading) -> Optional[str]:
    first = bare_day(match, reading)
    if first is None:
        return None
    start, day = date.fromisoformat(first), number_of(match["day2"])
    last = start.replace(day=day) if day > start.day else (start + relativedelta(months=1)).replace(day=day)
    return between(start, last)


def year(match: "re.Match[str]", reading: Reading) -> str:
    return match["y"]


def new_year(year: int) -> date:
    return date(year, 1, 1)


def thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


FEASTS: Dict[str, Callable[[int], date]] = {
    "christmas": lambda year: date(year, 12, 25), "xmas": lambda year: date(year, 12, 25),
    "christmasday": lambda year: date(year, 12, 25), "christmaseve": lambda year: date(year, 12, 24),
    "boxingday": lambda year: date(year, 12, 26), "newyearseve": lambda year: date(year, 12, 31),
    "newyearsday": new_year, "newyear": new_year, "newyears": lambda year: date(year, 12, 31),
    "valentinesday": lambda year: date(year, 2, 14), "halloween": lambda year: date(year, 10, 31),
    "easter": easter, "eastersunday": easter, "eastermonday": lambda year: easter(year) + timedelta(days=1),
    "goodfriday": lambda year: easter(year) - timedelta(days=2), "thanksgiving": thanksgiving,
}  # fmt: skip


def named_month(name: str, reading: Reading) -> str:
    number = MONTHS[name.lower()]
    return f"{reading.today.year + (number < reading.today.month)}-{number:02}"
