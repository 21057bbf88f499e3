"""The export as a document: its JSON Schema is published, and what is imported must fit it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = "tactful-export/1"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Fact(_Part):
    """One fact of the profile: how it was learned (told, chosen, inferred), when, and until when it is kept."""

    name: str = Field(max_length=40)
    label: str
    value: Any = Field(repr=False)
    category: str
    purpose: str
    source: Literal["told", "chosen", "inferred"]
    sureness: float = Field(gt=0, le=1)
    confirmed: bool = Field(description="what was inferred counts for nothing until the customer confirmed it")
    learned_at: datetime
    expires_at: datetime


class Consent(_Part):
    """One answer to a purpose; the last one of a purpose counts."""

    purpose: str = Field(max_length=40)
    granted: bool
    at: datetime


class Message(_Part):
    """One message: as it was said, and as it is kept. `kept` is false for one that was withheld and not kept."""

    author: Literal["customer", "bot", "agent", "system"]
    text: str = Field(repr=False)
    redacted: str
    at: datetime
    kept: bool
    rating: Literal["up", "down"] | None = Field(None, description="the customer's own, of a reply")


class Note(_Part):
    """What somebody of the staff noted about a conversation, as it is kept."""

    redacted: str = Field(repr=False)
    at: datetime


class Value(_Part):
    """What a placeholder of a conversation stands for."""

    placeholder: str = Field(max_length=60)
    type: str = Field(max_length=40)
    label: str
    category: str
    value: str = Field(repr=False)
    learned_at: datetime
    expires_at: datetime


class Conversation(_Part):
    """A conversation's messages, in order."""

    began_at: datetime
    messages: list[Message]
    values: list[Value]
    notes: list[Note] = Field([], description="about the conversation; they are not taken in again")


class Signature(_Part):
    """Ed25519 over the canonical JSON of everything else; the key is at /api/receipts/key."""

    key_id: str
    value: str


class Export(_Part):
    """Everything that Tactful keeps about one customer, with the real values."""

    model_config = ConfigDict(extra="forbid", title="Tactful export")

    format: Literal["tactful-export/1"]
    exported_at: datetime
    customer_since: datetime
    restricted: bool
    profile: list[Fact]
    consents: list[Consent]
    objections: list[str]
    receipts: list[dict[str, Any]] = Field(description="receipts of consent, each signed by itself")
    conversations: list[Conversation]
    signature: Signature


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the export."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Export.model_json_schema()
