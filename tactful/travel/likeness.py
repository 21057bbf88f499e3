"""How alike two destinations are, from 0 to 1."""

from tactful.travel.catalogue import Destination


def alike(one: Destination, other: Destination) -> float:
    """Shared interests, mostly; a common region, country or climate adds to it."""
    mine, theirs = set(one.interests), set(other.interests)
    shared = len(mine & theirs) / len(mine | theirs)
    where = 1.0 if one.country == other.country else 0.6 if one.region == other.region else 0.0
    apart = sum(abs(a - b) for a, b in zip(one.temps, other.temps, strict=True)) / 12
    return 0.6 * shared + 0.25 * where + 0.15 * max(0.0, 1 - apart / 15)
