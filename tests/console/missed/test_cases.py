"""Each correction is a case of the installation's own test set: a sentence that is nobody's, and where values stand."""

import json
from typing import Any

from tactful.console.missed import cases
from tactful.console.missed.freeing import NotPersonal
from tactful.console.missed.marking import Missed
from tests.console.missed.conftest import REVIEWER, House
from tests.console.missed.test_marking import NAME, mark

MAIL = "philippa.q@example.com"


def exported(house: House) -> list[dict[str, Any]]:
    return [json.loads(line) for line in cases.exported(house.parts.database)]


def found(case: dict[str, Any]) -> list[str]:
    return [case["text"][span["start"] : span["end"]] for span in case["spans"]]


def test_the_sentence_stands_with_surrogates_for_every_value(missed: Missed, house: House) -> None:
    said = f"Hello there. Ask {NAME} or EMAIL_ADDRESS_1, please! Thanks."
    conversation = house.conversation(house.customer(), said, values={"EMAIL_ADDRESS_1": ("EMAIL_ADDRESS", MAIL)})
    correction = mark(missed, house, conversation)
    (case,) = exported(house)
    name, mail = found(case)
    assert case["id"] == correction.id
    assert case["text"] == f"Ask {name} or {mail}, please!"
    assert [span["type"] for span in case["spans"]] == ["PERSON", "EMAIL_ADDRESS"]
    assert name.istitle()
    assert "@" in mail
    assert NAME not in case["text"]
    assert MAIL not in case["text"]


def test_a_value_that_is_marked_later_leaves_earlier_cases_too(missed: Missed, house: House) -> None:
    conversation = house.conversation(house.customer(), f"{NAME} and Elmhurst left")
    mark(missed, house, conversation)
    mark(missed, house, conversation, "Elmhurst")
    both = exported(house)
    assert len(both) == 2
    assert all(len(case["spans"]) == 2 for case in both)
    assert NAME not in str(both)
    assert "Elmhurst" not in str(both)


def test_what_is_nothing_personal_is_a_case_in_which_it_stays(not_personal: NotPersonal, house: House) -> None:
    values = {"PERSON_1": ("PERSON", "Grace Period"), "PERSON_2": ("PERSON", NAME)}
    conversation = house.conversation(house.customer(), "PERSON_2, mind the PERSON_1!", values=values)
    not_personal.free(REVIEWER, conversation, "PERSON_1", "everyone")
    (case,) = exported(house)
    (name,) = found(case)
    assert case["text"] == f"{name}, mind the Grace Period!"
    assert name != NAME
