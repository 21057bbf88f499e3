"""A restore does not bring back what customers have forbidden since; where nobody knows, nothing is allowed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tactful.backup import restoring
from tactful.backup.restoring import Restored
from tactful.bootstrap import Services
from tactful.profile import consent
from tactful.store.audit_check import verify
from tactful.store.refusals import NAME
from tactful.store.tables import subjects
from tactful.web.app import door_app
from tests.backup.test_restoring import Place, back_up, here, there
from tests.web.conftest import Customer

__all__ = ["here", "there"]


def put(client: TestClient, customer: Customer, part: str, **body: bool) -> dict:
    answer = client.put(f"/api/me/{part}", json=body, headers=customer.headers)
    assert answer.is_success, answer.text
    return answer.json()


def get(client: TestClient, customer: Customer, part: str) -> dict:
    answer = client.get(f"/api/me/{part}", headers=customer.headers)
    assert answer.is_success, answer.text
    return answer.json()


def restored(here: Place, there: Place, backup: Path, *, refusals: bool) -> tuple[Services, Restored]:
    there.take_keys(here)
    services = there.services()
    file = here.home / NAME if refusals else None
    return services, restoring.restore(services, backup, here.home / "erased.tombstones", file)


@pytest.fixture
def client(here: Place) -> Iterator[TestClient]:
    with TestClient(door_app(here.services())) as client:
        yield client


def test_what_was_withdrawn_objected_to_or_paused_since_is_so_again_with_its_own_receipt(
    client: TestClient, here: Place, there: Place, tmp_path: Path
) -> None:
    ana, ben, eva, again = (Customer(client) for _ in range(4))
    for each in (ana, ben, eva, again):
        put(client, each, "consents", human_review=True, training=True, sensitive=True)
    client.patch("/api/me/profile", json={"diet": ["vegan"]}, headers=ana.headers).raise_for_status()
    backup = back_up(here, tmp_path)
    code = put(client, ana, "consents", training=False, sensitive=False)["receipts"][0]["code"]
    put(client, ben, "objections", personalisation=True)
    put(client, eva, "restriction", restricted=True)
    services, done = restored(here, there, backup, refusals=True)
    assert (len(done.refused), done.unsure) == (3, None)
    with TestClient(door_app(services)) as later:
        said = get(later, ana, "consents")
        assert (said["human_review"], said["training"], said["sensitive"]) == (True, False, False)
        assert get(later, ana, "profile")["attributes"] == [], "what rested on the consent is gone"
        receipt = later.get(f"/api/receipts/{code}").json()
        assert receipt["signature_valid"]
        assert receipt["stands"]
        assert get(later, again, "consents")["training"] is True
        assert get(later, eva, "consents")["restricted"] is True
        with services.database.read() as tx:
            assert verify(tx, services.audit.key, services.audit.anchors).bad is None
            objecting = [each for each in tx.execute(select(subjects.c.id)).scalars() if consent.objected(tx, each)]
        assert len(objecting) == 1
        assert services.rights.refuse_again() == [], "a second time there is nothing new"


def test_what_was_allowed_again_before_the_backup_stays_allowed(
    client: TestClient, here: Place, there: Place, tmp_path: Path
) -> None:
    ana = Customer(client)
    for granted in (True, False, True):
        put(client, ana, "consents", training=granted)
    for paused in (True, False):
        put(client, ana, "restriction", restricted=paused)
        put(client, ana, "objections", human_review=paused)
    services, done = restored(here, there, back_up(here, tmp_path), refusals=True)
    assert (done.refused, done.unsure) == ([], None)
    with TestClient(door_app(services)) as later:
        said = get(later, ana, "consents")
        assert (said["training"], said["restricted"]) == (True, False)


def test_where_nobody_knows_nothing_is_allowed_and_the_receipt_says_why(
    client: TestClient, here: Place, there: Place, tmp_path: Path
) -> None:
    ana = Customer(client)
    put(client, ana, "consents", training=True)
    services, done = restored(here, there, back_up(here, tmp_path), refusals=False)
    assert done.unsure == 1
    with TestClient(door_app(services)) as later:
        said = get(later, ana, "consents")
        assert not any(said[purpose] for purpose in consent.PURPOSES)
        newest = get(later, ana, "receipts")["receipts"][0]
        assert newest["receipt"]["because"] == "restored_backup"
        assert newest["signature_valid"]
        assert put(later, ana, "consents", training=True)["training"] is True
        with services.database.read() as tx:
            assert verify(tx, services.audit.key, services.audit.anchors).bad is None
