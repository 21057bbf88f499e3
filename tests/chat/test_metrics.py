"""What the door counts, and that it counts nobody: every label is one of a few known words."""

import logging

import pytest
from prometheus_client import generate_latest

from tactful.chat.replies import UNCHECKED
from tactful.errors import EngineUnavailable
from tactful.metrics import Metrics
from tactful.privacy.policy import Policy
from tests.chat.conftest import Chat, run
from tests.conftest import ROOT


def counted(chat: Chat, name: str, **labels: str) -> float | None:
    return chat.metrics.registry.get_sample_value(name, labels)


@pytest.fixture
def after(chat: Chat) -> Chat:
    """A name and an address, an engine that is down once, and a message that could not be checked."""

    async def story() -> None:
        async with chat.running() as runner:
            chat.engine.failing = [EngineUnavailable()]
            await chat.intake.text(chat.session, "m1", "I am Ana, ana@example.com")
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: chat.answered() == 2)
        chat.detector.down = True
        await chat.intake.text(chat.session, "m2", "I am Ben")
        assert UNCHECKED in chat.texts()

    run(story())
    return chat


def test_turns_are_counted_by_how_they_ended(after: Chat) -> None:
    assert counted(after, "tactful_turns_total", outcome="put_off") == 1
    assert counted(after, "tactful_turns_total", outcome="answered") == 2  # the greeting and the message
    assert counted(after, "tactful_turn_seconds_count") == 2
    assert counted(after, "tactful_engine_up") == 1


def test_every_stage_of_a_message_is_timed(after: Chat) -> None:
    assert counted(after, "tactful_stage_seconds_count", stage="look") == 2
    assert counted(after, "tactful_stage_seconds_count", stage="detect") == 2
    assert counted(after, "tactful_stage_seconds_count", stage="keep") == 1  # what is withheld is not kept
    assert counted(after, "tactful_stage_seconds_count", stage="wait") == 3
    assert counted(after, "tactful_stage_seconds_count", stage="engine") == 3
    assert counted(after, "tactful_stage_seconds_count", stage="commit") == 2


def test_what_was_replaced_or_withheld_is_counted_by_kind(after: Chat) -> None:
    assert counted(after, "tactful_redactions_total", kind="PERSON") == 1
    assert counted(after, "tactful_redactions_total", kind="EMAIL_ADDRESS") == 1
    assert counted(after, "tactful_withheld_total", reason="unchecked") == 1


def allowed(policy: Policy) -> dict[str, dict[str, set[str]]]:
    """Every metric that there is, its labels, and every value that each may have."""
    outcomes = {"outcome": {"answered", "gave_up", "put_off"}}
    return {
        "tactful_turns": outcomes,
        "tactful_turn_seconds": {},
        "tactful_stage_seconds": {"stage": {"look", "detect", "keep", "wait", "engine", "commit"}},
        "tactful_redactions": {"kind": set(policy.entities)},
        "tactful_withheld": {"reason": {"unchecked", "refused", "restricted"}},
        "tactful_responses": {"status": {"1xx", "2xx", "3xx", "4xx", "5xx"}},
        "tactful_log_lines": {"outcome": {"passed", "redacted", "withheld"}},
        "tactful_detector_replaced": {"reason": {"slow", "failed", "recycled"}},
        "tactful_engine_up": {},
        "tactful_ready": {"part": {"database", "migration", "detector", "engine"}},
        "tactful_queue_messages": {},
        "tactful_queue_age_seconds": {},
        "tactful_retention_timestamp_seconds": {},
        "tactful_backup_timestamp_seconds": {},
        "tactful_restarts": {"program": {"door", "engine"}, "why": {"ended", "hung"}},
        "tactful_disk_free_bytes": {},
    }


def test_every_metric_and_every_value_of_every_label_is_one_of_a_list(after: Chat, policy: Policy) -> None:
    known = allowed(policy)
    families = list(after.metrics.registry.collect())
    assert {family.name for family in families} == set(known)
    for family in families:
        for sample in family.samples:
            labels = {name: value for name, value in sample.labels.items() if name != "le"}
            assert set(labels) <= set(known[family.name])
            assert all(value in known[family.name][label] for label, value in labels.items())
    shown = generate_latest(after.metrics.registry).decode()
    assert not [word for word in ("Ana", "example.com", "Ben", after.session.conversation_id) if word in shown]


def test_the_list_in_the_documentation_is_whole(policy: Policy) -> None:
    described = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for family in Metrics().registry.collect():
        ending = "_total" if family.type == "counter" else ""
        assert f"`{family.name}{ending}" in described, family.name


def test_a_turn_is_one_line_of_numbers_and_ids(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def story() -> None:
        async with chat.running() as runner:
            with chat.metrics.stages.accepting() as course:
                accepted = await chat.intake.text(chat.session, "m1", "I am Ana")
            chat.metrics.stages.hand_on(course, chat.session.conversation_id, accepted.seq)
            runner.wake(chat.session.conversation_id)
            await chat.until(lambda: chat.answered() == 2)

    run(story())
    lines = [record for record in caplog.records if record.getMessage() == "turn answered"]
    assert len(lines) == 2  # the greeting and the message
    fields = lines[1].fields  # type: ignore[attr-defined]
    assert set(fields) == {f"{stage}_ms" for stage in ("look", "detect", "keep", "wait", "engine", "commit", "total")}
    assert all(isinstance(value, float) for value in fields.values())
