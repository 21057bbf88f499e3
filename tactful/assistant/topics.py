"""What a conversation was about, in words, and the sentence that brings it back."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tactful.assistant.attributes import listed
from tactful.profile.history import History
from tactful.travel.catalogue import catalogue

MOST = 2  # topics, and trips
# Not assistance when travelling: it tells of health, which is remembered only with a yes.
TOPICS: Mapping[str, str] = {
    "account_login": "logging in", "account_update": "your account", "account_close": "closing your account",
    "subscription_plans": "the plans", "subscription_change": "changing your plan",
    "subscription_cancel": "cancelling", "billing_invoice": "an invoice", "payment_failed": "a payment that failed",
    "refund_request": "a refund", "charge_unknown": "an unknown charge", "booking_new": "booking a trip",
    "booking_status": "a booking", "booking_change": "changing a booking", "booking_cancel": "cancelling a booking",
    "baggage_allowance": "luggage", "baggage_lost": "missing luggage", "visa_requirements": "visas",
    "flight_delay": "a late flight", "check_in": "checking in", "api_key_create": "creating an API key",
    "api_key_rotate": "replacing an API key", "auth_error": "errors when signing in to the API",
    "webhook_setup": "setting up webhooks", "webhook_failure": "webhooks that do not arrive",
    "rate_limit": "rate limits", "sdk_install": "installing the SDK", "sdk_error": "an error in the SDK",
    "api_status": "the state of the API", "api_sandbox": "the sandbox", "trip_advice": "ideas for a trip",
    "more_advice": "ideas for a trip", "complaint": "a complaint",
}  # fmt: skip


def last_time(history: History, past_trips: object) -> str:
    """ "Last time, on 3 November, we spoke about a refund; you liked Funchal. "; empty when there is nothing to say."""
    parts = []
    if topics := list(dict.fromkeys(TOPICS[said.intent] for said in history.spoken if said.intent in TOPICS)):
        at = next(said.at for said in history.spoken if said.intent in TOPICS)
        parts.append(f"last time, on {day(at)}, we spoke about {listed(topics[:MOST])}")
    if history.person_due:
        parts.append("your question to our team is still open")
    if trips := _names(past_trips):
        parts.append(f"you liked {listed(trips[-MOST:])}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}. " if sentence else ""


def day(milliseconds: int) -> str:
    """ "3 November", of epoch milliseconds, in UTC."""
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%-d %B}"


def _names(trips: object) -> Sequence[str]:
    places = catalogue()
    return [places[trip].name for trip in trips if trip in places] if isinstance(trips, list) else []
