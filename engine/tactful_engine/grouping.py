"""Which sentences say the same and which are about the same: found by meaning, the same every time.

    echo '{"text": "where is my invoice", "count": 3}' | python -m tactful_engine.grouping

Reads JSON lines, writes as many in their order: `twin` and `group` are the number (from 0) of the line that stands for
them, null where a sentence is about nothing that others are about. `count` says how often a sentence was said.

As `community_detection` of sentence-transformers does it: the sentence with the most others near it takes them all,
then the next one. Nothing is chained, so two members of a group are never further apart than both are from its middle.
"""

import json
import sys
from typing import Any, Dict, Iterator, List

import numpy as np

from tactful_engine.sentence_encoder import SentenceEncoder

TWIN = 0.92  # cosine: "where is my invoice" and "where's my invoice?" are .93, "i (don't) want a refund" .918
GROUP = 0.65  # one pair in twelve of one intent is as near, one in two thousand of different intents
BLOCK = 512  # rows compared at once


def communities(rows: np.ndarray, counts: np.ndarray, near: float) -> np.ndarray:
    """For each row the number of the one it belongs to; its own where nothing is as near."""
    weight = _weight(rows, counts, near)
    belongs = np.arange(len(rows))
    free = np.ones(len(rows), dtype=bool)
    for middle in np.lexsort((belongs, -weight)):
        if not free[middle] or weight[middle] <= counts[middle]:
            continue
        left = np.flatnonzero(free)
        taken = left[np.einsum("ij,j->i", rows[left], rows[middle]) >= near]
        belongs[taken], free[taken] = middle, False
        belongs[middle], free[middle] = middle, False
    return belongs


def _weight(rows: np.ndarray, counts: np.ndarray, near: float) -> np.ndarray:
    """How often something was said that is as near as this to each row, itself included."""
    blocks = [
        (rows[start : start + BLOCK] @ rows.T >= near) @ counts for start in range(0, len(rows), BLOCK)
    ]  # fmt: skip
    return np.maximum(np.concatenate(blocks), counts) if blocks else counts


def grouped(lines: List[Dict[str, Any]], encoder: SentenceEncoder) -> Iterator[Dict[str, Any]]:
    """{twin, group} of each {text, count}."""
    rows = encoder.of([line["text"] for line in lines])
    counts = np.array([line.get("count", 1) for line in lines], dtype=np.int64)
    twins, groups = communities(rows, counts, TWIN), communities(rows, counts, GROUP)
    _, sizes = np.unique(groups, return_counts=True)
    many = set(np.unique(groups)[sizes > 1].tolist())
    for number, (twin, group) in enumerate(zip(twins.tolist(), groups.tolist(), strict=True)):
        together = group in many or lines[number].get("count", 1) > 1
        yield {"twin": twin, "group": group if together else None}


def main() -> None:
    lines = [json.loads(line) for line in sys.stdin if line.strip()]
    for answer in grouped(lines, SentenceEncoder.for_training()):
        print(json.dumps(answer))


if __name__ == "__main__":
    main()
