"""Models' files: their names and hashes, and that one is still what was registered."""

import os
from hashlib import file_digest
from pathlib import Path

from tactful.errors import NotFound, TactfulError
from tactful.learn.models import Model

AS_REGISTERED, CHANGED, MISSING = "is as registered", "is not the registered one", "is missing"


class ModelChanged(TactfulError):
    code, message = "model_changed", "The model's file is not the one that was registered."


def name_of(path: Path) -> str:
    """What a model's file is called in the register."""
    return path.name.removesuffix(".tar.gz")


def hash_of(path: Path) -> str:
    """SHA-256 of a file. Errors: `NotFound`."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise NotFound(f"{path.name} is not there any more.") from None


def verify(model: Model) -> Path:
    """The model's file, if it is the one that was registered. Errors: `ModelChanged`, `NotFound`."""
    if hash_of(model.path) != model.sha256:
        raise ModelChanged(f"{model.path.name} is not the file that was registered as {model.name}. It is not loaded.")
    return model.path


class Conditions:
    """Whether files are as registered, for pages that show many: a file is hashed again once it may have changed.

    Nothing is loaded on this word: whoever loads a model verifies it.
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, ...], str]] = {}

    def of(self, model: Model) -> str:
        """The condition of a model's file, in words that follow "its file"."""
        try:
            return AS_REGISTERED if self._hash(model.path) == model.sha256 else CHANGED
        except (NotFound, OSError):
            return MISSING

    def _hash(self, path: Path) -> str:
        found = os.stat(path)
        # The last is set by the kernel alone: content that is exchanged under its old time stamp is seen, too.
        stamp = (found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = self._known[path] = (stamp, hash_of(path))
        return known[1]
