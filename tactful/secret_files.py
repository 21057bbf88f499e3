"""Secrets from files: `TACTFUL_<NAME>_FILE` names one, or systemd's LoadCredential lays one down as `<name>`."""

import os
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from tactful.errors import SetupError

# The master key's file is a setting of its own: it is read again when it changes.
APART = {"master_key"}


class SecretFiles(PydanticBaseSettingsSource):
    """The settings that are never printed, and the database's address, which may hold a password."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = _file(field_name)
        return (_content(path, field_name) if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {}
        for name, field in self.settings_cls.model_fields.items():
            if (not field.repr or name == "database_url") and name not in APART:
                value, _, _ = self.get_field_value(field, name)
                if value is not None:
                    found["DATABASE_URL" if name == "database_url" else name] = value
        return found


def credential(name: str) -> Path | None:
    """The file that systemd has laid down under this name (systemd.exec(5), LoadCredential=)."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / name if folder else None
    return path if path and path.is_file() else None


def _file(name: str) -> Path | None:
    variables = [f"TACTFUL_{name.upper()}_FILE"] + (["DATABASE_URL_FILE"] if name == "database_url" else [])
    named = next((os.environ[variable] for variable in variables if os.environ.get(variable)), "")
    return Path(named) if named else credential(name)


def _content(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SetupError(f"The file with {name.upper()} cannot be read: {path}") from None
