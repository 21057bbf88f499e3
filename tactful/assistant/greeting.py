"""The beginning: a session with what is known, and a first word that shows it."""

from typing import Any

from rasa_sdk.events import ActionExecuted, SessionStarted

from tactful.assistant import context
from tactful.assistant.attributes import in_words
from tactful.assistant.permissions import PERMISSIONS
from tactful.assistant.questions import CONSENT, should_ask
from tactful.assistant.topics import last_time
from tactful.assistant.turn import Outcome, Turn, button

FACTS = ("name", "level", "tone", "home", "budget", "pace", "interests", "companions", "season", "diet",
         "accessibility", "past_trips", "onboarding_done", CONSENT, *PERMISSIONS, "guesses", "not_so",
         "neutral")  # fmt: skip


def session_start(turn: Turn) -> Outcome:
    """A new session holds the stored profile and nothing else."""
    profile = context.current().profile(turn.conversation)
    facts = {name: profile[name] for name in FACTS if profile.get(name) is not None}
    outcome = Outcome().then(SessionStarted()).set(**facts, onboarding_open=should_ask(facts))
    return outcome.then(ActionExecuted("action_listen"))


def sync(turn: Turn) -> Outcome:
    """Take over what was changed outside the chat, silently."""
    profile: dict[str, Any] = dict(context.current().profile(turn.conversation))
    changed = {name: profile.get(name) for name in FACTS if profile.get(name) != turn.slot(name)}
    return Outcome().set(**changed)


def greet(turn: Turn) -> Outcome:
    """Welcome a stranger, or somebody whom we know something about, with what was between us before."""
    facts, name = in_words(turn.slots), turn.slot("name")
    last = last_time(context.current().history(turn.conversation), turn.slot("past_trips"))
    said: dict[str, Any] = {"who": f", {name}" if name else "", "last": last}
    if not facts and should_ask(turn.slots):
        return Outcome().say("utter_welcome_again" if last else "utter_welcome", **said)
    if not facts:
        return Outcome().say("utter_welcome_back_no_facts", **said)
    if should_ask(turn.slots):
        return Outcome().say("utter_welcome_back_unfinished", facts=facts, **said)
    choices = [button("Nothing changed", "/deny"), button("Change something", "/change_profile"),
               button("Trip ideas", "/trip_advice")]  # fmt: skip
    return Outcome().say("utter_welcome_back", facts=facts, buttons=choices, **said).set(offer="changes")
