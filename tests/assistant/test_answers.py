"""Values read out of ordinary words: what is taken, and what is left alone."""

from typing import Any

import pytest

from tactful.assistant.answers import read, read_all


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("about 900 euros", 900),
        ("1.500 €", 1500),
        ("1,500 eur", 1500),
        ("2k", 2000),
        ("max 700", 700),
        ("between 700 and 900 euros", 800),
        ("$1000", 900),
        ("£100", 117),
        ("two thousand", 2000),
        ("cheap", 500),
        ("something luxurious", 3000),
    ],
)
def test_budget(text: str, euros: float) -> None:
    assert read("budget", text) == euros


@pytest.mark.parametrize("text", ["next week", "5 days", "no idea", "with 2 kids", "room 12"])
def test_what_is_no_budget(text: str) -> None:
    assert read("budget", text, asked=False) is None


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("porto", "Porto"),
        ("OPO", "Porto"),
        ("i fly from new york", "New York"),
        ("we live near Berlin", "Berlin"),
        ("usually out of LHR", "London"),
        ("not from Lisbon but from Madrid", "Madrid"),
    ],
)
def test_home(text: str, city: str) -> None:
    assert read("home", text) == city


@pytest.mark.parametrize("text", ["nice and easy", "a relaxed pace", "hiking in the mountains", "who are you"])
def test_what_is_no_home(text: str) -> None:
    assert read("home", text, asked=False) is None


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        ("level", "im a dev", "developer"),
        ("level", "new here", "new"),
        ("level", "i am not a developer", "new"),
        ("pace", "nothing hectic, slow", "relaxed"),
        ("pace", "a bit of both", "balanced"),
        ("pace", "as much as possible", "packed"),
        ("interests", "hiking, good food and museums", ["hiking", "food", "museums"]),
        ("companions", "with my wife and kids", "couple"),
        ("companions", "just me", "solo"),
        ("season", "some time in october", "October"),
        ("season", "in may", "May"),
        ("season", "whenever", "any"),
        ("diet", "i'm vegan and allergic to nuts", ["vegan", "nut allergy"]),
        ("accessibility", "i use a wheelchair", ["wheelchair"]),
    ],
)
def test_other_values(attribute: str, text: str, value: Any) -> None:
    assert read(attribute, text) == value


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("I need step-free access", ["step-free"]),
        ("i can't climb stairs and i am deaf", ["step-free", "hearing"]),
        ("I can only walk short distances", ["short walks"]),
        ("I walk with a stick", ["short walks"]),
        ("my eyesight is poor", ["sight"]),
        ("I use crutches, nothing with stairs", ["short walks"]),
    ],
)
def test_access_needs_are_no_interests(text: str, needs: list[str]) -> None:
    assert read_all(text) == {"accessibility": needs}


@pytest.mark.parametrize(
    "text", ["I look forward to hearing from you", "love at first sight", "I don't see much sense"]
)
def test_what_is_no_access_need(text: str) -> None:
    assert "accessibility" not in read_all(text)


def test_may_is_a_month_only_where_it_stands_as_one() -> None:
    assert read("season", "what may i bring", asked=False) is None
    assert read("season", "may") == "May"


def test_everything_in_one_sentence() -> None:
    told = read_all("from Porto, 800 euros, relaxed, hiking and beaches with friends in June")
    assert told == {
        "home": "Porto",
        "budget": 800,
        "pace": "relaxed",
        "interests": ["hiking", "beach"],
        "companions": "friends",
        "season": "June",
    }


def test_a_bare_answer_belongs_to_the_question() -> None:
    """ "1200" is money only when money was asked for."""
    assert read_all("1200", "budget") == {"budget": 1200}
    assert read_all("1200") == {}
