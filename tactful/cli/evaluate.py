"""`tactful evaluate`: a candidate beside the champion, for real."""

import getpass
from typing import Annotated

import typer

from tactful.cli import evaluating
from tactful.cli.customer import services
from tactful.installation import jobs
from tactful.learn.models import CHAMPION


def evaluate(
    model: Annotated[
        str | None, typer.Argument(metavar="[CANDIDATE]", help="a model's name; without one, the candidate")
    ] = None,
    against: Annotated[str, typer.Option(help="the model to hold it against")] = CHAMPION,
    as_json: Annotated[bool, typer.Option("--json", help="print the whole report as one JSON object")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="print it fit for a pull request")] = False,
) -> None:
    """Try a model on the golden set and the written conversations. Example: tactful evaluate

    Both models are loaded and asked for real, one after the other. The report is kept as JSON, Markdown and a page.
    Exit status: 0 when the gate would let it pass, 1 when it would not.
    """
    built = services()
    with jobs(built.settings).doing("evaluate", getpass.getuser(), evaluating.progress) as work:
        report, folder = evaluating.evaluate_model(built, model, work.told, against)
        work.result |= {"model": report.comparison.candidate.model, "passes": report.passes}
    if as_json or markdown:
        typer.echo(report.json() if as_json else report.markdown(), nl=False)
    else:
        for line in (*evaluating.summary(report), f"The report: {folder / 'report.html'}"):
            typer.echo(line)
    raise typer.Exit(0 if report.passes else 1)
