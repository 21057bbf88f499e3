"""A bare answer, understood from the question that the bot just asked."""

import re
from collections.abc import Iterator

from tactful.privacy.recognizers.words import CHAT, TIMES, TRADE
from tactful.privacy.spans import Span

SCORE, SOURCE = 0.8, "answer to the bot's question"
_NO_ANSWER = (CHAT | TRADE | TIMES) - {"and", "or"}  # a person may be called Paris
LONGEST = 120  # characters: a longer one is no bare answer

_CODE = r"(?=[^\n]{0,40}\d)[A-Za-z0-9][A-Za-z0-9 #/.-]{1,30}|[A-Z]{5,8}"
_NAME = r"[^\W\d_][\w'’. -]{0,60}"
_ANYTHING = r"(?=[\s\S]{0,100}\d)[\s\S]{4,}"
# The more particular question first: "the name on your card" asks for a name, "your card number" for a card.
_QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("PASSPORT", r"\bpassport\b", _CODE),
    ("DRIVER_LICENSE", r"\b(?:driver'?s?|driving)\s(?:licen[cs]e|permit)\b", _CODE),
    ("LICENSE_PLATE", r"\b(?:number|licen[cs]e)\s?plate\b|\bregistration\s(?:number|plate)\b", _CODE),
    ("US_SSN", r"\b(?:ssn|social\ssecurity)\b", r"\d[\d -]{3,12}"),
    ("CREDIT_CARD", r"\bcard\snumber\b|\bnumber\s(?:of|on)\s(?:your|the)\scard\b|\blast\s(?:four|4)\b|\bcvv\b|\bcvc\b|\bsecurity\scode\b", r"\d[\d -]{2,25}"),
    ("IBAN_CODE", r"\biban\b", r"[A-Za-z]{2}\d[A-Za-z0-9 -]{8,40}"),
    ("BANK_ACCOUNT", r"\b(?:bank\saccount|account\snumber|sort\scode|routing\snumber)\b", r"\d[\d -]{3,25}"),
    ("NATIONAL_ID", r"\b(?:national\sid|identity\s(?:card|number)|id\snumber|tax\s(?:id|number))\b", _CODE),
    ("DATE_OF_BIRTH", r"\bdate\sof\sbirth\b|\bwhen\swere\syou\sborn\b|\bbirth\s?(?:day|date)\b", r"(?=[^\n]{0,30}\d)[^\n]{4,40}"),
    ("SECRET", r"\b(?:pass\s?word|pass\s?code|pin|api\skey|secret)\b", r"\S{3,100}"),
    ("BOOKING_ID", r"\b(?:booking|reservation|confirmation|reference|ticket|order|policy|claim|loyalty|membership|member|frequent\sflyer|invoice|customer|account|case|tracking)\s?(?:number|code|reference|id|no)\b|\brecord\slocator\b|\bpnr\b", _CODE),
    ("ZIP_CODE", r"\b(?:zip|post\s?code|postal\scode)\b", r"[A-Za-z0-9][A-Za-z0-9 -]{2,9}"),
    ("EMAIL_ADDRESS", r"\be-?mail\b|\bmail\s(?:id|address)\b", r"(?=\S{0,60}[^\W\d_])[\w.+-]{1,64}(?:\s?@\s?|\sat\s|[\s.]{0,2})[\w. -]{2,80}"),
    ("PHONE_NUMBER", r"\b(?:phone|mobile|telephone|contact|cell|whatsapp)\b(?:\s(?:number|no))?|\breach\syou\b|\bcall\syou\b", r"[+(]?\d[\d ()./x-]{5,30}"),
    ("STREET_ADDRESS", r"\b(?:street|postal|home|billing|delivery|shipping|mailing|your|full)\saddress\b|\bwhere\s(?:do\syou\slive|should\swe\s(?:send|deliver))\b", _ANYTHING),
    ("USERNAME", r"\buser\s?(?:name|id)\b|\blogin\b|\bhandle\b|\bscreen\sname\b", r"@?[\w.@-]{3,40}"),
    ("PERSON", r"\b(?:your|full|first|last|passenger'?s?|travell?er'?s?|guest'?s?|holder'?s?|whose|what)\snames?\b|\bnames?\s(?:of|on|for)\b|\b(?:may|can)\si\s(?:have|get|know)\s(?:your|the)\sname\b|\bwhat\s(?:should|can|may|shall)\s(?:i|we)\scall\syou\b|\bwho\s(?:am\si|is)\s(?:speaking|talking|travell?ing|calling)\b|\bwho(?:\sis|'s|\sare)\s(?:the\s)?(?:passengers?|guests?|travell?ers?)\b", _NAME),
)  # fmt: skip
_COMPILED = [
    (kind, re.compile(asked, re.IGNORECASE), re.compile(value, re.IGNORECASE if kind != "BOOKING_ID" else 0))
    for kind, asked, value in _QUESTIONS
]
_LEAD = re.compile(
    r"\s{0,9}(?:(?:it'?s|its|it\sis|that'?s|that\sis|yes|yeah|sure|of\scourse|ok(?:ay)?|here(?:\sit\sis|\syou\sgo)?|this\sis|i'?m|i\sam|my\s(?:full\s|first\s|last\s)?name(?:'s|\sis)|the\sname\sis|my\s\w{4,10}\s(?:number\s)?is|number)[\s,:-]{1,5}){1,3}",
    re.IGNORECASE,
)


def answered(text: str, question: str | None) -> Iterator[Span]:
    """The answer's span, when `question` asked for a value and `text` is not much more than that."""
    if not question or len(text) > LONGEST:
        return
    lead = _LEAD.match(text)
    start = lead.end() if lead else len(text) - len(text.lstrip())
    bare = text[start:].rstrip(" .!,\n")
    for kind, asked, value in _COMPILED:
        if (cue := asked.search(question)) and value.fullmatch(bare) and not _refuses(kind, bare):
            yield Span(start, start + len(bare), kind, SCORE, SOURCE, cue[0].casefold())
            return


def _refuses(kind: str, bare: str) -> bool:
    """Whether "no thanks" was the answer to "what is your name?"."""
    words = [word.strip(".,'’-").casefold() for word in bare.split()]
    if kind in {"PERSON", "USERNAME", "SECRET", "EMAIL_ADDRESS"}:
        return any(word in _NO_ANSWER for word in words) and not (kind == "EMAIL_ADDRESS" and "@" in bare)
    return not any(character.isdigit() for character in bare) and any(word in CHAT for word in words)
