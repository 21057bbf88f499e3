"""May people read this conversation, may it teach the assistant? Asked late, one at a time, with what would be seen."""

from collections.abc import Iterator

from tactful.assistant.turn import Outcome, Turn, button
from tactful.privacy.placeholders import PLACEHOLDER

PURPOSES = ("human_review", "training")
OFFER = "permission_"
FEWEST_TEXTS = 2  # of the customer's: before that there is nothing to learn from
SHOWN = 4  # texts
LONGEST = 160  # characters of each


def slot(purpose: str) -> str:
    """The slot that holds the answer to a purpose."""
    return f"consent_{purpose}"


PERMISSIONS = tuple(map(slot, PURPOSES))


def offered(offer: str | None) -> str | None:
    """The purpose that the bot asked for, if that is what it offered last."""
    return offer.removeprefix(OFFER) if offer and offer.startswith(OFFER) else None


def ask(turn: Turn) -> Outcome:
    """At the end of a conversation: ask for people to read it, unless that was ever answered or asked in it."""
    texts = list(turn.texts())
    if turn.loop or turn.slot("neutral") or len(texts) < FEWEST_TEXTS or turn.slot("permission_asked"):
        return Outcome()
    return _ask(turn, PURPOSES[0]) if turn.slot(slot(PURPOSES[0])) is None else Outcome()


def answer(turn: Turn) -> Outcome:
    """The answer of a button: `purpose` and `granted` (yes or no)."""
    purpose = turn.entity("purpose")
    if purpose not in PURPOSES:
        return Outcome()
    return answered(turn, purpose, turn.entity("granted") == "yes")


def answered(turn: Turn, purpose: str, granted: bool) -> Outcome:
    """Keep the answer; after a yes to people reading, ask for the other purpose. After a no, for nothing more."""
    outcome = Outcome().set(offer=None, **{slot(purpose): granted})
    outcome.say(f"utter_permission_{'given' if granted else 'refused'}_{purpose}")
    if granted and purpose == PURPOSES[0] and turn.slot(slot(PURPOSES[1])) is None:
        following = _ask(turn, PURPOSES[1])
        outcome.messages += following.messages
        outcome.events += following.events
    return outcome


def _ask(turn: Turn, purpose: str) -> Outcome:
    choices = [
        button("Yes, you may", f'/answer_permission{{"purpose":"{purpose}","granted":"yes"}}'),
        button("No, please do not", f'/answer_permission{{"purpose":"{purpose}","granted":"no"}}'),
    ]
    seen = "\n".join(f"> {line}" for line in _seen(turn))
    outcome = Outcome().say(f"utter_ask_permission_{purpose}", seen=seen, buttons=choices)
    return outcome.set(offer=OFFER + purpose, permission_asked=True)


def _seen(turn: Turn) -> Iterator[str]:
    """The latest texts as others would see them, oldest first.

    A placeholder stands in words here: as it is, the customer would see the value and not what others see.
    """
    texts = [text for _, text in zip(range(SHOWN), turn.texts(), strict=False)]
    for text in reversed(texts):
        plain = PLACEHOLDER.sub(lambda found: f"[{_in_words(found[0])}]", " ".join(text.split()))
        yield plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def _in_words(placeholder: str) -> str:
    """ "EMAIL_ADDRESS_1" is "email address 1"."""
    return placeholder.replace("_", " ").lower()
