"""What may be stored: every attribute against every state of consent, as the policy in words has it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import insert, select

from tactful.errors import NotAllowed
from tactful.privacy.policy import Policy
from tactful.profile import subjects
from tactful.store.crypto import KeyRing
from tactful.store.tables import facts, objections
from tests.profile.conftest import Profile

VALUES: dict[str, Any] = {
    "name": "Philippa Quimbleton", "level": "developer", "tone": "plain", "home": "Porto", "budget": 900,
    "pace": "relaxed", "interests": ["hiking"], "companions": "family", "season": "spring", "diet": ["vegan"],
    "accessibility": ["step-free"], "past_trips": ["Lisbon"], "onboarding_done": True,
}  # fmt: skip
ANSWERS = (None, True, False)  # never asked, given, withdrawn


def everybody(profile: Profile, ring: KeyRing) -> Iterator[tuple[Profile, bool | None, bool | None, bool]]:
    """A fresh subject for every state: (sensitive, personalisation, objected to personalisation)."""
    for sensitive, personalisation, objected in product(ANSWERS, ANSWERS, (False, True)):
        with profile.database.begin() as tx:
            profile.subject = subjects.create(tx, ring, now=profile.clock())
            if objected:
                tx.execute(
                    insert(objections).values(subject_id=profile.subject, purpose="personalisation", at=profile.clock())
                )
        for purpose, answer in (("sensitive", sensitive), ("personalisation", personalisation)):
            if answer is not None:
                profile.allow(purpose, answer)
        yield profile, sensitive, personalisation, objected


def test_the_table_knows_every_attribute(policy: Policy) -> None:
    assert set(VALUES) == set(policy.attributes)


@pytest.mark.parametrize("name", VALUES)
def test_an_attribute_is_stored_exactly_where_its_category_and_consent_allow_it(
    profile: Profile, policy: Policy, ring: KeyRing, name: str
) -> None:
    attribute = policy.attributes[name]
    for each, sensitive, personalisation, objected in everybody(profile, ring):
        wanted = attribute.purpose == "service" or (personalisation is not False and not objected)
        may = wanted and (attribute.category != "external" or sensitive is True)
        if may:
            assert each.write(**{name: VALUES[name]}) == [name]
            assert each.values == {name: VALUES[name]}
            continue
        with pytest.raises(NotAllowed) as refused:
            each.write(onboarding_done=False, **{name: VALUES[name]})
        assert attribute.label in str(refused.value)
        assert str(VALUES[name]) not in str(refused.value)
        with each.database.read() as tx:
            assert tx.execute(select(facts).where(facts.c.subject_id == each.subject)).all() == []


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_attribute_that_is_to_be_asked_for_waits_for_a_yes(
    profile: Profile, policy: Policy, answer: bool | None
) -> None:
    asked = policy.attributes["budget"].model_copy(update={"consent": "ask"})
    profile.policy = policy.model_copy(update={"attributes": {**policy.attributes, "budget": asked}})
    if answer is not None:
        profile.allow("personalisation", answer)
    if answer:
        assert profile.write(budget=900) == ["budget"]
    else:
        with pytest.raises(NotAllowed):
            profile.write(budget=900)
        assert profile.values == {}


@pytest.mark.parametrize("name", [name for name in VALUES if name != "onboarding_done"])
def test_what_may_not_be_stored_may_still_be_deleted(profile: Profile, name: str) -> None:
    profile.allow("sensitive")
    profile.write(**{name: VALUES[name]})
    profile.allow("personalisation", False)
    profile.write(**{name: None})
    assert name not in profile.values
