"""The trainer's pages over the real application: the register, reports, work data, a sentence tried."""

import base64
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.cli.modelling import model_path
from tactful.config import Settings
from tactful.console.staff import Role
from tactful.installation import jobs
from tactful.learn.gate import Refusal
from tactful.learn.jobs import Job, Jobs
from tactful.learn.models import Model
from tactful.learn.prediction import Prediction
from tactful.learn.report import Report
from tactful.store.tables import audit, shadows
from tests.conftest import ROOT, Clock
from tests.console.conftest import Colleague
from tests.console.reviewing import BEN, Team
from tests.learn.conftest import CHECKED, TRUTH, but, compared, judged

MASTER = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def trainer(colleague: Colleague) -> TestClient:
    return colleague(Role.TRAINER)


def registered(services: Services, name: str, content: str = "") -> Model:
    path = services.settings.home / "models" / f"{name}.tar.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content or name)
    return services.models.add(path, data="d" * 12, config="c" * 12, seed=None, by="root")


def old_answers(services: Services, *waiting: str) -> None:
    for name in ("old", *waiting):
        registered(services, name)
    services.models.promote("old", by="root", reason="")


def reported(services: Services, name: str, *refusals: Refusal) -> None:
    report = Report(
        compared(judged(but({0: "auth_error"}), name=name), judged(TRUTH, name="old")),
        CHECKED,
        refusals,
        {},
        services.clock(),
    )
    folder = services.settings.home / "reports" / name
    folder.mkdir(parents=True)
    for ending, content in (("json", report.json()), ("md", report.markdown()), ("html", report.html())):
        (folder / f"report.{ending}").write_text(content)
    services.models.measured(name, report.metrics())


def acts(services: Services) -> list[str]:
    with services.database.read() as tx:
        return list(tx.execute(select(audit.c.act).order_by(audit.c.seq)).scalars())


def test_before_the_first_model_the_page_says_how_one_is_made(trainer: TestClient) -> None:
    assert "No model yet" in trainer.get("/console/models").text
    assert "No model yet" in trainer.get("/console/models/try").text


def test_the_register_with_aliases_figures_history_and_a_file_that_was_changed(
    trainer: TestClient, services: Services
) -> None:
    registered(services, "old")
    services.models.promote("old", by=trainer.staff_id, reason="because PERSON_1 asked")
    model = registered(services, "new")
    services.models.stand("new")
    reported(services, "new")
    model.path.write_text("changed")
    shown = trainer.get("/console/models").text
    for told in ("champion", "candidate", "93.3%", "because PERSON_1 asked", "is not the registered one", ">trainer<"):
        assert told in shown, told


def test_a_model_shows_its_report_and_why_the_gate_refused_it(trainer: TestClient, services: Services) -> None:
    registered(services, "new")
    assert "Not evaluated yet" in trainer.get("/console/models/new").text
    reported(services, "new", Refusal("overall", "Accuracy falls from 100.0% to 93.3%."))
    shown = trainer.get("/console/models/new").text
    assert "Accuracy falls from 100.0% to 93.3%." in shown
    assert "<svg" in shown
    assert "<style" not in shown
    assert trainer.get("/console/models/new/report.json").json()["passes"] is False
    markdown = trainer.get("/console/models/new/report.md")
    assert markdown.text.startswith("## new")
    assert "attachment" in markdown.headers["content-disposition"]
    for nothing in ("/console/models/none", "/console/models/none/report.md", "/console/models/new/report.html"):
        assert trainer.get(nothing).status_code == 404


def test_what_needs_a_reason_is_not_begun_without_one(trainer: TestClient, services: Services) -> None:
    registered(services, "new")
    for path in ("/console/models/new/promote", "/console/models/rollback"):
        assert "Say why" in trainer.post(path, data={"reason": " "}).text
    assert "There is no such work" in trainer.post("/console/models/work", data={"kind": "promote"}).text
    assert jobs(services.settings).last() is None


