"""Judging: one or several reviewers, blind; disagreement, resolving, reservations, undo; thumbs and flags."""

import pytest

from tactful.console.filters import Filter
from tactful.console.reviews import Verdict
from tactful.errors import BadRequest, Conflict, NotFound
from tests.console.reviewing import BEN, CARA, DORA, MakeTeam, Team


@pytest.fixture
def two(make_team: MakeTeam) -> Team:
    """A team in which two review each turn."""
    return make_team(needed=2)


@pytest.mark.parametrize(
    ("intent", "verdict"),
    [("refund_request", Verdict.ACCEPTED), ("billing_invoice", Verdict.CORRECTED), (None, Verdict.REJECTED)],
)
def test_one_verdict_is_enough_where_one_is_asked_for(team: Team, intent: str | None, verdict: Verdict) -> None:
    turn = team.turn(confidence=0.3)
    assert team.reviews.judge(turn, BEN, intent) == "done"
    row = team.row(turn)
    assert (row["verdict"], row["final_intent"]) == (verdict, intent or "")
    assert team.found() == team.found(queue="low_confidence") == []
    assert team.found(state="done") == [turn]


def test_undo_puts_it_back_where_it_was(team: Team) -> None:
    turn = team.turn(confidence=0.3)
    team.reviews.judge(turn, BEN, None)
    assert team.reviews.undo(turn, BEN) == "open"
    assert team.found(queue="low_confidence") == [turn]
    assert team.row(turn)["final_intent"] is None
    with pytest.raises(NotFound):
        team.reviews.undo(turn, BEN)


def test_nobody_judges_twice_and_not_what_is_done(two: Team) -> None:
    turn = two.turn()
    two.reviews.judge(turn, BEN, None)
    with pytest.raises(Conflict):
        two.reviews.judge(turn, BEN, "greet")
    two.reviews.judge(turn, CARA, None)
    with pytest.raises(Conflict):
        two.reviews.judge(turn, DORA, None)


def test_two_who_agree_settle_it(two: Team) -> None:
    turn = two.turn()
    assert two.reviews.judge(turn, BEN, "billing_invoice") == "open"
    assert two.reviews.judge(turn, CARA, "billing_invoice") == "done"


def test_a_reviewer_is_blind_until_the_own_verdict_is_sent(two: Team) -> None:
    turn = two.turn()
    two.reviews.judge(turn, BEN, "billing_invoice")
    assert two.transcripts.turn(turn, CARA).judgements == []
    assert two.transcripts.turn(turn, CARA, resolver=True).judgements == []
    two.reviews.judge(turn, CARA, "refund_request")
    assert [each.intent for each in two.transcripts.turn(turn, CARA).judgements] == [
        "billing_invoice",
        "refund_request",
    ]


def test_who_disagrees_goes_to_a_resolver(two: Team) -> None:
    turn = two.turn(confidence=0.3)
    two.reviews.judge(turn, BEN, "billing_invoice")
    assert two.reviews.judge(turn, CARA, None) == "disputed"
    assert two.desk.counts()["disputed"] == 1
    assert two.found(queue="low_confidence") == []
    with pytest.raises(Conflict):
        two.reviews.judge(turn, DORA, None)
    assert len(two.transcripts.turn(turn, DORA, resolver=True).judgements) == 2
    assert two.reviews.judge(turn, DORA, "billing_invoice", may_resolve=True) == "done"
    assert two.row(turn)["final_intent"] == "billing_invoice"


def test_a_resolver_undoes_and_the_dispute_is_back(two: Team) -> None:
    turn = two.turn()
    two.reviews.judge(turn, BEN, "greet")
    two.reviews.judge(turn, CARA, None)
    two.reviews.judge(turn, DORA, "greet", may_resolve=True)
    assert two.reviews.undo(turn, DORA) == "disputed"
    assert two.reviews.undo(turn, CARA) == "open"


def test_who_opens_it_has_it_for_a_while(team: Team) -> None:
    turn, other = team.turn(), team.turn()
    assert team.reviews.reserve(turn, BEN)
    assert not team.reviews.reserve(turn, CARA)
    with pytest.raises(Conflict):
        team.reviews.judge(turn, CARA, None)
    assert team.desk.next(Filter(), CARA) == other
    team.clock.forward(seconds=16 * 60)
    assert team.reviews.reserve(turn, CARA)
    assert not team.reviews.reserve(turn, BEN)


def test_as_many_may_be_at_it_as_are_needed(two: Team) -> None:
    turn = two.turn()
    assert two.reviews.reserve(turn, BEN)
    assert two.reviews.reserve(turn, CARA)
    assert not two.reviews.reserve(turn, DORA)
    two.reviews.release(BEN)
    assert two.reviews.reserve(turn, DORA)


def test_next_leaves_out_what_one_has_judged(two: Team) -> None:
    older, newer = two.turn(), two.turn()
    two.reviews.judge(newer, BEN, None)
    assert two.desk.next(Filter(), BEN) == older
    assert two.desk.next(Filter(), CARA) == newer


def test_a_flag_asks_for_a_second_look(team: Team) -> None:
    turn = team.turn()
    team.reviews.flag(turn, BEN, True)
    assert team.found(queue="flagged") == [turn]
    team.reviews.flag(turn, BEN, False)
    assert team.found(queue="flagged") == []


def test_what_was_reviewed_can_be_reopened(team: Team) -> None:
    turn = team.turn()
    with pytest.raises(BadRequest):
        team.reviews.reopen(turn, BEN)
    team.reviews.judge(turn, BEN, None)
    team.reviews.reopen(turn, CARA)
    assert team.found(queue="reopened") == [turn]


def test_a_thumbs_down_queues_the_turn_and_can_be_taken_back(team: Team) -> None:
    talking = team.customer()
    turn = talking.says("my refund")
    team.ratings.rate(talking.conversation_id, 2, -1)
    assert team.found(queue="thumbs_down") == [turn]
    team.ratings.rate(talking.conversation_id, 2, 1)
    assert team.found(queue="thumbs_down") == []
    with pytest.raises(NotFound):
        team.ratings.rate(talking.conversation_id, 1, -1)


def test_a_thumbs_down_brings_back_what_was_reviewed(team: Team) -> None:
    talking = team.customer()
    turn = talking.says("my refund")
    team.reviews.judge(turn, BEN, "refund_request")
    team.ratings.rate(talking.conversation_id, 2, -1)
    assert team.found(queue="reopened") == team.found(queue="thumbs_down") == [turn]


def test_what_may_not_be_read_may_not_be_judged(team: Team) -> None:
    turn = team.turn(allows=False)
    for act in (
        lambda: team.reviews.judge(turn, BEN, None),
        lambda: team.reviews.reserve(turn, BEN),
        lambda: team.reviews.flag(turn, BEN, True),
        lambda: team.transcripts.open(turn, BEN),
    ):
        with pytest.raises(NotFound):
            act()
