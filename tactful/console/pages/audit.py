"""`/console/audit`: who read or changed what, when and why; whether that log is whole. Roles, codes and pseudonyms."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import RowMapping, select
from starlette.responses import Response

from tactful.bootstrap import Services
from tactful.console.access import allow
from tactful.console.rendering import page
from tactful.console.staff import Role, Staff
from tactful.store.audit import Act
from tactful.store.audit_check import verify
from tactful.store.tables import audit
from tactful.web.session import Tactful

router = APIRouter(prefix="/console", include_in_schema=False)
Auditor = Annotated[Staff, Depends(allow(Role.AUDITOR))]
ROWS = 100


@router.get("/audit")
async def show(
    request: Request,
    tactful: Tactful,
    staff: Auditor,
    act: Annotated[str, Query(max_length=40)] = "",
    subject: Annotated[str, Query(max_length=64)] = "",
    below: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    check: bool = False,
) -> Response:
    """Entries, newest first; with `check` the whole chain is read and its verdict told."""
    asked = Act(act) if act in set(Act) else None

    def look() -> dict[str, Any]:
        rows = _entries(tactful, asked, subject.strip(), below)
        return {"rows": rows[:ROWS], "following": rows[ROWS - 1]["seq"] if len(rows) > ROWS else None}

    verdict = await to_thread.run_sync(_verdict, tactful) if check else None
    found = await to_thread.run_sync(look)
    return page(
        request, "audit.html", acts=list(Act), act=asked, subject=subject, below=below, verdict=verdict, **found
    )


def _entries(tactful: Services, act: Act | None, subject: str, below: int | None) -> list[RowMapping]:
    query = select(audit).order_by(audit.c.seq.desc()).limit(ROWS + 1)
    if act:
        query = query.where(audit.c.act == act.value)
    if subject:
        query = query.where(audit.c.subject_id == subject)
    if below is not None:
        query = query.where(audit.c.seq < below)
    with tactful.database.read() as tx:
        return list(tx.execute(query).mappings())


def _verdict(tactful: Services) -> Any:
    with tactful.database.read() as tx:
        return verify(tx, tactful.audit.key, tactful.audit.anchors)
