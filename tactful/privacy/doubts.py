"""What still looks personal in a redacted text, though nothing was sure enough to hide it: kinds and counts, no values.

It errs on the side of doubt. What comes of it is a queue in which people look, never a redaction.
"""

import re
from collections import Counter

from tactful.privacy.context import THRESHOLD
from tactful.privacy.placeholders import PLACEHOLDER
from tactful.privacy.recognizers import RECOGNIZERS

LONGEST = 4000  # characters that are looked at
MOST = 9  # of a kind; more tells nothing more

# What stands next to a placeholder often belongs to it: `PERSON_1 Quimby`, `12b STREET_ADDRESS_1`.
_BESIDE = re.compile(r"\b[A-Z][A-Z_]*[A-Z]_[1-9]\d{0,4}\s+(?:[A-Z][a-z]+|\d[\w/-]*)\b")
_SHAPES = {
    "number": re.compile(r"\b\d(?:[ .-]?\d){5,18}\b"),
    "code": re.compile(r"\b(?=[A-Z0-9-]{6,24}\b)(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z0-9][A-Z0-9-]+[A-Z0-9]\b"),
    "address": re.compile(r"\S@\S|\b\w{2,20}(?: at | \(at\) |\[at\])\w{2,20}(?: dot |\.)\w{2,6}\b", re.IGNORECASE),
    "introduced name": re.compile(
        r"\b(?:name is|named|call me|signed|regards|[Tt]his is|[Ss]incerely),?\s+(?!the\b|a\b)[A-Z][a-z]{1,20}\b"
    ),
    "street": re.compile(r"\b\d{1,5}[a-z]?\s+[A-Z][a-z]+\s+(?:St|Rd|Ave|Street|Road|Lane|Drive|Way|Court)\b"),
}


def doubts(text: str) -> dict[str, int]:
    """Kind of doubt → how often, in a text with placeholders. Empty when nothing is left to doubt."""
    text = text[:LONGEST]
    beside = len(_BESIDE.findall(text))
    plain = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    counts = Counter({kind: len(shape.findall(plain)) for kind, shape in _SHAPES.items()})
    counts["beside a placeholder"] = beside
    for recognizer in RECOGNIZERS:
        for span in recognizer.read(plain):
            if span.score < THRESHOLD:
                counts[f"maybe {span.type}"] += 1
    return {kind: min(count, MOST) for kind, count in sorted(counts.items()) if count}
