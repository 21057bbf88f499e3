"""The transparency page: what is kept and why, and what came of it, without a word about anybody."""

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from tactful.bootstrap import Services
from tactful.privacy.policy import Policy
from tactful.profile.transparency import Transparency
from tactful.store.tables import messages
from tactful.web.pages import hidden_kinds
from tests.web.conftest import Customer


def test_counts_are_told_by_kind_and_small_ones_are_not(client: TestClient, services: Services) -> None:
    customer = Customer(client)
    with services.database.begin() as tx:
        for seq, kinds in enumerate([{"EMAIL_ADDRESS": 1240}, {"PASSPORT": 3}], start=90):
            tx.execute(
                insert(messages).values(
                    conversation_id=customer.id, seq=seq, author="customer", kind="text", status="answered",
                    text="EMAIL_ADDRESS_1", entity_types=kinds, created_at=services.clock(),
                )
            )  # fmt: skip
    answer = client.get("/privacy")
    assert "1,240" in answer.text
    assert "fewer than 5" in answer.text
    assert ">3<" not in answer.text
    assert customer.id not in answer.text
    assert answer.headers["cache-control"] == "public, max-age=300"


def test_what_nobody_measured_is_said_to_be_unmeasured(client: TestClient) -> None:
    assert client.get("/privacy").text.count("Not measured yet.") == 1


def test_what_was_measured_stands_with_its_interval(client: TestClient, services: Services) -> None:
    services.transparency = Transparency(services.database, services.clock, lambda tx: (196, 4))
    page = client.get("/privacy").text
    assert "Not measured yet." not in page
    assert "<strong>2.0%</strong>" in page
    assert "0.8% to 5.0%" in page


def test_types_of_one_name_are_one_kind_and_readable_ones_are_none(policy: Policy) -> None:
    kinds = hidden_kinds(policy, {"IBAN_CODE": 4, "BANK_ACCOUNT": 3, "LOCATION": 9})
    assert [kind.count for kind in kinds if kind.label == "bank account"] == [7]
    assert not {kind.label for kind in kinds} & {e.label for e in policy.entities.values() if e.treatment == "keep"}


@pytest.mark.parametrize("words", ["Your rights", "Hidden so far", "The seven categories"])
def test_the_page_is_whole(client: TestClient, words: str) -> None:
    assert words in client.get("/privacy").text
