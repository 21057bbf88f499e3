"""What is in a backup: a manifest, then files, each with its digest in the manifest, packed and sealed."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO

from tactful.backup.sealed import SealedReader, SealedWriter
from tactful.errors import BackupDamaged

FORMAT = 1
QUICK = 3  # of 9: a third of the time for a tenth more bytes
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 10_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """`store`: sqlite or postgresql. `files`: name → SHA-256."""

    made_at: int  # epoch ms
    store: str
    schema: str
    tactful: str
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


def pack(target: BinaryIO, key: bytes, manifest: Manifest, files: Sequence[Path]) -> Manifest:
    """Write a backup of these files; the manifest with their digests."""
    whole = Manifest(
        manifest.made_at, manifest.store, manifest.schema, manifest.tactful, {each.name: digest(each) for each in files}
    )
    sealing = SealedWriter(target, key)
    with (
        gzip.GzipFile(fileobj=sealing, mode="wb", compresslevel=QUICK) as packing,
        tarfile.open(fileobj=packing, mode="w|") as tar,
    ):
        content = json.dumps(asdict(whole)).encode()
        about = tarfile.TarInfo(MANIFEST)
        about.size = len(content)
        tar.addfile(about, io.BytesIO(content))
        for each in files:
            about = tarfile.TarInfo(each.name)  # neither owner nor place of the original
            about.size = each.stat().st_size
            with each.open("rb") as file:
                tar.addfile(about, file)
    sealing.finish()
    return whole


def unpack(source: BinaryIO, key: bytes, folder: Path) -> Manifest:
    """Read a backup to its end into an empty folder; its manifest.

    Errors: `BackupDamaged` when anything is missing, too much or other than it was; `SetupError` for other keys.
    """
    opened = io.BufferedReader(SealedReader(source, key))
    try:
        with tarfile.open(fileobj=opened, mode="r|gz") as tar:
            manifest = _manifest(tar)
            found: dict[str, str] = {}
            while about := tar.next():
                found[_plain(about)] = _extract(tar, about, folder / _plain(about))
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError):
        raise BackupDamaged("The backup is damaged: what is in it cannot be unpacked.") from None
    while opened.read(1_000_000):  # to the end: what follows was sealed with it
        pass
    if found != dict(manifest.files):
        raise BackupDamaged("The backup is damaged: its files are not those that its manifest names.")
    return manifest


def digest(path: Path) -> str:
    """SHA-256, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _manifest(tar: tarfile.TarFile) -> Manifest:
    about = tar.next()
    if about is None or about.name != MANIFEST or about.size > LARGEST_MANIFEST:
        raise ValueError
    file = tar.extractfile(about)
    assert file
    content = json.loads(file.read())
    if content["format"] > FORMAT:
        raise BackupDamaged("The backup was made by a newer version of Tactful. Use that version.")
    return Manifest(**content)


def _plain(about: tarfile.TarInfo) -> str:
    if not about.isfile() or Path(about.name).name != about.name or about.name.startswith("."):
        raise ValueError
    return about.name


def _extract(tar: tarfile.TarFile, about: tarfile.TarInfo, target: Path) -> str:
    file = tar.extractfile(about)
    assert file
    hashed = sha256()
    with target.open("xb") as out:
        while part := file.read(1_000_000):
            hashed.update(part)
            out.write(part)
    return hashed.hexdigest()
