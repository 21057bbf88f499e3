"""The interests a destination can serve, each with the words a customer sees."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Interest(NamedTuple):
    """`label` as read in "you like …", `offer` what a place has; `picture` the alternative text of its drawing."""

    label: str
    offer: str
    picture: str


INTERESTS: Final[Mapping[str, Interest]] = MappingProxyType(
    {
        "hiking": Interest("hiking", "trails close by", "A path winding up to snowy peaks"),
        "beach": Interest("the beach", "good beaches", "A sandy bay with a parasol"),
        "food": Interest("food", "food worth the trip", "A laid table with a steaming bowl"),
        "museums": Interest("museums", "fine museums", "A museum with columns"),
        "nightlife": Interest("nightlife", "long evenings out", "A city skyline at night"),
        "history": Interest("history", "a long history to walk through", "An old stone bridge and arches"),
        "nature": Interest("nature", "great nature", "A forest lake among hills"),
        "skiing": Interest("skiing", "ski slopes", "A ski slope between fir trees"),
        "diving": Interest("diving", "clear water to dive in", "Fish over a coral reef"),
        "cycling": Interest("cycling", "good cycling", "A bicycle on a country road"),
        "architecture": Interest("architecture", "remarkable buildings", "Towers and domes of a city"),
        "music": Interest("music", "a lively music scene", "A record turning, with notes of music"),
        "wildlife": Interest("wildlife", "wildlife to watch", "Elephants under an acacia at sunset"),
        "wellness": Interest("wellness", "places to rest and be pampered", "Stones and a lotus in still water"),
        "shopping": Interest("shopping", "good shopping", "Shopping bags below an awning"),
        "photography": Interest("photography", "views made for photographs", "A camera lens before a sunrise"),
        "road-trips": Interest("road trips", "roads made for a drive", "A road running to the horizon"),
        "sailing": Interest("sailing", "good sailing", "A sailing boat on a calm sea"),
        "surfing": Interest("surfing", "waves for surfing", "A breaking wave and a surfboard"),
        "family-parks": Interest("family parks", "parks and rides for children", "A Ferris wheel and a tent in a park"),
    }
)
