"""How well the weather of a month suits what somebody wants to do there."""

from collections.abc import Collection, Sequence

from tactful.travel.catalogue import MONTHS, Destination

SEASONS = {
    "winter": ("december", "january", "february"),
    "spring": ("march", "april", "may"),
    "summer": ("june", "july", "august"),
    "autumn": ("september", "october", "november"),
}
OPPOSITE = {"winter": "summer", "summer": "winter", "spring": "autumn", "autumn": "spring"}

# °C that suit an interest: (lowest good, highest good). Outside, the fit falls to nothing over TOLERANCE degrees.
PLEASANT = (17, 27)
BANDS = {
    "beach": (24, 31),
    "diving": (24, 32),
    "surfing": (18, 31),
    "sailing": (20, 30),
    "hiking": (12, 25),
    "cycling": (13, 26),
}
TOLERANCE = 9
# Slopes lie higher than the town whose temperatures we have, so skiing goes by the calendar.
SKI_MONTHS = {"north": {11, 0, 1, 2}, "south": {5, 6, 7, 8}}
DRY, WET = 5, 13  # rainy days a month


def months_of(when: str, south: bool = False) -> tuple[int, ...]:
    """Month numbers (0 is January) of a month's or season's name; empty for anything else.

    `south`: the customer lives in the southern hemisphere, where summer begins in December.
    """
    name = when.strip().lower().replace("fall", "autumn")
    if name in SEASONS:
        return tuple(MONTHS.index(month) for month in SEASONS[OPPOSITE[name] if south else name])
    matches = [number for number, month in enumerate(MONTHS) if len(name) > 2 and month.startswith(name)]
    return tuple(matches) if len(matches) == 1 else ()


def mean(values: Sequence[int], months: Sequence[int]) -> float:
    return sum(values[month] for month in months) / len(months)


def fit(place: Destination, months: Sequence[int], interests: Collection[str]) -> float:
    """0 (the wrong weather) to 1 (the right one) for these interests in these months."""
    if "skiing" in interests and (share := share_of_ski_season(place, months)):
        return share
    temperature = mean(place.temps, months)
    bands = [BANDS[name] for name in interests if name in BANDS] or [PLEASANT]
    warmth = max(_within(temperature, low, high) for low, high in bands)
    rain = mean(place.rain, months)
    return warmth * (1 - max(0.0, min(rain - DRY, 15)) / 25)


def described(place: Destination, months: Sequence[int], when: str, interests: Collection[str]) -> str:
    """The weather in words, honest about cold and rain: "warm in March (about 21 °C)"."""
    temperature, rain = mean(place.temps, months), mean(place.rain, months)
    name = when.strip().lower()
    name = MONTHS[months[0]].capitalize() if len(months) == 1 else name
    shown = f"{round(temperature)} °C".replace("-", "\N{MINUS SIGN}")
    if "skiing" in interests and share_of_ski_season(place, months) == 1:
        return f"ski season in {name} (about {shown} in town)"
    also = ", mostly dry" if rain <= DRY else f", with about {round(rain)} rainy days a month" if rain >= WET else ""
    return f"{_word(temperature)} in {name} (about {shown}{also})"


def share_of_ski_season(place: Destination, months: Sequence[int]) -> float:
    """How much of these months lies in the ski season of the place's hemisphere, from 0 to 1."""
    season = SKI_MONTHS["south" if place.lat < 0 else "north"]
    return len(season & set(months)) / len(months)


def _within(value: float, low: float, high: float) -> float:
    beyond = max(low - value, value - high, 0.0)
    return max(0.0, 1 - beyond / TOLERANCE)


def _word(temperature: float) -> str:
    limits = ((3, "very cold"), (9, "cold"), (15, "cool"), (19, "mild"), (28, "warm"), (34, "hot"))
    return next((word for limit, word in limits if temperature < limit), "very hot")