def test_a_share_is_chosen_on_the_page_and_one_that_is_none_is_refused_in_words(
    trainer: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(services, "new")
    begun: list[tuple[str, Mapping[str, Any]]] = []

    def begin(settings: Settings, jobs: Jobs, kind: str, given: Mapping[str, Any]) -> Job:
        begun.append((kind, given))
        return Job(kind, given["by"], 1, 1)

    monkeypatch.setattr(services.training, "_begin", begin)
    told = {"to": "share", "reason": "because"}
    for share in ("", "0", "100", "ten", "-1", "5.5", "²"):
        assert "from 1 to 99" in trainer.post("/console/models/new/promote", data=told | {"share": share}).text
    assert begun == []
    trainer.post("/console/models/new/promote", data=told | {"share": "30"})
    trainer.post("/console/models/new/promote", data=told | {"to": "all", "share": "30"})
    trainer.post("/console/models/rollback", data={"reason": "enough", "then": "/console/models/new"})
    by = {"by": trainer.staff_id}
    assert begun == [
        ("canary", by | {"model": "new", "reason": "because", "share": "30%"}),
        ("promote", by | {"model": "new", "reason": "because"}),
        ("rollback", by | {"reason": "enough"}),
    ]


def test_a_canary_is_shown_beside_the_champion_and_others_wait(trainer: TestClient, services: Services) -> None:
    old_answers(services, "new", "third")
    assert 'name="to" value="share"' in trainer.get("/console/models/new").text
    services.models.try_out("new", 0.3, by=trainer.staff_id, reason="because PERSON_1 asked")
    shown = trainer.get("/console/models/new").text
    for told in ("30% of new conversations", "because PERSON_1 asked", "Not understood", "End the trial", 'value="30"'):
        assert told in shown, told
    assert "It has to wait" in trainer.get("/console/models/third").text
    assert "give it more, or end it" in trainer.get("/console/models").text


def test_a_shadow_is_shown_with_what_it_would_change_and_none_is_begun_beside_a_canary(
    trainer: TestClient, services: Services
) -> None:
    old_answers(services, "new")
    assert "Let it listen first" in trainer.get("/console/models/new").text
    shadow = services.models.listen("new", by=trainer.staff_id)
    assert "It has heard nothing yet" in trainer.get("/console/models/new").text
    with services.database.begin() as tx:
        row = {"id": shadow.id, "model": "new", "sha256": "", "started_at": 1}
        tx.execute(insert(shadows).values(row | {"compared": 0, "dropped": 0, "failed": 0, "refused": 4}))
    shown = trainer.get("/console/models/new").text
    assert "It listens, and answers nobody" in shown
    assert "Without consent" in shown
    services.models.listen_no_more()
    shown = trainer.get("/console/models/new").text
    assert "What it understood when it listened last" in shown
    assert "Without consent" in shown
    services.models.try_out("new", 0.1, by="root", reason="")
    assert "Let it listen" not in trainer.get("/console/models/new").text


def test_where_there_may_be_several_machines_a_page_says_which_one_it_is_about(
    trainer: TestClient, services: Services
) -> None:
    old_answers(services, "new")
    for path in ("/console/models", "/console/models/new", "/console/training"):
        assert "This is about the machine" not in trainer.get(path).text
    services.settings.engine_urls = "http://engine-1:8381"
    for path in ("/console/models", "/console/models/new", "/console/training"):
        assert "This is about the machine" in trainer.get(path).text
    shown = trainer.get("/console/models/new").text
    assert "by a roll-out" in shown
    assert 'name="to"' not in shown  # no engine can be started beside those of other machines
    assert "Let it listen" not in shown


def test_work_under_way_is_shown_and_asks_for_itself_until_it_ends(trainer: TestClient, services: Services) -> None:
    with jobs(services.settings).doing("train", "root") as work:
        work.told("checking the data")
        shown = trainer.get("/console/models").text
        assert "Training a model" in shown
        assert "Checking the data" in shown
        assert 'hx-trigger="every 1s"' in shown
        part = trainer.get("/console/models/work?began=1&seen=0")
        assert "HX-Refresh" not in part.headers
        assert "#said" in part.text
        assert "#said" not in trainer.get("/console/models/work?began=1&seen=1").text
    assert trainer.get("/console/models/work?began=1").headers["HX-Refresh"] == "true"
    assert "Training a model: done" in trainer.get("/console/models").text


def test_a_second_work_is_refused_in_words(trainer: TestClient, services: Services) -> None:
    with jobs(services.settings).doing("evaluate", "root"):
        answer = trainer.post("/console/models/work", data={"kind": "train"})
        assert "Wait for it" in trainer.get(answer.headers["location"]).text
    assert "model.trained" not in acts(services)


def test_a_failure_is_shown_with_its_reason(trainer: TestClient, services: Services) -> None:
    class Broken(Exception): ...

    with pytest.raises(Broken), jobs(services.settings).doing("train", "root"):
        raise Broken("I am Zofia")
    shown = trainer.get("/console/models").text
    assert "Training a model: failed" in shown
    assert "Broken." in shown
    assert "Zofia" not in shown


def test_a_sentence_is_hidden_before_any_model_sees_it_and_nothing_is_kept(
    trainer: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_answers(services, "new")
    services.models.stand("new")
    heard: list[str] = []

    def ask(models: list[Path], text: str) -> list[Prediction]:
        heard.append(text)
        return [Prediction("greet", 0.9, False, (("greet", 0.9), ("goodbye", 0.1))), Prediction("goodbye", 0.4, True)]

    monkeypatch.setattr(services.training.standing, "ask", ask)
    shown = trainer.post("/console/models/try", data={"text": "hello, I am Ana"}).text
    assert heard == ["hello, I am PERSON_1"]
    assert "They differ." in shown
    assert "Too unsure to act on it" in shown
    assert "Ana" not in shown
    assert acts(services)[-1] == "model.asked"
    services.detector.down = True
    refused = trainer.post("/console/models/try", data={"text": "hello, I am Ana"}).text
    assert "could not be checked" in refused
    assert len(heard) == 1


def test_the_data_page_says_what_is_refused_and_shows_sentences_only_when_asked(
    trainer: TestClient, services: Services, clock: Clock
) -> None:
    assert "Nobody looked yet" in trainer.get("/console/training").text
    team = Team(services.database, services.policy, services.ring, services.vault, clock)
    talking = team.customer()
    talking.allow(True, "training")
    turn = talking.says("where did my seventh refund go")
    team.reviews.judge(turn, BEN, "refund_request")
    with jobs(services.settings).doing("look", "root") as work:
        work.result |= {
            "written": False, "sentences": 1, "new": 1, "gone": 0, "known": 2, "leaks": 0,
            "refused": [{"why": "golden", "intent": "greet", "conversation": talking.conversation_id, "seq": 1}],
            "taken": [[talking.conversation_id, 1, "refund_request"]],
        }  # fmt: skip
    shown = trainer.get("/console/training").text
    assert "stands in the golden set" in shown
    assert "seventh" not in shown
    shown = trainer.get("/console/training/preview").text
    assert "where did my seventh refund go" in shown
    assert acts(services)[-1] == "transcript.read"
    talking.allow(False)
    shown = trainer.get("/console/training/preview").text
    assert "seventh" not in shown
    assert "1 more is not shown" in shown


def until_done(services: Services, patience_s: float = 300) -> None:
    deadline = time.monotonic() + patience_s
    while (job := services.training.now()) is None or job.running:
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.engine
def test_work_begun_on_the_page_is_done_by_a_process_of_its_own(
    trainer: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export looked through, and a model found to be there already: by the commands' own code."""
    monkeypatch.setenv("TACTFUL_MASTER_KEY", MASTER)
    answer = trainer.post("/console/models/work", data={"kind": "look", "then": "/console/training"})
    assert answer.headers["location"] == "/console/training"
    until_done(services)
    job = services.training.now()
    assert job
    assert job.why == ""
    assert job.by == trainer.staff_id
    assert "Looked through" in trainer.get("/console/training").text
    assert "learn.looked" in acts(services)
    if not model_path(ROOT).exists():
        pytest.skip("no model of this data")
    trainer.post("/console/models/work", data={"kind": "train"})
    until_done(services)
    job = services.training.now()
    assert job
    assert (job.kind, job.why) == ("train", "")
