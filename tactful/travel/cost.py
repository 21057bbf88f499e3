"""What a trip costs one person: five nights there and the way there and back."""

from tactful.travel.catalogue import Destination
from tactful.travel.cities import City, distance_km

NIGHTS = 5
# A return fare as a straight line in the distance: what a patient traveller pays, not a quote.
FARE_EUR, FARE_EUR_PER_KM = 55, 0.075
OVERLAND_KM, OVERLAND_EUR = 350, 60


def fare(home: City, place: Destination) -> float:
    """Return fare in EUR, estimated from the distance."""
    far = distance_km(home, place)
    return OVERLAND_EUR if far <= OVERLAND_KM else FARE_EUR + FARE_EUR_PER_KM * far


def total(place: Destination, home: City | None) -> int:
    """EUR for one person, rounded to ten; without a home, only the stay."""
    return round((NIGHTS * place.cost + (fare(home, place) if home else 0)) / 10) * 10


def euros(amount: float) -> str:
    return f"{amount:,.0f} €"
