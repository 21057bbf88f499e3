"""Which model answers never changes without an entry in the audit log, and no entry says what was not done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from tactful.bootstrap import Services, build
from tactful.cli import explaining
from tactful.cli.audited import audited
from tactful.cli.promote import operator
from tactful.cli.returning import going_back
from tactful.config import Settings
from tactful.errors import DetectorUnavailable, NotFound, SetupError, StoreUnavailable
from tactful.store.audit import Act
from tactful.store.tables import audit


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Services]:
    """Two models, the second of which answers."""
    services = build(Settings(home=tmp_path / "home", database_url=""))
    services.database.migrate()
    for name in ("one", "two"):
        (tmp_path / f"{name}.tar.gz").write_bytes(name.encode())
        services.models.add(tmp_path / f"{name}.tar.gz", data="", config="", seed=None, by="ana")
        services.models.promote(name, by="ana", reason="")
    yield services
    services.database.close()


def acts(built: Services) -> list[tuple[str, str]]:
    with built.database.read() as tx:
        return [tuple(row) for row in tx.execute(select(audit.c.act, audit.c.note).order_by(audit.c.seq))]


def answering(built: Services) -> str:
    found = built.models.state().answering
    assert found
    return found.name


def go_back(built: Services, reason: str) -> None:
    begun = going_back(built.settings, built.models, operator().name)
    explaining.explain(built, begun, reason, operator())


def test_what_is_refused_leaves_no_entry(built: Services) -> None:
    def refuse() -> None:
        raise NotFound

    with pytest.raises(NotFound):
        audited(built, Act.MODEL_PROMOTED, "one", operator().actor, refuse)
    assert acts(built) == []


def test_what_cannot_be_entered_is_not_done(built: Services) -> None:
    def full(_: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    before = built.models.state()
    event.listen(built.database.engine, "commit", full)
    try:
        with pytest.raises(StoreUnavailable):
            go_back(built, "complaints")
    finally:
        event.remove(built.database.engine, "commit", full)
    assert built.models.state() == before
    assert acts(built) == []


def test_who_goes_back_and_finds_no_audit_log_has_not_gone_back(built: Services) -> None:
    def away() -> Services:
        raise SetupError("the database is of another version")

    before = built.models.state()
    begun = going_back(built.settings, built.models, "ana")
    assert answering(built) == "one"
    with pytest.raises(SetupError):
        begun.unless_undone(away)
    assert built.models.state() == before


def test_going_back_and_why_are_entered(built: Services) -> None:
    go_back(built, "complaints by Philippa Quimbleton")
    assert answering(built) == "one"
    assert acts(built) == [("model.rolled_back", ""), ("model.explained", "complaints by PERSON_1")]
    assert built.models.state().moves[-1].reason == "complaints by PERSON_1"


def test_who_goes_back_for_a_reason_that_cannot_be_looked_through_is_in_the_log_all_the_same(
    built: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def away(*_: object) -> None:
        raise DetectorUnavailable

    monkeypatch.setattr(explaining, "redacted", away)
    go_back(built, "Philippa Quimbleton")
    assert answering(built) == "one"
    assert acts(built) == [("model.rolled_back", "")]
    assert "The reason was not kept" in capsys.readouterr().err
    assert "Quimbleton" not in (built.settings.home / "models.json").read_text()
