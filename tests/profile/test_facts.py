"""Facts: kept as told, only where allowed, only until their end date, never in clear."""

import pytest
from sqlalchemy import select, update

from tactful.errors import BadRequest, DecryptionFailed, NotAllowed, NotFound
from tactful.privacy.policy import Policy
from tactful.profile import facts
from tactful.profile.attributes import ALLOWED
from tactful.store.tables import facts as table
from tests.conftest import Clock
from tests.profile.conftest import Profile


def test_what_was_told_is_read_back(profile: Profile) -> None:
    profile.write(home="Porto", budget=800, interests=["hiking", "food"])
    assert profile.values == {"home": "Porto", "budget": 800, "interests": ["hiking", "food"]}


def test_only_what_changed_is_named_and_none_deletes(profile: Profile) -> None:
    assert profile.write(home="Porto", budget=800) == ["home", "budget"]
    assert profile.write(home="Porto", budget=900) == ["budget"]
    assert profile.write(budget=None, pace=None) == ["budget"]
    assert profile.values == {"home": "Porto"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("pace", "hectic"), ("budget", -1), ("budget", True), ("home", ""), ("home", "x" * 81), ("interests", []),
     ("interests", ["x"] * 21), ("interests", [1]), ("shoe_size", 44)],
)  # fmt: skip
def test_what_does_not_fit_is_refused_whole_and_not_quoted(profile: Profile, name: str, value: object) -> None:
    with pytest.raises(BadRequest) as refused:
        profile.write(season="May", **{name: value})
    assert profile.values == {}
    assert not (isinstance(value, str) and value and value in str(refused.value))


@pytest.mark.parametrize("name", ["diet", "accessibility"])
def test_a_sensitive_fact_needs_explicit_consent(profile: Profile, name: str) -> None:
    with pytest.raises(NotAllowed):
        profile.write(home="Porto", **{name: ["something"]})
    assert profile.values == {}
    profile.allow("sensitive")
    profile.write(**{name: ["something"]})
    assert profile.values == {name: ["something"]}


def test_withdrawing_consent_deletes_what_it_covered_and_nothing_else(profile: Profile) -> None:
    profile.allow("sensitive")
    profile.write(home="Porto", diet=["vegan"], accessibility=["step-free"])
    profile.allow("sensitive", granted=False)
    assert profile.values == {"home": "Porto"}


def test_a_fact_ends_on_its_date(profile: Profile, clock: Clock, policy: Policy) -> None:
    profile.write(home="Porto")
    clock.forward(days=policy.attributes["home"].retention_days - 1)
    assert profile.values == {"home": "Porto"}
    clock.forward(days=2)
    assert profile.values == {}


def test_values_are_sealed_and_bound_to_their_place(profile: Profile) -> None:
    profile.write(home="Reykjavik", companions="family")
    with profile.database.begin() as tx:
        sealed = {row.name: row.value for row in tx.execute(select(table))}
        assert b"Reykjavik" not in sealed["home"]
        tx.execute(update(table).where(table.c.name == "home").values(value=sealed["companions"]))
    with pytest.raises(DecryptionFailed) as failed:
        _ = profile.values
    assert "family" not in str(failed.value)


def test_a_fact_does_not_print_its_value(profile: Profile) -> None:
    profile.write(home="Reykjavik")
    with profile.database.read() as tx:
        fact = facts.load(tx, profile.cipher, profile.subject, profile.clock())["home"]
    assert fact.value == "Reykjavik"
    assert "Reykjavik" not in repr(fact)


def test_nobody_has_no_profile_to_write(profile: Profile) -> None:
    profile.subject = "0" * 32
    with pytest.raises(NotFound):
        profile.write(home="Porto")


def test_every_attribute_has_a_category_purpose_and_end(policy: Policy) -> None:
    assert set(ALLOWED) == set(policy.attributes)
    for attribute in policy.attributes.values():
        assert attribute.category in policy.categories
        assert attribute.purpose
        assert attribute.retention_days > 0
