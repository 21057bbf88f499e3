"""All that can be found in one text."""

from datetime import date
from typing import List

from tactful_engine.travel.dates import dates
from tactful_engine.travel.found import Found, apart
from tactful_engine.travel.gazetteer import gazetteer
from tactful_engine.travel.money import money
from tactful_engine.travel.places import places

LONGEST = 1000  # code points; what is beyond is not read


def extract(text: str, today: date, *, currency: str = "EUR", day_first: bool = True) -> List[Found]:
    """Cities, airports, dates and money, in the order of the text; none of them overlaps another."""
    text = text[:LONGEST]
    return apart([*money(text, currency), *dates(text, today, day_first=day_first), *places(text, gazetteer())])
