"""Rasa's RulePolicy, looking at the latest part of a conversation only, and at the rules that may hold.

Rasa works out the state after every action since the conversation began, copies all of them for a debug line, asks
every rule, and does so twice for every action it predicts. Rules reach back a few states, so the rest is spared: the
hundredth turn costs what the second one does.
"""

from collections import defaultdict
from typing import Any, Dict, List, Optional, Set, Text, Tuple

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from tactful_engine.recent_states import latest_states

# By the action and the intent of a rule's last step; None stands for a rule that names none.
Index = Dict[Tuple[Optional[Text], Optional[Text]], List[Text]]

NO_RULES: Dict[Text, Text] = {}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class RecentRulePolicy(RulePolicy):
    """RulePolicy over the latest states. Rules with `conversation_start` hold in short conversations only."""

    def _predict(self, tracker: DialogueStateTracker, domain: Domain) -> Tuple[PolicyPrediction, Optional[Text]]:
        """As Rasa does, but the fallback happens once a turn: then an open form goes on, or the bot listens.

        Rasa's own fallback takes the message back, so no rule is needed after it. One that answers needs one: it
        would be predicted again until the limit of actions is reached, and nothing would hold after that.
        """
        prediction, source = super()._predict(tracker, domain)
        predicted = domain.action_names_or_texts[prediction.max_confidence_index]
        if not predicted == self._fallback_action_name == tracker.latest_action_name:
            return prediction, source
        form = tracker.active_loop_name
        confidences = self._prediction_result(form or ACTION_LISTEN_NAME, tracker, domain)
        return self._rule_prediction(confidences, source or "", returning_from_unhappy_path=bool(form)), source

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

    @staticmethod
    def format_tracker_states(states: List[Dict]) -> Text:
        """Nothing: this is for Rasa's debug line, which would show what customers do."""
        return ""

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[Text], Optional[Text], bool]:
        """Rasa looks first for rules about the message's text; none can hold where all ask for an intent."""
        if use_text_for_last_user_input and self._all_ask_for_intents():
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _get_possible_keys(self, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
        """The rules that hold in these states; only those are looked at whose last step may be the present one."""
        action, intent = _step(states[-1])
        if action is None:
            return super()._get_possible_keys(lookup, states)
        index = self._index(lookup)
        likely = (key for step in _steps(action, intent) for key in index.get(step, ()))
        return super()._get_possible_keys({key: lookup[key] for key in likely}, states)

    def _index(self, lookup: Dict[Text, Text]) -> Index:
        kept = self.__dict__.setdefault("_indexes", {})
        held, index, size = kept.get(id(lookup), (None, None, 0))
        # During training a lookup still grows.
        if held is not lookup or size != len(lookup):
            index = defaultdict(list)
            for key in lookup:
                index[_step(self._rule_key_to_state(key)[-1])].append(key)
            kept[id(lookup)] = lookup, index, len(lookup)
        return index

    def _all_ask_for_intents(self) -> bool:
        """Whether every rule about the moment after a message names the message's intent."""
        lookups = [self.lookup.get(name, NO_RULES) for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        state = [(id(lookup), len(lookup)) for lookup in lookups]  # during training they grow
        held, answer = self.__dict__.get("_all_ask", (None, False))
        if held != state:
            steps = (step for lookup in lookups for step in self._index(lookup))
            answer = all(intent for action, intent in steps if action in (ACTION_LISTEN_NAME, None))
            self.__dict__["_all_ask"] = state, answer
        return bool(answer)


def _step(state: State) -> Tuple[Optional[Text], Optional[Text]]:
    return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)


def _steps(action: Text, intent: Optional[Text]) -> Set[Tuple[Optional[Text], Optional[Text]]]:
    return {(name, meant) for name in (action, None) for meant in (intent, None)}
