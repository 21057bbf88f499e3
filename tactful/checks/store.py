"""The database: reachable, of this version, opened by these keys, on time, swept, and backed up."""

import time

from sqlalchemy import URL, NullPool, create_engine, func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from tactful.bootstrap import Services
from tactful.checks.finding import Doubtful, Wrong
from tactful.errors import DecryptionFailed
from tactful.store import audit_check
from tactful.store.audit import Act
from tactful.store.crypto import WrappedKey
from tactful.store.database import sqlite_file
from tactful.store.places import is_sqlite
from tactful.store.retention import Due
from tactful.store.tables import audit, messages, subjects
from tactful.times import iso

HOUR_MS = 3_600_000
LEEWAY_MS = 60_000  # between two clocks
BACKUP_DAYS = 2


def reachable(services: Services) -> str:
    """It takes a write."""
    file = sqlite_file(services.settings.database)
    if file and not file.exists():
        raise Wrong("There is none yet. It is made at the first start: make run")
    services.database.try_writing()
    return "SQLite" if file else "PostgreSQL"


def migration(services: Services) -> str:
    """Its schema is this version's."""
    services.database.check_schema()
    return f"schema {services.database.schema_version()}"


def opened(services: Services) -> str:
    """The keys at hand are those that it was written with."""
    with services.database.read() as tx:
        some = tx.execute(
            select(subjects.c.id, subjects.c.key_id, subjects.c.wrapped_key)
            .where(subjects.c.wrapped_key.is_not(None))
            .order_by(subjects.c.created_at.desc())
            .limit(20)
        ).all()
    try:
        for row in some:
            services.ring.unwrap(WrappedKey(row.key_id, row.wrapped_key), row.id)
    except DecryptionFailed as error:
        raise Wrong(f"{error} Put the right keys.json back (or TACTFUL_MASTER_KEY): no value can be read.") from None
    return "they open it" if some else "nothing to open yet"


def engine_login(services: Services) -> str:
    """Whoever takes over the engine cannot read the customers' tables with what it signs in to PostgreSQL with."""
    doors, engines = make_url(services.settings.database), make_url(services.settings.tracker_database)
    if is_sqlite(services.settings.tracker_database):
        return "none: a file of its own"
    if engines.username == doors.username:
        raise Doubtful(
            "The engine signs in to PostgreSQL as the door does, so whoever takes it over reads every table. "
            "Give it a login and a database of its own: TACTFUL_TRACKER_URL (docs/many_machines.md)"
        )
    if is_sqlite(services.settings.database) or not _opens(engines.set(database=doors.database)):
        return "its own, which cannot read the customers' tables"
    raise Wrong(
        f"The engine's login, {engines.username}, can read the customers' tables. Take that away from it: "
        f"REVOKE CONNECT ON DATABASE {doors.database} FROM PUBLIC"
    )


def _opens(url: URL) -> bool:
    """Whether who signs in so can read what customers wrote."""
    engine = create_engine(url, hide_parameters=True, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(select(messages.c.text).limit(1)).all()
    except DBAPIError:
        return False
    return True


def clocks(services: Services) -> str:
    """This machine's clock fits the database's, and what was written before now is not of the future."""
    now = services.clock()
    with services.database.read() as tx:
        newest = max(
            tx.execute(select(func.coalesce(func.max(messages.c.created_at), 0))).scalar_one(),
            tx.execute(select(func.coalesce(func.max(audit.c.at), 0))).scalar_one(),
        )
        theirs = now
        if not services.database.is_sqlite:
            theirs = int(tx.execute(text("SELECT extract(epoch FROM clock_timestamp()) * 1000")).scalar_one())
    if newest > now + LEEWAY_MS:
        raise Wrong(f"The newest entry is of {iso(newest)}, and here it is {iso(now)}. Set the clock (NTP).")
    if abs(theirs - now) > LEEWAY_MS:
        raise Wrong(f"The database's clock says {iso(theirs)}, this machine's {iso(now)}. Set them (NTP).")
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now / 1000))


def retention(services: Services) -> str:
    """Nothing stands long after its end date."""
    hours = services.settings.retention_hours
    if hours <= 0:
        raise Doubtful("TACTFUL_RETENTION_HOURS is 0: no door deletes. Run it by a timer: tactful retention run")
    due = Due(services.clock() - int(2 * hours * HOUR_MS), services.retention.periods)
    with services.database.read() as tx:
        late = {
            table.name: count
            for table, condition in due.single()
            if (count := tx.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
        }
        if conversations := len(tx.execute(due.theirs).all()):
            late["conversations"] = conversations
    if late:
        listed = ", ".join(f"{table} {count}" for table, count in sorted(late.items()))
        raise Wrong(
            f"Past its end date for {2 * hours:g} hours: {listed}. Run: tactful retention run (the log says why)"
        )
    return f"nothing is overdue; every {hours:g} hours"


def chain(services: Services) -> str:
    """The audit log is whole."""
    with services.database.read() as tx:
        verdict = audit_check.verify(tx, services.audit.key, services.audit.anchors)
    if verdict.bad is not None:
        raise Wrong(f"{verdict.why} See docs/runbook.md, and: tactful audit verify")
    return f"{verdict.checked} entries, whole"


def requests(services: Services) -> str:
    """What customers asked for is done in time."""
    unfinished = services.rights.unfinished_erasures()
    if unfinished:
        raise Wrong(
            f"{len(unfinished)} erasures are not finished. A door goes on with them every five minutes; see its log."
        )
    return "no erasure is unfinished"


def backup(services: Services) -> str:
    """There is one, and it is not old."""
    with services.database.read() as tx:
        at = services.audit.last(tx, Act.BACKED_UP)
    if not at:
        raise Doubtful("None was ever made. Run: tactful backup FOLDER (docs/backup.md)")
    days = (services.clock() - at) / (24 * HOUR_MS)
    if days > BACKUP_DAYS:
        raise Doubtful(f"The last one is {days:.0f} days old. Run: tactful backup FOLDER, best by a timer")
    return f"the last one was made {iso(at)}"
