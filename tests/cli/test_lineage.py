"""Before each training: what customers took back is not taught again, and afterwards it is noted who taught."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from tactful.bootstrap import Services, build
from tactful.cli.lineage import Taught, Unsourced, noted, settled
from tactful.config import Settings
from tactful.learn.exported import REVIEWED, exported
from tactful.learn.models import Model
from tactful.learn.teaching import Reviewed, Source, lesson
from tactful.profile import subjects
from tactful.store.tables import consents, conversations, model_lineage
from tests.conftest import ROOT

ANA, BEN = "a" * 32, "b" * 32


@pytest.fixture
def built(tmp_path: Path) -> Services:
    """An installation with data of two customers, of whom only Ana still allows training."""
    project = tmp_path / "project"
    (project / REVIEWED).mkdir(parents=True)
    (project / "privacy.yml").write_bytes((ROOT / "privacy.yml").read_bytes())
    services = build(Settings(home=tmp_path / "home", project=project))
    services.database.migrate()
    with services.database.begin() as tx:
        for conversation, granted in ((ANA, True), (BEN, False)):
            subject = subjects.create(tx, services.ring, now=1)
            tx.execute(
                insert(conversations).values(id=conversation, subject_id=subject, created_at=1, expires_at=10**14)
            )
            tx.execute(
                insert(consents).values(
                    subject_id=subject, purpose="training", granted=granted, policy_version="1", at=1
                )
            )
    made = lesson(
        [Reviewed(text, "greet", Source(each, 1, (), 1)) for text, each in (("hi from a", ANA), ("hi from b", BEN))],
        by_hand={}, golden=set(), intents={"greet"}, personal=lambda text: False,
    )  # fmt: skip
    (project / REVIEWED / "reviewed.yml").write_text(made.nlu())
    (project / REVIEWED / "provenance.jsonl").write_text(made.provenance())
    return services


def test_what_may_not_teach_any_more_leaves_the_data_before_a_training(built: Services) -> None:
    assert settled(built) == Taught(frozenset({ANA}), 1, 1, ())
    folder = built.settings.project / REVIEWED
    assert "hi from b" not in (folder / "reviewed.yml").read_text()
    assert BEN not in (folder / "provenance.jsonl").read_text()
    assert "hi from a" in (folder / "reviewed.yml").read_text()
    assert settled(built) == Taught(frozenset({ANA}))


def test_a_model_that_learned_from_it_is_named(built: Services) -> None:
    noted(built, _model("older"), Taught(frozenset({ANA, BEN})))
    assert settled(built).flagged == ("older",)
    with built.database.read() as tx:
        flagged = select(model_lineage.c.conversation_id).where(model_lineage.c.flagged_at.is_not(None))
        assert tx.execute(flagged).scalars().all() == [BEN]


def test_data_whose_source_is_lost_is_not_taught(built: Services) -> None:
    (built.settings.project / REVIEWED / "provenance.jsonl").unlink()
    assert exported(built.settings.project)
    with pytest.raises(Unsourced, match="2 sentences"):
        settled(built)


def test_where_nothing_was_exported_no_database_is_needed(tmp_path: Path) -> None:
    assert not exported(tmp_path)


def _model(name: str) -> Model:
    return Model(name, "", "", "", "", None, 0, "")
