"""A conversation as its customer sees it: values put back, buttons without payloads, safe HTML."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping

from tactful.chat.rendering import bot_html_with, customer_html
from tactful.chat.replies import seen_by_customer
from tactful.privacy.placeholders import restore
from tactful.times import iso


def as_seen(
    rows: Iterable[RowMapping], values: Mapping[str, str], names: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Message objects of the HTTP contract; `values` are this conversation's own placeholders.

    `names`: account → first name, of the people who wrote in it.
    """
    return [_message(row, values, names or {}) for row in rows]


def _message(row: RowMapping, values: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    text, own = row["text"], row["author"] == "customer"
    if own:
        text = restore(text, values)
        html = customer_html(text)
    else:
        # HTML first, then values: what a customer once typed is never read as Markdown.
        html = bot_html_with(text, values)
        text = restore(text, values)
    seen = {
        "seq": row["seq"],
        "author": row["author"],
        "text": text,
        "html": html,
        "buttons": [
            {**button, "title": restore(button["title"], values)} for button in seen_by_customer(row["buttons"])
        ],
        "cards": [_card(card, values) for card in row["cards"] or ()],
        "reply_to": row["reply_to"],
        "created_at": iso(row["created_at"]),
        "status": row["status"],
        "rating": {1: "up", -1: "down"}.get(row["rating"]),
    }
    if row["author"] == "agent":
        seen["name"] = names.get(row["staff_id"] or "", "")
    if own:
        seen["client_message_id"] = row["client_message_id"]
    return seen


def _card(card: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    button = card.get("button")
    return {
        **card,
        "reasons": [restore(reason, values) for reason in card.get("reasons", ())],
        "button": {"id": button["id"], "title": button["title"]} if button else None,
    }
