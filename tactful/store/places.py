"""Where databases are, told without SQLAlchemy: a supervisor asks, and never opens one."""

from pathlib import Path

from tactful.config import Settings


def is_sqlite(url: str) -> bool:
    """Whether an SQLAlchemy URL names an SQLite database."""
    return url.partition(":")[0].partition("+")[0] == "sqlite"


def tracker_database(settings: Settings) -> Path:
    """Rasa's own store on one machine."""
    return settings.home / "engine.db"
