"""What a detector found, without the words themselves."""

from dataclasses import dataclass


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
