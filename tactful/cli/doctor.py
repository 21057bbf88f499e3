"""`tactful doctor`: what is in place, what is not, and what to do about it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import typer

from tactful.bootstrap import build
from tactful.checks import engine, files, store
from tactful.checks.finding import Doubtful
from tactful.config import Settings
from tactful.errors import TactfulError
from tactful.privacy.policy import Policy
from tactful.telemetry.traces import NO_TRACES, from_environment

Check = tuple[str, Callable[[], str]]


def doctor() -> None:
    """Check this installation; what is found comes with what to do. Example: tactful doctor

    Exit status 1 if anything FAILs; what is only doubtful is printed as "look".
    """
    settings = Settings()
    failed = False
    for title, check in _checks(settings):
        word, found = _tried(check)
        failed = failed or word == "FAIL"
        typer.echo(f"{word:5} {title}: {found}")
    raise typer.Exit(int(failed))


def _checks(settings: Settings) -> Iterator[Check]:
    yield "engine", partial(engine.versions, settings)
    yield "privacy.yml", lambda: f"version {Policy.load(settings.project / 'privacy.yml').version}"
    yield "disk", partial(files.disk, settings)
    yield "keys", partial(files.keys, settings)
    yield "files", partial(files.others, settings)
    yield "traces", _traces
    if _tried(partial(files.keys, settings))[0] != "FAIL":
        yield from _with_keys(settings)
    yield "running", partial(engine.running, settings)


def _with_keys(settings: Settings) -> Iterator[Check]:
    """What needs the keys; what needs the database only if it is there."""
    services = build(settings)
    with closing(services.database):
        yield "model", partial(engine.model, settings, services.models)
        yield "database", partial(store.reachable, services)
        if _tried(partial(store.reachable, services))[0] == "FAIL":
            return
        yield "migration", partial(store.migration, services)
        if _tried(partial(store.migration, services))[0] == "FAIL":
            return
        for title, check in (
            ("keys and database", store.opened),
            ("engine's login", store.engine_login),
            ("clock", store.clocks),
            ("retention", store.retention),
            ("erasures", store.requests),
            ("audit log", store.chain),
            ("backup", store.backup),
        ):
            yield title, partial(check, services)


def _tried(check: Callable[[], str]) -> tuple[str, str]:
    try:
        return "ok", check()
    except Doubtful as doubt:
        return "look", str(doubt)
    except TactfulError as wrong:
        return "FAIL", str(wrong)
    except Exception as error:  # one check that fails must not hide the others; its text could hold anything
        return "FAIL", f"the check itself failed ({type(error).__name__})"


def _traces() -> str:
    traces = from_environment()
    traces.close()
    return "not asked for" if traces is NO_TRACES else "sent"
