"""Charts as SVG, made here: readable without colour (every mark has its figure beside it) and without a script.

No style attributes, which the pages' policy forbids: what is coloured has a class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, ROW, LABEL, FIGURE = 560, 30, 200, 110  # px
LEFT, RIGHT = LABEL + 12, WIDTH - FIGURE


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: how long its bar is, what is written beside it, and what lies within its interval."""

    label: str
    value: float | None
    figure: str
    low: float | None = None
    high: float | None = None


def chart(title: str, marks: Sequence[Mark], most: float | None = None) -> Markup:
    """Bars from top to bottom; `most` is what the full width stands for. A row without a value says so."""
    top = most or max((max(mark.value or 0, mark.high or 0) for mark in marks), default=0) or 1
    told = "; ".join(f"{mark.label}: {mark.figure}" for mark in marks)
    rows = Markup("").join(_row(mark, number * ROW, top) for number, mark in enumerate(marks))
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" aria-label="{}. {}">{}'
        '<line class="axis" x1="{}" y1="0" x2="{}" y2="{}"/></svg>'
    ).format(WIDTH, ROW * len(marks), title, told, rows, LEFT, LEFT, ROW * len(marks))


def _row(mark: Mark, y: int, most: float) -> Markup:
    middle = y + ROW // 2
    end = _x(mark.value or 0, most)
    parts = [
        Markup('<text class="label" x="{}" y="{}">{}</text>').format(LABEL, middle + 5, _short(mark.label)),
        Markup('<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>').format(LEFT, y + 7, end - LEFT, ROW - 14),
    ]
    if mark.low is not None and mark.high is not None:
        low, high = _x(mark.low, most), _x(mark.high, most)
        parts.append(
            Markup('<path class="whisker" d="M{0} {2}H{1}M{0} {3}v10M{1} {3}v10"/>').format(
                low, high, middle, middle - 5
            )
        )
        end = max(end, high)
    parts.append(Markup('<text class="figure" x="{}" y="{}">{}</text>').format(end + 8, middle + 5, mark.figure))
    return Markup("").join(parts)


def _x(value: float, most: float) -> int:
    return round(LEFT + (RIGHT - LEFT) * min(1.0, value / most))


def _short(label: str) -> Markup:
    return escape(label if len(label) <= 20 else label[:19] + "…")
