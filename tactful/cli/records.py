"""`tactful records`: the records of processing activities (GDPR art. 30)."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.privacy.records import markdown
from tactful.privacy.records import records as made_from
from tactful.times import clock


class Format(StrEnum):
    MD = "md"
    JSON = "json"


def records(
    format: Annotated[Format, typer.Option(help="Markdown for people, JSON for programs")] = Format.MD,
) -> None:
    """Print the records of processing (GDPR art. 30), from privacy.yml. Example: tactful records --format json

    Who the controller is, is told by TACTFUL_CONTROLLER and the settings after it; until then it reads "not set".
    """
    settings = Settings()
    made = made_from(Policy.load(settings.project / "privacy.yml"), settings, clock())
    typer.echo(json.dumps(made, ensure_ascii=False, indent=2) if format is Format.JSON else markdown(made), nl=False)
