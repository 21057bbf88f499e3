"""`tactful audit …`: is the log of who did what still whole, and what does it say?"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tactful.bootstrap import Services, build
from tactful.config import Settings
from tactful.errors import BadRequest
from tactful.store.audit import Act, Actor, Reason, Role
from tactful.store.audit_check import verify as verify_chain
from tactful.times import iso

audit = typer.Typer(help="Check and show who read or changed what, when and why.", no_args_is_help=True)


@audit.command()
def verify() -> None:
    """Check every entry, the head and its anchor. Example: tactful audit verify

    Exit status 1 names the first entry that was changed, deleted, put elsewhere or cut off.
    """
    services = _services()
    with services.database.read() as tx:
        verdict = verify_chain(tx, services.audit.key, services.audit.anchors)
    if verdict.bad is None:
        typer.echo(f"{verdict.checked} entries checked; the chain is whole and fits its anchor.")
        return
    typer.echo(f"Entry {verdict.bad} is the first bad one: {verdict.why} {verdict.checked} entries before are good.")
    raise typer.Exit(1)


@audit.command()
def show(
    subject: Annotated[str | None, typer.Option(help="only what concerned this subject (its id)")] = None,
    since: Annotated[str | None, typer.Option(help="only from this day or time on, ISO 8601, UTC")] = None,
) -> None:
    """Print entries, oldest first. Example: tactful audit show --since 2026-11-01"""
    services = _services()
    with services.database.read() as tx:
        for entry in services.audit.entries(tx, subject_id=subject, since=_milliseconds(since)):
            who = f"{entry['role']} {entry['actor'] or ''}".strip()
            about = " ".join(str(entry[part]) for part in ("subject_id", "object_id", "fields", "note") if entry[part])
            typer.echo(f"{entry['seq']}  {iso(entry['at'])}  {who}  {entry['act']}  {about}  ({entry['reason']})")


@audit.command()
def reanchor() -> None:
    """Begin a new anchor after a backup was restored; noted in the chain. Example: tactful audit reanchor

    The old anchor is put aside, not deleted: it says up to where the chain once went.
    """
    services = _services()
    services.audit.anchors.renew(services.clock())
    with services.database.begin() as tx:
        number = services.audit.record(
            tx, Act.ANCHOR_RENEWED, actor=Actor(Role.OPERATOR), reason=Reason.RESTORED_BACKUP
        )
    typer.echo(f"The chain goes on from entry {number}, with a new anchor; the old one was put aside.")


def _services() -> Services:
    services = build(Settings())
    services.database.check_schema()
    return services


def _milliseconds(since: str | None) -> int:
    if since is None:
        return 0
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise BadRequest("--since takes a day or a time, for example 2026-11-01 or 2026-11-01T14:00.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
