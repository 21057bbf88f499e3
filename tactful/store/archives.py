"""Opening what is compressed: gzip, bzip2, xz, zlib, tar and zip, inside each other."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

HEAD = 512
DEEPEST = 6
LARGEST_IN_MEMORY = 1 << 30  # bytes of a zip inside an archive, which must be held to be opened

DAMAGED = (
    *(OSError, EOFError, RuntimeError, NotImplementedError, ValueError),
    *(zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile),
)


class Unopened(Exception):
    """A part that could not be searched; the text says why, the place is the caller's."""


class Continued(io.RawIOBase):
    """A stream whose first bytes were already read to see what it is."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


class Inflated(io.RawIOBase):
    """A zlib stream, decompressed while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._zlib, self._ready = source, zlib.decompressobj(), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._zlib.eof:
            piece = self._source.read(1 << 16)
            if not piece:
                break
            self._ready = self._zlib.decompress(piece)
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def leaves(place: str, stream: IO[bytes], depth: int = 0) -> Iterator[tuple[str, IO[bytes] | Unopened]]:
    """Every stream inside, none compressed any more; each must be read before the next is asked for.

    A part that cannot be opened comes out as `Unopened`. Names within archives come out too, as streams of their own.
    """
    head = _head(stream)
    joined = cast("IO[bytes]", io.BufferedReader(Continued(head, stream), 1 << 16))
    kind = _kind(head)
    if kind is None:
        yield place, joined
    elif depth >= DEEPEST:
        yield place, Unopened(f"archives nested more than {DEEPEST} deep")
    else:
        try:
            if kind == "tar":
                yield from _tar(place, joined, depth)
            elif kind == "zip":
                yield from _zip(place, joined, depth)
            else:
                yield from leaves(place, _inflated(kind, joined), depth + 1)
        except DAMAGED as error:
            yield place, Unopened(f"a damaged or locked {kind} ({type(error).__name__})")


def is_compressed(data: bytes) -> bool:
    """Whether bytes begin like an archive or a compressed stream."""
    return _kind(data[:HEAD]) is not None


def _kind(head: bytes) -> str | None:
    for magic, kind in ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "zip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz")):
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return "tar"
    return "zlib" if _is_zlib(head) else None


def _is_zlib(head: bytes) -> bool:
    if len(head) < 8 or head[0] != 0x78 or int.from_bytes(head[:2]) % 31:
        return False
    try:
        return bool(zlib.decompressobj().decompress(head)) or len(head) == HEAD
    except zlib.error:
        return False


def _inflated(kind: str, stream: IO[bytes]) -> IO[bytes]:
    if kind == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    if kind == "bzip2":
        return cast("IO[bytes]", bz2.BZ2File(stream))
    if kind == "xz":
        return cast("IO[bytes]", lzma.LZMAFile(stream))
    return cast("IO[bytes]", io.BufferedReader(Inflated(stream)))


def _tar(place: str, stream: IO[bytes], depth: int) -> Iterator[tuple[str, IO[bytes] | Unopened]]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            yield f"{place}!(name)", _named(member.name)
            if member.isfile() and (content := archive.extractfile(member)):
                yield from leaves(f"{place}!{member.name}", content, depth + 1)


def _zip(place: str, stream: IO[bytes], depth: int) -> Iterator[tuple[str, IO[bytes] | Unopened]]:
    whole = stream.read(LARGEST_IN_MEMORY + 1)
    if len(whole) > LARGEST_IN_MEMORY:
        yield place, Unopened("a zip of more than 1 GiB")
        return
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        yield f"{place}!(comment)", io.BytesIO(archive.comment)
        for member in archive.infolist():
            yield f"{place}!(name)", _named(member.filename)
            if not member.is_dir():
                with archive.open(member) as content:
                    yield from leaves(f"{place}!{member.filename}", content, depth + 1)


def _named(name: str) -> IO[bytes]:
    return io.BytesIO(name.encode("utf-8", "surrogateescape"))


def _head(stream: IO[bytes]) -> bytes:
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    return head
