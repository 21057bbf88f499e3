"""A conversation as the agent who holds it sees it: redacted, with chips, and the placeholders that may be used."""

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import RowMapping

from tactful.chat import transcript
from tactful.console.accounts import Accounts
from tactful.console.chips import chips, formatted
from tactful.console.takeover import Hold
from tactful.privacy.placeholders import LABELS
from tactful.store.database import Database
from tactful.store.vault import Vault

NAMES = {"customer": "Customer", "bot": "Assistant"}
WITHHELD = "This message was not kept."


@dataclass(frozen=True, slots=True)
class Line:
    """One message; `html` is escaped, placeholders as chips."""

    seq: int
    author: str  # customer | bot | agent | system
    name: str
    html: Markup
    at: int
    buttons: list[str]
    own: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Messages, and (placeholder, kind in words) of what may be used in an answer."""

    messages: list[Line]
    placeholders: list[tuple[str, str]]

    @property
    def last(self) -> int:
        return self.messages[-1].seq if self.messages else 0


def shown(database: Database, vault: Vault, accounts: Accounts, hold: Hold, after: int) -> Shown:
    """What was said above `after`."""
    with database.read() as tx:
        rows = transcript.after(tx, hold.conversation_id, after)
        entries = vault.entries(tx, hold.conversation_id)
    names = accounts.names({row["staff_id"] for row in rows if row["staff_id"]})
    usable = [(entry.placeholder, LABELS.get(entry.type, entry.type)) for entry in entries]
    return Shown([_line(row, names, hold.staff.id) for row in rows], usable)


def _line(row: RowMapping, names: dict[str, str], own_id: str) -> Line:
    author, writer = row["author"], row["staff_id"] or ""
    cards = ", ".join(str(card.get("title", "")) for card in row["cards"] or ())
    said = WITHHELD if row["status"] == "withheld" else row["text"]
    whole = "\n".join(part for part in (said, f"Shown: {cards}" if cards else "") if part)
    return Line(
        row["seq"],
        author,
        names.get(writer, "Former colleague") if author == "agent" else NAMES.get(author, ""),
        formatted(whole) if author in ("bot", "agent") else chips(whole),
        row["created_at"],
        [button["title"] for button in row["buttons"] or ()],
        author == "agent" and writer == own_id,
    )
