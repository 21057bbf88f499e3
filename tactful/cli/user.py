"""`tactful user …`: accounts of the console, on the command line of the installation."""

from typing import Annotated

import typer

from tactful.bootstrap import Services
from tactful.cli.customer import services
from tactful.console.links import PATH
from tactful.console.staff import OPERATOR, Role
from tactful.errors import BadRequest
from tactful.times import iso

user = typer.Typer(help="Accounts of the agents' console.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="the name with which somebody signs in")]
Roles = Annotated[str, typer.Option(help=f"roles between commas: {', '.join(Role)}")]


@user.command()
def add(login: Login, roles: Roles, name: Annotated[str, typer.Option(help="as colleagues see it")] = "") -> None:
    """Add an account; prints a link that sets its password. Example: tactful user add kim --roles agent,reviewer"""
    built = services()
    account, token = built.accounts.add(login, _roles(roles), OPERATOR, name)
    typer.echo(f"Added {account.login} ({', '.join(sorted(account.roles))}).")
    _tell_link(built, token)


@user.command(name="list")
def show() -> None:
    """Print every account. Example: tactful user list"""
    accounts = services().accounts.listed()
    for each in accounts:
        since = f"last sign-in {iso(each.signed_in_at)[:16]}" if each.signed_in_at else "never signed in"
        typer.echo(f"{each.login:<24} {each.status:<9} {','.join(sorted(each.roles)) or 'no role':<40} {since}")
    if not accounts:
        typer.echo("There is no account. The first administrator's link is printed by: make run")


@user.command()
def roles(login: Login, roles: Annotated[str, typer.Argument(help="between commas")]) -> None:
    """Set an account's roles. Example: tactful user roles kim agent,reviewer,trainer"""
    built = services()
    built.accounts.set_roles(built.accounts.named(login).id, _roles(roles), OPERATOR)
    typer.echo("The roles are changed.")


@user.command()
def disable(login: Login) -> None:
    """Let nobody sign in with an account, and end its sessions. Example: tactful user disable kim"""
    built = services()
    built.accounts.disable(built.accounts.named(login).id, OPERATOR)
    typer.echo("The account is disabled and signed out everywhere.")


@user.command()
def enable(login: Login) -> None:
    """Undo `disable`. Example: tactful user enable kim"""
    built = services()
    built.accounts.enable(built.accounts.named(login).id, OPERATOR)
    typer.echo("The account may sign in again.")


@user.command()
def reset(login: Login) -> None:
    """Take a password away; prints a link that sets a new one. Example: tactful user reset kim"""
    built = services()
    token = built.accounts.reset(built.accounts.named(login).id, OPERATOR)
    typer.echo("The old password no longer works, and the account is signed out everywhere.")
    _tell_link(built, token)


@user.command()
def remove(login: Login) -> None:
    """Delete an account; what it did stays in the audit log. Example: tactful user remove kim"""
    built = services()
    built.accounts.remove(built.accounts.named(login).id, OPERATOR)
    typer.echo("The account is removed.")


def _roles(text: str) -> frozenset[Role]:
    """Errors: `BadRequest` for one that does not exist."""
    try:
        return frozenset(Role(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise BadRequest(f"There is no such role. Roles: {', '.join(Role)}.") from None


def _tell_link(built: Services, token: str) -> None:
    hours = built.settings.console_link_hours
    typer.echo(f"Works once, for {hours} hours: {built.settings.address}{PATH}{token}")
