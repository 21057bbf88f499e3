"""`tactful subject …`: a customer's rights, exercised by the installation's operator."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tactful.bootstrap import Services, build
from tactful.config import Settings
from tactful.errors import BadRequest, NotFound
from tactful.profile import subjects

subject = typer.Typer(help="Export or erase what is kept about one customer.", no_args_is_help=True)

Id = Annotated[str | None, typer.Argument(help="the subject's id, as the customer's own export names it")]
Customer = Annotated[str | None, typer.Option(help="the company's own id of the customer, instead")]


@subject.command()
def export(id: Id = None, customer: Customer = None, out: Annotated[Path | None, typer.Option()] = None) -> None:
    """Write everything that is kept. Example: tactful subject export --customer C-1042 --out C-1042.json"""
    services = build(Settings())
    text = json.dumps(services.rights.export(_subject(services, id, customer)), ensure_ascii=False, indent=2)
    if out is None:
        typer.echo(text)
        return
    out.write_text(text + "\n", encoding="utf-8")
    typer.echo(f"Written to {out}.")


@subject.command()
def erase(
    id: Id = None,
    customer: Customer = None,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Erase everything that is kept. Example: tactful subject erase --customer C-1042"""
    services = build(Settings())
    found = _subject(services, id, customer)
    if not yes:
        typer.confirm("This cannot be undone. Erase everything about this customer?", abort=True)
    for table, count in services.rights.erase(found).items():
        typer.echo(f"{table}: {count} erased")


def _subject(services: Services, id: str | None, customer: str | None) -> str:
    if (id is None) == (customer is None):
        raise BadRequest("Name one customer: an id, or --customer.")
    if id is not None:
        return id
    assert customer is not None
    with services.database.read() as tx:
        found = subjects.by_external(tx, services.ring, customer)
    if found is None:
        raise NotFound("No such customer is known here.")
    return found
