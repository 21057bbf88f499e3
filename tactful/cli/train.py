"""`tactful train`: a model for the data as it is now."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tactful.bootstrap import Services, build
from tactful.cli.lineage import Taught, noted, settled
from tactful.cli.modelling import ensure_model, model_path, register
from tactful.config import Settings
from tactful.installation import jobs, registry
from tactful.learn.exported import REVIEWED, exported
from tactful.learn.model_files import name_of
from tactful.learn.models import Model
from tactful.learn.registry import Registry


def train(
    force: Annotated[bool, typer.Option("--force", help="train even if there is a model for this data")] = False,
) -> None:
    """Train a model for the data as it is now. Example: tactful train"""
    settings = Settings()
    with jobs(settings).doing("train", getpass.getuser()) as work:
        made = train_model(settings, getpass.getuser(), work.told, force=force)
        work.result |= {"model": made.name}


def train_model(settings: Settings, by: str, told: Callable[[str], None], *, force: bool = False) -> Model:
    """The registered model of the data as it is now, made if there is none.

    Errors: `SetupError`, `ModelChanged`; as `Lessons`.
    """
    project, models = settings.project, registry(settings)
    told("reading the data")
    lessons = Lessons(settings)
    model = model_path(project)
    if force:
        if name_of(model) in models.state().models:
            models.forget(name_of(model))
        model.unlink(missing_ok=True)
    elif model.exists():
        typer.echo(f"Nothing to do: {model.relative_to(project)} was made from this data.")
        if known := models.state().models.get(name_of(model)):
            return known
    made = lessons.learned(models, ensure_model(project, told), by)
    if (answering := models.state().answering) and answering != made:
        models.stand(made.name)
        typer.echo(f"The candidate is {made.name}. How good it is: tactful evaluate")
    else:
        typer.echo(f"The model is {model.relative_to(project)}.")
    return made


class Lessons:
    """What customers taught, looked through before a training and noted after it. Made before the model's name is told.

    Errors: `Unsourced`, `StoreUnavailable`.
    """

    def __init__(self, settings: Settings, *, migrate: bool = False) -> None:
        self._project, self._taught = settings.project, Taught(frozenset())
        self._services: Services | None = None
        if not exported(settings.project):
            return
        self._services = build(settings)
        if migrate:
            self._services.database.migrate()
        else:
            self._services.database.check_schema()
        self._taught = settled(self._services)
        if self._taught.withdrawn:
            typer.echo(
                f"{self._taught.withdrawn} conversations may not teach any more: "
                f"{self._taught.sentences} sentences were taken out of {REVIEWED}."
            )
        for name in self._taught.flagged:
            typer.echo(f"{name} learned from them. Promote one that did not.")

    def learned(self, models: Registry, file: Path, by: str = "") -> Model:
        """Register a model of the data as it is now, and from whom it learned."""
        made = register(models, self._project, file, taught=len(self._taught.conversations), by=by)
        if self._services:
            noted(self._services, made, self._taught)
        return made
