"""A recommended destination with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tactful.travel.catalogue import Destination
from tactful.travel.interests import INTERESTS


@dataclass(frozen=True, slots=True)
class Advice:
    """Why this destination for this customer.

    `reasons` are sentences in the customer's own terms; `facts_used` every profile attribute that
    was weighed; `facts` short pairs of label and value; `interest` names the picture.
    """

    destination: Destination
    reasons: tuple[str, ...]
    facts_used: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    interest: str
    score: float

    def card(self, button_title: str) -> dict[str, Any]:
        """The card of the chat's contract; its button chooses the trip."""
        place = self.destination
        return {
            "id": place.id,
            "title": f"{place.name}, {place.country}",
            "subtitle": place.blurb,
            "image": f"/cards/{self.interest}.svg",
            "image_alt": INTERESTS[self.interest].picture,
            "reasons": list(self.reasons),
            "facts": [{"label": label, "value": value} for label, value in self.facts],
            "button": {
                "title": button_title,
                "payload": f'/choose_trip{{"destination":"{place.id}"}}',
            },
        }


def sentence(advice: Sequence[Advice]) -> str:
    """The names in one phrase: "Lisbon, Porto or Faro"."""
    names = [item.destination.name for item in advice]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else ""
