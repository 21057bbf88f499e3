"""Lists: filters, facets, search, paging; only what may be read now."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from tactful.console.desk import PAGE
from tactful.console.filters import Filter
from tactful.profile.rights import Elsewhere, Parts, Rights
from tactful.profile.signing import Signer
from tactful.store.tables import messages, turns
from tests.console.reviewing import BEN, CARA, Team, run


def rights(team: Team) -> Rights:
    parts = Parts(
        team.database,
        team.vault._cipher,
        team.vault,
        team.policy,
        Signer(bytes(range(32))),
        team.audit,
        team.clock,
        reads=lambda text, question: False,
    )
    return Rights(parts, Elsewhere(len, lambda _: None, 1.0))


def test_pages_go_on_below_a_key_and_nothing_is_skipped_or_twice(team: Team) -> None:
    talking = team.customer()
    made = [talking.says(f"message {n}") for n in range(PAGE * 2 + 3)]
    first = team.desk.page(Filter(), BEN)
    talking.says("one more, while somebody reads")
    second = team.desk.page(Filter(), BEN, first.following)
    third = team.desk.page(Filter(), BEN, second.following)
    seen = [row.turn["id"] for page in (first, second, third) for row in page.rows]
    assert seen == made[::-1]
    assert third.following is None
    assert team.desk.newer(Filter(), BEN, than=seen[0]) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"intent": "api_key_create"},
        {"kind": "EMAIL_ADDRESS"},
        {"length": "long"},
        {"model": "m2"},
        {"tone": "developer"},
        {"confidence": "low"},
        {"q": "webhook"},
        {"q": '"key rotation"'},
        {"q": "rotat -refund"},
        {"q": "EMAIL_ADDRESS_1"},
    ],
)
def test_each_filter_finds_what_it_says_and_nothing_else(team: Team, asked: dict[str, str]) -> None:
    team.turn("where is my refund")
    wanted = team.turn(
        "key rotation for EMAIL_ADDRESS_1 broke my webhook " + "x" * 200,
        intent="api_key_create", confidence=0.3, kinds={"EMAIL_ADDRESS": 1}, tone="developer", model="m2",
        reply="Done.",
    )  # fmt: skip
    assert team.found(**asked) == [wanted]


def test_what_may_teach_the_assistant_is_told_apart(team: Team) -> None:
    may, may_not = team.customer(), team.customer()
    taught, other = may.says("my refund"), may_not.says("my refund")
    may.allow(True, "training")
    assert team.found(training="yes") == [taught]
    assert team.found(training="no") == [other]
    may.allow(False, "training")
    assert team.found(training="yes") == []


def test_days_are_both_included(team: Team) -> None:
    team.turn("yesterday")
    team.clock.forward(days=1)
    today = team.turn("today")
    day = datetime.fromtimestamp(team.clock() / 1000, UTC).date()
    assert team.found(since=day.isoformat(), until=day.isoformat()) == [today]


@pytest.mark.asvs("1.2.4")
@pytest.mark.parametrize(
    "asked", ['"', "* OR *", "NEAR(", "a AND", "words:x", "_", "'; DROP TABLE turns", "\u202e", "--"]
)
def test_a_search_is_words_whatever_they_look_like(team: Team, asked: str) -> None:
    team.turn("where is my refund")
    team.found(q=asked)


def test_a_search_finds_answers_too_and_words_by_their_beginning_in_any_case(team: Team) -> None:
    turn = team.turn("hello", reply="Your voucher for Lisbon")
    assert team.found(q="VOUCH lisbon") == [turn]


def test_what_makes_no_sense_in_an_address_is_left_out() -> None:
    asked = Filter.of({"queue": "nonsense", "state": "x", "length": "huge", "since": "soon", "q": " a ", "evil": "1"})
    assert asked == Filter(q="a")
    assert Filter.of(dict(asked.asdict())) == asked


def test_facets_count_what_the_filter_finds(team: Team) -> None:
    for intent, kinds in (("greet", None), ("refund_request", {"PERSON": 1}), ("refund_request", {"PERSON": 2})):
        team.turn(intent=intent, kinds=kinds)
    facets = team.desk.facets(Filter(), BEN)
    assert facets["intent"] == [("refund_request", 2), ("greet", 1)]
    assert facets["kind"] == [("PERSON", 2)]
    assert team.desk.facets(Filter(intent="greet"), BEN)["tone"] == [("plain", 1)]


def test_labels_and_assignees_narrow_a_list(team: Team) -> None:
    team.turn()
    talking = team.customer()
    turn = talking.says("where is it")
    run(team.notes.label(talking.conversation_id, "Angry  Customer", BEN))
    team.notes.assign(talking.conversation_id, CARA, BEN)
    assert team.found(label="angry customer") == team.found(CARA, assignee="me") == [turn]
    assert team.found(BEN, assignee="me") == []


@pytest.mark.parametrize("act", ["withdrawn", "objected", "restricted", "erasing"])
def test_what_a_customer_no_longer_allows_is_gone_from_lists_at_once(team: Team, act: str) -> None:
    talking = team.customer()
    turn = talking.says("my refund", confidence=0.2)
    assert team.found(queue="low_confidence") == [turn]
    if act == "withdrawn":
        talking.allow(False)
    elif act == "objected":
        rights(team).object_to(talking.subject_id, {"human_review": True})
    elif act == "restricted":
        rights(team).restrict(talking.subject_id, True)
    else:
        rights(team).erase(talking.subject_id)
    assert team.found(queue="low_confidence") == team.found(q="refund") == []
    assert team.desk.counts()["low_confidence"] == 0


def test_what_a_customer_allows_again_is_back(team: Team) -> None:
    talking = team.customer()
    turn = talking.says("my refund", confidence=0.2)
    rights(team).restrict(talking.subject_id, True)
    rights(team).restrict(talking.subject_id, False)
    assert team.found(queue="low_confidence") == [turn]


def test_a_flag_that_was_not_kept_in_step_shows_nobody(team: Team) -> None:
    talking = team.customer(allows=False)
    talking.says("my refund")
    with team.database.begin() as tx:
        tx.execute(update(turns).values(readable=True))
    assert team.found() == []


def test_erasure_leaves_nothing_in_the_index(team: Team) -> None:
    talking, other = team.customer(), team.customer()
    talking.says("the violet harmonica is gone")
    kept = other.says("the violet harmonica plays")
    rights(team).erase(talking.subject_id)
    assert team.found(q="violet harmonica") == [kept]
    with team.database.read() as tx:
        table = "search_words_content" if team.database.is_sqlite else "search_words"
        assert tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 1
        assert len(tx.execute(select(messages)).all()) == 2
