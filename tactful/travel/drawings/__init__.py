"""A flat picture for each interest: 320 x 180 SVG made of a few shapes, without text, script or outside references."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from tactful.travel.drawings import city, land, leisure, water

DRAWINGS: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "hiking": land.hiking,
        "beach": water.beach,
        "food": leisure.food,
        "museums": city.museums,
        "nightlife": city.nightlife,
        "history": city.history,
        "nature": land.nature,
        "skiing": land.skiing,
        "diving": water.diving,
        "cycling": land.cycling,
        "architecture": city.architecture,
        "music": leisure.music,
        "wildlife": land.wildlife,
        "wellness": leisure.wellness,
        "shopping": city.shopping,
        "photography": leisure.photography,
        "road-trips": land.road_trips,
        "sailing": water.sailing,
        "surfing": water.surfing,
        "family-parks": leisure.family_parks,
    }
)


def drawing(interest: str) -> str:
    """The SVG of an interest. Errors: `KeyError` for an unknown one."""
    return DRAWINGS[interest]()
