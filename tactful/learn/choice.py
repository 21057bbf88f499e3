"""What is chosen for review, from what, and by which shares: the words of `selecting`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Why(StrEnum):
    """Why a turn was chosen."""

    UNCERTAIN = "uncertain"
    FREQUENT = "frequent"
    OUTSIDE = "outside"
    MISLABEL = "mislabel"
    RANDOM = "random"


class Shares(BaseModel):
    """How the choice divides; together 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    uncertain: float = Field(0.50, ge=0, le=1)
    frequent: float = Field(0.20, ge=0, le=1)
    outside: float = Field(0.15, ge=0, le=1)
    mislabel: float = Field(0.10, ge=0, le=1)
    random: float = Field(0.05, ge=0, le=1)

    @model_validator(mode="after")
    def whole(self) -> Self:
        total = sum(getattr(self, why) for why in Why)
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares add up to {total:g}, and must be 1")
        return self


class Selecting(BaseModel):
    """`select` in learning.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int = Field(40, ge=1, le=1000)
    per_customer: int = Field(3, ge=1)
    shares: Shares = Shares()
    recent: int = Field(100_000, ge=1, le=100_000)  # turns that are looked at, newest first
    compared: int = Field(8_000, ge=1, le=20_000)  # different sentences of them that are compared by meaning
    customers_to_name: int = Field(3, ge=2)  # who must have said a word before it names a new intent
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as it is weighed. `key` is the same for what reads the same; `margin` tells apart the two best intents."""

    id: int
    subject: str = field(repr=False)
    key: str = field(repr=False)
    margin: float
    outside: bool  # the model found nothing that it is about
    done: bool
    final_intent: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Which sentences, by key, say the same (`twin`) and are about the same (`group`); a key names either."""

    twin: Mapping[str, str] = field(default_factory=dict)
    group: Mapping[str, str] = field(default_factory=dict)

    def twin_of(self, turn: Turn) -> str:
        return self.twin.get(turn.key, turn.key)


@dataclass(frozen=True, slots=True)
class Doubt:
    """That left-out examples give another intent to a reviewed turn: which, and how surely."""

    turn: int
    said: str
    sure: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """One turn to review. `like`: how many other open turns say the same. `said`: for a doubt, the other intent."""

    turn: int
    why: Why
    like: int
    score: float  # of its kind: 1 - margin, customers, probability; 0 for chance
    said: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Turns about the same thing that the assistant has nothing for; `customers`: how many said it."""

    turns: Sequence[int]
    customers: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What to review, in order; groups that may be new intents, most customers first; how many turns were weighed."""

    chosen: Sequence[Chosen]
    groups: Sequence[Group]
    weighed: int
