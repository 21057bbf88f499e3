"""Rasa's RulePolicy, looking at the latest part of a conversation only.

Rasa works out the state after every action since the conversation began, copies all of them for a debug line,
and does so for every action it predicts. Rules reach back a few states, so the rest is spared: the hundredth
turn costs what the second one does.
"""

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

# States looked at. A rule has a state for each of its steps; ours have at most eight.
LATEST = 16


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class RecentRulePolicy(RulePolicy):
    """RulePolicy over the latest `LATEST` states. Rules with `conversation_start` hold in short conversations only."""

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: Optional[Dict[Text, Any]] = None,
    ) -> List[State]:
        states = latest_states(tracker, domain)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states


def latest_states(tracker: DialogueStateTracker, domain: Domain) -> List[State]:
    """The states before the latest actions and the present one, oldest first; as `past_states` gives them."""
    events = tracker.applied_events()
    actions = [place for place, event in enumerate(events) if isinstance(event, ActionExecuted)]
    first = actions[-(LATEST - 1)] if len(actions) >= LATEST else 0
    past, states = tracker.init_copy(), []
    for place, event in enumerate(events):
        if place >= first and isinstance(event, ActionExecuted):
            states.append(state_of(past, domain))
        past.update(event)
    states.append(state_of(past, domain))
    return states


def state_of(tracker: DialogueStateTracker, domain: Domain) -> State:
    return domain._clean_state(domain.get_active_state(tracker))
