"""Rules look at the latest states only, and see in them what Rasa's own policy sees."""

import json
import random
from typing import Any, List, Optional, Tuple

import pytest
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    Event,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from tactful_engine import lean_trackers
from tactful_engine.recent_rules import RecentRulePolicy
from tactful_engine.recent_states import LATEST, latest_states

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "inform", "bye"],
        "actions": ["action_ask", "action_tell"],
        "forms": {"onboarding_form": {"required_slots": []}},
        "slots": {"level": {"type": "categorical", "values": ["new", "developer"], "mappings": [{"type": "custom"}]}},
    }
)


def conversation(turns: int, seed: int = 7, restarts: float = 0.0) -> DialogueStateTracker:
    """Turns with loops, slots and an occasional fresh start, as they come."""
    chance = random.Random(seed)  # noqa: S311
    events: List[Event] = [ActionExecuted("action_listen")]
    for number in range(turns):
        intent = chance.choice(["greet", "inform", "bye"])
        events += [UserUttered(f"text {number}", intent={"name": intent, "confidence": 1.0})]
        events += [
            chance.choice(
                [
                    ActiveLoop(chance.choice(["onboarding_form", None])),
                    SlotSet("level", chance.choice(["new", "developer", None])),
                    LoopInterrupted(chance.random() < 0.5),
                    ActionExecuted("action_ask"),
                    AllSlotsReset(),
                    Restarted() if chance.random() < restarts else ActionExecuted("action_tell"),
                ]
            ),
            ActionExecuted("action_listen"),
        ]
    return DialogueStateTracker.from_events("c1", events, DOMAIN.slots, domain=DOMAIN)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("turns", [0, 1, 3, 30])
def test_the_latest_states_are_those_that_rasa_would_give(turns: int, seed: int) -> None:
    tracker = conversation(turns, seed, restarts=0.2)
    rasas = [dict(state) for state in DOMAIN.states_for_tracker_history(tracker, omit_unset_slots=False)]
    assert [dict(state) for state in latest_states(tracker, DOMAIN)] == rasas[-LATEST:]


def test_a_long_conversation_costs_no_more_states_than_a_short_one() -> None:
    assert len(latest_states(conversation(80), DOMAIN)) == LATEST


def test_the_tracker_itself_is_left_as_it_was() -> None:
    tracker = conversation(20)
    before = list(tracker.events), tracker.current_slot_values()
    latest_states(tracker, DOMAIN)
    assert (list(tracker.events), tracker.current_slot_values()) == before


def with_a_form(turns: int, seed: int) -> List[Event]:
    """Turns in which a form is run, refuses, is left and comes again; now and then something is taken back."""
    chance = random.Random(seed)  # noqa: S311
    events: List[Event] = [ActionExecuted("action_listen")]
    form = "onboarding_form"
    for number in range(turns):
        meant = {"name": chance.choice(["greet", "inform"]), "confidence": 1.0}
        events += [UserUttered(f"text {number}", intent=meant)]
        taken_back = chance.choice([ActionReverted(), UserUtteranceReverted(), LoopInterrupted(True)])
        events += chance.choice(
            [
                [ActionExecuted(form), ActiveLoop(form), SlotSet("level", "new")],
                [ActionExecuted(form), SlotSet("level", chance.choice(["new", "developer"]))],
                [ActionExecuted(form)],
                [ActionExecutionRejected(form), ActionExecuted("action_tell"), ActionExecuted(form)],
                [ActionExecutionRejected(form), ActionExecuted("action_tell")],
                [ActionExecuted(form), ActiveLoop(None), ActionExecuted("action_ask")],
                [ActionExecuted("action_tell"), taken_back],
            ]
        )
        events += [ActionExecuted("action_listen")]
    return events


