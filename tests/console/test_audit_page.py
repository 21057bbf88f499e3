"""The auditor's page: every act with whom and why, page by page, and whether the chain is whole."""

import re

import pytest
from sqlalchemy import update

from tactful.bootstrap import Services
from tactful.console.staff import Role
from tactful.store.audit import Act, Actor, Reason
from tactful.store.audit import Role as Acted
from tactful.store.tables import audit
from tests.console.conftest import Colleague


def done(services: Services, times: int = 1, subject_id: str | None = None) -> None:
    with services.database.begin() as tx:
        for _ in range(times):
            services.audit.record(
                tx, Act.PROFILE_READ, actor=Actor(Acted.OPERATOR), reason=Reason.REQUEST, subject_id=subject_id
            )


def test_entries_are_shown_newest_first_and_page_by_page(services: Services, colleague: Colleague) -> None:
    auditor = colleague(Role.AUDITOR)
    done(services, times=120)
    first = auditor.get("/console/audit").text
    assert first.count("profile.read</td>") == 100
    assert "Older" in first
    (further,) = re.findall(r"/console/audit[?]below=[0-9]+", first)
    older = auditor.get(further)
    assert 0 < older.text.count("profile.read</td>") <= 21


@pytest.mark.parametrize(("about", "found"), [("subject=" + "b" * 32, 1), ("act=model.promoted", 0)])
def test_it_is_narrowed_down(services: Services, colleague: Colleague, about: str, found: int) -> None:
    done(services, subject_id="b" * 32)
    done(services, subject_id="c" * 32)
    assert colleague(Role.AUDITOR).get(f"/console/audit?{about}").text.count("profile.read</td>") == found


def test_a_changed_entry_is_told(services: Services, colleague: Colleague) -> None:
    done(services, times=2)
    auditor = colleague(Role.AUDITOR)
    assert "the chain is whole" in auditor.get("/console/audit?check=true").text
    with services.database.begin() as tx:
        tx.execute(update(audit).where(audit.c.act == Act.PROFILE_READ.value).values(role="agent"))
    assert "is the first bad one" in auditor.get("/console/audit?check=true").text


def test_an_auditor_reads_no_transcript(colleague: Colleague) -> None:
    assert colleague(Role.AUDITOR).get("/console/search").status_code == 404
