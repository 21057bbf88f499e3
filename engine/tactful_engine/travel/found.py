"""What is found in a text."""

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List


@dataclass(frozen=True)
class Found:
    """A value that stands in a text from `start` to `end` (code points); `more` are its parts."""

    kind: str
    start: int
    end: int
    value: str
    more: Dict[str, Any] = field(default_factory=dict)

    def as_entity(self, extractor: str) -> Dict[str, Any]:
        """As Rasa keeps it."""
        whole = {"entity": self.kind, "start": self.start, "end": self.end, "value": self.value, "extractor": extractor}
        return {**whole, **self.more}


def apart(found: Iterable[Found]) -> List[Found]:
    """Those that do not overlap, in the order of the text; the earlier in `found` wins."""
    kept: List[Found] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)
