"""What `tactful evaluate` and `tactful promote` judge a candidate with."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from tactful.assistant.tone import technical
from tactful.bootstrap import Services
from tactful.cli.modelling import DATA, ONE_THREAD, fingerprint
from tactful.cli.up import running
from tactful.learn import recent
from tactful.learn.asking import engine
from tactful.learn.evaluating import Evaluation
from tactful.learn.gate import load
from tactful.learn.models import CANDIDATE, CHAMPION, Model
from tactful.learn.recent import Sampled
from tactful.learn.report import Report
from tactful.priority import GivingWay
from tactful.store.tables import vault

SHARING = "no longer giving way to others"


def evaluation(services: Services, told: Callable[[str], None]) -> Evaluation:
    """An evaluation of this installation's models. Errors: `SetupError`."""
    project = services.settings.project
    way = GivingWay(over=lambda: told(SHARING)) if running(services.settings) else None
    return Evaluation(
        engine(project, way=way, **ONE_THREAD),
        load(project / "learning.yml"),
        tone_of,
        lambda: vault_values(services),
        fingerprint(project, DATA),
        services.clock,
        told,
        lambda: sampled(services),
    )


def sampled(services: Services) -> list[Sampled]:
    """The reviewed turns of the recent random sample whose customers allow training."""
    with services.database.read() as tx:
        return recent.sample(tx, services.policy, sample_since(services), tone_of)


def sample_since(services: Services) -> int:
    """When the recent sample begins (epoch ms)."""
    days = load(services.settings.project / "learning.yml").recent_days
    return services.clock() - days * recent.DAY_MS


def tone_of(text: str) -> str:
    """The tone that a sentence is spoken in, by its words."""
    return "developer" if technical({"text": text}) else "plain"


def vault_values(services: Services) -> Iterator[str]:
    """Every value that is hidden in this installation, in clear: to be searched for, never to be shown."""
    with services.database.read() as tx:
        for conversation_id in tx.execute(
            vault.select().with_only_columns(vault.c.conversation_id).distinct()
        ).scalars():
            for entry in services.vault.entries(tx, conversation_id):
                yield entry.value


def chosen(services: Services, name: str | None) -> Model:
    """The model that a command is about: as named, or the candidate. Errors: `NotFound`, `RegistryBroken`."""
    return services.models.state().named(name or CANDIDATE)


def evaluate_model(
    services: Services, name: str | None, told: Callable[[str], None], against: str = CHAMPION
) -> tuple[Report, Path]:
    """Judge a model, keep its figures and its report: the report, and its folder. Errors: as `Evaluation.report`."""
    state = services.models.state()
    candidate = chosen(services, name)
    champion = state.named(against) if against != CHAMPION else state.answering
    report = evaluation(services, told).report(candidate, champion)
    services.models.measured(candidate.name, report.metrics())
    return report, kept(services, report)


def kept(services: Services, report: Report) -> Path:
    """Write a report beside the others, as JSON, Markdown and a page; their folder."""
    folder = services.settings.home / "reports" / report.comparison.candidate.model
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in (("json", report.json()), ("md", report.markdown()), ("html", report.html())):
        (folder / f"report.{name}").write_text(content, encoding="utf-8")
    return folder


def progress(step: str) -> None:
    """Say what is under way, to who watches."""
    if sys.stderr.isatty():
        typer.echo(f"{step} …", err=True)


def summary(report: Report) -> Iterator[str]:
    """A report in a few lines."""
    compared, new, old = report.comparison, report.comparison.candidate, report.comparison.champion
    beside = f" (champion {old.accuracy:.1%})" if old else ""
    yield f"{new.model}: {new.accuracy:.1%} of {compared.sentences} golden sentences{beside}"
    if old:
        yield f"only it is right: {compared.gained}, only the champion: {compared.lost}, p = {compared.p_value:.3f}"
    yield "The gate lets it pass." if report.passes else "The gate refuses it:"
    yield from (f"  {refusal.sentence}" for refusal in report.refusals)
