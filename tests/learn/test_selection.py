"""The choice in a real database: only what may be read, put into a queue, gone with its customer."""

import json

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from tactful.bootstrap import Services
from tactful.cli.main import commands
from tactful.console.queues import Queue
from tactful.console.reviews import Reviews
from tactful.learn.choice import Alike, Selecting, Why
from tactful.learn.naming import rarity
from tactful.learn.selection import QUEUE, keep, kept, key_of, pool, selected, suggestions
from tactful.profile.rights.erasure import wipe
from tactful.store.tables import queue_entries, selections
from tests.conftest import Clock
from tests.console.conftest import MakeTeam, make_team, services, settings
from tests.console.reviewing import BEN, Team

__all__ = ["make_team", "services", "settings"]


@pytest.fixture
def team(make_team: MakeTeam) -> Team:
    return make_team()


def chosen(team: Team, alike: Alike | None = None, doubts: tuple[tuple[int, str, float], ...] = ()) -> list[int]:
    with team.database.read() as tx:
        found = pool(tx, team.policy, 1000)
    choice = selected(found, alike or Alike(), doubts, Selecting())
    with team.database.begin() as tx:
        keep(tx, choice, team.clock())
    return [each.turn for each in choice.chosen]


def test_only_turns_whose_customers_let_people_read_them_are_weighed(team: Team) -> None:
    one = team.turn("where is it")
    team.turn("and this nobody may read", allows=False)
    assert chosen(team) == [one]


def test_consent_withdrawn_after_the_choice_hides_it(team: Team) -> None:
    customer = team.customer()
    customer.says("where is it")
    chosen(team)
    customer.allow(False)
    with team.database.read() as tx:
        assert kept(tx, team.policy) == []
    assert team.found(queue="selected") == []


def test_the_choice_stands_in_a_queue_of_its_own_and_the_next_one_replaces_it(team: Team) -> None:
    one = team.turn("where is it", confidence=0.9)
    assert QUEUE == Queue.SELECTED
    chosen(team)
    assert team.found(queue="selected") == [one]
    Reviews(team.database, team.policy, team.clock, needed=1, minutes=15).judge(one, BEN, "refund_request")
    two = team.turn("and another thing")
    chosen(team)
    assert team.found(queue="selected") == [two]
    assert team.desk.counts()["selected"] == 1


def test_a_reviewed_turn_in_doubt_is_kept_with_the_other_intent_and_stays_reviewed(team: Team) -> None:
    one = team.turn("where is it")
    team.reviews.judge(one, BEN, "refund_request")
    chosen(team, doubts=((0, "greet", 0.97),))
    with team.database.read() as tx:
        assert [(each.turn, each.why, each.said) for each in kept(tx, team.policy)] == [(one, Why.MISLABEL, "greet")]
    assert team.row(one)["state"] == "done"
    team.reviews.reopen(one, BEN)
    with team.database.read() as tx:
        assert kept(tx, team.policy) == []


def test_a_group_is_named_when_shown_and_only_by_those_who_allow_it_still(team: Team) -> None:
    customers = [team.customer() for _ in range(3)]
    for number, customer in enumerate(customers):
        customer.says(f"can my dog come along {'please ' * number}", intent="nlu_fallback", confidence=0.3)
    keys = [key_of(f"can my dog come along {'please ' * number}") for number in range(3)]
    chosen(team, Alike(group=dict.fromkeys(keys, keys[0])))
    with team.database.read() as tx:
        found = suggestions(tx, team.policy, rarity([]), 3)
    assert [(list(each.words), each.customers) for each in found] == [(["come", "dog"], 3)]
    customers[0].allow(False)
    with team.database.read() as tx:
        assert suggestions(tx, team.policy, rarity([]), 3) == []


def test_what_is_kept_is_no_words_and_goes_with_its_customer(team: Team) -> None:
    customer = team.customer()
    customer.says("where is it")
    chosen(team)
    with team.database.begin() as tx:
        wipe(tx, customer.subject_id)
    with team.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(selections)).scalar_one() == 0
        assert tx.execute(select(func.count()).select_from(queue_entries)).scalar_one() == 0


def test_what_reads_the_same_has_one_key() -> None:
    assert key_of("I'm PERSON_1!") == key_of("i'm  PERSON_2") == key_of("I'm PERSON_7 …")
    assert key_of("I'm PERSON_1") != key_of("I'm EMAIL_ADDRESS_1")


def test_more_sentences_than_can_be_compared_leave_the_frequent_the_unsure_and_the_new(team: Team) -> None:
    for number in range(12):
        team.turn(f"message number {'x' * number}", confidence=0.9)
    for _ in range(3):
        team.turn("often said")
    with team.database.read() as tx:
        found = pool(tx, team.policy, 1000)
    some = found.compared(4)
    assert len(some) == 4
    assert ("often said", 3) in some.values()
    assert found.compared(100) == dict(found.texts)


@pytest.mark.engine
def test_the_command_chooses_with_the_real_engine(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put in twice in other words is shown once; a group that no intent is for is named."""
    services.database.migrate()
    team = Team(services.database, services.policy, services.ring, services.vault, clock)
    monkeypatch.setattr("tactful.cli.selecting.services", lambda: services)
    for text in ("where is my invoice", "where's my invoice?"):
        team.customer().says(text, confidence=0.4)
    for text in ("can I bring my dog on board", "can i take my dog on the plane", "is my dog allowed on board"):
        team.customer().says(text, intent="nlu_fallback", confidence=0.3)
    done = CliRunner().invoke(commands(), ["learn", "select", "--json"], catch_exceptions=False)
    told = json.loads(done.stdout)
    assert told["weighed"] == 5
    assert sum(1 + each["like"] for each in told["chosen"]) == 5
    assert max(each["like"] for each in told["chosen"]) >= 1
    assert ["dog" in each["words"] for each in told["new_intents"]] == [True]
    assert told["examples_in_doubt"]
