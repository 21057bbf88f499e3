"""Every custom action of the domain, as Rasa's action server finds them: subclasses of `Action` with a name."""

from collections.abc import Callable
from typing import Any

from anyio import to_thread
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from tactful.assistant import fallback, gathering, greeting, known_data, onboarding, permissions, reasons, tone, trips
from tactful.assistant.turn import Outcome, Turn

ACTIONS: dict[str, Callable[[Turn], Outcome]] = {
    "action_session_start": greeting.session_start,
    "action_sync_profile": greeting.sync,
    "action_greet": greeting.greet,
    "validate_onboarding_form": onboarding.validate,
    "action_onboarding_done": onboarding.done,
    "action_stop_questions": onboarding.stop,
    "action_why": reasons.why,
    "action_switch_tone": tone.switch,
    "action_hint_tone": gathering.from_talk,
    "action_trip_advice": trips.advise,
    "action_more_advice": trips.more,
    "action_choose_trip": trips.choose,
    "action_why_this_trip": trips.explain,
    "action_ask_back": fallback.ask_back,
    "action_search_help": fallback.search_help,
    "action_default_fallback": fallback.search_help,
    "action_open_article": fallback.open_article,
    "action_handover": fallback.handover,
    "action_ask_known_data": known_data.ask_known_data,
    "action_forget_me": known_data.forget_me,
    "action_erase": known_data.erase,
    "action_give_name": known_data.give_name,
    "action_learn": known_data.learn,
    "action_change_profile": known_data.change,
    "validate_change_form": known_data.validate_change,
    "action_consent": known_data.consent,
    "action_ask_permission": permissions.ask,
    "action_answer_permission": permissions.answer,
    "action_confirm_guess": gathering.confirm,
    "action_refuse_guess": gathering.refuse,
    "action_yes": known_data.yes,
    "action_no": known_data.no,
}

# They look at what is stored of the customer: in a thread, since a database that is gone lets one wait for seconds,
# and the door's loop serves everybody.
LOOKING = frozenset(
    {greeting.session_start, greeting.sync, greeting.greet, reasons.why, trips.explain, known_data.ask_known_data}
)


def _action(action_name: str, decide: Callable[[Turn], Outcome]) -> type[Action]:
    def name(self: Action) -> str:
        return action_name

    async def run(
        self: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        turn = Turn.of(tracker)
        outcome = await to_thread.run_sync(decide, turn) if decide in LOOKING else decide(turn)
        for message in outcome.messages:
            dispatcher.utter_message(**message)
        return outcome.events

    return type(action_name, (Action,), {"name": name, "run": run, "__module__": __name__, "__doc__": decide.__doc__})


for action_name, decide in ACTIONS.items():
    globals()[action_name] = _action(action_name, decide)
