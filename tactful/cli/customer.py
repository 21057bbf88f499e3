"""Which customer a command is about."""

from typing import Annotated

import typer

from tactful.bootstrap import Services, build
from tactful.config import Settings
from tactful.errors import BadRequest, NotFound
from tactful.profile import subjects

Id = Annotated[str | None, typer.Argument(help="the subject's id, as `tactful subject requests` prints it")]
Customer = Annotated[str | None, typer.Option(help="the company's own id of the customer, instead")]


def services() -> Services:
    """The installation's services. Errors: `SetupError` for a database that is missing or of another version."""
    built = build(Settings())
    built.database.check_schema()
    return built


def found(services: Services, id: str | None, customer: str | None) -> str:
    """The subject's id. Errors: `BadRequest` unless exactly one is named, `NotFound`."""
    if (id is None) == (customer is None):
        raise BadRequest("Name one customer: an id, or --customer.")
    if id is not None:
        return id
    assert customer is not None
    with services.database.read() as tx:
        subject_id = subjects.named(tx, services.ring, customer)
    if subject_id is None:
        raise NotFound("No such customer is known here.")
    return subject_id
