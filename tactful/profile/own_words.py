"""Facts in the customer's own words: looked at before they are kept, as messages are.

What is told in a conversation was redacted at the door. What comes by a form, an export or an operator was not, and
facts go to the engine, which is to see nothing personal.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tactful.errors import Personal
from tactful.privacy.policy import Policy
from tactful.profile import attributes
from tactful.travel.cities import home_city

# A text, and what it answers → whether something personal is in it. Errors: `DetectorUnavailable`.
Reads = Callable[[str, str], bool]

# What the bot asks for them: "Charlotte" is a city or a person, depending on the question.
QUESTIONS: Mapping[str, str] = {
    "home": "Which city or airport do you usually leave from?",
    "interests": "What do you enjoy on a trip?",
    "diet": "Is there anything you do not eat?",
    "accessibility": "Is there anything that makes getting around easier for you?",
    "past_trips": "Where have you been?",
}


def personal(changes: Mapping[str, Any], reads: Reads) -> set[str]:
    """Names of the attributes whose new value holds something personal, as the answer to its question or by itself.

    Both, since a question for a place lets a person's name pass as one. Values that do not fit their attribute are not
    looked at: they are refused anyway.
    """
    return {
        name
        for name, text in _texts(changes)
        if not _is_known_place(name, text) and (reads(text, QUESTIONS[name]) or reads(text, ""))
    }


def check(changes: Mapping[str, Any], policy: Policy, reads: Reads) -> None:
    """Errors: `Personal` when a value holds something personal; `DetectorUnavailable`. The value is not quoted."""
    if found := personal(changes, reads):
        labels = ", ".join(policy.attributes[name].label for name in QUESTIONS if name in found)
        raise Personal.within(f"{labels[0].upper()}{labels[1:]}")


def _texts(changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in QUESTIONS.keys() & changes.keys():
        value = changes[name]
        if value in (None, attributes.SKIPPED) or not attributes.ALLOWED[name](value):
            continue
        for text in [value] if isinstance(value, str) else value:
            yield name, text


def _is_known_place(name: str, text: str) -> bool:
    return name == "home" and (city := home_city(text)) is not None and text.casefold() == city.name.casefold()
