"""The models of this installation as a trainer sees them: figures, lineage, reports, who did what."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select

from tactful.console.accounts import Accounts
from tactful.errors import NotFound
from tactful.learn.agreement import Agreement, agreement
from tactful.learn.model_files import Conditions
from tactful.learn.models import CANDIDATE, Model, Move, State
from tactful.learn.registry import Registry
from tactful.learn.trial import arms, table
from tactful.store.database import Database
from tactful.store.tables import model_lineage

FORMER = "somebody who left"


@dataclass(frozen=True, slots=True)
class Shown:
    """A model with its aliases, whether its file is the registered one, and what it learned from."""

    model: Model
    aliases: Sequence[str]
    file: str
    withdrawn: int  # conversations it learned from that may not teach any more
    reported: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A kept report: its content, the page's inner part, and the Markdown."""

    content: dict[str, Any]
    html: Markup
    markdown: str


class Shelf:
    """Reads the register, reports and lineage. `home` is the installation's folder."""

    def __init__(self, home: Path, registry: Registry, database: Database, accounts: Accounts) -> None:
        self._reports, self._registry, self._database, self._accounts = home / "reports", registry, database, accounts
        self._conditions = Conditions()

    def state(self) -> State:
        """Errors: `RegistryBroken`."""
        return self._registry.state()

    def models(self, state: State) -> list[Shown]:
        """All of them, newest first."""
        withdrawn = self._withdrawn()
        return [self._shown(state, each, withdrawn) for each in sorted(state.models.values(), key=lambda m: -m.at)]

    def model(self, state: State, name: str) -> Shown:
        """One of them. Errors: `NotFound`."""
        if name not in state.models:
            raise NotFound
        return self._shown(state, state.models[name], self._withdrawn())

    def report(self, name: str) -> Report | None:
        """The newest report on a model; None before it was evaluated."""
        folder = self._reports / name
        try:
            content = json.loads((folder / "report.json").read_text(encoding="utf-8"))
            html = (folder / "report.html").read_text(encoding="utf-8")
            markdown = (folder / "report.md").read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None
        # Made by our own template, which escapes; its style stays behind, since the console allows none within pages.
        inner = html.partition("<main>")[2].rpartition("</main>")[0]
        inner = inner.replace('<div class="wide">', '<div class="wide" tabindex="0" role="group" aria-label="Table">')
        return Report(content, Markup(inner), markdown)  # noqa: S704

    def file(self, name: str, ending: str) -> bytes:
        """A kept report as it was written. Errors: `NotFound`."""
        try:
            return (self._reports / name / f"report.{ending}").read_bytes()
        except OSError:
            raise NotFound from None

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Who acted, by what the register has: names of colleagues, logins of the machine."""
        known = set(ids)
        staff = {each for each in known if is_account(each)}
        return {each: each for each in known - staff} | dict.fromkeys(staff, FORMER) | self._accounts.names(staff)

    def two(self, state: State) -> list[tuple[str, Model]]:
        """(what it is, model) of champion and candidate, as far as there are any."""
        sides = (("champion", state.answering), ("candidate", state.alias(CANDIDATE)))
        return [(what, model) for what, model in sides if model]

    def passed(self, state: State) -> bool | None:
        """Whether the gate let the candidate pass when it was evaluated last; None before that."""
        candidate = state.alias(CANDIDATE)
        report = self.report(candidate.name) if candidate else None
        return bool(report.content["passes"]) if report else None

    def trial(self, state: State) -> Sequence[tuple[str, Sequence[str]]]:
        """(figure, [champion's, canary's]) in the conversations that began since the canary did; none without one."""
        if state.canary is None:
            return ()
        names = [state.answering.name if state.answering else "", state.canary.model]
        with self._database.read() as tx:
            return tuple(table(arms(tx, names, state.canary.since)))

    def heard(self, state: State, name: str) -> Agreement | None:
        """What the shadow, or the last one, understood, if it is this model; None where it has heard nothing."""
        try:
            with self._database.read() as tx:
                found = agreement(tx, state.shadow.id if state.shadow else None)
        except NotFound:
            return None
        return found if found.model == name else None

    def _shown(self, state: State, model: Model, withdrawn: dict[str, int]) -> Shown:
        reported = (self._reports / model.name / "report.json").exists()
        return Shown(model, state.names_of(model), self._conditions.of(model), withdrawn.get(model.name, 0), reported)

    def _withdrawn(self) -> dict[str, int]:
        with self._database.read() as tx:
            rows = tx.execute(
                select(model_lineage.c.model, func.count())
                .where(model_lineage.c.flagged_at.is_not(None))
                .group_by(model_lineage.c.model)
            )
            return {model: int(count) for model, count in rows}


def who(models: Iterable[Shown], moves: Iterable[Move]) -> set[str]:
    """Everybody whose act is shown."""
    return {each.model.by for each in models} | {move.by for move in moves}


def is_account(text: str) -> bool:
    """Whether who acted is a colleague, and no login of the machine."""
    return len(text) == 32 and all(sign in "0123456789abcdef" for sign in text)
