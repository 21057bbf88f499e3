"""Spelling as columns: one text alone is what it is among others."""

import numpy as np
import pytest
from tactful_engine.letters import Letters

TEXTS = ["refund my trip", "where is my refund?", "api key", "a new api key please"]


def test_what_is_read_while_learning_is_what_is_read_after() -> None:
    letters, rows = Letters.learn_and_read([*TEXTS, ""])
    assert abs(rows - letters.of([*TEXTS, ""])).max() == 0


@pytest.mark.parametrize("text", [*TEXTS, "refnud a tripp", "¿?", ""])
def test_one_text_alone_has_the_row_that_it_has_among_others(text: str) -> None:
    letters = Letters.learn(TEXTS)
    row = letters.of([*TEXTS, text])[len(TEXTS)].toarray()[0]
    columns, values = letters.of_one(text)
    alone = np.zeros_like(row)
    alone[columns] = values
    assert alone == pytest.approx(row, abs=1e-6)
