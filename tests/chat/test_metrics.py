"""What the door counts, and that it counts nobody: every label is one of a few known words."""

import pytest
from prometheus_client import generate_latest

from tactful.chat.replies import UNCHECKED
from tactful.errors import EngineUnavailable
from tactful.privacy.policy import Policy
from tests.chat.conftest import Chat, run

LABELS = {"outcome": {"answered", "gave_up", "put_off"}, "reason": {"unchecked", "refused"}}


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
            await chat.until(lambda: "You said: I am Ana, ana@example.com" in chat.texts())
        chat.detector.down = True
        await chat.intake.text(chat.session, "m2", "I am Ben")
        assert UNCHECKED in chat.texts()

    run(story())
    return chat


def test_turns_are_counted_by_how_they_ended(after: Chat) -> None:
    assert counted(after, "tactful_turns_total", outcome="put_off") == 1
    assert counted(after, "tactful_turns_total", outcome="answered") == 2  # the greeting and the message
    assert counted(after, "tactful_turn_seconds_count") == 2
    assert counted(after, "tactful_engine_seconds_count") == 3
    assert counted(after, "tactful_engine_up") == 1


def test_what_was_replaced_or_withheld_is_counted_by_kind(after: Chat) -> None:
    assert counted(after, "tactful_redactions_total", kind="PERSON") == 1
    assert counted(after, "tactful_redactions_total", kind="EMAIL_ADDRESS") == 1
    assert counted(after, "tactful_withheld_total", reason="unchecked") == 1
    assert counted(after, "tactful_detect_seconds_count") == 2


def test_labels_hold_kinds_and_states_only(after: Chat, policy: Policy) -> None:
    allowed = LABELS | {"kind": set(policy.entities)}
    for metric in after.metrics.registry.collect():
        for sample in metric.samples:
            assert all(value in allowed[label] for label, value in sample.labels.items() if label != "le")
    shown = generate_latest(after.metrics.registry).decode()
    assert not [word for word in ("Ana", "example.com", "Ben", after.session.conversation_id) if word in shown]
