"""What a detector found, without the words themselves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` in Unicode code points of the original text.

    `source` names the recognizer, `context` the words that named the value; neither quotes the value.
    """

    start: int
    end: int
    type: str
    score: float
    source: str = ""
    context: str = ""


def merge(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans of `text`, sorted and apart from each other; every word that any of them covered is still covered.

    Of two that overlap, the surer (the longer of equals) keeps its extent, and the other what it has beyond, if that
    begins or ends at a space: a name beside an address stays a name. Otherwise they become one.
    """
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end <= span.start:
            continue
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
            continue
        last = merged.pop()
        merged += _apart(text, last, span)
    return merged


def _apart(text: str, last: Span, span: Span) -> list[Span]:
    """Two spans that overlap, `last` beginning first, as one or two that do not."""
    surest = max(last, span, key=lambda each: (each.score, each.end - each.start))
    end = max(last.end, span.end)
    if last.type != span.type and span.end > last.end > span.start > last.start:
        cut = last.end if surest is last else span.start
        left, right = _trimmed(text, last.start, cut), _trimmed(text, cut, span.end)
        spaced = text[cut - 1].isspace() or text[cut : cut + 1].isspace()
        if spaced and left[1] > left[0] and right[1] > right[0]:
            return [replace(last, start=left[0], end=left[1]), replace(span, start=right[0], end=right[1])]
    return [replace(surest, start=last.start, end=end)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
