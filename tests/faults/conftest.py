"""How much is broken: a little in every run, a lot with `make faults`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.pair import Doors, Pair

LONG = bool(os.environ.get("TACTFUL_FAULTS_LONG"))

NewPair = Callable[..., Pair]


def often(short: int, long: int) -> int:
    """How many times, in this run."""
    return int(os.environ.get("TACTFUL_FAULTS", long)) if LONG else short


@pytest.fixture(scope="session")
def doors() -> Iterator[Doors]:
    doors = Doors()
    yield doors
    doors.close()


@pytest.fixture
def new_pair(doors: Doors, tmp_path: Path) -> Iterator[NewPair]:
    """Makes pairs over the test's folder; ended with the test."""
    made: list[Pair] = []

    def make(**given: object) -> Pair:
        pair = Pair(tmp_path, doors, **given)  # type: ignore[arg-type]
        made.append(pair)
        return pair

    yield make
    for pair in made:
        pair.end()
