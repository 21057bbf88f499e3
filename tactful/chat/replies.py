"""What the engine said, as messages to a customer: buttons and cards get ids that only the door can resolve."""

import secrets
from collections.abc import Iterable
from typing import Any

from tactful.chat.engine import Outcome, Said
from tactful.chat.transcript import Reply

SILENT = "I have no answer to that yet. Try other words, or ask for a person and I will pass it on."
GAVE_UP = (
    "Something went wrong on our side, and I could not answer your last message. "
    "Please try it again, or ask for a person and I will pass it on."
)
UNCHECKED = (
    "I could not check your last message for personal data, so I did not keep it and did not read it. "
    "Please say it again in other words, perhaps a little shorter."
)
REFUSED = (
    "Your last message held something that should not be sent in a chat, so I did not keep it. "
    "Please say it again without that part."
)
RESTRICTED = (
    "You asked us to pause the use of your data, so I neither read nor kept your last message. "
    "You can end the pause under Your data at any time; until then a person can help you by other ways."
)


def replies_of(outcome: Outcome) -> list[Reply]:
    """The outcome's messages in order; never empty, since an empty answer is not an answer."""
    replies = [reply for said in outcome.messages if (reply := _reply(said))]
    return replies or [Reply(SILENT)]


def asked_for(outcome: Outcome, what: str) -> Any:
    """The value of a custom message `{what: …}` in the outcome, or None: hand-over and rights travel so."""
    return next((said.custom[what] for said in outcome.messages if what in said.custom), None)


def _reply(said: Said) -> Reply | None:
    cards = [_card(card) for card in said.custom.get("cards", [])]
    cards += [_article(article) for article in said.custom.get("articles", [])]
    buttons = [_button(button) for button in said.buttons]
    if not (said.text or cards or buttons):
        return None
    return Reply(said.text, buttons, cards)


def _button(button: dict[str, str]) -> dict[str, str]:
    return {"id": secrets.token_urlsafe(9), "title": button["title"], "payload": button["payload"]}


def _card(card: dict[str, Any]) -> dict[str, Any]:
    return {**card, "button": _button(card["button"]) if card.get("button") else None}


def _article(article: dict[str, Any]) -> dict[str, Any]:
    button = {"title": "Read", "payload": f'/open_article{{"article":"{article["id"]}"}}'}
    return _card({"id": article["id"], "title": article["title"], "subtitle": article["summary"], "button": button})


def seen_by_customer(buttons: Iterable[dict[str, str]] | None) -> list[dict[str, str]]:
    """Buttons without their payloads."""
    return [{"id": button["id"], "title": button["title"]} for button in buttons or ()]
