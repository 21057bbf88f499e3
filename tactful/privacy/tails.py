"""The edges of addresses: pieces that stand side by side are one, and what follows a street belongs to it.

A recognizer sees the street; the number before it, and the town, state and postcode behind it without a comma between,
are told by what they are not: words of the sentence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tactful.privacy.lexicon import known
from tactful.privacy.spans import Span

ADDRESS = "STREET_ADDRESS"
MOST_WORDS = 6
_STATES = frozenset(
    """al ak az ar ca co ct de fl ga hi id il ia ks ky la ma md mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc
    sd tn tx ut vt va wa wv wi wy dc usa us uk india nsw vic qld""".split()
)
# Words of the language that towns are called by.
_TOWN_WORDS = frozenset(
    """new north south east west city town park lake beach hill hills bridge middle springs falls saint st fort port bay
    island""".split()
)
_WORD = re.compile(r"[ ,]{1,2}([^\W\d_][\w'’.-]{0,24})")
_POSTCODE = re.compile(r"[ ,-]{1,3}(?:[A-Za-z]{2}[ ,]{1,2})?(?:\d{5}(?:-?\d{4})?|\d{6})(?![\w-])")
_COUNTRY = re.compile(r"[ ,]{1,2}(?:usa|us|uk|united states|united kingdom|india|canada|australia)\b", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"(?<![\w.,:/$€£-])\d{2,5}[ ,]{1,2}$")
_HOUSE_BEFORE = re.compile(r"\b(?:no|number|door no|house no|flat|plot|door)[.:#]?[ ]{1,2}$", re.IGNORECASE)
_BETWEEN = re.compile(r"[ \t,.;-]{0,4}")


def whole_addresses(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """`spans` (sorted, apart from each other), those of addresses widened and joined."""
    waiting: Span | None = None
    for span in spans:
        here = _widened(text, span) if span.type == ADDRESS else span
        if waiting and (here.start < waiting.end or _one_address(text, waiting, here)):
            waiting = replace(waiting, end=max(waiting.end, here.end))
            continue
        if waiting:
            yield waiting
        waiting = here
    if waiting:
        yield waiting


def _one_address(text: str, one: Span, other: Span) -> bool:
    """Whether two pieces stand side by side on one line."""
    return one.type == other.type == ADDRESS and bool(_BETWEEN.fullmatch(text, one.end, other.start))


def _widened(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    if house := _HOUSE_BEFORE.search(text, max(0, start - 12), start):
        start = house.start()
    elif text[start].isdigit() and (number := _NUMBER_BEFORE.search(text, max(0, start - 8), start)):
        start = number.start()
    return replace(span, start=start, end=_end_of_tail(text, end))


def _end_of_tail(text: str, end: int) -> int:
    """Where the town, state and postcode behind a street end; `end` when there is neither state nor postcode."""
    at = best = end
    for _ in range(MOST_WORDS):
        if postcode := _POSTCODE.match(text, at):
            best = postcode.end()
            break
        word = _WORD.match(text, at)
        if not word or not _may_be_town(word[1]):
            break
        at = word.end()
        if word[1].strip(".").casefold() in _STATES:
            best = at
    if best > end and (country := _COUNTRY.match(text, best)):
        best = country.end()
    return best


def _may_be_town(word: str) -> bool:
    plain = word.strip(".").casefold()
    seen = known(plain)
    return plain in _STATES or plain in _TOWN_WORDS or seen.place or seen.word != 1
