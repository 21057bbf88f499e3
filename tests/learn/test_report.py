"""A report in its three forms."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

from tactful.learn.charts import calibration_chart, intents_chart
from tactful.learn.gate import Checks, Limits, refusals
from tactful.learn.recent import Recent
from tactful.learn.report import Report
from tests.learn.conftest import CHECKED, TRUTH, but, compared, judged

LIMITS = Limits(calibration_rise=0.5)


def report(checks: Checks = CHECKED, **wrong: dict[int, str]) -> Report:
    both = compared(judged(but(wrong.get("new", {}))), judged(but(wrong.get("old", {0: "auth_error"})), name="old"))
    return Report(both, checks, refusals(both, checks, LIMITS), LIMITS.model_dump(), 1_800_000_000_000)


def test_the_json_holds_every_figure_and_the_verdict() -> None:
    content = json.loads(report().json())
    assert content["passes"] is True
    assert content["comparison"]["candidate"]["accuracy"] == 1.0
    assert content["comparison"]["flips"][0]["change"] == "gained"
    assert len(content["comparison"]["candidate"]["intents"]) == 3


def test_markdown_says_in_its_first_line_whether_it_may_be_promoted() -> None:
    assert report().markdown().strip().splitlines()[0].endswith("may be promoted")
    refused = report(new={5: "x", 6: "x", 7: "x"}).markdown()
    assert refused.strip().splitlines()[0].endswith("must not be promoted")
    assert "**overall**" in refused


def test_markdown_tables_hold_whatever_a_sentence_holds() -> None:
    text = report().markdown()
    rows = [line for line in text.splitlines() if line.startswith("| gained")]
    assert len(rows) == 1
    assert rows[0].count(" | ") == 4
    for line, following in zip(text.splitlines(), text.splitlines()[1:], strict=False):
        if line.startswith("|---"):
            assert following.startswith("|")  # a blank line would end the table


def test_the_page_escapes_and_stands_alone() -> None:
    page = report(Checks(3, ("<script>story",), 9, (), 0)).html()
    assert "<script" not in page
    assert "&lt;script&gt;story" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    HTMLParser().feed(page)
    assert page.count("<svg") == 2


def test_charts_are_svg_with_a_label_and_a_mark_for_every_intent() -> None:
    both = compared(judged(TRUTH), judged(but({0: "auth_error"}), name="old"))
    chart = ElementTree.fromstring(intents_chart(both))
    assert chart.get("role") == "img"
    assert chart.get("aria-label")
    marks = [each.get("class") for each in chart.iter("{http://www.w3.org/2000/svg}circle")]
    assert (marks.count("candidate"), marks.count("champion")) == (3, 3)
    assert len(ElementTree.fromstring(calibration_chart(both))) > 4


def test_a_first_model_has_a_report_too() -> None:
    alone = compared(judged(TRUTH))
    told = Report(alone, CHECKED, [], {}, 0)
    assert "–" in told.markdown()
    assert "champion" in told.html()


def test_the_recent_sample_stands_beside_the_golden_set_and_without_words() -> None:
    lately = compared(judged(but({0: "x"})), judged(TRUTH, name="old"))
    references = replace(lately, flips=[replace(flip, text="c0ffee/3") for flip in lately.flips])
    made = replace(report(), recent=Recent(28, 20, 5, references))
    for text in (made.markdown(), made.html()):
        assert "28 days" in text
        assert "language: de" in text
        assert "5 of 20" in text
    assert "c0ffee/3" in made.html()
    assert json.loads(made.json())["recent"]["comparison"]["lost"] == 1
    assert json.loads(report().json())["recent"] is None
