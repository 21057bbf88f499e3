"""What access tells in words: each fact with its source, dates and purpose; hidden values; who looked; what learned."""

from datetime import UTC, datetime

from tactful.assistant import telling
from tactful.profile.overview import NOTHING, Hidden, Origin, Overview

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
NEXT_MARCH = datetime(2027, 3, 1, tzinfo=UTC)
HOME = Origin("told", "personalisation", MARCH, NEXT_MARCH)


def test_a_fact_names_its_source_its_end_and_what_it_is_for() -> None:
    told = telling.facts({"home": "Porto", "budget": "skipped"}, Overview({"home": HOME}))
    assert told == (
        "- **home** Porto: you told me on 1 March 2026; kept until 1 March 2027, for advice and tone that fit you"
    )


def test_a_fact_of_this_very_turn_has_no_origin_yet() -> None:
    assert telling.facts({"home": "Porto"}, NOTHING) == "- **home** Porto"


def test_nothing_known_is_an_empty_list() -> None:
    assert telling.facts({}, NOTHING) == ""


def test_hidden_values_stand_as_placeholders_by_kind_with_the_latest_end() -> None:
    hidden = (
        Hidden("PERSON_1", "name", MARCH),
        Hidden("EMAIL_ADDRESS_1", "e-mail address", MARCH),
        Hidden("PERSON_2", "name", NEXT_MARCH),
    )
    lines = telling.others(Overview({}, hidden, elsewhere=1, conversations=2)).splitlines()
    assert lines[:4] == [
        "- name, hidden from everybody but you: PERSON_1, PERSON_2; deleted by 1 March 2027",
        "- e-mail address, hidden from everybody but you: EMAIL_ADDRESS_1; deleted by 1 March 2026",
        "- 1 such value from your other conversations",
        "- 2 conversations, kept with such values taken out",
    ]


def test_who_looked_and_what_learned_is_said_either_way() -> None:
    nobody = telling.others(NOTHING)
    assert "nobody has looked at your conversations" in nobody
    assert "no language model has learned from your words" in nobody
    once = telling.others(Overview({}, human_reads=1, last_read=MARCH, models=2))
    assert "people looked at your conversations once, last on 1 March 2026" in once
    assert "nobody has looked at a hidden value" in once
    more = telling.others(Overview({}, human_reads=3, last_read=MARCH, reveals=2))
    assert "of these, twice at a hidden value" in more or "of these, 2 times at a hidden value" in more
    assert "2 language models learned from your words" in once
