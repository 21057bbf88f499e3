"""`tactful consent …`: what a customer allows, seen and answered for them by the installation's operator."""

from typing import Annotated

import typer

from tactful.cli.customer import Customer, Id, found, services
from tactful.profile.rights import OPERATOR

consent = typer.Typer(help="Show, give or withdraw what a customer allows.", no_args_is_help=True)

Purpose = Annotated[str, typer.Argument(help="personalisation, sensitive, human_review or training")]


@consent.command()
def show(id: Id = None, customer: Customer = None) -> None:
    """Print every purpose, and whether it is allowed. Example: tactful consent show --customer C-1042"""
    built = services()
    for each in built.rights.by(OPERATOR).consents(found(built, id, customer))["purposes"]:
        since = f" since {each['since'][:10]}" if each["since"] else ", not asked"
        typer.echo(f"{each['purpose']:<16} {'yes' if each['granted'] else 'no '}{since}  {each['label']}")


@consent.command()
def give(purpose: Purpose, id: Id = None, customer: Customer = None) -> None:
    """Record a yes; prints the receipt's code. Example: tactful consent give training --customer C-1042"""
    _answer(purpose, True, id, customer)


@consent.command()
def withdraw(purpose: Purpose, id: Id = None, customer: Customer = None) -> None:
    """Record a no; prints the receipt's code. Example: tactful consent withdraw training --customer C-1042"""
    _answer(purpose, False, id, customer)


def _answer(purpose: str, granted: bool, id: str | None, customer: str | None) -> None:
    built = services()
    who = found(built, id, customer)
    receipts = built.rights.by(OPERATOR).consent(who, {purpose: granted})["receipts"]
    built.conversations.profile_changed(who)
    for receipt in receipts:
        typer.echo(f"{'Given' if granted else 'Withdrawn'}: {receipt['label']}. Receipt: {receipt['code']}")
    if not receipts:
        typer.echo("That was the answer already.")
