"""Which destinations suit a customer, and why."""

from collections.abc import Collection, Mapping

from tactful.travel.advice import Advice


def recommend(
    facts: Mapping[str, object],
    *,
    month: str | None = None,
    exclude: Collection[str] = (),
    limit: int = 3,
) -> list[Advice]:
    """The best destinations for these profile facts, best first."""
    return []
