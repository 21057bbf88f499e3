"""A comparison for people: JSON for programs, Markdown for a pull request, a page with charts."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from tactful.learn.charts import calibration_chart, intents_chart
from tactful.learn.comparison import Comparison
from tactful.learn.gate import Checks, Refusal
from tactful.learn.recent import Recent

templates = Environment(
    loader=PackageLoader("tactful.learn"),
    autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters["share"] = lambda value: f"{value:.1%}"
templates.filters["cell"] = lambda text: str(text).replace("\\", "\\\\").replace("|", "\\|").replace("`", "'")


@dataclass(frozen=True, slots=True)
class Report:
    """What was compared, what else was checked, what the gate says to it, and when (epoch ms)."""

    comparison: Comparison
    checks: Checks
    refusals: Sequence[Refusal]
    limits: dict[str, Any]
    at: int
    recent: Recent | None = None

    @property
    def passes(self) -> bool:
        return not self.refusals

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "passes": self.passes,
            "refusals": [asdict(each) for each in self.refusals],
            "limits": self.limits,
            "checks": asdict(self.checks),
            "comparison": self.comparison.as_json(),
            "recent": asdict(self.recent) if self.recent else None,
        }

    def metrics(self) -> dict[str, Any]:
        """The candidate's few figures that are kept with it."""
        side = self.comparison.candidate
        names = ("accuracy", "macro_f1", "calibration_error", "out_of_scope_auroc", "p95_ms", "peak_mb")
        return {name: getattr(side, name) for name in names} | {"golden": self.comparison.golden_sha256, "at": self.at}

    def json(self) -> str:
        return json.dumps(self.as_json(), ensure_ascii=False, indent=1) + "\n"

    def markdown(self) -> str:
        return self._rendered("report.md")

    def html(self) -> str:
        """A page that stands alone: style within, charts as SVG, no script."""
        drawn = {"intents": intents_chart(self.comparison), "calibration": calibration_chart(self.comparison)}
        return self._rendered("report.html", charts={name: Markup(svg) for name, svg in drawn.items()})  # noqa: S704

    def _rendered(self, name: str, **more: Any) -> str:
        compared = self.comparison
        return templates.get_template(name).render(
            report=self,
            c=compared,
            new=compared.candidate,
            old=compared.champion,
            figures=list(_figures(compared)),
            recent=self.recent,
            lately=self.recent.comparison if self.recent else None,
            **more,
        )


def _figures(compared: Comparison) -> Sequence[tuple[str, str, str]]:
    """(name, champion, candidate) of each figure, as it is shown."""
    new, old = compared.candidate, compared.champion
    wanted = (
        ("accuracy", "accuracy", "{:.1%}"),
        ("95 % interval, from", "low", "{:.1%}"),
        ("95 % interval, to", "high", "{:.1%}"),
        ("macro F1", "macro_f1", "{:.3f}"),
        ("expected calibration error", "calibration_error", "{:.3f}"),
        ("out-of-scope AUROC", "out_of_scope_auroc", "{:.3f}"),
        ("too unsure to answer", "fallbacks", "{:d}"),
        ("a message, p50 (ms)", "p50_ms", "{:.1f}"),
        ("a message, p95 (ms)", "p95_ms", "{:.1f}"),
        ("memory at most (MB)", "peak_mb", "{:.0f}"),
        ("archive (MB)", "size_mb", "{:.1f}"),
    )
    return [(name, _shown(old, field, form), _shown(new, field, form)) for name, field, form in wanted]


def _shown(side: object, field: str, form: str) -> str:
    value = getattr(side, field, None)
    return "–" if value is None else form.format(value)
