"""Which kind of archive a file or URL is."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tactful.bulk.documents import Archive, Options
from tactful.bulk.jsonl import JsonLines
from tactful.bulk.rasa_json import RasaJson
from tactful.bulk.rasa_sql import RasaStore
from tactful.bulk.table import Table
from tactful.errors import SetupError

LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv")


def opened(source: str, options: Options) -> Archive:
    """The archive. Errors: `SetupError` when it is missing, or of no kind that is known."""
    if "://" in source:
        return RasaStore(source, options)
    path = Path(source)
    if not path.is_file():
        raise SetupError(f"{path} is not a file.")
    if path.suffix in TABLES:
        return Table(path, options)
    if path.suffix == ".json" or (options.rasa and path.suffix in LINES):
        return RasaJson(path, options)
    if path.suffix in LINES:
        return JsonLines(path, options)
    raise SetupError(f"{path.name}: archives are .jsonl, .csv, .json (Rasa), or the URL of a tracker store.")


def size_of(source: str, archive: Archive) -> int:
    """Bytes, or about as many."""
    return archive.size() if isinstance(archive, RasaStore) else Path(source).stat().st_size


def name_of(source: str) -> str:
    """What the archive is called in the manifest: never a password."""
    if "://" not in source:
        return Path(source).name
    try:
        url = make_url(source)
    except ArgumentError:
        raise SetupError("The tracker store's URL cannot be read: dialect://user:password@host/database") from None
    return Path(url.database or url.get_backend_name()).name


def output_of(source: str) -> str:
    """The name of its output."""
    path = Path(name_of(source))
    if "://" in source or path.suffix == ".json":
        return f"{path.stem}.jsonl"
    return path.name
