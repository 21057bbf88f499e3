"""An export: archives planned, redacted part by part, put together. Killed anywhere, it goes on where it was."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tactful.bulk import archives, manifest
from tactful.bulk.assembly import Tally, assemble
from tactful.bulk.detecting import CHILD
from tactful.bulk.documents import Options
from tactful.bulk.files import UNFINISHED
from tactful.bulk.index import Index, entries_of
from tactful.bulk.part import Part
from tactful.errors import SetupError
from tactful.privacy.policy import Policy
from tactful.privacy.replacements import read_salt

if TYPE_CHECKING:
    from distributed import Client

WORK = ".parts"  # in the output's folder, until the export is finished
SECRET = 0o600
Progress = Callable[[int, int], None]  # documents done, of how many


@dataclass(frozen=True, slots=True)
class Planned:
    """An archive whose documents are known."""

    source: str
    output: str
    work: Path
    index: Index
    sha256: str


@dataclass(frozen=True, slots=True)
class Export:
    """`sources` → `out`. The same sources, options, policy and version give the same output, byte by byte."""

    sources: Sequence[str] = field(repr=False)  # a URL may hold a password
    out: Path
    options: Options
    policy: Path
    budget_ms: int
    salt_file: Path | None = None
    command: tuple[str, ...] = CHILD

    def run(
        self,
        workers: Callable[[], "AbstractContextManager[Client]"],
        *,
        restart: bool = False,
        progress: Progress = lambda done, of: None,
    ) -> dict[str, Any]:
        """The finished manifest. Errors: `SetupError` when it cannot begin, go on, or end; what is done is kept."""
        names = [archives.output_of(source) for source in self.sources]
        if len({*names, manifest.NAME}) <= len(names):
            raise SetupError("Two archives would have the same output: redact them into two folders.")
        self.out.mkdir(parents=True, exist_ok=True)
        with self._alone():
            before = manifest.read(self.out)
            if restart:
                self._forget(names)
                before = None
            if before is None and (there := [name for name in names if (self.out / name).exists()]):
                raise SetupError(f"{self.out / there[0]} is there already: choose another --out, or --restart.")
            return self._run(workers, before, progress)

    def _run(
        self, workers: Callable[[], "AbstractContextManager[Client]"], before: dict[str, Any] | None, progress: Progress
    ) -> dict[str, Any]:
        policy = Policy.load(self.policy)
        planned = [self._plan(number, source) for number, source in enumerate(self.sources)]
        inputs = [
            {"name": archives.name_of(each.source), "sha256": each.sha256, "output": each.output} for each in planned
        ]
        now = manifest.begun(inputs, self.options, policy, self._salt_mark())
        if before is not None:
            if changed := manifest.changed(before, now):
                raise SetupError(
                    f"{self.out} was begun before {' and '.join(changed)} changed: "
                    "go on with what it was begun with, or begin anew with --restart."
                )
            if before["finished"]:
                self._clear()
                return before
        manifest.write(self.out, now)
        self._keep_salt(planned)
        parts = [self._part(each, number, policy) for each in planned for number in range(each.index.parts)]
        self._redact(workers, parts, sum(each.index.documents for each in planned), progress)
        tallies = [self._assemble(each, parts) for each in planned]
        finished = now | {"finished": True} | _told(planned, tallies)
        manifest.write(self.out, finished)
        self._clear()
        return finished

    def _redact(
        self,
        workers: Callable[[], "AbstractContextManager[Client]"],
        parts: Sequence[Part],
        of: int,
        progress: Progress,
    ) -> None:
        sizes = {part: sum(1 for _ in entries_of(part.work / "index", part.number)) for part in parts}
        missing = [part for part in parts if not part.path.exists()]
        so_far = of - sum(sizes[part] for part in missing)
        progress(so_far, of)
        if not missing:
            return
        from tactful.bulk.workers import done  # Dask, which takes a second to load

        with workers() as client:
            for part in done(client, missing):
                so_far += sizes[part]
                progress(so_far, of)

    def _plan(self, number: int, source: str) -> Planned:
        work = self.out / WORK / f"{number:03}"
        archive = archives.opened(source, self.options)
        index = Index(work / "index", archives.size_of(source, archive))
        archive.plan(index)
        location = source if "://" in source else str(Path(source).resolve())
        _keep(work / "source", location.encode())
        return Planned(source, archives.output_of(source), work, index, index.close())

    def _part(self, planned: Planned, number: int, policy: Policy) -> Part:
        where = planned.work.resolve(), number, self.options, self.policy.resolve()
        return Part(*where, policy.version, self.budget_ms, self.command)

    def _assemble(self, planned: Planned, parts: Sequence[Part]) -> Tally:
        own = [part.path for part in parts if part.work == planned.work.resolve()]
        header = archives.opened(planned.source, self.options).header()
        return assemble(own, header, self.out / planned.output)

    def _salt_mark(self) -> str:
        """What tells whether the salt is the same, and does not help to find it."""
        if self.salt_file is None:
            return "drawn for this export"
        return hashlib.scrypt(read_salt(self.salt_file), salt=b"tactful export", n=2**14, r=8, p=1, dklen=16).hex()

    def _keep_salt(self, planned: Sequence[Planned]) -> None:
        kept = self.out / WORK / "salt"
        if not kept.exists():
            _keep(kept, read_salt(self.salt_file))
        for each in planned:
            _keep(each.work / "salt", kept.read_bytes())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        (self.out / WORK).mkdir(mode=0o700, exist_ok=True)
        with (self.out / WORK / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise SetupError(f"{self.out} is being written by another tactful redact.") from None
            yield

    def _forget(self, names: Sequence[str]) -> None:
        for name in (*names, manifest.NAME):
            (self.out / name).unlink(missing_ok=True)
        for each in (self.out / WORK).iterdir():
            if each.is_dir():
                shutil.rmtree(each)
        (self.out / WORK / "salt").unlink(missing_ok=True)

    def _clear(self) -> None:
        shutil.rmtree(self.out / WORK)
        for left in self.out.glob(f".*{UNFINISHED}"):
            left.unlink()


def _keep(path: Path, content: bytes) -> None:
    """A small file that only its owner may read."""
    beside = path.with_name(path.name + UNFINISHED)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, SECRET), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _told(planned: Sequence[Planned], tallies: Sequence[Tally]) -> dict[str, Any]:
    total: dict[str, int] = {}
    for tally in tallies:
        for kind, count in tally.spans.items():
            total[kind] = total.get(kind, 0) + count
    return {
        "documents": sum(tally.documents for tally in tallies),
        "spans": dict(sorted(total.items())),
        "withheld": [
            {"archive": archives.name_of(each.source)} | row
            for each, tally in zip(planned, tallies, strict=True)
            for row in tally.withheld
        ],
    }
