"""`tactful settings`: what can be set, and to what it is set."""

import typer

from tactful.config import Settings

HIDDEN = "(set)"


def settings() -> None:
    """Print every setting with its value and what it means. Example: tactful settings"""
    current = Settings()
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        shown = value if field.repr else (HIDDEN if value else "")
        variable = "DATABASE_URL" if name == "database_url" else f"TACTFUL_{name.upper()}"
        typer.echo(f"{variable}={shown}\n    {field.description}")
