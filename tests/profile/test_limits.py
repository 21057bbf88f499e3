"""Restriction and objection: what is kept may not be used, at all or for one purpose."""

import pytest

from tactful.errors import BadRequest
from tactful.profile import consent
from tactful.profile.rights import Rights
from tests.profile.conftest import Profile


def allowed(profile: Profile) -> set[str]:
    with profile.database.read() as tx:
        return {each for each in consent.PURPOSES if consent.allowed(tx, profile.subject, each, profile.policy)}


def test_under_restriction_no_purpose_is_allowed_until_it_ends(rights: Rights, profile: Profile) -> None:
    rights.consent(profile.subject, {"training": True, "human_review": True})
    assert allowed(profile) == {"personalisation", "training", "human_review"}
    rights.restrict(profile.subject, True)
    rights.restrict(profile.subject, True)
    assert allowed(profile) == set()
    rights.restrict(profile.subject, False)
    assert allowed(profile) == {"personalisation", "training", "human_review"}
    assert [each["right"] for each in rights.requests(profile.subject)].count("restriction") == 2


def test_a_value_can_be_put_right_under_restriction(rights: Rights, profile: Profile) -> None:
    profile.write(home="Porto")
    rights.restrict(profile.subject, True)
    assert rights.rectify(profile.subject, {"home": "Faro"}) == ["home"]


def test_an_objection_outweighs_consent_until_it_is_taken_back(rights: Rights, profile: Profile) -> None:
    rights.consent(profile.subject, {"training": True})
    assert rights.object_to(profile.subject, {"training": True, "personalisation": True}) == [
        "personalisation", "training",
    ]  # fmt: skip
    assert allowed(profile) == set()
    assert rights.object_to(profile.subject, {"training": False}) == ["personalisation"]
    assert allowed(profile) == {"training"}


def test_what_rests_on_explicit_consent_is_withdrawn_not_objected_to(rights: Rights, subject: str) -> None:
    with pytest.raises(BadRequest, match="withdraw"):
        rights.object_to(subject, {"sensitive": True})
    with pytest.raises(BadRequest):
        rights.object_to(subject, {"world_domination": True})
