"""How well a destination fits one fact about a traveller: one function a fact.

Each gives None when the traveller has no such fact, else a `Fit`: a score that is added up, and a reason only when
there is something good, or something that must be said.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from tactful.travel import climate
from tactful.travel.catalogue import Destination
from tactful.travel.cities import distance_km
from tactful.travel.cost import NIGHTS, euros, total
from tactful.travel.interests import INTERESTS
from tactful.travel.likeness import alike
from tactful.travel.traveller import Traveller

NUMBERS = {5: "five"}
SUITS_COMPANIONS = {
    "family": ("family-parks", "beach", "wildlife", "nature"),
    "couple": ("food", "wellness", "architecture", "sailing"),
    "friends": ("nightlife", "music", "surfing", "food"),
    "solo": ("museums", "food", "hiking", "music"),
}
WITH = {"family": "good with a family", "couple": "good for two", "friends": "good with friends", "solo": "easy alone"}
SUITS_PACE = {
    "relaxed": ("wellness", "beach", "nature", "sailing"),
    "packed": ("museums", "nightlife", "architecture", "shopping", "history"),
}
PACE = {"relaxed": "an easy pace", "packed": "plenty to fill the days"}
GRADED_DIETS = {
    "vegetarian": "vegetarian",
    "vegan": "vegetarian",
    "pescatarian": "vegetarian",
    "halal": "halal",
    "kosher": "kosher",
}
EASY = 3
NEAR_KM = 1500


@dataclass(frozen=True, slots=True)
class Fit:
    """`used` names the profile attributes that were looked at, for the score as for the reason."""

    score: float
    used: tuple[str, ...]
    reason: str = ""


def weather(place: Destination, who: Traveller) -> Fit | None:
    if not who.months:
        return None
    shared = matched(place, who)
    score = 5 * climate.fit(place, who.months, shared) - 2.5
    used = (who.when_from,) if who.when_from else ()
    return Fit(score, used, climate.described(place, who.months, who.when, shared))


def budget(place: Destination, who: Traveller) -> Fit | None:
    if who.budget is None:
        return None
    cost = total(place, who.home)
    stay = f"about {euros(cost)} for {NUMBERS[NIGHTS]} nights"
    stay += f" with the fare from {who.home.name}" if who.home else ", the fare not counted"
    used = ("budget", "home") if who.home else ("budget",)
    over = cost / who.budget - 1
    if over <= 0:
        return Fit(1.0, used, f"within {euros(who.budget)}: {stay}")
    return Fit(-1.5 - 8 * over, used, f"above {euros(who.budget)}: {stay}")


def interests(place: Destination, who: Traveller) -> Fit | None:
    if not who.interests:
        return None
    shared = matched(place, who)
    if not shared:
        return Fit(-2.5, ("interests",))
    # What a place is best for counts a little more than what it also has.
    worth = sum(1 - 0.06 * place.interests.index(name) for name in shared)
    liked = joined([INTERESTS[name].label for name in shared[:3]])
    offered = joined([INTERESTS[name].offer for name in shared[:3]])
    return Fit(3.2 * worth / min(len(who.interests), 3), ("interests",), f"you like {liked}: {offered}")


def diet(place: Destination, who: Traveller) -> Fit | None:
    graded = [name for name in who.diet if name in GRADED_DIETS]
    if not graded:
        return None
    grades = [getattr(place, GRADED_DIETS[name]) for name in graded]
    easy = [name for name, grade in zip(graded, grades, strict=True) if grade == EASY]
    reason = f"{joined(easy)} food is easier to find than in most places" if easy else ""
    return Fit(1.2 * (min(grades) - 2), ("diet",), reason)


def access(place: Destination, who: Traveller) -> Fit | None:
    if not who.accessibility:
        return None
    reason = "easier step-free than most places" if place.step_free == EASY else ""
    return Fit(2.0 * (place.step_free - 2), ("accessibility",), reason)


def companions(place: Destination, who: Traveller) -> Fit | None:
    return _suited(place, SUITS_COMPANIONS, WITH, who.companions, "companions")


def pace(place: Destination, who: Traveller) -> Fit | None:
    return _suited(place, SUITS_PACE, PACE, who.pace, "pace")


def past(place: Destination, who: Traveller) -> Fit | None:
    """Similar to what was chosen before, not the same."""
    if not who.past_trips:
        return None
    closest = max(who.past_trips, key=lambda before: (alike(place, before), before.id))
    likeness = alike(place, closest)
    both = [name for name in place.interests if name in closest.interests][:2]
    if likeness < 0.45 or not both:
        return Fit(likeness, ("past_trips",))
    shared = joined([INTERESTS[name].label for name in both])
    return Fit(likeness, ("past_trips",), f"a little like {closest.name}, which you chose before: {shared}")


def journey(place: Destination, who: Traveller) -> Fit | None:
    """Five nights are short for a day on the way; said only where the way is short."""
    if who.home is None:
        return None
    far = distance_km(who.home, place)
    reason = f"not far from {who.home.name}: about {round(far / 50) * 50:,} km" if far < NEAR_KM else ""
    return Fit(-far / 8000, ("home",), reason)


def matched(place: Destination, who: Traveller) -> list[str]:
    """The traveller's interests that the place serves in these months, in the traveller's order."""
    shared = [name for name in who.interests if name in place.interests]
    no_snow = bool(who.months) and not climate.share_of_ski_season(place, who.months)
    return [name for name in shared if not (no_snow and name == "skiing")]


def joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _suited(
    place: Destination,
    suits: Mapping[str, Collection[str]],
    words: Mapping[str, str],
    choice: str,
    attribute: str,
) -> Fit | None:
    if choice not in suits:
        return None
    shared = [name for name in place.interests if name in suits[choice]][:2]
    if len(shared) < 2:
        return Fit(0.3 * len(shared), (attribute,))
    return Fit(0.7, (attribute,), f"{words[choice]}: {joined([INTERESTS[name].label for name in shared])}")


#: In the order in which a customer reads the reasons.
FITS: tuple[Callable[[Destination, Traveller], Fit | None], ...] = (
    *(weather, budget, interests),
    *(diet, access, companions, pace, past, journey),
)
