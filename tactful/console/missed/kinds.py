"""The kinds that words can be marked as, each with the one key that chooses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase, digits

from tactful.privacy.placeholders import LITERAL
from tactful.privacy.policy import Policy


@dataclass(frozen=True, slots=True)
class Kind:
    """`key`: a digit for the first nine, then a letter of the label that is still free."""

    name: str
    label: str
    key: str


def kinds(policy: Policy) -> list[Kind]:
    """Everything that is hidden, in the order of privacy.yml; of several that are called the same the first."""
    labels: dict[str, str] = {}
    for name, entity in policy.entities.items():
        if entity.treatment == "placeholder" and name != LITERAL:
            labels.setdefault(entity.label, name)
    keys = _keys(list(labels))
    return [Kind(name, label, next(keys)) for label, name in labels.items()]


def _keys(labels: list[str]) -> Iterator[str]:
    first, taken = digits[1:], set[str]()
    for number, label in enumerate(labels):
        if number < len(first):
            yield first[number]
            continue
        wanted = [letter for letter in label.casefold() + ascii_lowercase if letter in ascii_lowercase]
        key = next((letter for letter in wanted if letter not in taken), "")
        taken.add(key)
        yield key
