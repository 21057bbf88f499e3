"""Numbers of bookings, tickets, orders, claims, policies and memberships: any code, when a word names it."""

from tactful.privacy.recognizers.named import LINK, named
from tactful.privacy.recognizers.patterns import recognizer

_WORDS = (
    r"booking|reservation|(?:confirm|conform)ation|reference|ref|(?:record )?locator|pnr|e?-?ticket|itinerary|order|case|claim|policy"
    r"|loyalty|frequent fl[iy]er|fl[iy]er|membership|member|miles ?(?:and|&) ?more|bonus ?card|rewards?|invoice|tracking|customer|account (?:number|no|id)|conf|voucher"
)
_NUMBER = r"number|no|nr|num|id|code|ref|reference|locator|#"
_NOT_A_COUNT = r"(?! ?(?:%|[€$£]|euros?|dollars?|pounds?|usd|eur|gbp|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|people|persons?|adults?|pm|am)\b)"
_NOT_A_DATE = r"(?!(?:19|20)\d\d(?:[-/.]\d|(?!\w))|\d{1,2}[-/.]\d{1,2}[-/.]\d|\d{1,2}(?:st|nd|rd|th)\b)"

# Letters and digits that are typed with spaces: "a 34 l 95", "8497 RT", "B MW 1234".
_PART = r"(?:[A-Z]{0,4}\d[A-Z0-9]{0,14}|[A-Z]{1,3}(?= \d)|(?-i:[A-Z]{1,4})(?![a-z]))"
_END = r"(?: [A-Z]{1,3}(?=[ .,;!?]{0,3}(?:\Z|\n)))?"
_SPACED = rf"(?=(?:[A-Z]{{1,4}}[ -]){{0,2}}[A-Z]{{0,10}}\d)(?:[A-Z]{{1,4}}[ -](?=\d))?[A-Z0-9]{{1,20}}(?:[ -]{_PART}){{0,6}}{_END}"

BOOKING = recognizer(
    "booking",
    "BOOKING_ID",
    named(_WORDS, rf"{_NOT_A_DATE}(?=(?:[ -]?[A-Z0-9]){{3}}){_SPACED}{_NOT_A_COUNT}"),
    score=0.75,
    digits=1,
)
# A record locator is six letters and digits, and only its word tells it from any other.
LOCATOR = recognizer(
    "record locator",
    "BOOKING_ID",
    rf"\b(?:booking|reservation|confirmation|reference|ref|locator|pnr|code){LINK}(?P<value>(?-i:[A-Z]{{6}}))(?!\w)",
    score=0.75,
)

BOOKINGS = [BOOKING, LOCATOR]
