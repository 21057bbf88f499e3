"""A new version, with a migration, takes the place of the old one while customers chat: they notice nothing."""

import asyncio
import shutil
import subprocess
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from tests.machines.customers import crowd
from tests.machines.installation import ROOT, Installation, Machine
from tests.machines.truths import check

MIGRATION = '''"""what the next version brings: something to write to, that the old version may leave out"""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{head}"
branch_labels = None
depends_on = None
works_with = "{head}"


def upgrade() -> None:
    op.add_column("messages", sa.Column("mood", sa.String(length=10), nullable=True))
    op.add_column("conversations", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_messages_answered_at", "messages", ["answered_at"])
'''


def next_version(folder: Path) -> Path:
    """This version and one migration more."""
    for package in ("tactful", "actions"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    versions = folder / "tactful/store/migrations/versions"
    config = Config()
    config.set_main_option("script_location", str(versions.parent))
    head = ScriptDirectory.from_config(config).get_current_head()
    (versions / "9001_next.py").write_text(MIGRATION.format(head=head))
    return folder


def test_an_upgrade_with_a_migration_costs_no_turn(machines: Installation, tmp_path: Path) -> None:
    new = next_version(tmp_path / "new")
    statuses: list[int] = []

    def migrate() -> None:
        door = machines.doors[0]
        command = [*door.command[:3], "migrate"]
        environment = {**door.environment, "TACTFUL_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, cwd=new, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        assert "9001" in done.stdout

    def restart(machine: Machine, folder: Path) -> None:
        statuses.append(machine.stop())
        machine.folder = folder
        machine.environment = {**machine.environment, "TACTFUL_PROJECT": str(ROOT)}
        machine.start()
        machine.wait()

    def upgrade() -> None:
        migrate()
        # The old version still has to start: a machine may fall in the middle of it.
        machines.doors[1].kill()
        machines.doors[1].start()
        machines.doors[1].wait()
        for machine in (*machines.doors, *machines.engines):
            restart(machine, new)

    people = asyncio.run(crowd(machines.url, customers=4, turns=2000, meanwhile=upgrade, at_least=6, pause_s=0.4))
    check(people, machines)
    assert [refused for person in people for refused in person.refused] == []
    assert statuses[:2] == [0, 0]
    assert all(person.listened > 1 for person in people)  # sent away, and back through another door
    engine = create_engine(machines.database.replace("postgresql://", "postgresql+psycopg://", 1))
    assert "mood" in {column["name"] for column in inspect(engine).get_columns("messages")}
    engine.dispose()
