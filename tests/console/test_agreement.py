"""Cohen's kappa, by the textbook, and over real verdicts."""

import pytest

from tactful.console.agreement import kappa, overall
from tests.console.reviewing import BEN, CARA, DORA, MakeTeam


def test_the_textbook_example() -> None:
    """50 grant proposals: 20 both yes, 15 both no, 5 and 10 apart; kappa is 0.4."""
    pairs = [("yes", "yes")] * 20 + [("no", "no")] * 15 + [("yes", "no")] * 5 + [("no", "yes")] * 10
    assert kappa(pairs) == pytest.approx(0.4)


def test_it_is_one_zero_or_unknown() -> None:
    assert kappa([("a", "a"), ("b", "b")]) == 1
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0
    assert kappa([]) is None
    assert kappa([("a", "a")]) is None


def test_blind_verdicts_are_compared_and_a_resolvers_are_not(make_team: MakeTeam) -> None:
    team = make_team(needed=2)
    for ours, theirs in (("greet", "greet"), (None, None), ("greet", None), (None, None)):
        turn = team.turn()
        team.reviews.judge(turn, BEN, ours)
        if team.reviews.judge(turn, CARA, theirs) == "disputed":
            team.reviews.judge(turn, DORA, ours, may_resolve=True)
    (pair,) = team.agreements.pairs()
    assert (pair.reviewers, pair.items, pair.observed) == ((BEN, CARA), 4, 0.75)
    assert pair.kappa == pytest.approx(0.5)
    assert overall([pair]) == pytest.approx(0.5)
