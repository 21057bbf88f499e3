"""Choices that follow from a secret: the same each time for who has it, and not to be guessed by who has not."""

import hmac
import string
from functools import cache
from hashlib import sha256
from random import Random

from faker import Faker

# The script of a name's first letter, by Unicode range, and where Faker has names in it.
_SCRIPTS = (
    ("Ͱ", "Ͽ", "el_GR"),
    ("Ѐ", "ӿ", "ru_RU"),
    ("֐", "׿", "he_IL"),
    ("؀", "ۿ", "ar_AA"),
    ("ऀ", "ॿ", "hi_IN"),
    ("฀", "๿", "th_TH"),
    ("぀", "ヿ", "ja_JP"),
    ("一", "鿿", "zh_CN"),
    ("가", "힣", "ko_KR"),
)


class Draw:
    """One value's choices, from `salt` and what the value is. `number` and the others go on with each call."""

    def __init__(self, salt: bytes, *about: str) -> None:
        # Lengths keep ("a", "bc") and ("ab", "c") apart.
        message = b"".join(len(part).to_bytes(8) + part for part in (each.encode("utf-8", "replace") for each in about))
        self.random = Random(hmac.digest(salt, message, sha256))  # noqa: S311  (its seed is the secret)

    def number(self, low: int, high: int) -> int:
        """From `low` to `high`, both included."""
        return self.random.randint(low, high)

    def pick(self, choices: str | tuple[str, ...]) -> str:
        return self.random.choice(choices)

    def digits(self, count: int) -> str:
        return "".join(self.pick(string.digits) for _ in range(count))

    def name(self, kind: str, like: str = "a") -> str:
        """A first or last name (`kind`) in lower case, one word, in the script of `like`."""
        faker = _faker(next((locale for low, high, locale in _SCRIPTS if low <= like[0] <= high), "en_US"))
        faker.seed_instance(self.random.getrandbits(64))
        drawn: str = faker.first_name() if kind == "first" else faker.last_name()
        return drawn.split()[0].replace("'", "").lower()


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale)
