"""Files that the engine is started with: where its actions are served and where its tracker store is."""

import os
import sqlite3
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from tactful.config import Settings
from tactful.store.places import is_sqlite, tracker_database

# The engine needs neither the keys nor what only a door knows, and finds its own in `endpoints.yml`.
DOORS_OWN = "MASTER_KEY CUSTOMER_JWT_KEY OIDC_CLIENT_SECRET DATABASE_URL TRACKER_URL RELAY_URL ACTIONS_SECRET".split()


def fit_for_an_engine(given: Mapping[str, str]) -> dict[str, str]:
    """These environment variables without secrets of the door's, and without the files that hold them."""
    names = {*DOORS_OWN, *(f"TACTFUL_{name}" for name in DOORS_OWN)}
    withheld = {*names, *(f"{name}_FILE" for name in names), "CREDENTIALS_DIRECTORY"}
    return {name: value for name, value in given.items() if name not in withheld}


def write_endpoints(settings: Settings, actions_secret: str) -> Path:
    """Write `endpoints.yml` for the engine, readable by its owner only; its path."""
    path = settings.home / "run" / "endpoints.yml"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {
        "action_endpoint": {
            "url": settings.actions[0],
            "others": list(settings.actions[1:]),
            "headers": {"X-Tactful-Secret": actions_secret},
            "enable_selective_domain": True,
        },
        "tracker_store": _tracker_store(settings),
    }
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        yaml.safe_dump(content, file)
    return path


def _tracker_store(settings: Settings) -> dict[str, Any]:
    if is_sqlite(settings.tracker_database):
        database = tracker_database(settings)
        # WAL is a property of the file: set once here, Rasa's stock store keeps it.
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        return {"type": "SQL", "dialect": "sqlite", "db": str(database)}
    # Only here: a supervisor over SQLite does without it, and it takes long to import.
    url = import_module("sqlalchemy").make_url(settings.tracker_database)
    return {
        "type": "SQL",
        "dialect": "postgresql",
        "url": url.host or str(url.query.get("host", "")),
        "port": url.port,
        "db": url.database,
        "username": url.username,
        "password": url.password,
        "query": {},
    }
