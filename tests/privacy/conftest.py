"""One detector for all tests of this folder; sentences in which «…» marks what must be found."""

import re

import pytest

from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy


@pytest.fixture(scope="session")
def detector(policy: Policy) -> Detector:
    return Detector(policy)


def marked(sentence: str) -> tuple[str, list[tuple[int, int]]]:
    """The sentence without its marks, and the spans that they enclosed."""
    text, spans = "", []
    for part in re.split("(«.*?»)", sentence, flags=re.DOTALL):
        if part.startswith("«"):
            spans.append((len(text), len(text) + len(part) - 2))
        text += part.strip("«»")
    return text, spans
