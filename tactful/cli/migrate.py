"""`tactful migrate`: the database's schema brought up to date, before doors of a new version start."""

import typer

from tactful.config import Settings
from tactful.errors import SetupError
from tactful.store.database import Database


def migrate() -> None:
    """Bring the schema up to date while doors serve (docs/many_machines.md). Example: tactful migrate

    A door does so at its start, too. It waits for work under way, for a second at a time, and never in its way.
    """
    settings = Settings()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database)
    try:
        try:
            before = database.schema_version()
        except SetupError:
            before = "nothing"
        database.migrate()
        typer.echo(f"Schema {database.schema_version()}, before {before}.")
    finally:
        database.close()
