"""The ledger: every request has a due date one month on, and those not met in time are found."""

from datetime import UTC, datetime

import pytest

from tactful.profile.rights import Rights, ledger
from tests.conftest import Clock
from tests.profile.conftest import Engine


@pytest.mark.parametrize(
    ("asked", "due"),
    [("2027-01-15", "2027-02-15"), ("2027-01-31", "2027-02-28"), ("2028-01-31", "2028-02-29"),
     ("2027-12-31", "2028-01-31"), ("2027-11-05", "2027-12-05")],
)  # fmt: skip
def test_a_request_is_due_a_month_after_it_was_made(asked: str, due: str) -> None:
    moment = int(datetime.fromisoformat(asked).replace(tzinfo=UTC).timestamp() * 1000)
    assert datetime.fromtimestamp(ledger.due(moment) / 1000, UTC).date().isoformat() == due


def test_only_what_is_not_done_in_time_is_overdue(rights: Rights, subject: str, engine: Engine, clock: Clock) -> None:
    rights.access(subject)
    engine.away = True
    with pytest.raises(ConnectionError):
        rights.erase(subject)
    assert rights.ledger(overdue=True) == []
    clock.forward(days=32)
    (late,) = rights.ledger(overdue=True)
    assert (late["right"], late["status"], late["overdue"]) == ("erasure", "failed", True)
    engine.away = False
    rights.erase(subject)
    assert rights.ledger(overdue=True) == []
    assert {each["right"] for each in rights.ledger()} == {"access", "erasure"}


def test_it_says_where_a_request_was_made(rights: Rights, subject: str) -> None:
    rights.by("operator").access(subject)
    assert [each["via"] for each in rights.requests(subject)] == ["operator"]