@pytest.mark.parametrize("seed", range(25))
def test_states_that_are_followed_event_by_event_stay_those_that_rasa_would_give(seed: int) -> None:
    tracker = DialogueStateTracker.from_events("c1", [], DOMAIN.slots, domain=DOMAIN)
    for event in with_a_form(25, seed):
        tracker.update(event, DOMAIN)
        rasas = [dict(state) for state in DOMAIN.states_for_tracker_history(tracker, omit_unset_slots=False)]
        assert latest_states(tracker, DOMAIN) == rasas[-LATEST:]


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_is_what_rasa_would_copy_and_stands_alone(seed: int) -> None:
    lean_trackers.apply()
    tracker = DialogueStateTracker.from_events("c1", with_a_form(10, seed), DOMAIN.slots, domain=DOMAIN)
    latest_states(tracker, DOMAIN)
    double, rasas = tracker.copy(), tracker.travel_back_in_time(float("inf"))
    assert double.current_state(EventVerbosity.ALL) == rasas.current_state(EventVerbosity.ALL)
    before = tracker.current_state(EventVerbosity.ALL)
    for event in (SlotSet("level", "developer"), ActiveLoop(None), UserUttered("more"), ActionExecuted("action_ask")):
        double.update(event, DOMAIN)
    latest_states(double, DOMAIN)
    assert tracker.current_state(EventVerbosity.ALL) == before


def test_only_rules_that_may_hold_are_asked_and_the_same_ones_hold() -> None:
    def rule(*steps: Tuple[str, str]) -> str:
        return json.dumps([{"prev_action": {"action_name": name}, "user": {"intent": meant}} for name, meant in steps])

    policy = object.__new__(RecentRulePolicy)
    asked = rule(("action_listen", "greet"))
    told = rule(("action_listen", "greet"), ("action_tell", "greet"))
    anything = json.dumps([{"prev_action": {"action_name": "action_tell"}}])
    policy.lookup = {RULES: {asked: "action_tell", told: "action_listen", anything: "action_ask"}}
    tracker = DialogueStateTracker.from_events("c1", [], DOMAIN.slots, domain=DOMAIN)
    said = UserUttered("hi", intent={"name": "greet"})
    events = [ActionExecuted("action_listen"), said, ActionExecuted("action_tell")]
    for event in events:
        tracker.update(event, DOMAIN)
        states = latest_states(tracker, DOMAIN)
        theirs = RulePolicy._get_possible_keys(policy, policy.lookup[RULES], states)
        assert policy._get_possible_keys(policy.lookup[RULES], states) == theirs
    assert theirs == {told, anything}
    assert policy._all_ask_for_intents()
    policy.lookup[RULES][json.dumps([{"prev_action": {"action_name": "action_listen"}}])] = "action_ask"
    assert not policy._all_ask_for_intents()


def without_rules() -> RecentRulePolicy:
    unused: Any = None
    context, nothing = ExecutionContext(GraphSchema({})), {RULES: {}, RULES_FOR_LOOP_UNHAPPY_PATH: {}}
    return RecentRulePolicy(RecentRulePolicy.get_default_config(), unused, unused, context, lookup=nothing)


@pytest.mark.parametrize(("form", "then"), [(None, "action_listen"), ("onboarding_form", "onboarding_form")])
def test_where_no_rule_holds_the_fallback_happens_once(form: Optional[str], then: str) -> None:
    policy = without_rules()
    events: List[Event] = [ActionExecuted("action_listen"), UserUttered("hi", intent={"name": "greet"})]
    if form:
        events[:0] = [ActionExecuted(form), ActiveLoop(form)]
        events.append(ActionExecutionRejected(form))
    tracker = DialogueStateTracker.from_events("c1", events, DOMAIN.slots, domain=DOMAIN)
    predicted = []
    for _ in range(2):
        prediction, _ = policy._predict(tracker, DOMAIN)
        predicted.append(DOMAIN.action_names_or_texts[prediction.max_confidence_index])
        tracker.update(ActionExecuted(predicted[-1]), DOMAIN)
    assert predicted == ["action_default_fallback", then]
