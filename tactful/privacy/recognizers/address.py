"""Postal addresses: a street line in the shapes of many countries, and what belongs to it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tactful.privacy.recognizers.address_tail import LONG_STATES, STATES, end_of_address, without_city_alone
from tactful.privacy.recognizers.letterhead import in_letterhead, without_cities
from tactful.privacy.recognizers.patterns import Patterns, recognizer
from tactful.privacy.recognizers.streets import (
    AFTER,
    AFTERS,
    CAPITAL,
    DIRECTION,
    ENDING,
    ENDINGS,
    FIRST,
    FIRSTS,
    FRENCH,
    KIND,
    NUMBER,
    PARTICLE,
    THINGS,
    WORD,
)
from tactful.privacy.spans import Span

# The digit comes first, and what must not stand before it after: so a search skips to the next digit.
_DIGIT = r"\d(?<![\w$€£#/-]\d)(?<!\d[.,]\d)"
_HOUSE = rf"{_DIGIT}(?<![$€£] \d)\d{{0,4}}(?:[-/]\d{{1,4}})?(?: ?[a-z](?!\w))?"
_BEFORE = rf"(?:(?<!\w)(?:(?:apt|suite)\.? ?\d{{1,5}} )?{_DIGIT}\d{{0,4}} (?:\d{{1,5}} )?)?"
_PROPER = rf"{CAPITAL}[\w'’.-]{{0,30}}"

ENGLISH = recognizer(
    "street address",
    "STREET_ADDRESS",
    # 12 Baker Street; 875 james street east; 1501 hwy 14 east; 64 North 9th Street; 28 9 th lane
    rf"{_HOUSE},? (?:\d{{1,5}} )?{THINGS}(?:{DIRECTION} )?(?:(?:{THINGS}|(?=[^\W\d_]{{2,12}} (?:street|road|avenue|lane)\b)){WORD},? |\d{{1,3}} (?:(?:st|nd|rd|th) |(?=(?:street|st|avenue|ave|road|rd)\b))|\d{{1,3}}(?:st|nd|rd|th) ){{1,4}}{KIND}\b\.?(?: (?:street|road|lane|nagar|colony|layout)\b)?(?: {DIRECTION}(?!\w))?(?: \d{{1,4}}\b(?! ?(?:€|euros?|am|pm|days?|nights?|people)))?",
    rf"{_HOUSE} (?:{DIRECTION} )?(?:{KIND}|el camino)\b\.? (?:{_PROPER}|\d{{1,4}}(?:st|nd|rd|th)?\b)(?: {_PROPER}){{0,2}}",
    rf"{_HOUSE} (?:(?:{DIRECTION}|the|el|old|camino) ){{1,3}}{_PROPER}(?= ?(?:[#,.\n]|$))",
    score=0.85,
    digits=1,
)
# Lindenstraße 5, Koskikatu 25
COMPOUND = recognizer(
    "street address, one word",
    "STREET_ADDRESS",
    rf"{_BEFORE}(?<!\w)(?:{_PROPER} ){{0,2}}{WORD}{ENDING}\.? {NUMBER}\b",
    score=0.85,
    digits=1,
    signs=ENDINGS,
)
# Erzsébet tér 19.
KIND_BETWEEN = recognizer(
    "street address, kind before the number",
    "STREET_ADDRESS",
    rf"{_BEFORE}(?<!\w){_PROPER} (?:{WORD} ){{0,2}}{AFTER}\.? {NUMBER}\b\.?",
    score=0.85,
    digits=1,
    signs=AFTERS,
)
# 12 rue de la paix, Calle Mayor 3
KIND_FIRST = recognizer(
    "street address, kind first",
    "STREET_ADDRESS",
    rf"{_HOUSE}(?: ?(?:bis|ter))?,? (?:\d{{1,5}} )?{FRENCH}(?: (?:{PARTICLE} ){{0,2}}{_PROPER}){{0,4}}(?:,? (?:n[.º°]? ?)?\d{{1,4}}\b)?",
    rf"{_BEFORE}(?<!\w){FIRST}(?: (?:{PARTICLE} ){{0,2}}{WORD}){{0,4}},? (?:n[.º°]? ?|nr\.? ?|numero )?\d{{1,4}}\b",
    score=0.85,
    digits=1,
    signs=FIRSTS,
)
# PO Box 1234; PSC 0729, Box 5797; USS Vincent, FPO AA 68422
BOX = recognizer(
    "post box",
    "STREET_ADDRESS",
    r"(?<!\w)(?:\d{1,5} )?(?:p\.? ?o\.? ?box|post ?box|postfach|postbus|apartado(?: de correos)?|casella postale|boite postale|caixa postal|private bag) ?(?:#|no\.? ?)?\d{1,7}(?!\w)",
    r"(?<!\w)(?:psc|cmr|unit) \d{1,5},? box \d{1,5}(?:[, \n]{1,3}(?:apo|fpo|dpo),? (?:aa|ae|ap),? \d{5})?",
    r"(?<!\w)(?:(?:uss|usns|usnv|uscgc|usv) [\w'’ -]{1,40}[,\n ]{1,3})?(?:apo|fpo|dpo),? (?:aa|ae|ap),? \d{5}",
    score=0.85,
    digits=1,
    signs=("box", "postfach", "postbus", "apartado", "postal", "private bag", "apo", "fpo", "dpo"),
)
# A number, a name, a number or a unit: nothing but an address is written so.
GENERAL = recognizer(
    "address of a general shape",
    "STREET_ADDRESS",
    rf"{_HOUSE} (?:\d{{1,5}} )?(?:{WORD} ){{1,4}}?(?:\d{{1,5}}[a-z]?\.? ?[,\n ]{{0,3}}[ >?]{{0,6}})?(?:apt|suite|ste|apartment|flat)\b\.? ?#?\d{{1,5}}\b",
    rf"(?<!\w)(?:{WORD} ){{1,3}}\d{{1,5}}[a-z]?\.?[, \n]{{1,4}}[ >?]{{0,6}}(?:apt|suite|ste)\b\.? ?#?\d{{1,5}}\b",
    rf"{_DIGIT}\d{{1,4}} (?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)(?:{CAPITAL}[\w'’.-]{{2,30}} ){{1,4}}\d{{1,4}}\.?(?=,? ?\n|, {CAPITAL}|$|[.;?!]|,? {CAPITAL})",
    # Am Markt 5, 28195 Bremen
    rf"(?<!\w)(?:{CAPITAL}[\w'’-]{{1,30}} ){{1,3}}\d{{1,4}}[a-z]?, (?:(?-i:[A-Z]{{1,2}})-)?\d{{4,5}}(?: (?-i:[A-Z]{{2}}))? {CAPITAL}[\w'’-]{{2,30}}",
    rf"(?:^|\band )(?P<value>(?:door )?no\.? ?\d{{1,5}},? (?:{WORD} ){{1,4}}[a-z]{{2}},? \d{{2,6}})(?=\W{{0,3}}$)",
    rf"\b(?:the )?corner of [^\n;?!]{{3,60}}? and {WORD}(?: (?:{_PROPER}|{KIND}|\d{{1,4}})(?!\w)){{0,3}}",
    # in lower case, and any kind of street: a state and a postcode say that it is an address
    rf"{_HOUSE} {THINGS}(?:{WORD},? |apt \d{{1,5}} |suite \d{{1,5}} ){{1,8}}?{LONG_STATES},? (?:{WORD} ){{0,3}}\d{{4,9}}(?!\w)",
    rf"(?<!\w){WORD} {KIND}\b\.?,? (?:{WORD} ){{0,4}}?{STATES},? \d{{5}}(?!\w)",
    score=0.8,
    digits=1,
)
# "my address is 14b the old mill", "address no 4 raju street middle city": up to the next piece of news.
_STOP = r"(?!(?:phone|ph|mobile|mob|cell|contact|tel|telephone|number|email|e-?mail|mail|and|in|my|name|i|thanks|thank|please|is|with|for|but|or|so|because|it|what|when)\b)"
NAMED = recognizer(
    "named address",
    "STREET_ADDRESS",
    rf"(?<!ip )(?<!mail )(?<!mac )(?<!web )\b(?:address(?:es)?(?:[ \n]{{0,3}}(?:is|are|was|to|:|-)){{0,2}}|lives? (?:at|on|in)|living (?:at|on)|residing at|deliver(?:ed)? (?:it )?to|ship(?:ped)? (?:it )?to)"
    rf"[ \n:]{{1,6}}(?P<value>(?:no\.? ?|# ?|flat |apt\.? |unit )?\d{{1,5}}[a-z]?(?:[/-]\d{{1,4}})?,? {THINGS}(?:{_STOP}[^\W_][\w'’./&-]{{0,25}}(?:, ?| (?=\S)|(?=\W|$))){{1,12}}(?<=\w))",
    score=0.75,
    digits=1,
)

# All that a message says, with a phone number: "75 lisbon 4234747072", "leith nethaji street 98758746985".
BESIDE_PHONE = recognizer(
    "address beside a phone number",
    "STREET_ADDRESS",
    rf"\A(?P<value>\d{{1,6}} {THINGS}{WORD}(?: {WORD}){{0,2}})(?= \d{{10,12}}\W*\Z)",
    rf"\A\d{{10}} (?P<value>\d{{1,6}} {THINGS}{WORD}(?: {WORD}){{0,2}}(?: \d{{5,8}})?)(?=\W*\Z)",
    rf"\A(?P<value>(?:{WORD} ){{1,3}}(?:street|nagar|road|avenue|lane)(?: {WORD})?)(?= \d{{10,12}}\W*\Z)",
    score=0.75,
    digits=10,
)


_NUMBER_SIGN = re.compile(
    r"\b(?:(?:house|flat|plot|door) )?(?:no|nr|flat|house|plot|door|unit|lot|shop)\.? ?#? ?\Z|# ?\Z", re.IGNORECASE
)


class Addresses:
    """Street lines that `lines` find, each with what belongs to it."""

    context_words: tuple[str, ...] = ()

    def __init__(self, lines: Patterns) -> None:
        self.lines, self.name, self.needs = lines, lines.source, lines.needs

    def read(self, text: str) -> Iterator[Span]:
        start = covered = 0
        for line in self.lines.read(text):
            if line.start >= start and line.end <= covered:
                continue  # a part of the address before it
            start, covered = line.start, 0
            end = end_of_address(text, line.end)
            if sign := _NUMBER_SIGN.search(text, max(0, line.start - 8), line.start):
                line = replace(line, start=sign.start())
            if in_letterhead(text, line.start):
                yield from without_cities(text, replace(line, end=end), line.end)
            else:
                covered = end
                yield replace(line, end=without_city_alone(text, line.start, end))


ADDRESSES = [
    Addresses(each) for each in (ENGLISH, COMPOUND, KIND_BETWEEN, KIND_FIRST, BOX, GENERAL, NAMED, BESIDE_PHONE)
]
