"""Numbers of bookings, tickets, orders, claims, policies and memberships: any code, when a word names it.

A message that is nothing but a code, as an answer often is ("b 8 m 6 b 9", "QX7R2P"), is one without its word.
"""

from tactful.privacy.recognizers.named import LINK, named
from tactful.privacy.recognizers.patterns import recognizer

_THINGS = (
    r"booking|reservation|(?:confirm|conform)ation|reference|ref|(?:record )?locator|pnr|e?-?tickets?|itinerary|order|case|claim|policy|loyalty|frequent fl[iy]er|fl[iy]er"
    r"|membership|member|miles ?(?:and|&) ?more|bonus ?card|rewards?|invoice|tracking|customer|account|conf|voucher|actual"
)
# What makes the next characters a number of the thing, not a number of things: "order no. 2" but "order 2 pizzas".
_SAYS = r"(?:[ \n]{0,2}(?:(?:numbers?|nos?|nr|num|ids?|codes?|reference|locator|is|was|it'?s|its)\b\.?|[#:=]))"
_NOT_A_COUNT = (
    r"(?! ?(?:%|[€$£]|(?:euros?|dollars?|pounds?|usd|eur|gbp|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|people|persons?|adults?|pm|am|and a half|percent"
    r"|pizzas?|items?|tickets?|times?|rooms?|seats?|bags?|euro|per|of|for|or)\b))"
)
_NOT_A_DATE = r"(?!(?:19|20)\d\d(?:[-/.]\d|(?!\w))|\d{1,2}[-/.]\d{1,2}[-/.]\d|\d{1,2} ?(?:st|nd|rd|th)?(?: of)? ?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d{1,2}(?:st|nd|rd|th)(?!\w))"

# Words of one to four letters that are no part of a code: "on", "pm", "may".
_SMALL = (
    r"(?!(?:am|an|and|any|apr|are|as|at|aug|be|bed|but|by|can|day|days|dec|do|eur|feb|for|from|fri|gb|gbp|go|he|hi|hr|hrs|if|in|is|it|jan|jul|jun|kg|km|kms|mar|may|mb|me|mi|min|mins|mon|my|nd|no|nor"
    r"|nov|now|oct|of|ok|on|or|out|pax|per|pm|ppl|rd|rs|sat|sep|so|st|sun|th|the|thu|to|tue|up|us|usd|via|was|we|wed|with|year|yes|you|adult|kids?|not|then|than|past|till|each|seat|row|gate|room|star|way"
    r"|ways|more|left|late|days?|lbs|ft|cm|mm|pcs|qty|http|error|exit|bus|top|max|step|page|line|plan|size|only|just|over|like|next|about|node|java|php|ios|win|api|ver|sql|utf|sha|ipv|mp|gpt|web|wifi|usb|pro|mini)(?![a-z]))"
)
_LETTERS = rf"{_SMALL}[a-z]{{1,4}}"
_DIGITS = r"\d{1,6}"
# What follows the first piece of a code that is typed with spaces: "a 34 l 95", "8497 RT".
_FURTHER = rf"(?:[ -](?:[a-z]{{0,3}}\d[a-z0-9]{{0,14}}|{_LETTERS}(?= \d)|(?-i:[A-Z]{{1,4}})(?!\w))){{0,6}}(?: {_SMALL}[a-z]{{1,4}}(?=[ .,;!?]{{0,3}}(?:\Z|\n)))?"
_SPACED = rf"(?:{_LETTERS}[ -](?=[a-z]?\d))?[a-z]{{0,10}}\d[a-z0-9]{{0,18}}{_FURTHER}"
_WORD = rf"(?=(?:[ -]?[a-z0-9]){{5}})(?:(?-i:[A-Z]{{1,4}})[ -](?=\d))?(?=[a-z0-9]{{4}}|\d{{1,4}}[ -](?-i:[A-Z]|\d\d))[a-z]{{0,10}}\d[a-z0-9]{{0,18}}{_FURTHER}"

