"""Which destinations suit a customer, and why. Pure and deterministic: the same facts give the same advice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tactful.travel import climate
from tactful.travel.advice import Advice
from tactful.travel.catalogue import Destination, catalogue
from tactful.travel.cost import NIGHTS, euros, total
from tactful.travel.fits import FITS, NUMBERS, Fit, joined, matched
from tactful.travel.interests import INTERESTS
from tactful.travel.likeness import alike
from tactful.travel.traveller import Traveller, traveller

MOST_REASONS = 4
SAMENESS = 2.5  # what a place loses for being just like one already on the list


@dataclass(frozen=True, slots=True)
class _Rated:
    place: Destination
    score: float
    fits: tuple[Fit, ...]


def recommend(
    facts: Mapping[str, object],
    *,
    month: str | None = None,
    exclude: Collection[str] = (),
    limit: int = 3,
) -> list[Advice]:
    """The best destinations for these profile facts, best first, each unlike the others.

    `month` (a month or season) goes before the profile's season. `exclude` holds destination ids; places chosen
    before and the customer's own city are left out too. Facts that are absent or "skipped" are not used, and nothing
    is claimed about them.
    """
    places = catalogue()
    who = traveller(facts, month, places)
    left_out = {*exclude, *(trip.id for trip in who.past_trips)}
    rated = [_rate(place, who) for place in places.values() if place.id not in left_out and not _is_home(place, who)]
    return [_advice(choice, who) for choice in _varied(rated, limit)]


def _rate(place: Destination, who: Traveller) -> _Rated:
    fits = tuple(fit for fit in (weigh(place, who) for weigh in FITS) if fit)
    # With little to go on, a place with something for everybody is the safer advice.
    return _Rated(place, sum(fit.score for fit in fits) + 0.02 * len(place.interests), fits)


def _varied(rated: Iterable[_Rated], limit: int) -> list[_Rated]:
    """Take the best, then the best that is not more of the same (maximal marginal relevance)."""
    left = sorted(rated, key=lambda choice: (-choice.score, choice.place.id))
    taken: list[_Rated] = []
    while left and len(taken) < limit:
        best = max(left, key=lambda choice: choice.score - SAMENESS * _sameness(choice, taken))
        left.remove(best)
        taken.append(best)
    return sorted(taken, key=lambda choice: (-choice.score, choice.place.id))


def _sameness(choice: _Rated, taken: Iterable[_Rated]) -> float:
    return max((alike(choice.place, other.place) for other in taken), default=0.0)


def _is_home(place: Destination, who: Traveller) -> bool:
    return who.home is not None and (who.home.airport in place.airports or who.home.name == place.name)


def _advice(choice: _Rated, who: Traveller) -> Advice:
    place = choice.place
    told = [fit for fit in choice.fits if fit.reason][:MOST_REASONS]
    reasons = tuple(fit.reason for fit in told) or (f"known for {_known_for(place)}",)
    interest = (matched(place, who) or place.interests)[0]
    return Advice(
        destination=place,
        reasons=reasons,
        facts_used=tuple(dict.fromkeys(name for fit in choice.fits for name in fit.used)),
        facts=tuple(_facts(place, who)),
        interest=interest,
        score=choice.score,
    )


def _facts(place: Destination, who: Traveller) -> Iterable[tuple[str, str]]:
    if who.months:
        warm = round(climate.mean(place.temps, who.months))
        yield who.when.strip().capitalize(), f"{warm} °C by day".replace("-", "\N{MINUS SIGN}")
    nights = f"{NUMBERS[NIGHTS].capitalize()} nights" + (f" and the fare from {who.home.name}" if who.home else "")
    yield nights, f"about {euros(total(place, who.home))}"
    yield "Known for", _known_for(place)


def _known_for(place: Destination) -> str:
    return joined([INTERESTS[name].label for name in place.interests[:3]])
