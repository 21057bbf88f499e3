"""What a model understands: sentences in, predictions out, with how long each took and how much memory there was.

    echo '{"id": 1, "text": "where is my invoice"}' | python -m tactful_engine.predict --model MODEL

Reads JSON lines from standard input, writes one JSON line each, in order, and a last one: {"run": {…}}. Only the
model's NLU is asked; nothing is stored and no tracker is kept.
"""

import argparse
import asyncio
import json
import logging
import resource
import sys
import time
from typing import Any, Dict, Iterable, Iterator, List

import structlog
from rasa.core.agent import Agent
from rasa.nlu.classifiers.fallback_classifier import (
    is_fallback_classifier_prediction,
    undo_fallback_prediction,
)

WARM_UP = ("hello", "where is my invoice", "how do i get an api key")


def predictions(agent: Agent, lines: Iterable[Dict[str, Any]]) -> Iterator[Dict[str, Any]]:
    """A prediction for each {id, text}, then the run's own figures."""
    loop = asyncio.new_event_loop()
    for text in WARM_UP:  # the first ones build caches for a second or more
        loop.run_until_complete(agent.parse_message(text))
    times: List[float] = []
    for line in lines:
        # The processor's time: it is the clock's where nothing else runs, and busy neighbours do not change it.
        began = time.process_time()
        parsed = loop.run_until_complete(agent.parse_message(line["text"]))
        times.append((time.process_time() - began) * 1000)
        yield {"id": line["id"], **prediction(parsed), "ms": round(times[-1], 3)}
    loop.close()
    yield {"run": {"p50_ms": quantile(times, 0.50), "p95_ms": quantile(times, 0.95), "peak_mb": peak_mb()}}


def prediction(parsed: Dict[str, Any]) -> Dict[str, Any]:
    """The intent beneath the fallback, whether the fallback spoke, and the ranking of all that was ranked."""
    fallback = is_fallback_classifier_prediction(parsed)
    if fallback:
        parsed = undo_fallback_prediction(parsed)
    intent = parsed.get("intent") or {}
    return {
        "intent": intent.get("name") or "",
        "confidence": float(intent.get("confidence") or 0.0),
        "fallback": fallback,
        "ranking": [[guess["name"], float(guess["confidence"])] for guess in parsed.get("intent_ranking") or []],
    }


def quantile(times: List[float], share: float) -> float:
    """The time (ms) within which this share of the sentences was understood; 0.0 without any."""
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else 0.0


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Predict intents of JSON lines with a Rasa model.")
    parser.add_argument("--model", required=True)
    # Rasa's parser says every sentence aloud, on standard output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(parser.parse_args().model)
    if not agent.is_ready():
        sys.exit("The model could not be loaded.")
    lines = (json.loads(line) for line in sys.stdin if line.strip())
    for answer in predictions(agent, lines):
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
