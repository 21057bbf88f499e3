"""The detector's process: a JSON line in, a JSON line out, until its standard input ends."""

import json
import os
import sys
from pathlib import Path

from tactful.privacy.detector import Detector
from tactful.privacy.lists import Lists
from tactful.privacy.policy import Policy
from tactful.processes import die_with_parent


def main() -> None:
    """Answer `{"text", "question", "known", "whose"}` with `{"spans": [[start, end, type, score, source], …]}`,

    and `{"lists": …}`, the installation's lists, with `{"spans": []}`: they count from then on.
    """
    die_with_parent()  # one that hangs would not notice that its door is gone
    # Whatever a library prints must not end up between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    detector = Detector(Policy.load(Path(sys.argv[1])))
    for line in sys.stdin:
        asked = json.loads(line)
        if "lists" in asked:
            detector.lists = Lists.from_json(asked["lists"])
            answers.write(json.dumps({"spans": []}) + "\n")
            continue
        spans = detector.detect(
            asked["text"],
            question=asked["question"],
            known=[tuple(pair) for pair in asked["known"]],
            whose=asked["whose"],
        )
        answers.write(json.dumps({"spans": [[s.start, s.end, s.type, s.score, s.source] for s in spans]}) + "\n")


if __name__ == "__main__":
    main()
