"""A module that is imported later is there as soon as something of it is used, and not before."""

import importlib
import sys
from pathlib import Path
from typing import Iterator, Optional

import pytest
from tactful_engine import later as put_off

PART = """
LOADED = True
class Shape:
    sides = 4
    def __init__(self, name): self.name = name
    @classmethod
    def square(cls): return cls("square")
class Refused(Exception): pass
def double(number): return 2 * number
"""


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package `heavy` with a module `heavy.part`, put off."""
    (tmp_path / "heavy").mkdir()
    (tmp_path / "heavy" / "__init__.py").write_text("from heavy import part\n")
    (tmp_path / "heavy" / "part.py").write_text(PART)
    monkeypatch.syspath_prepend(str(tmp_path))
    put_off.later(["heavy"])
    yield
    put_off._finder.modules.discard("heavy")
    for name in [name for name in sys.modules if name.split(".")[0] == "heavy"]:
        del sys.modules[name]


def loaded() -> bool:
    return "LOADED" in vars(sys.modules["heavy.part"])


@pytest.mark.usefixtures("heavy")
def test_its_names_may_be_imported_and_annotate_without_it() -> None:
    from heavy.part import Refused, Shape

    def of(shape: Optional[Shape]) -> None: ...

    try:
        of(None)
    except Refused:
        raise AssertionError from None
    assert not isinstance("text", Shape)
    assert not loaded()


@pytest.mark.usefixtures("heavy")
def test_what_is_called_is_the_real_thing() -> None:
    from heavy.part import Shape, double

    assert double(21) == 42
    assert loaded()
    assert Shape("mine").name == "mine"
    assert isinstance(Shape("mine"), Shape)


@pytest.mark.usefixtures("heavy")
def test_what_is_asked_of_a_name_is_answered_by_the_real_one() -> None:
    from heavy.part import Shape

    assert Shape.sides == 4
    assert Shape.square().name == "square"


@pytest.mark.usefixtures("heavy")
def test_a_module_is_reached_through_its_package() -> None:
    heavy = importlib.import_module("heavy")
    assert heavy.part.double(4) == 8


@pytest.mark.usefixtures("heavy")
def test_who_would_inherit_from_a_placeholder_is_told() -> None:
    from heavy.part import Shape

    with pytest.raises(ImportError, match="Square needs heavy"):

        class Square(Shape):
            pass


def test_what_is_imported_already_stays() -> None:
    put_off.later(["json"])
    assert importlib.import_module("json").loads("1") == 1
