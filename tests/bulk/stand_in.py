"""A detector's process that needs no models: what stands between « and » is a name, and some words do harm."""

import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection

from tactful.bulk.serving import serve
from tactful.privacy.spans import Span

NAME = re.compile("«(.+?)»")


Known = Sequence[tuple[str, str]]


class StandIn:
    def detect(self, text: str, question: str | None = None, known: Known = ()) -> list[Span] | None:
        if "[die]" in text:
            os._exit(9)
        if "[hang]" in text:
            time.sleep(600)
        if "[slow]" in text:
            time.sleep(0.2)
        if "[refuse]" in text:
            return None
        found = {match.span(1): "PERSON" for match in NAME.finditer(text)}
        if question and "name" in question and text.isalpha():
            found[0, len(text)] = "PERSON"
        for value, kind in known:
            found |= {match.span(): kind for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text)}
        spans: list[Span] = []
        for (start, end), kind in sorted(found.items()):
            if not spans or start >= spans[-1].end:
                spans.append(Span(start, end, kind, 1.0, "stand-in", "between"))
        return spans

    def detect_all(self, texts: Sequence[str]) -> Iterator[list[Span] | None]:
        yield from [self.detect(text) for text in texts]


if __name__ == "__main__":
    serve(StandIn(), Connection(int(sys.argv[1])))
