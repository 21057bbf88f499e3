"""The detector's side of a worker's connection: texts come in, spans go out one text at a time, until the worker goes.

What it is asked: `{"texts": […]}`, or `{"texts": [one], "question", "known"}`. What it answers, for each text: a JSON
list of spans, or null for one that must be withheld.
"""

import json
from multiprocessing.connection import Connection

from tactful.privacy.redactor import Reader
from tactful.privacy.spans import Span

READY = b"ready"


def serve(reader: Reader, connection: Connection) -> None:
    """Answer until the connection ends."""
    connection.send_bytes(READY)
    while True:
        try:
            asked = json.loads(connection.recv_bytes())
        except EOFError:
            return
        if asked.get("question") or asked.get("known"):
            (text,) = asked["texts"]
            known = [(value, kind) for value, kind in asked["known"]]
            connection.send_bytes(_packed(reader.detect(text, asked["question"], known)))
        else:
            for spans in reader.detect_all(asked["texts"]):
                connection.send_bytes(_packed(spans))


def _packed(spans: list[Span] | None) -> bytes:
    return json.dumps(
        None if spans is None else [[s.start, s.end, s.type, s.score, s.source, s.context] for s in spans]
    ).encode()
