"""Saved views: one's own and shared ones; nothing personal in them."""

import pytest

from tactful.console.filters import Filter
from tactful.errors import DetectorUnavailable, NotFound, Personal
from tests.console.reviewing import BEN, CARA, Team, run

ASKED = Filter(queue="fallback", intent="greet")


def test_a_view_is_ones_own_unless_it_is_shared(team: Team) -> None:
    run(team.views.save(BEN, "Greetings", ASKED, shared=False))
    run(team.views.save(BEN, "All of ours", ASKED, shared=True))
    assert [(view.name, view.filter) for view in team.views.of(CARA)] == [("All of ours", ASKED)]
    assert len(team.views.of(BEN)) == 2


def test_only_its_owner_removes_it(team: Team) -> None:
    view = run(team.views.save(BEN, "Ours", ASKED, shared=True))
    with pytest.raises(NotFound):
        team.views.remove(CARA, view)
    team.views.remove(BEN, view)
    assert team.views.of(BEN) == []


def test_nothing_personal_is_saved(team: Team) -> None:
    for name, asked in (("Ana", ASKED), ("Mine", Filter(q="Ana"))):
        with pytest.raises(Personal, match="holds something personal"):
            run(team.views.save(BEN, name, asked, shared=False))
    team.detector.down = True
    with pytest.raises(DetectorUnavailable):
        run(team.views.save(BEN, "Mine", ASKED, shared=False))
    assert team.views.of(BEN) == []
