"""Making a backup, while doors serve."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tactful.backup import archive, postgres, sqlite
from tactful.backup.archive import Manifest
from tactful.bootstrap import Services
from tactful.errors import SetupError
from tactful.learn.models import State
from tactful.store import refusals
from tactful.store.audit import Act, Actor, Reason, Role
from tactful.store.database import sqlite_file
from tactful.store.files import sync_folder
from tactful.store.places import tracker_database

STORE, ENGINE, DUMP = "tactful.db", "engine.db", "database.dump"
TOMBSTONES, ANCHOR, MODELS = "erased.tombstones", "audit.anchor", "models.json"
REFUSALS = refusals.NAME
ENDING, LEFT = ".backup", "backup-"
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on disk."""

    path: Path
    sha256: str
    manifest: Manifest


def make(services: Services, folder: Path) -> Made:
    """Write a backup into a folder, whole or not at all. Errors: `SetupError`, `StoreUnavailable`, `OSError`."""
    settings, now = services.settings, services.clock()
    stamp = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder / f"tactful-{stamp}{ENDING}"
    if target.exists():
        raise SetupError(f"{target.name} is there already. Wait a second and try again.")
    draft = target.with_suffix(".part")
    with working(settings.home) as place, _removed(draft):
        files = _database(services, place)
        # After the database: who is erased meanwhile is in it, and in these.
        files += [_kept(source, place / name) for source, name in _beside(services) if source.exists()]
        files += _models(services.models.state(), place)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            about = Manifest(
                now,
                "sqlite" if services.database.is_sqlite else "postgresql",
                services.database.schema_version(),
                version("tactful"),
            )
            manifest = archive.pack(file, services.ring.derive("backup"), about, files)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        sync_folder(folder)
    digest = archive.digest(target)
    with services.database.begin() as tx:
        services.audit.record(tx, Act.BACKED_UP, actor=Actor(Role.OPERATOR), reason=Reason.ROUTINE, object_id=digest)
    return Made(target, digest, manifest)


def prune(folder: Path, days: float, now: int) -> list[Path]:
    """Delete backups in the folder that are older; those that went. The newest always stays."""
    found = sorted(folder.glob(f"tactful-*{ENDING}"))
    old = [each for each in found[:-1] if each.stat().st_mtime < now / 1000 - days * DAY_S]
    for each in old:
        each.unlink()
    return old


@contextmanager
def working(home: Path) -> Iterator[Path]:
    """An empty folder of the installation's, gone afterwards; what a crash left of an earlier one goes, too.

    Errors: `SetupError` while another backup or restore works here.
    """
    with (home / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupError("Another backup or restore is under way here.") from None
        for left in home.glob(f"{LEFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=LEFT, dir=home) as place:
            yield Path(place)


@contextmanager
def _removed(draft: Path) -> Iterator[None]:
    """What was not finished does not stay."""
    try:
        yield
    finally:
        draft.unlink(missing_ok=True)


def _database(services: Services, place: Path) -> list[Path]:
    settings = services.settings
    store = sqlite_file(settings.database)
    if store is None:
        postgres.dump(services.database, settings.database, place / DUMP, settings.pg_tools)
        return [place / DUMP]
    copies = sqlite.copy_pair(store, tracker_database(settings), place)
    return [each.rename(place / name) for each, name in zip(copies, (STORE, ENGINE), strict=False)]


def _beside(services: Services) -> list[tuple[Path, str]]:
    home = services.settings.home
    return [
        (services.tombstones.path, TOMBSTONES),
        *([(services.refusals.path, REFUSALS)] if services.refusals.path else []),
        (home / "audit.anchor", ANCHOR),
        (services.models.path, MODELS),
    ]


def _models(state: State, place: Path) -> list[Path]:
    """The files of models that answer, have answered or may soon; others can be trained again."""
    names = sorted(set(state.aliases.values()))
    found = [model for name in names if (model := state.models.get(name)) and model.path.exists()]
    return [_kept(model.path, place / f"{model.name}.tar.gz") for model in found]


def _kept(source: Path, target: Path) -> Path:
    shutil.copyfile(source, target)
    return target
