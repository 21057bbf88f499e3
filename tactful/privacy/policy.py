"""privacy.yml: what is personal, why it is kept, how long, and who may see it. Checked as a whole at every start."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tactful.errors import PolicyError

Treatment = Literal["keep", "placeholder", "withhold"]
Consent = Literal["never", "ask", "explicit"]
STRICTNESS = get_args(Consent)
Purpose = Literal["service", "personalisation", "human_review", "training"]
Days = Annotated[int, Field(ge=1, le=3650)]
PURPOSES = frozenset({"sensitive", "personalisation", "human_review", "training"})
CATEGORIES = frozenset({"historical", "financial", "professional", "social", "external", "internal", "tracking"})


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(_Part):
    """A kind of personal data, with what may be done with it."""

    description: str
    purposes: list[Purpose]
    consent: Consent
    retention_days: Days
    viewers: list[str]


class Entity(_Part):
    """A type that the detector finds in text; `retention_days` of its value in the vault.

    `two_people`: what was hidden as this becomes readable again only when a second person agrees.
    """

    category: str
    purpose: Purpose
    treatment: Treatment
    label: str
    retention_days: Days
    two_people: bool = False


class Attribute(_Part):
    """A fact of the profile; `may_infer`: the bot may gather it from what is said, and asks before it weighs."""

    category: str
    purpose: Purpose
    consent: Consent
    retention_days: Days
    label: str
    may_infer: bool = False


class Asked(_Part):
    """A purpose that a customer can allow or refuse; `consent: never` holds until they refuse."""

    label: str
    why: str
    consent: Consent


class Column(_Part):
    """A database column that can hold personal data."""

    category: str
    purpose: Purpose
    retention: str


class Policy(_Part):
    """The whole file."""

    purposes: Mapping[str, Asked]
    categories: Mapping[str, Category]
    entities: Mapping[str, Entity]
    attributes: Mapping[str, Attribute]
    columns: Mapping[str, Column]
    not_personal: list[str]
    version: str = ""

    @classmethod
    def load(cls, path: Path) -> "Policy":
        """Read and check the file. Errors: `PolicyError` that names the key at fault."""
        try:
            raw = path.read_bytes()
        except OSError:
            raise PolicyError(f"{path.name} cannot be read.") from None
        try:
            content = yaml.safe_load(raw)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise PolicyError(f"{path.name} is not YAML{f' (line {mark.line + 1})' if mark else ''}.") from None
        if not isinstance(content, dict):
            raise PolicyError(f"{path.name} must be a mapping.")
        try:
            return cls.model_validate({**content, "version": sha256(raw).hexdigest()[:12]})
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise PolicyError(f"{path.name}: {place or 'as a whole'}: {first['msg']}.") from None

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if set(self.purposes) != PURPOSES:
            raise ValueError(f"purposes must be exactly {', '.join(sorted(PURPOSES))}")
        if set(self.categories) != CATEGORIES:
            raise ValueError(f"categories must be exactly {', '.join(sorted(CATEGORIES))}")
        parts: list[tuple[str, Entity | Attribute | Column]] = [
            *self.entities.items(),
            *self.attributes.items(),
            *self.columns.items(),
        ]
        for name, part in parts:
            if part.category not in self.categories:
                raise ValueError(f"{name} names the unknown category {part.category}")
            if part.purpose not in self.categories[part.category].purposes:
                raise ValueError(f"{name}: {part.category} may not be used for {part.purpose}")
        for name, attribute in self.attributes.items():
            category = self.categories[attribute.category]
            if STRICTNESS.index(attribute.consent) < STRICTNESS.index(category.consent):
                raise ValueError(f"{name}: {attribute.category} needs {category.consent} consent")
            if attribute.consent == "ask" and attribute.purpose not in self.purposes:
                raise ValueError(f"{name}: there is no consent to {attribute.purpose} that could be asked for")
            if attribute.consent == "explicit" and attribute.may_infer:
                raise ValueError(f"{name}: what needs explicit consent may not be inferred")
        return self

    def treatment(self, entity_type: str) -> Treatment:
        """What happens to a value of this type. A type the policy does not know is hidden, to be safe."""
        entity = self.entities.get(entity_type)
        return entity.treatment if entity else "placeholder"

    def two_people(self, entity_type: str) -> bool:
        """Whether it takes two to make a value of this type readable; so it does for an unknown type."""
        entity = self.entities.get(entity_type)
        return entity is None or entity.two_people

    def vault_days(self, entity_type: str) -> int:
        """How long a value of this type is kept, in days; one day for a type the policy does not know."""
        entity = self.entities.get(entity_type)
        return entity.retention_days if entity else 1
