"""What says the same and what is about the same, and labels that the other examples contradict."""

import numpy as np
import pytest
from tactful_engine.grouping import communities, grouped
from tactful_engine.mislabels import doubts, in_doubt
from tactful_engine.sentence_encoder import SentenceEncoder, unit

SAID = [
    "where is my invoice",
    "Where's my invoice?",
    "I need the invoice for march",
    "can I take my dog on the flight",
    "may I take my dog on a flight?",
    "the moon is made of cheese",
]


def test_twins_groups_and_what_stands_alone() -> None:
    found = list(grouped([{"text": text} for text in SAID], SentenceEncoder()))
    twins, groups = [each["twin"] for each in found], [each["group"] for each in found]
    assert twins[0] == twins[1] != twins[2]
    assert groups[0] == groups[1] == groups[2]
    assert groups[3] == groups[4] != groups[0]
    assert groups[5] is None


def test_what_is_denied_is_no_twin() -> None:
    found = list(grouped([{"text": "i want a refund"}, {"text": "i dont want a refund"}], SentenceEncoder()))
    assert found[0]["twin"] != found[1]["twin"]


def test_what_was_said_often_is_a_group_of_its_own() -> None:
    assert next(grouped([{"text": "sing me a song", "count": 9}], SentenceEncoder()))["group"] == 0


def test_nothing_is_chained() -> None:
    steps = unit(np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, np.pi, 40)], dtype=np.float32))
    belongs = communities(steps, np.ones(40, dtype=int), 0.9)
    assert all(steps[i] @ steps[j] >= 0.9 for i, j in enumerate(belongs))


def test_an_example_is_in_doubt_when_another_label_is_believed_of_it() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.95, 0.05], [0.1, 0.9], [0.45, 0.55]])
    found, said = in_doubt(probabilities, np.array([0, 0, 1, 1, 0]))
    assert (found.tolist(), said.tolist()) == ([2, 4], [0, 1])


@pytest.mark.parametrize("wrong", [2, 11])
def test_a_label_given_by_mistake_is_found(wrong: int) -> None:
    texts = [f"{verb} my invoice {end}" for verb in ("where is", "send me", "i need") for end in ("now", "please", "")]
    texts += [f"{verb} my flight {end}" for verb in ("cancel", "stop", "drop") for end in ("now", "please", "")]
    lines = [{"text": text, "intent": "invoice" if n < 9 else "cancel"} for n, text in enumerate(texts)]
    lines[wrong]["intent"] = "cancel" if wrong < 9 else "invoice"
    assert next(doubts(lines))["line"] == wrong


def test_one_label_alone_is_beyond_doubt() -> None:
    assert list(doubts([{"text": "hello", "intent": "greet"}])) == []
