"""Why a model is promoted or taken back, as it is given."""

from typing import Annotated

import typer

from tactful.errors import BadRequest
from tactful.store.audit import LONGEST_NOTE

Reason = Annotated[str, typer.Option(help="why; stands in the register and in the audit log")]


def said(reason: str) -> None:
    """Errors: `BadRequest` for a reason that is empty or too long."""
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        raise BadRequest(f"Say why, in 1 to {LONGEST_NOTE} characters: --reason …")