BOOKING = recognizer(
    "booking",
    "BOOKING_ID",
    named(_THINGS, rf"{_NOT_A_DATE}(?=(?:[ -]?[a-z0-9]){{2}}){_SPACED}{_NOT_A_COUNT}", rf"{_SAYS}{LINK}"),
    named(_THINGS, rf"{_NOT_A_DATE}{_WORD}{_NOT_A_COUNT}", r"[ \n]{1,2}"),
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

_LEAD = r"\A\W{0,3}(?:(?:yes|yeah|sure|ok|okay|it|it'?s|its|is|number|no|the|my|sorry|here|i|believe|think|correct|this|that|and)\W{1,2}){0,5}(?!(?:ssn|pin|cvv|cvc|dob|tel|fax|otp|vin|dni|nie|nif|plz|iban|bsb|id|ph|mob|zip)\b)"
_AFTER_NAME = r"\A(?:[^\W\d_]{2,20} ){1,3}?(?:and )?"
# Words before three letters and three digits that make them a flight, a price or a model, not the code of a named person.
_NO_NAME = (
    r"(?!(?:a|about|airlines?|airport|an|around|boeing|budget|bus|code|cost|costs|error|flights?|for|from|galaxy|ipad|iphone|macbook|pixel|gate|hotel|in|is|laptop|model|my|need|of|on|only|or|over|page|pay|phone|plane|price|product|room|row|seat|standard|step"
    r"|terminal|than|the|to|total|train|under|version|via|want|with|windows|your)\b)"
)
_MIXED = (
    rf"(?=(?: ?[a-z0-9]){{4}})(?:{_LETTERS} ?{_DIGITS} ?{_LETTERS}(?: ?{_DIGITS}(?: ?{_LETTERS}(?: ?{_DIGITS}(?: ?{_LETTERS})?)?)?)?"
    rf"|(?!\d+ ?[xh] ?\d+\W{{0,3}}\Z){_DIGITS} ?{_LETTERS} ?{_DIGITS}(?: ?{_LETTERS}(?: ?{_DIGITS}(?: ?{_LETTERS})?)?)?)"
)
_THREE = (
    r"(?!(?:age|all|aud|cad|chf|day|fee|fit|for|get|hwy|inr|jpy|lax|jfk|lhr|max|mid|not|off|one|pay|pin|sek|six|sum|tax|ten|two|und|uno|vat|vol|won|yen|zip|bmw|kia|mac|cpu|gpu|ram|rtx|gtx|baw|dlh|afr|klm|ual|aal|dal"
    r"|ryr|ezy|uae|qtr|thy|sia|tap|ibe|swr|aua|sas|fin|apt|box|buy|has|had|its|low|new|old|pre|rte|see|ssd|tcp|udp|use|est|gmt|utc|ist|cet)(?![a-z]))"
    rf"{_SMALL}[a-z]{{3}} ?\d{{3,4}}"
)
BARE = recognizer(
    "code without a word",
    "BOOKING_ID",
    rf"{_LEAD}(?P<value>{_MIXED}|{_THREE}|[a-z]{{2}}\d{{5,8}}|\d{{3,6}} ?{_SMALL}[a-z]{{2}}|(?!\d+000(?!\d)|(?:19|20)\d{{6}}|\d{{4}}(?:19|20)\d\d)[1-9]\d{{5,7}})\W{{0,3}}\Z",
    rf"{_AFTER_NAME}(?P<value>{_MIXED})\W{{0,3}}\Z",
    rf"\A(?:{_NO_NAME}[^\W\d_]{{2,20}} ){{1,2}}?(?:and )?(?P<value>{_THREE})\W{{0,3}}\Z",
    rf"\A(?:{_NO_NAME}[^\W\d_]{{2,20}} ){{1,2}}and (?P<value>\d{{4,6}} ?{_SMALL}[a-z]{{2}}|{_SMALL}[a-z]{{2}} ?\d{{4}})\W{{0,3}}\Z",
    score=0.6,
    digits=2,
)

BOOKINGS = [BOOKING, LOCATOR, BARE]
