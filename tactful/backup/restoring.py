"""Putting a backup back, into an empty place: the conversations go on, and who was erased since stays erased."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, update

from tactful.backup import archive, postgres, sqlite
from tactful.backup.archive import Manifest
from tactful.backup.making import ANCHOR, DUMP, ENGINE, MODELS, REFUSALS, STORE, TOMBSTONES, working
from tactful.bootstrap import Services
from tactful.errors import SetupError
from tactful.learn.model_files import hash_of
from tactful.profile.rights import OPERATOR
from tactful.store.anchor import Anchors
from tactful.store.audit import Act, Actor, Reason, Role
from tactful.store.audit_check import Verdict, verify, walk
from tactful.store.database import sqlite_file
from tactful.store.files import sync_folder
from tactful.store.places import tracker_database
from tactful.store.tables import audit_head, conversations

# Numbers of messages that were given after the backup are not given again: a customer's browser has seen them, and
# asks for what is above them; the engine of a store that is newer would answer them from its memory.
GAP = 10_000

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    manifest: Manifest
    erased: list[str]  # subjects who were erased after the backup, and now again
    refused: list[str]  # subjects who withdrew, objected or had it paused after the backup, which is in force again
    unsure: int | None  # subjects who allow nothing any more, since nobody knows what they refused; None: it is known
    chain: Verdict  # of the audit log, as it was in the backup
    lost: int  # entries that the anchor at hand knows and the backup lacks


def look(services: Services, backup: Path) -> Manifest:
    """Read a backup to its end without changing anything. Errors: as `restore`."""
    with working(services.settings.home) as place:
        return _unpacked(services, backup, place)


def restore(
    services: Services,
    backup: Path,
    tombstones: Path | None,
    refusals: Path | None = None,
    *,
    told: Told = lambda step: None,
) -> Restored:
    """Put a backup into this place, which must be empty; nothing else may run here.

    `tombstones`, `refusals`: the files of who was erased and what was withdrawn, as they are today, if they are not in
    their places already. Where it is not known what was withdrawn since the backup, nothing is allowed any more.
    Errors: `SetupError` when the place is not empty or for other keys, `BackupDamaged`; nothing was changed then.
    """
    home = services.settings.home
    _check_empty(services)
    with working(home) as place:
        manifest = _unpacked(services, backup, place)
        told(f"the backup is whole: {len(manifest.files)} files")
        # Before the database: a door that starts after a crash in here finds them.
        for file in (tombstones, place / TOMBSTONES):
            if file and file.exists():
                services.tombstones.take_in(file)
        for file, todays in ((refusals, True), (place / REFUSALS, False)):
            if file and file.exists():
                services.refusals.take_in(file, whole=todays)
        if (place / ANCHOR).exists() and not (home / ANCHOR).exists():
            _put(place / ANCHOR, home / ANCHOR)
        _models(services, place)
        _database(services, manifest, place)
    services.database.migrate()
    told("the database is in its place")
    chain, lost = _anchored(services, archive.digest(backup))
    erased = services.housekeeping.erase_returned()
    told(f"{len(erased)} customers who were erased since are erased again")
    rights, unsure = services.rights.by(OPERATOR), None
    if not services.refusals.knows_since(manifest.made_at):
        unsure = rights.refuse_unknown()
    refused = rights.refuse_again()
    return Restored(manifest, erased, refused, unsure, chain, lost)


def _check_empty(services: Services) -> None:
    store = sqlite_file(services.settings.database)
    if store is None:
        with services.database.read() as tx:
            full = inspect(tx).has_table("alembic_version")
    else:
        full = store.exists()
    if full:
        raise SetupError("There is a database here already. Restore into an empty place, or move that one away first.")


def _unpacked(services: Services, backup: Path, place: Path) -> Manifest:
    try:
        with backup.open("rb") as file:
            manifest = archive.unpack(file, services.ring.derive("backup"), place)
    except FileNotFoundError:
        raise SetupError(f"There is no file {backup}.") from None
    for name in (STORE, ENGINE):
        if (place / name).exists():
            sqlite.check(place / name)
    return manifest


def _database(services: Services, manifest: Manifest, place: Path) -> None:
    settings = services.settings
    store = sqlite_file(settings.database)
    if (manifest.store == "sqlite") is not bool(store):
        raise SetupError(f"The backup is of {manifest.store}: DATABASE_URL must name a database of that kind.")
    if store is None:
        postgres.load(services.database, settings.database, place / DUMP, settings.pg_tools)
        return
    services.database.close()
    engine = tracker_database(settings)
    for left in (*engine.parent.glob(f"{engine.name}*"), *store.parent.glob(f"{store.name}-*")):
        left.unlink()
    if (place / ENGINE).exists():
        _put(place / ENGINE, engine)
    _put(place / STORE, store)  # last: until then the place counts as empty


def _models(services: Services, place: Path) -> None:
    """The register, and the files of models that came along, wherever they lay before."""
    target = services.models.path
    if target.exists() or not (place / MODELS).exists():
        return
    _put(place / MODELS, target)
    folder = services.settings.home / "models"
    state = services.models.state()
    moved: dict[str, Path] = {}
    for name in state.models:
        packed = place / f"{name}.tar.gz"
        own = services.settings.project / "models" / packed.name  # where one that is trained again would lie
        if own.exists() and hash_of(own) == state.models[name].sha256:
            moved[name] = own
        elif packed.exists() and not own.exists():
            moved[name] = _put(packed, folder / packed.name)
    services.models.settle(moved)


def _anchored(services: Services, digest: str) -> tuple[Verdict, int]:
    """Check the chain against the anchors at hand, then let it go on from a new one, with entries that say so."""
    anchors, operator = services.audit.anchors, Actor(Role.OPERATOR)
    known = anchors.read()
    with services.database.read() as tx:
        head = tx.execute(audit_head.select()).one()
        verdict, _ = walk(tx, services.audit.key, head, known)
        if verdict.bad is None:
            verdict = verify(tx, services.audit.key, Anchors())
    anchors.renew(services.clock())
    with services.database.begin() as tx:
        further = conversations.c.next_seq + GAP
        tx.execute(update(conversations).values(next_seq=further, lease_owner=None, lease_until=0))
        services.audit.record(tx, Act.RESTORED, actor=operator, reason=Reason.RESTORED_BACKUP, object_id=digest)
    with services.database.begin() as tx:
        services.audit.record(tx, Act.ANCHOR_RENEWED, actor=operator, reason=Reason.RESTORED_BACKUP)
    return verdict, max(0, max(known, default=0) - int(head.seq))


def _put(source: Path, target: Path) -> Path:
    """Exchange a file in one step, for its owner only, on disk."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f"{target.name}.new")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)
    sync_folder(target.parent)
    return target
