"""Acts on all that a filter finds: what is seen first is what is done, and it is undone as one."""

import pytest

from tactful.console.bulk import BulkAct
from tactful.console.filters import Filter
from tactful.errors import BadRequest, NotFound
from tests.console.reviewing import BEN, CARA, MakeTeam, Team

ASKED = Filter(intent="refund_request")


def test_the_whole_filter_is_accepted_and_undone(team: Team) -> None:
    talking = team.customer()
    turns = [talking.says(f"refund {n}", confidence=0.2) for n in range(120)]
    other = talking.says("hello", intent="greet")
    seen = team.bulk.preview(BulkAct.ACCEPT, ASKED, BEN)
    assert (seen.count, len(seen.sample), seen.up_to) == (120, 5, turns[-1])
    done = team.bulk.do(BulkAct.ACCEPT, ASKED, BEN, seen.up_to)
    assert done.count == 120
    assert team.found() == [other]
    assert team.desk.counts()["low_confidence"] == 0
    assert team.row(turns[0])["final_intent"] == "refund_request"
    team.bulk.undo(done.id, BEN)
    assert team.desk.counts()["low_confidence"] == 120
    assert team.row(turns[0])["verdict"] is None
    with pytest.raises(NotFound):
        team.bulk.undo(done.id, BEN)


def test_what_came_after_the_preview_is_left_alone(team: Team) -> None:
    seen_turn = team.turn()
    seen = team.bulk.preview(BulkAct.CORRECT, ASKED, BEN)
    later = team.turn()
    team.bulk.do(BulkAct.CORRECT, ASKED, BEN, seen.up_to, "billing_invoice")
    assert team.row(seen_turn)["final_intent"] == "billing_invoice"
    assert team.row(later)["state"] == "open"


def test_what_a_colleague_is_at_is_left_alone(team: Team) -> None:
    turn = team.turn()
    team.reviews.reserve(turn, CARA)
    assert team.bulk.preview(BulkAct.REJECT, ASKED, BEN).count == 0
    with pytest.raises(BadRequest):
        team.bulk.do(BulkAct.REJECT, ASKED, BEN, turn)


def test_labels_and_flags_are_put_on_and_taken_off(team: Team) -> None:
    turns = [team.turn(), team.turn()]
    labelled = team.bulk.do(BulkAct.LABEL, ASKED, BEN, turns[-1], "refunds")
    flagged = team.bulk.do(BulkAct.FLAG, ASKED, BEN, turns[-1])
    assert sorted(team.found(label="refunds")) == sorted(team.found(queue="flagged")) == turns
    for done in (labelled, flagged):
        team.bulk.undo(done.id, BEN)
    assert team.found(label="refunds") == team.found(queue="flagged") == []
    assert [each.undone for each in team.bulk.recent(BEN)] == [True, True]


def test_what_was_not_understood_cannot_be_accepted(team: Team) -> None:
    team.turn(intent="nlu_fallback", confidence=0.3)
    assert team.bulk.preview(BulkAct.ACCEPT, Filter(), BEN).count == 0
    assert team.bulk.preview(BulkAct.REJECT, Filter(), BEN).count == 1


def test_only_who_did_it_undoes_it(team: Team) -> None:
    done = team.bulk.do(BulkAct.FLAG, ASKED, BEN, team.turn())
    with pytest.raises(NotFound):
        team.bulk.undo(done.id, CARA)


def test_where_two_are_needed_a_bulk_act_is_one_of_them(make_team: MakeTeam) -> None:
    team = make_team(needed=2)
    turn = team.turn()
    team.bulk.do(BulkAct.ACCEPT, ASKED, BEN, turn)
    assert team.row(turn)["state"] == "open"
    assert team.reviews.judge(turn, CARA, None) == "disputed"
