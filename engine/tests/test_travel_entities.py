"""Travel entities: what is found with which exact value, and what is left alone."""

from datetime import date, timedelta
from typing import Any, List

import pytest
from rasa.shared.nlu.training_data.message import Message
from tactful_engine.intent_classifier import in_words
from tactful_engine.travel.entities import LONGEST, extract
from tactful_engine.travel_entities import TODAY, TravelEntityExtractor

WEDNESDAY = date(2027, 3, 10)


def values(text: str, today: date = WEDNESDAY, **how: Any) -> List[str]:
    return [f"{each.kind} {each.value}" for each in extract(text, today, **how)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from Lisbon to Rome next Friday for under 500 euros",
         ["city Lisbon", "city Rome", "date 2027-03-19", "money 500 EUR"]),
        ("my home airport is OPO", ["airport OPO"]),
        ("CDG", ["airport CDG"]),
        ("Lisbon airport", ["airport LIS"]),
        ("we fly from Gatwick", ["airport LGW"]),
        ("münchen or Köln", ["city Munich", "city Cologne"]),
        ("Portland, Maine", ["city Portland"]),
        ("12-15 May", ["date 2027-05-12/2027-05-15"]),
        ("from 28 April to 3 May", ["date 2027-04-28/2027-05-03"]),
        ("in three weeks", ["date 2027-03-31"]),
        ("this summer", ["date 2027-06-01/2027-08-31"]),
        ("february", ["date 2028-02"]),
        ("1.299,00 €", ["money 1299 EUR"]),
        ("between 700 and 900 dollars", ["money 700-900 USD"]),
        ("a hundred pounds", ["money 100 GBP"]),
    ],
)  # fmt: skip
def test_exact_values(text: str, found: List[str]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    "text",
    ["may i change it", "the sun was nice", "reading the docs", "can we split the bill", "the SDK says API",
     "who is Paris Hilton", "GET /v1/trips", "PERSON_1 wrote", "EMAIL_ADDRESS_1", "order 12345", "i have 3 questions"],
)  # fmt: skip
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert values(text) == []


def test_a_city_says_its_code_main_airport_and_country() -> None:
    london, portland = extract("from London to Portland, Maine", WEDNESDAY)
    assert london.more == {"iata": "LON", "airport": "LHR", "country": "GB"}
    assert portland.more["iata"] == "PWM"


def test_a_date_says_its_first_and_last_day() -> None:
    (month,) = extract("in February 2028", WEDNESDAY)
    assert (month.value, month.more) == ("2028-02", {"from": "2028-02-01", "to": "2028-02-29"})


def test_what_has_been_lies_behind_and_what_will_be_ahead() -> None:
    assert values("i was charged on 12 January") == ["date 2027-01-12"]
    assert values("i want to fly on 12 January") == ["date 2028-01-12"]


@pytest.mark.parametrize("days", range(7))
def test_this_friday_is_the_coming_one_and_next_friday_that_of_next_week(days: int) -> None:
    today = date(2027, 3, 8) + timedelta(days=days)  # Monday to Sunday
    ((this,), (later,)) = extract("this Friday", today), extract("next Friday", today)
    assert 0 < (date.fromisoformat(this.value) - today).days <= 7
    assert later.value == "2027-03-19"


def test_numbers_are_read_in_the_order_that_is_configured() -> None:
    assert values("03/04/2027") == ["date 2027-04-03"]
    assert values("03/04/2027", day_first=False) == ["date 2027-03-04"]


def test_it_stands_where_it_says() -> None:
    text = "é, from Zürich to São Paulo on 5 June"
    assert [text[each.start : each.end] for each in extract(text, WEDNESDAY)] == ["Zürich", "São Paulo", "5 June"]


def test_a_long_message_is_read_to_its_limit_only() -> None:
    assert values("x" * LONGEST + " from Lisbon") == []


def test_the_component_adds_entities_as_rasa_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TODAY, "2027-03-10")
    message = Message.build("from Porto tomorrow")
    message.set("entities", [{"entity": "mine", "start": 0, "end": 4, "value": "from"}])
    (out,) = TravelEntityExtractor({}).process([message])
    assert [(e["entity"], e["value"], e.get("extractor")) for e in out.get("entities")] == [
        ("mine", "from", None),
        ("city", "Porto", "TravelEntityExtractor"),
        ("date", "2027-03-11", "TravelEntityExtractor"),
    ]


def test_the_classifier_reads_a_citys_name_for_a_code() -> None:
    (message,) = TravelEntityExtractor({}).process([Message.build("from CDG to Lisbon airport")])
    assert in_words(message) == "from Paris to Lisbon airport"
