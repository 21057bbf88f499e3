"""Portability: everything is exported in a published form, and an import gives the same back."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tactful.errors import BadRequest, Personal
from tactful.profile import subjects
from tactful.profile.rights import Rights, document
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.vault import Vault
from tests.conftest import Clock
from tests.profile.conftest import NAME, WORDS, Profile, spoken

MOMENTARY = ("exported_at", "customer_since", "signature")


@pytest.fixture
def lived(profile: Profile, rights: Rights, chatted: str, vault: Vault, clock: Clock) -> dict[str, Any]:
    """The export of a subject with everything that there can be."""
    rights.consent(profile.subject, {"sensitive": True, "training": True})
    rights.consent(profile.subject, {"training": False})
    profile.write(name=NAME, home="Porto", budget=900.0, interests=["food", "hiking"], diet=["vegan"])
    profile.write("inferred", pace="relaxed")
    clock.forward(days=3)
    spoken(profile, vault, "e" * 32, "Bartholomew Fizz")
    rights.object_to(profile.subject, {"human_review": True})
    return rights.export(profile.subject)


@pytest.fixture
def other(database: Database, ring: KeyRing, clock: Clock) -> str:
    with database.begin() as tx:
        return subjects.create(tx, ring, now=clock())


def lasting(export: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in export.items() if name not in MOMENTARY}


def test_the_export_holds_the_real_values(lived: dict[str, Any]) -> None:
    first = lived["conversations"][0]["messages"][0]
    assert first["text"] == f"I am {NAME} and my violet harmonica is gone"
    assert first["redacted"] == WORDS
    assert {fact["name"]: fact["value"] for fact in lived["profile"]}["home"] == "Porto"


def test_the_export_fits_its_published_schema(lived: dict[str, Any], rights: Rights, other: str) -> None:
    schema = document.schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for export in (lived, rights.export(other)):
        assert not list(validator.iter_errors(json.loads(json.dumps(export))))
    assert list(validator.iter_errors(lived | {"profile": [{"name": 1}]}))


def test_an_import_after_erasure_gives_the_same_back(
    rights: Rights, lived: dict[str, Any], subject: str, other: str
) -> None:
    rights.erase(subject)
    taken_along = json.loads(json.dumps(lived, indent=2).replace("900.0", "900"))
    done = rights.take_in(other, taken_along)
    assert done == {"imported": {"profile": 6, "consents": 3, "conversations": 2}, "left_out": []}
    assert lasting(rights.export(other)) == lasting(lived)


def test_importing_twice_changes_nothing(rights: Rights, lived: dict[str, Any], subject: str) -> None:
    assert rights.take_in(subject, lived)["imported"] == {"profile": 0, "consents": 0, "conversations": 0}
    assert lasting(rights.export(subject)) == lasting(lived)


def test_what_was_said_here_since_is_newer_and_stays(
    rights: Rights, lived: dict[str, Any], profile: Profile, clock: Clock
) -> None:
    clock.forward(days=1)
    profile.write(home="Faro")
    left_out = rights.take_in(profile.subject, lived)["left_out"]
    assert {"what": "home", "why": "what is known here is newer"} in left_out
    assert profile.values["home"] == "Faro"


def test_of_a_document_that_was_not_signed_here_only_allowed_facts_are_taken(
    rights: Rights, lived: dict[str, Any], other: str
) -> None:
    lived["conversations"][0]["messages"][0]["redacted"] = "my card is 4111111111111111"
    done = rights.take_in(other, lived)
    assert done["imported"] == {"profile": 5, "consents": 0, "conversations": 0}
    assert {"what": "consents and conversations", "why": "this document was not signed here"} in done["left_out"]
    export = rights.export(other)
    assert "4111111111111111" not in json.dumps(export)
    assert "diet" not in {fact["name"] for fact in export["profile"]}


def test_a_fact_that_holds_something_personal_stays_outside_also_when_it_was_signed_here(
    rights: Rights, profile: Profile, subject: str, other: str
) -> None:
    profile.write(home="12 Baker Street, London", season="spring")
    done = rights.take_in(other, rights.export(subject))
    assert done["left_out"] == [{"what": "home", "why": Personal.WHY}]
    assert [fact["name"] for fact in rights.export(other)["profile"]] == ["season"]


def test_what_has_ended_meanwhile_does_not_come_back(
    rights: Rights, lived: dict[str, Any], subject: str, other: str, clock: Clock
) -> None:
    rights.erase(subject)
    clock.forward(days=366)
    done = rights.take_in(other, lived)
    assert done["imported"]["profile"] == 0
    assert rights.export(other)["conversations"][0]["values"] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [({"format": "other/1"}, "format"), ({"profile": "x"}, "profile"), ({"extra": 1}, "extra"),
     ({"consents": [{"purpose": NAME}]}, "consents.0")],
)  # fmt: skip
def test_what_is_no_export_is_refused_by_its_place_and_not_quoted(
    rights: Rights, lived: dict[str, Any], subject: str, change: dict[str, Any], place: str
) -> None:
    with pytest.raises(BadRequest, match=place) as refused:
        rights.take_in(subject, lived | change)
    assert NAME not in str(refused.value)


def test_the_page_for_people_needs_nothing_else_and_holds_no_markup_of_theirs(
    rights: Rights, profile: Profile, chatted: str, vault: Vault
) -> None:
    profile.write(home="<script>alert(1)</script>")
    page = rights.page(profile.subject)
    assert NAME in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not [outside for outside in ("http:", "https:", "src=", "@import") if outside in page]
    assert '<html lang="en">' in page
