"""The commands' own code, as the console begins it: one function a kind of work, by its name."""

from collections.abc import Callable, Mapping
from typing import Any

from tactful.bootstrap import Services
from tactful.cli import shadow
from tactful.cli.customer import services
from tactful.cli.evaluating import evaluate_model
from tactful.cli.explaining import explain
from tactful.cli.learn import export_lesson
from tactful.cli.promote import Whose, operator, part_of, promote_model
from tactful.cli.returning import Returning
from tactful.cli.selecting import about, select_turns
from tactful.cli.train import train_model
from tactful.console.staff import acting
from tactful.learn.jobs import Work

Given = Mapping[str, Any]


def do(kind: str, given: Given, work: Work) -> None:
    """Do it for whom `given` names. Errors: as the command's."""
    begun: Returning | None = given.get("begun")
    WORK[kind](begun.unless_undone(services) if begun else services(), given["by"], given, work)


def explained(begun: Returning, reason: str) -> None:
    """What is left of a going back that somebody began at the command line."""
    explain(begun.unless_undone(services), begun, reason, operator())


def train(built: Services, by: str, given: Given, work: Work) -> None:
    made = train_model(built.settings, by, work.told)
    work.result |= {"model": made.name}


def evaluate(built: Services, by: str, given: Given, work: Work) -> None:
    report, _ = evaluate_model(built, given.get("model"), work.told)
    work.result |= {"model": report.comparison.candidate.model, "passes": report.passes}


def promote(built: Services, by: str, given: Given, work: Work) -> None:
    work.result |= {"model": given["model"]}
    work.result |= promote_model(built, given["model"], given["reason"], Whose(by, acting(by)), work.told)


def canary(built: Services, by: str, given: Given, work: Work) -> None:
    work.result |= {"model": given["model"]}
    promote_model(built, given["model"], given["reason"], Whose(by, acting(by)), work.told, part_of(given["share"]))


def listen(built: Services, by: str, given: Given, work: Work) -> None:
    work.result |= {"model": given["model"]}
    work.told("starting its engine")
    shadow.listen(built, given["model"], Whose(by, acting(by)))


def listen_no_more(built: Services, by: str, given: Given, work: Work) -> None:
    work.told("ending its engine")
    shadow.listen_no_more(built, Whose(by, acting(by)))


def rollback(built: Services, by: str, given: Given, work: Work) -> None:
    explain(built, given["begun"], given["reason"], Whose(by, acting(by)))


def select(built: Services, by: str, given: Given, work: Work) -> None:
    found = select_turns(built, acting(by), work.told, {})
    work.result |= about(found)


def look(built: Services, by: str, given: Given, work: Work) -> None:
    work.result |= export_lesson(built, work.told, dry_run=True)[1]


def export(built: Services, by: str, given: Given, work: Work) -> None:
    work.result |= export_lesson(built, work.told)[1]


WORK: dict[str, Callable[[Services, str, Given, Work], None]] = {
    each.__name__: each
    for each in (train, evaluate, promote, canary, rollback, listen, listen_no_more, select, look, export)
}
