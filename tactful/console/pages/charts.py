"""`/console/charts`: how the bot and the reviewing do, drawn, in tables, and as CSV."""

from collections.abc import Callable, Mapping
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from tactful.console.access import ANYBODY
from tactful.console.drawing import Mark, chart
from tactful.console.exporting import csv_of
from tactful.console.figures import By, Figures, Group
from tactful.console.intents import title_of
from tactful.console.rendering import page
from tactful.console.staff import Staff
from tactful.web.session import Tactful

router = APIRouter(prefix="/console/charts", include_in_schema=False)
Somebody = Annotated[Staff, Depends(ANYBODY)]
Divided = Annotated[By, Query()]
Weeks = Annotated[int, Query(ge=1, le=52)]

HEADER = (
    "turns",
    "fallbacks",
    "fallback_rate",
    "confidence_median",
    "answer_seconds_median",
    "thumbs_up",
    "thumbs_down",
)


@router.get("")
async def show(
    request: Request, tactful: Tactful, staff: Somebody, by: Divided = By.WEEK, weeks: Weeks = 8
) -> Response:
    figures = await to_thread.run_sync(tactful.figures.figures, by, weeks)
    labels = {type_: entity.label for type_, entity in tactful.policy.entities.items()}
    charts = drawn(figures, labels)
    return page(request, "charts.html", figures=figures, charts=charts, by=by, weeks=weeks, ways=list(By))


@router.get("/figures.csv")
async def export(tactful: Tactful, staff: Somebody, by: Divided = By.WEEK, weeks: Weeks = 8) -> Response:
    """The figures by week, model or tone."""
    figures = await to_thread.run_sync(tactful.figures.figures, by, weeks)
    rows = [
        (each.name, each.turns, each.fallbacks, each.fallback_rate, each.confidence, each.wait, each.up, each.down)
        for each in figures.groups
    ]
    headers = {"Content-Disposition": f'attachment; filename="tactful-by-{by.value}.csv"'}
    return Response(csv_of((by.value, *HEADER), rows), media_type="text/csv; charset=utf-8", headers=headers)


def drawn(figures: Figures, labels: Mapping[str, str]) -> list[tuple[str, str, list[Mark], Markup]]:
    """(title, what it tells, rows, drawing) of every chart that has something to show."""
    titles = {name: title_of(name) for name, _ in figures.intents if name}
    made = [
        (
            "Messages answered",
            "What customers wrote and the assistant answered.",
            _of(figures, lambda g: g.turns, str),
            None,
        ),
        (
            "Not understood",
            "Share of messages that the assistant fell back on.",
            _of(figures, lambda g: g.fallback_rate, _percent),
            None,
        ),
        (
            "Confidence",
            "Median of how sure the assistant was of the intent.",
            _of(figures, lambda g: g.confidence, "{:.2f}".format),
            1.0,
        ),
        (
            "Satisfaction",
            "Share of thumbs up among all thumbs.",
            _of(figures, lambda g: g.satisfied, _percent),
            1.0,
        ),
        ("Time to answer", "Median from a message to its answer.", _of(figures, lambda g: g.wait, _seconds), None),
        ("What it is about", "The intents found most.", _counted(figures.intents, titles), None),
        ("What was hidden", "Messages in which a kind of value was hidden.", _counted(figures.kinds, labels), None),
        (
            "What the detector missed",
            "Share of personal values missed in the reviewed random sample, with its 95 % interval.",
            [
                Mark(m.name, m.share, f"{_percent(m.share)} ({m.missed} of {m.values})", m.low, m.high)
                for m in figures.missed
            ],
            None,
        ),
    ]
    return [(title, about, marks, chart(title, marks, most)) for title, about, marks, most in made if marks]


def _of(figures: Figures, value: Callable[[Group], float | None], figure: Callable[[float], str]) -> list[Mark]:
    values = [(group.name, value(group)) for group in figures.groups]
    if not any(found for _, found in values):
        return []
    return [Mark(name, found, "none" if found is None else figure(found)) for name, found in values]


def _counted(counts: list[tuple[str, int]], labels: Mapping[str, str] | None = None) -> list[Mark]:
    return [
        Mark((labels or {}).get(name, name.replace("_", " ") or "none found"), count, f"{count:,}")
        for name, count in counts
    ]


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
