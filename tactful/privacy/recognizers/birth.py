"""Dates of birth. Any other date stays readable: a travel bot must understand it."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{1,4}} ?[-/.] ?\d{{1,2}} ?[-/.] ?\d{{1,4}}|\d{{1,2}} \d{{1,2}} \d{{2,4}}|{_DAY}[ -](?:of )?{_MONTH},?(?:[ -]\d{{2,4}})?"
    rf"|{_MONTH}[ -]{_DAY}(?:,? \d{{2,4}})?|\d{{8}}|\d{{6}})"
)
_LINK = r"(?:[ \n.,]{0,2}(?:(?:is|was|on|in|the|it'?s|of)\b|[:=-])){0,4}[ \n:(\"]{0,3}(?<!\w)"

BIRTH = recognizer(
    "date of birth",
    "DATE_OF_BIRTH",
    named(
        r"born|birth ?day|birth ?date|date of birth|d\.?o\.?b\b\.?|geburtsdatum|geboren(?: am)?|fecha de nacimiento",
        _DATE,
        _LINK,
    ),
    score=0.9,
    digits=2,
)
