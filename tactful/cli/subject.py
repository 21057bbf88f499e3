"""`tactful subject …`: a customer's rights, exercised for them by the installation's operator."""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from tactful.bootstrap import Services
from tactful.cli.customer import Customer, Id, found, services
from tactful.cli.reading import detector
from tactful.errors import BadRequest
from tactful.profile.own_words import Reads
from tactful.profile.rights import OPERATOR, Rights

subject = typer.Typer(help="A customer's rights: see, correct, take along, pause, erase.", no_args_is_help=True)

Out = Annotated[Path | None, typer.Option(help="write to this file instead of printing")]


@subject.command()
def access(id: Id = None, customer: Customer = None, out: Out = None) -> None:
    """Tell everything that is known, as JSON. Example: tactful subject access --customer C-1042

    Values with sources, purposes and end dates, how often a person looked, and which models learned from their words.
    """
    rights, who = _rights(services(), id, customer)
    _write(_json(rights.access(who)), out)


@subject.command()
def export(
    id: Id = None,
    customer: Customer = None,
    out: Out = None,
    html: Annotated[bool, typer.Option("--html", help="a page for people instead of JSON")] = False,
) -> None:
    """Write everything that is kept. Example: tactful subject export --customer C-1042 --out C-1042.json"""
    rights, who = _rights(services(), id, customer)
    _write(rights.page(who) if html else _json(rights.export(who)), out)


@subject.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="what `tactful subject export` wrote")],
    id: Id = None,
    customer: Customer = None,
) -> None:
    """Take an export back in. Example: tactful subject import C-1042.json --customer C-1042"""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadRequest(f"{file} is no JSON file that can be read.") from None
    if not isinstance(document, dict):
        raise BadRequest(f"{file} is no export.")
    built = services()
    rights, who = _rights(built, id, customer)
    done = rights.take_in(who, document)
    _tell_chats(built, who)
    typer.echo("Imported: " + ", ".join(f"{count} {what}" for what, count in done["imported"].items()) + ".")
    for left in done["left_out"]:
        typer.echo(f"Left out: {left['what']} ({left['why']})")


@subject.command()
def rectify(
    put: Annotated[list[str], typer.Option("--set", help="NAME=VALUE; without a value, the fact is deleted")],
    id: Id = None,
    customer: Customer = None,
) -> None:
    """Correct or delete facts. Example: tactful subject rectify --customer C-1042 --set home=Porto --set budget="""
    changes = dict(_pair(each) for each in put)
    built = services()
    rights, who = _rights(built, id, customer)
    changed = rights.rectify(who, changes)
    _tell_chats(built, who)
    typer.echo(f"Changed: {', '.join(changed)}." if changed else "Nothing had to be changed.")


@subject.command()
def restrict(id: Id = None, customer: Customer = None) -> None:
    """Pause the use of everything that is kept. Example: tactful subject restrict --customer C-1042"""
    _restrict(id, customer, True)
    typer.echo("Paused: what is kept is stored, and nothing else is done with it.")


@subject.command()
def unrestrict(id: Id = None, customer: Customer = None) -> None:
    """End the pause. Example: tactful subject unrestrict --customer C-1042"""
    _restrict(id, customer, False)
    typer.echo("What is kept may be used again, as far as the customer allows it.")


@subject.command("object")
def object_to(
    purpose: Annotated[str, typer.Argument(help="personalisation, human_review or training")],
    id: Id = None,
    customer: Customer = None,
    end: Annotated[bool, typer.Option("--end", help="take the objection back")] = False,
) -> None:
    """Object to a purpose. Example: tactful subject object training --customer C-1042"""
    built = services()
    rights, who = _rights(built, id, customer)
    objections = rights.object_to(who, {purpose: not end})
    _tell_chats(built, who)
    typer.echo(f"Objections now: {', '.join(objections) or 'none'}.")


@subject.command()
def merge(
    anonymous: Annotated[str, typer.Argument(help="id of the anonymous subject")],
    into: Annotated[str, typer.Option(help="the company's own id of the customer")],
) -> None:
    """Merge an anonymous customer into a known one. Example: tactful subject merge 0f3a… --into C-1042"""
    built = services()
    rights, who = _rights(built, None, into)
    done = rights.merge(anonymous, who)
    _tell_chats(built, who)
    typer.echo("Merged: " + ", ".join(f"{count} {what}" for what, count in done.items()) + ".")


@subject.command()
def erase(
    id: Id = None,
    customer: Customer = None,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Erase everything, step by step. Example: tactful subject erase --customer C-1042

    One that failed goes on where it stopped when it is asked for again.
    """
    rights, who = _rights(services(), id, customer)
    if not yes:
        typer.confirm("This cannot be undone. Erase everything about this customer?", abort=True)
    done = rights.erase(who, lambda step: typer.echo(f"{step['label']} ({step['count']})."))
    for table, count in done["erased"].items():
        typer.echo(f"  {table}: {count} erased")


@subject.command()
def requests(
    overdue: Annotated[bool, typer.Option("--overdue", help="only those not met in time")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Print the ledger of what customers asked for. Example: tactful subject requests --overdue

    Exit status 1 with --overdue when there is any.
    """
    found = services().rights.ledger(overdue=overdue)
    if as_json:
        typer.echo(_json(found))
    else:
        for each in found:
            late = "  OVERDUE" if each["overdue"] else ""
            done = f"done {each['done_at'][:10]}" if each["done_at"] else f"due {each['due_at'][:10]}"
            typer.echo(
                f"{each['asked_at'][:10]}  {each['right']:<13}  {each['status']:<6}  {done}  {each['subject']}  "
                f"(by {each['via']}){late}"
            )
        if not found:
            typer.echo("Nothing is overdue." if overdue else "Nothing was asked for yet.")
    raise typer.Exit(1 if overdue and found else 0)


def _rights(built: Services, id: str | None, customer: str | None) -> tuple[Rights, str]:
    return built.rights.by(OPERATOR).reading(_reads(built)), found(built, id, customer)


def _reads(built: Services) -> Reads:
    """By a detector in this process, loaded when the first text comes: no door need be running."""
    loaded = cache(lambda: detector(built))
    return lambda text, question: bool(loaded().detect(text, question=question))


def _restrict(id: str | None, customer: str | None, restricted: bool) -> None:
    built = services()
    rights, who = _rights(built, id, customer)
    rights.restrict(who, restricted)
    _tell_chats(built, who)


def _tell_chats(built: Services, who: str) -> None:
    """A door that is running takes these events up within a second."""
    built.conversations.profile_changed(who)


def _pair(given: str) -> tuple[str, Any]:
    name, equals, text = given.partition("=")
    if not equals:
        raise BadRequest("Write what to set as NAME=VALUE.")
    if not text:
        return name, None
    try:
        return name, json.loads(text)
    except ValueError:
        return name, text


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text)
        return
    out.write_text(text + "\n", encoding="utf-8")
    typer.echo(f"Written to {out}.")
