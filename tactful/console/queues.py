"""The queues: why a turn is worth a look, in the order in which a team works them off."""

from dataclasses import dataclass
from enum import StrEnum


class Queue(StrEnum):
    """Why somebody should look at a turn. One turn may stand in several."""

    MISSED = "missed"
    THUMBS_DOWN = "thumbs_down"
    FALLBACK = "fallback"
    LOW_CONFIDENCE = "low_confidence"
    FLAGGED = "flagged"
    REOPENED = "reopened"
    SELECTED = "selected"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class About:
    """What people read of a queue: its name, what is in it, and what an empty one means."""

    title: str
    why: str
    empty: str


ABOUT = {
    Queue.MISSED: About(
        "Likely missed",
        "Something in the message looks personal and was not hidden.",
        "Nothing looks as if the detector had missed it.",
    ),
    Queue.THUMBS_DOWN: About(
        "Thumbs down",
        "The customer said that the answer was no help.",
        "No customer has given a thumbs down that nobody looked at.",
    ),
    Queue.FALLBACK: About(
        "Not understood",
        "The bot did not know what was meant and asked back.",
        "The bot found something to say to everything.",
    ),
    Queue.LOW_CONFIDENCE: About(
        "Unsure",
        "The bot answered, and was not sure that it understood.",
        "The bot was sure of everything it answered.",
    ),
    Queue.FLAGGED: About(
        "Flagged",
        "A colleague asked for a second look.",
        "Nothing is flagged. Press f in a conversation to flag a message.",
    ),
    Queue.REOPENED: About(
        "Reopened",
        "It was reviewed, and came back: by a customer's thumbs down, or a colleague.",
        "Nothing that was reviewed has come back.",
    ),
    Queue.SELECTED: About(
        "Worth learning from",
        "Chosen because its verdict teaches most: unsure, frequent, or about something new.",
        "Nothing is chosen. A trainer chooses under Worth reviewing.",
    ),
    Queue.AUDIT: About(
        "Random sample",
        "Drawn by chance from all messages. Only these tell how much is missed on the whole.",
        "No message of the random sample is waiting.",
    ),
}
