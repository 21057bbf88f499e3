"""The interests a destination can serve, each with the words a customer sees."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Interest(NamedTuple):
    """`label` as read in "you like …"; `picture` the alternative text of its drawing."""

    label: str
    picture: str


INTERESTS: Final[Mapping[str, Interest]] = MappingProxyType(
    {
        "hiking": Interest("hiking", "A path winding up to snowy peaks"),
        "beach": Interest("the beach", "A sandy bay with a parasol"),
        "food": Interest("food", "A laid table with a steaming bowl"),
        "museums": Interest("museums", "A museum with columns"),
        "nightlife": Interest("nightlife", "A city skyline at night"),
        "history": Interest("history", "An old stone bridge and arches"),
        "nature": Interest("nature", "A forest lake among hills"),
        "skiing": Interest("skiing", "A ski slope between fir trees"),
        "diving": Interest("diving", "Fish over a coral reef"),
        "cycling": Interest("cycling", "A bicycle on a country road"),
        "architecture": Interest("architecture", "Towers and domes of a city"),
        "music": Interest("music", "A record turning, with notes of music"),
        "wildlife": Interest("wildlife", "Elephants under an acacia at sunset"),
        "wellness": Interest("wellness", "Stones and a lotus in still water"),
        "shopping": Interest("shopping", "Shopping bags below an awning"),
        "photography": Interest("photography", "A camera lens before a sunrise"),
        "road-trips": Interest("road trips", "A road running to the horizon"),
        "sailing": Interest("sailing", "A sailing boat on a calm sea"),
        "surfing": Interest("surfing", "A breaking wave and a surfboard"),
        "family-parks": Interest("family parks", "A Ferris wheel and a tent in a park"),
    }
)
