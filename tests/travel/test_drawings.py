"""The drawings: one for each interest, each its own, small, and nothing in it but shapes."""

import re
from xml.etree import ElementTree

import pytest

from tactful.travel.drawings import DRAWINGS, drawing
from tactful.travel.interests import INTERESTS

LARGEST = 4_096  # bytes
SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "linearGradient", "stop", "clipPath"}


def test_every_interest_has_a_drawing_of_its_own() -> None:
    assert set(DRAWINGS) == set(INTERESTS)
    assert len({drawing(interest) for interest in DRAWINGS}) == len(DRAWINGS)


def test_an_unknown_interest_has_none() -> None:
    with pytest.raises(KeyError):
        drawing("tax returns")


@pytest.mark.parametrize("interest", INTERESTS)
def test_a_drawing_is_small_well_formed_and_only_shapes(interest: str) -> None:
    svg = drawing(interest)
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == "0 0 320 180"
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= SHAPES
    assert len(svg.encode()) <= LARGEST


@pytest.mark.parametrize("interest", INTERESTS)
def test_a_drawing_refers_to_nothing_outside_and_runs_nothing(interest: str) -> None:
    svg = drawing(interest)
    assert not re.search(r"<script|<text|<image|<style|href|\son\w+=|data:", svg)
    assert set(re.findall(r"url\((.)", svg)) == {"#"}
    assert svg.count("http") == 1  # the namespace


def test_a_drawing_is_the_same_every_time() -> None:
    assert [drawing(interest) for interest in DRAWINGS] == [drawing(interest) for interest in DRAWINGS]


@pytest.mark.parametrize("interest", INTERESTS)
def test_every_shape_has_its_numbers(interest: str) -> None:
    """A path that a browser would give up on draws nothing and says nothing."""
    for element in ElementTree.fromstring(drawing(interest)).iter():
        if (path := element.get("d")) is not None:
            assert re.fullmatch(r"(?:[MmLlHhVvQqTtCcAaZz]|-?\d*\.?\d+|[ ,])+", path), path
            assert path[0] == "M"
