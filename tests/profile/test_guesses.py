"""What is inferred is marked, weighs nothing until confirmed, and is not inferred again once refused."""

from dataclasses import dataclass

import pytest
from pydantic import ValidationError

from tactful.errors import BadRequest
from tactful.privacy.policy import Attribute, Policy
from tactful.profile import facts
from tactful.profile.facts import NOT_AGAIN_DAYS, Fact, Writing
from tactful.profile.guesses import SURE_ENOUGH, Guesses, surer
from tests.conftest import Clock
from tests.profile.conftest import Profile


@dataclass
class Inferring:
    """Writes and reads inferences, each in a transaction of its own."""

    profile: Profile

    @property
    def writing(self) -> Writing:
        return Writing("inferred", self.profile.clock(), "c" * 32)

    def note(self, name: str, value: object, sureness: float = 0.5) -> bool:
        guesses = Guesses(self.profile.cipher, self.profile.policy)
        with self.profile.database.begin() as tx:
            return guesses.note(tx, self.profile.subject, name, value, sureness, self.writing)

    def refuse(self, name: str) -> None:
        with self.profile.database.begin() as tx:
            Guesses(self.profile.cipher, self.profile.policy).refuse(tx, self.profile.subject, name, self.writing)

    @property
    def facts(self) -> dict[str, Fact]:
        with self.profile.database.read() as tx:
            return facts.load(tx, self.profile.cipher, self.profile.subject, self.profile.clock())

    @property
    def refused(self) -> list[str]:
        with self.profile.database.read() as tx:
            return facts.refused(tx, self.profile.subject, self.profile.clock())


@pytest.fixture
def inferring(profile: Profile) -> Inferring:
    return Inferring(profile)


def test_what_is_told_is_sure_and_what_is_inferred_is_marked(inferring: Inferring) -> None:
    inferring.profile.write(pace="relaxed")
    assert inferring.note("home", "Porto")
    told, guessed = inferring.facts["pace"], inferring.facts["home"]
    assert (told.source, told.sureness, told.confirmed) == ("told", 1.0, True)
    assert (guessed.source, guessed.sureness, guessed.confirmed) == ("inferred", 0.5, False)


def test_two_hints_are_enough_to_ask_and_one_is_not() -> None:
    assert 0.5 < SURE_ENOUGH <= surer(0.5) < 1


@pytest.mark.parametrize(
    "name", ["diet", "accessibility", "budget", "name", "past_trips", "onboarding_done", "shoe_size"]
)
def test_only_what_the_policy_names_may_be_inferred(inferring: Inferring, name: str) -> None:
    inferring.profile.allow("sensitive")
    assert not inferring.note(name, "Porto")
    assert not inferring.facts


def test_what_needs_explicit_consent_can_never_be_made_inferable(policy: Policy) -> None:
    diet = policy.attributes["diet"].model_dump() | {"may_infer": True}
    with pytest.raises(ValidationError, match="may not be inferred"):
        Policy.model_validate(policy.model_dump() | {"attributes": {"diet": Attribute(**diet)}})


def test_agreeing_makes_it_known_and_still_inferred(inferring: Inferring) -> None:
    inferring.note("home", "Porto", 0.75)
    assert inferring.profile.write(home="Porto") == ["home"]
    fact = inferring.facts["home"]
    assert (fact.source, fact.sureness, fact.confirmed) == ("inferred", 1.0, True)
    assert inferring.profile.write(home="Porto") == []


def test_saying_otherwise_replaces_it(inferring: Inferring) -> None:
    inferring.note("home", "Porto", 0.75)
    inferring.profile.write(home="Lisbon")
    fact = inferring.facts["home"]
    assert (fact.value, fact.source, fact.confirmed) == ("Lisbon", "told", True)


@pytest.mark.parametrize("how", ["in the chat", "by deleting it"])
def test_a_refusal_deletes_and_is_remembered_for_a_while(inferring: Inferring, clock: Clock, how: str) -> None:
    inferring.note("home", "Porto", 0.75)
    if how == "in the chat":
        inferring.refuse("home")
    else:
        inferring.profile.write(home=None)
    assert not inferring.facts
    assert inferring.refused == ["home"]
    assert not inferring.note("home", "Porto")
    clock.forward(days=NOT_AGAIN_DAYS + 1)
    assert inferring.note("home", "Porto")


def test_the_customer_may_tell_what_the_bot_may_not_infer(inferring: Inferring) -> None:
    inferring.refuse("home")
    inferring.profile.write(home="Lisbon")
    assert inferring.facts["home"].source == "told"
    assert inferring.refused == []


def test_nothing_is_inferred_over_what_is_known_nor_refused_away(inferring: Inferring) -> None:
    inferring.profile.write(home="Lisbon")
    assert not inferring.note("home", "Porto")
    inferring.refuse("home")
    assert inferring.facts["home"].value == "Lisbon"


def test_nothing_is_inferred_about_who_wants_no_advice_that_fits(inferring: Inferring) -> None:
    inferring.profile.allow("personalisation", granted=False)
    assert not inferring.note("home", "Porto")


def test_a_value_that_does_not_fit_is_refused(inferring: Inferring) -> None:
    with pytest.raises(BadRequest):
        inferring.note("companions", "with Philippa")
    assert not inferring.facts
