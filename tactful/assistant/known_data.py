"""The customer's own data: said in words, changed, erased."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import FollowupAction

from tactful.assistant import answers, context, entities, gathering, permissions, telling
from tactful.assistant.attributes import ATTRIBUTES, in_words, named
from tactful.assistant.onboarding import NOT_ANSWERS, REMOVE, close_form, consenting, to_change, understood
from tactful.assistant.questions import CONSENT, SENSITIVE
from tactful.assistant.tone import following
from tactful.assistant.turn import Button, Outcome, Turn, button

CHANGE_FORM = "change_form"
CHANGEABLE = ("home", "budget", "pace", "interests", "companions", "season")


def ask_known_data(turn: Turn) -> Outcome:
    """Access (GDPR art. 15) in words; the door enters it in the ledger."""
    overview = context.current().overview(turn.conversation)
    facts, others = telling.facts(turn.slots, overview), telling.others(overview)
    outcome = Outcome()
    if facts:
        outcome.say("utter_known_data", facts=facts)
    else:
        outcome.say("utter_known_data_nothing")
    outcome.say("utter_known_data_others", others=others, buttons=_choices(facts))
    outcome.say(custom={"rights": "access"})
    guessed = gathering.guesses(turn)
    return _ask_about(outcome, guessed) if guessed else outcome


def _choices(facts: str) -> list[Button]:
    first = button("Change something", "/change_profile") if facts else button("Set up my profile", "/start_onboarding")
    return [first, button("Erase everything", "/forget_me")]


def _ask_about(outcome: Outcome, guessed: Mapping[str, Any]) -> Outcome:
    first = next(iter(guessed))
    which = f", {in_words({first: guessed[first]})}" if len(guessed) > 1 else ""
    buttons = gathering.answer_buttons(first)
    outcome.say("utter_known_data_guesses", facts=in_words(guessed), which=which, buttons=buttons)
    return outcome.set(offer=gathering.OFFER + first)


def forget_me(turn: Turn) -> Outcome:
    """Ask once more before everything is gone."""
    choices = [button("Yes, erase everything", "/confirm_forget"), button("No, keep it", "/keep_data")]
    return close_form(Outcome().say("utter_confirm_forget", buttons=choices).set(offer="erase"))


def erase(turn: Turn) -> Outcome:
    """Tell the door to erase the subject; it does so once this has been read."""
    gone = dict.fromkeys((*ATTRIBUTES, CONSENT, "tone", "past_trips", "onboarding_done", "offer", "guesses", "not_so"))
    return Outcome().say("utter_forgotten").say(custom={"rights": "erase"}).set(**gone)


def give_name(turn: Turn) -> Outcome:
    """Keep the name, which is a placeholder here; anything else in its place is not kept."""
    names = answers.PLACEHOLDER.findall(turn.said)
    if not names:
        return Outcome().say("utter_name_not_understood")
    return Outcome().set(name=names[-1]).say("utter_nice_to_meet_you", called=names[-1])


def learn(turn: Turn) -> Outcome:
    """Something about the customer, said outside the questions."""
    told = understood(turn)
    if not told:
        which = "ask_accessibility" if named(turn.said) == "accessibility" else "anything_else_to_note"
        return Outcome().say(f"utter_{which}")
    return _keep(turn, told, "utter_noted")


def change(turn: Turn) -> Outcome:
    """Change what was said, ask for the new value, or show what can be changed."""
    told = understood(turn)
    if told:
        return _keep(turn, told, "utter_changed")
    wanted = to_change(turn)
    if wanted and REMOVE.search(turn.said):
        return Outcome().set(**{wanted: None}).say("utter_removed", label=ATTRIBUTES[wanted].label)
    if wanted:
        return Outcome().set(change_attribute=wanted, change_value=None).then(FollowupAction(CHANGE_FORM))
    facts = in_words(turn.slots)
    choices = [button(ATTRIBUTES[name].label.capitalize(), _change(name)) for name in CHANGEABLE]
    return Outcome().say("utter_change_what", facts=facts or "nothing yet", buttons=choices)


def _change(name: str) -> str:
    return f'/change_profile{{"attribute":"{name}"}}'


def _keep(turn: Turn, told: dict[str, Any], response: str) -> Outcome:
    outcome = Outcome()
    sensitive = {name: told.pop(name) for name in SENSITIVE if name in told}
    if sensitive and turn.slot(CONSENT) is True:
        told |= sensitive
    elif sensitive:
        outcome.say("utter_ask_consent_sensitive").set(offer="consent")
    if told:
        outcome.set(**told, **following(told.get("level"), turn.slots))
        if facts := in_words(told, name=True):
            outcome.messages.insert(0, {"response": response, "facts": facts})
    return outcome


def consent(turn: Turn) -> Outcome:
    """Consent given or refused outside the questions."""
    if turn.intent in {"refuse_consent", "deny"}:
        gone = {CONSENT: False, "diet": None, "accessibility": None}
        return Outcome().set(**gone).say("utter_consent_refused")
    told = consenting(turn)
    facts = in_words({name: value for name, value in told.items() if name != CONSENT})
    outcome = Outcome().set(**told)
    return outcome.say("utter_noted", facts=facts) if facts else outcome.say("utter_consent_given")


def validate_change(turn: Turn) -> Outcome:
    """The little form that waits for one new value, and gives up at the first sign of another subject."""
    wanted = turn.slot("change_attribute")
    if turn.interrupted:
        return Outcome().set(requested_slot=None)
    if turn.requested is None:
        return Outcome().say(f"utter_ask_{wanted}").set(requested_slot="change_value")
    value = _new_value(turn, wanted)
    if value is not None:
        new = {wanted: value}
        outcome = Outcome().say("utter_changed", facts=in_words(new)).set(**new)
        return outcome.set(**following(new.get("level"), turn.slots), change_value="done", requested_slot=None)
    if turn.intent in {"deny", "skip", "stop_questions"}:
        return Outcome().say("utter_kept").set(change_value="kept", requested_slot=None)
    if turn.intent in {"inform", "nlu_fallback", "affirm"} and not turn.slot("attempts"):
        return Outcome().say(f"utter_unclear_{wanted}").set(attempts=1, requested_slot="change_value")
    return Outcome()


def _new_value(turn: Turn, wanted: str) -> Any:
    if not turn.said:
        return understood(turn).get(wanted)
    if turn.intent in NOT_ANSWERS or "?" in turn.said:
        return None
    value = answers.read(wanted, turn.said)
    return entities.read(wanted, turn, asked=True) if value is None else value


def yes(turn: Turn) -> Outcome:
    """A yes to what the bot offered last; without an offer, a friendly nod."""
    if (turn.offered or "").startswith(gathering.OFFER):
        return gathering.confirm(turn)
    if purpose := permissions.offered(turn.offered):
        return permissions.answered(turn, purpose, granted=True)
    match turn.offered:
        case "erase":
            return erase(turn)
        case "tone_developer":
            return Outcome().set(tone="developer", offer=None).say("utter_tone_now_developer")
        case "tone_plain":
            return Outcome().set(tone="plain", offer=None).say("utter_tone_now_plain")
        case "handover":
            return Outcome().set(offer=None).say("utter_handover").say(custom={"handover": {"reason": "fallback"}})
        case "consent":
            return consent(turn)
        case "changes":
            return Outcome().set(offer=None).then(FollowupAction("action_change_profile"))
    return Outcome().say("utter_what_next")


def no(turn: Turn) -> Outcome:
    """A no to what the bot offered last."""
    offer = turn.offered
    if (offer or "").startswith(gathering.OFFER):
        return gathering.refuse(turn)
    if purpose := permissions.offered(offer):
        return permissions.answered(turn, purpose, granted=False)
    outcome = Outcome().set(offer=None)
    if offer == "erase":
        return outcome.say("utter_kept")
    if offer == "consent":
        return consent(turn)
    return outcome.say("utter_fine" if offer else "utter_what_next")
