"""Charts as SVG, made on the server: F1 by intent with its interval, and how far confidences can be believed.

Colours come from classes, so that a page's own style (dark, light, print) decides; no script is needed.
"""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from tactful.learn.comparison import Comparison, IntentFigures, Side

ROW, LABEL, WIDTH = 18, 170, 400
SQUARE, EDGE = 240, 34


def intents_chart(comparison: Comparison) -> str:
    """A row an intent: the candidate's F1 as a dot with its 95 % interval, the champion's as a ring."""
    rows = sorted(comparison.candidate.intents, key=lambda each: (each.f1, each.intent))
    before = {each.intent: each for each in comparison.champion.intents} if comparison.champion else {}
    height = ROW * (len(rows) + 2)
    parts = [*_scale(height), *(part for y, each in enumerate(rows) for part in _row(y, each, before.get(each.intent)))]
    return _svg(LABEL + WIDTH + 20, height, "F1 of each intent, lowest first; a bar is its 95 % interval", parts)


def _scale(height: int) -> Iterable[str]:
    for tenth in range(0, 11, 2):
        x = LABEL + WIDTH * tenth / 10
        yield f'<line class="grid" x1="{x:.1f}" y1="{ROW}" x2="{x:.1f}" y2="{height - ROW}"/>'
        yield f'<text class="tick" x="{x:.1f}" y="12" text-anchor="middle">{tenth / 10:.1f}</text>'


def _row(number: int, new: IntentFigures, old: IntentFigures | None) -> Iterable[str]:
    y = ROW * (number + 1.5)
    told = f"{new.intent}: {new.f1:.2f} ({new.low:.2f} to {new.high:.2f}), {new.sentences} sentences"
    told += f"; champion {old.f1:.2f}" if old else ""
    yield f"<g><title>{escape(told)}</title>"
    yield f'<text x="{LABEL - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(new.intent)}</text>'
    yield f'<line class="interval" x1="{_x(new.low)}" y1="{y}" x2="{_x(new.high)}" y2="{y}"/>'
    if old:
        yield f'<circle class="champion" cx="{_x(old.f1)}" cy="{y}" r="5.5"/>'
    yield f'<circle class="candidate" cx="{_x(new.f1)}" cy="{y}" r="3.5"/></g>'


def _x(share: float) -> str:
    return f"{LABEL + WIDTH * share:.1f}"


def calibration_chart(comparison: Comparison) -> str:
    """Confidence against share right; on the diagonal a model is as right as it says."""
    end = EDGE + SQUARE
    parts = [
        f'<rect class="frame" x="{EDGE}" y="10" width="{SQUARE}" height="{SQUARE}"/>',
        f'<line class="grid" x1="{EDGE}" y1="{SQUARE + 10}" x2="{end}" y2="10"/>',
        f'<text class="tick" x="{EDGE + SQUARE / 2}" y="{SQUARE + 28}" text-anchor="middle">confidence</text>',
        f'<text class="tick" x="14" y="{SQUARE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {SQUARE / 2})">share right</text>',
    ]
    if comparison.champion:
        parts += _bins(comparison.champion, "champion")
    parts += _bins(comparison.candidate, "candidate")
    return _svg(
        end + 10, SQUARE + 36, "Confidence against share of right answers; larger dots are more sentences", parts
    )


def _bins(side: Side, kind: str) -> Iterable[str]:
    total = sum(n for _, _, n in side.reliability)
    for sure, share, n in side.reliability:
        radius = 3 + 9 * (n / total) ** 0.5
        x, y = EDGE + SQUARE * sure, 10 + SQUARE * (1 - share)
        told = f"{kind}: {n} sentences at {sure:.2f}, {share:.2f} right"
        yield f'<circle class="{kind} bin" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{told}</title></circle>'


def _svg(width: float, height: float, label: str, parts: Sequence[str]) -> str:
    head = f'<svg role="img" aria-label={quoteattr(label)} viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
    return f'{head} xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
