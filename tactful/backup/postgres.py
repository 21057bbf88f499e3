"""PostgreSQL's own pg_dump and pg_restore: one consistent moment of the whole database, whoever writes meanwhile."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, make_url, text

from tactful.errors import SetupError
from tactful.store.database import Database

DEBIAN = Path("/usr/lib/postgresql")
# How the parts of an address are called for PostgreSQL's programs; none is an argument, which others could see.
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


def dump(database: Database, url: str, file: Path, tools: Path | None) -> None:
    """Write the database to a file, in PostgreSQL's own format. Errors: `SetupError`."""
    _run(program("pg_dump", database, tools), ["--format=custom", "--no-owner", "--no-acl", f"--file={file}"], url)


def load(database: Database, url: str, file: Path, tools: Path | None) -> None:
    """Put a dump into an empty database, all of it or nothing. Errors: `SetupError`."""
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", f"--dbname={_name(url)}"]
    _run(program("pg_restore", database, tools), [*arguments, str(file)], url)


def program(name: str, database: Database, tools: Path | None) -> Path:
    """One that is at least as new as the server. Errors: `SetupError` that says what to install."""
    with database.read() as tx:
        wanted = int(str(tx.execute(text("SHOW server_version_num")).scalar_one())) // 10_000
    found = shutil.which(name)
    folders = sorted(DEBIAN.glob("*/bin"), reverse=True)
    candidates = [tools / name] if tools else [*([Path(found)] if found else []), *(each / name for each in folders)]
    for candidate in candidates:
        if candidate.exists() and _version(candidate) >= wanted:
            return candidate
    raise SetupError(
        f"{name} of PostgreSQL {wanted} or newer is needed and was not found. "
        f"Install postgresql-client-{wanted}, or say where it is: TACTFUL_PG_TOOLS"
    )


def _version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20).stdout
    found = re.search(r"(\d+)\.", said)
    return int(found[1]) if found else 0


def _run(program: Path, arguments: list[str], url: str) -> None:
    # What it says on failure may quote rows.
    done = subprocess.run([program, *arguments], env={**os.environ, **_environment(make_url(url))}, capture_output=True)
    if done.returncode:
        raise SetupError(f"{program.name} failed with exit status {done.returncode}. Its server's log says why.")


def _name(url: str) -> str:
    return make_url(url).database or ""


def _environment(url: URL) -> Mapping[str, str]:
    given: dict[str, str] = {key: str(value) for key, value in url.query.items()}
    given |= {"host": url.host} if url.host else {}
    given |= {"port": str(url.port)} if url.port else {}
    named = {VARIABLES[key]: value for key, value in given.items() if key in VARIABLES}
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    return {**named, **secret, "PGUSER": url.username or "", "PGDATABASE": url.database or ""}
