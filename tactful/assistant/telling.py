"""What access tells, in words: each fact with its source, purpose and end date; hidden values; who looked."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tactful.assistant.attributes import ATTRIBUTES, known
from tactful.profile.overview import Origin, Overview

HOW = {"told": "you told me", "chosen": "you chose it", "inferred": "I gathered it and you said it is right,"}
WHAT_FOR = {
    "service": "to answer you",
    "personalisation": "for advice and tone that fit you",
    "human_review": "for people to review",
    "training": "to teach the assistant",
}


def facts(slots: Mapping[str, Any], overview: Overview) -> str:
    """A list in Markdown; empty when nothing is known. What was said in this very turn has no origin yet."""
    return "\n".join(
        f"- **{ATTRIBUTES[name].label or 'you are'}** {words}{_origin(overview.facts.get(name))}"
        for name, words in known(slots).items()
    )


def _origin(origin: Origin | None) -> str:
    if origin is None:
        return ""
    what_for = WHAT_FOR.get(origin.purpose, origin.purpose)
    return f": {HOW[origin.source]} on {_day(origin.since)}; kept until {_day(origin.until)}, {what_for}"


def others(overview: Overview) -> str:
    """Hidden values, earlier conversations, human reads, models: a list in Markdown."""
    return "\n".join(f"- {line}" for line in _lines(overview))


def _lines(overview: Overview) -> Iterator[str]:
    for label, placeholders, until in _by_kind(overview):
        yield f"{label}, hidden from everybody but you: {placeholders}; deleted by {until}"
    if overview.elsewhere:
        yield f"{_count(overview.elsewhere, 'such value')} from your other conversations"
    yield f"{_count(overview.conversations, 'conversation')}, kept with such values taken out"
    if overview.last_read:
        yield f"people looked at your conversations {_times(overview.human_reads)}, last on {_day(overview.last_read)}"
        yield (
            f"of these, {_times(overview.reveals)} at a hidden value"
            if overview.reveals
            else "nobody has looked at a hidden value"
        )
    else:
        yield "nobody has looked at your conversations"
    if overview.models:
        yield f"{_count(overview.models, 'language model')} learned from your words, with such values taken out"
    else:
        yield "no language model has learned from your words"


def _by_kind(overview: Overview) -> Iterator[tuple[str, str, str]]:
    for label in dict.fromkeys(hidden.label for hidden in overview.hidden):
        same = [hidden for hidden in overview.hidden if hidden.label == label]
        yield label, ", ".join(hidden.placeholder for hidden in same), _day(max(hidden.until for hidden in same))


def _day(when: datetime) -> str:
    return f"{when:%-d %B %Y}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
