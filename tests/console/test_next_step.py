"""What a trainer is told to do next, from an empty register to a canary."""

from dataclasses import replace

import pytest

from tactful.console.next_step import next_step
from tactful.learn.models import CANDIDATE, CHAMPION, Canary, Model, State

OLD, NEW = (Model(name, f"{name}.tar.gz", "", "", "", None, 0, "") for name in ("old", "new"))
BOTH = {"old": OLD, "new": NEW}
WAITS = State(BOTH, {CHAMPION: "old", CANDIDATE: "new"})


@pytest.mark.parametrize(
    ("state", "passes", "words", "path"),
    [
        (State(), None, "No model waits", "/console/training"),
        (State(BOTH, {CHAMPION: "old"}), None, "No model waits", "/console/training"),
        (State({"old": replace(OLD, at=9), "new": NEW}, WAITS.aliases), True, "No model waits", "/console/training"),
        (WAITS, None, "evaluate it", "/console/models/new"),
        (WAITS, False, "The gate refused new", "/console/models/new"),
        (WAITS, True, "a share of new conversations", "/console/models/new"),
        (State(BOTH, WAITS.aliases, (), Canary("new", 0.3, 0, "")), True, "answers 30%", "/console/models/new"),
    ],
)
def test_the_register_tells_the_next_step(state: State, passes: bool | None, words: str, path: str) -> None:
    step = next_step(state, passes)
    assert words in step.words
    assert step.path == path
