"""What the register holds: models, the names given to them, and who is tried or asked beside the one that answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tactful.errors import NotFound

CHAMPION, CANDIDATE, PREVIOUS = "champion", "candidate", "previous"
SERVED = "served"  # what answers where nobody has promoted any


@dataclass(frozen=True, slots=True)
class Model:
    """A model and where it comes from. `seed`: the config's; None when components have their own."""

    name: str
    file: str
    sha256: str
    data: str  # twelve hex digits over what it learned from
    config: str  # and over pipeline, components and their pinned libraries
    seed: int | None
    at: int  # epoch ms: when it was registered
    by: str
    conversations: int = 0  # how many taught it; which ones: table `model_lineage`
    metrics: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return Path(self.file)


@dataclass(frozen=True, slots=True)
class Move:
    """That an alias was given to another model: when, by whom, why (redacted)."""

    at: int
    act: str  # promoted | rolled back | taken back | tried | tried no more
    model: str
    before: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Canary:
    """A model that answers a share (0 to 1) of the conversations that begin from `since` on (epoch ms)."""

    model: str
    share: float
    since: int
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shadow:
    """A model that is asked beside the one that answers, since when (epoch ms). `id`: of what it says, in tables."""

    id: str
    model: str
    since: int
    by: str


@dataclass(frozen=True, slots=True)
class State:
    """The registry as it stands."""

    models: Mapping[str, Model] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    canary: Canary | None = None
    shadow: Shadow | None = None

    def named(self, name: str) -> Model:
        """The model of this name or alias. Errors: `NotFound`."""
        known = self.models.get(self.aliases.get(name, name))
        if known is None:
            raise NotFound(f"No model is called {name}. See: tactful models")
        return known

    def alias(self, alias: str) -> Model | None:
        return self.models.get(self.aliases.get(alias, ""))

    def names_of(self, model: Model) -> list[str]:
        """The aliases of a model. What was served before anybody promoted one is told only as long as it is."""
        promoted = CHAMPION in self.aliases
        return [a for a, name in self.aliases.items() if name == model.name and not (promoted and a == SERVED)]

    @property
    def answering(self) -> Model | None:
        """What customers are answered with: the champion, or what was served before anybody promoted one."""
        return self.alias(CHAMPION) or self.alias(SERVED)

    @property
    def tried(self) -> Model | None:
        """The canary's model."""
        return self.models.get(self.canary.model) if self.canary else None

    @property
    def asked(self) -> Model | None:
        """The shadow's model."""
        return self.models.get(self.shadow.model) if self.shadow else None
