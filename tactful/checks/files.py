"""The files of an installation: who can read them, and whether there is room."""

import shutil
import stat
from pathlib import Path

from tactful.checks.finding import Doubtful, Wrong
from tactful.config import Settings
from tactful.store.crypto import KeyRing
from tactful.store.files import LEAST_FREE
from tactful.store.keyring import source_of

FEW = 2_000_000_000  # bytes
SECRET = (
    "*.db",
    "*.db-*",
    "erased.tombstones",
    "withdrawn.refusals",
    "audit.anchor*",
    "models.json",
    "logs/*",
    "run/*",
)


def keys(settings: Settings) -> str:
    """There are keys, whole, and nobody else reads them."""
    if settings.master_key_file:
        _alone(settings.master_key_file)
    if not (settings.master_key or settings.master_key_file):
        path = settings.home / "keys.json"
        if not path.exists():
            raise Wrong("There are none yet. They are made at the first start: make run")
        _alone(path)
    return f"{len(source_of(settings).read().keys)} in the ring, current {KeyRing.from_settings(settings).current}"


def others(settings: Settings) -> str:
    """Nobody else reads what is kept."""
    if not settings.home.exists():
        raise Wrong(f"{settings.home} is not there yet. It is made at the first start: make run")
    if not stat.S_IMODE(settings.home.stat().st_mode) & 0o077:
        return "the folder is closed to others"
    open_to_all = sorted(
        path.name
        for pattern in SECRET
        for path in settings.home.glob(pattern)
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    )
    if open_to_all:
        raise Wrong(f"Others can read {', '.join(open_to_all[:5])}. Run: chmod 700 {settings.home}")
    raise Doubtful(f"Others can look into {settings.home}. Run: chmod 700 {settings.home}")


def disk(settings: Settings) -> str:
    """There is room to write."""
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE:
        raise Wrong(f"Only {told}: nothing can be accepted soon. Make room, or move TACTFUL_HOME to a larger disk.")
    if free < FEW:
        raise Doubtful(f"Only {told}. Make room before it is full, or move TACTFUL_HOME to a larger disk.")
    return told


def _alone(path: Path) -> None:
    if not path.exists():
        raise Wrong(f"{path} is not there.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Wrong(f"Others can read {path}. Run: chmod 600 {path}")
