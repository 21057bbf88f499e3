"""A detector's process that starts at once: every word that begins with "Zz" is a name, and "Ana". No imports of ours.

It speaks the protocol of `tactful.privacy.worker`. `FINDER`, a file, says how it misbehaves.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

NAME = re.compile(r"\b(?:Zz\w+|Ana)\b")  # the second is what readiness asks for


def main() -> None:
    steering = Path(os.environ.get("FINDER", "/nonexistent"))
    for line in sys.stdin:
        asked = json.loads(line)
        mode = steering.read_text() if steering.exists() and "Zz" in asked.get("text", "") else ""
        if mode == "crash":
            os._exit(1)
        while mode == "hang":
            time.sleep(1)
        spans = [[*found.span(), "PERSON", 1.0, "test"] for found in NAME.finditer(asked.get("text", ""))]
        print(json.dumps({"spans": spans}), flush=True)


if __name__ == "__main__":
    main()
