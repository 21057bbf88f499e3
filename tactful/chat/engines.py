"""Which engine answers, and which others are alive.

On one machine a file tells it, which the supervisor exchanges. With engines on other machines a setting names them, and
any may answer: the tracker store refuses what an engine wants to save after another has (`tactful_engine.lean_store`).
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from random import SystemRandom

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tactful.store.files import exchange

MOST_REMEMBERED = 20_000  # conversations
REST_S = 3.0  # how long an engine that did not answer is asked last

chance = SystemRandom()


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Canary(_Part):
    """The engine that gets a share of the new conversations, and keeps them."""

    url: str
    model: str
    sha256: str
    share: float = Field(gt=0, lt=1)


class Shadow(_Part):
    """An engine that is asked what it understands, and answers nobody."""

    id: str
    url: str
    model: str
    sha256: str


class Pointer(_Part):
    """The file's content. `others`: engines that answered before and are kept at hand, for a rollback or a while."""

    url: str
    model: str = ""
    sha256: str = ""
    others: tuple[str, ...] = ()
    canary: Canary | None = None
    shadow: Shadow | None = None
    refusals: int = 0  # how many models could not be started, and why the last could not
    why: str = ""

    def write(self, path: Path) -> None:
        """Exchange the file in one step, so that nobody reads half of it."""
        exchange(path, self.model_dump_json())


def read(path: Path) -> Pointer | None:
    """What the file says; None when it is not there or cannot be read."""
    try:
        return Pointer.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


@dataclass
class Engines:
    """Where turns go now: to any of `several`; without them where the file says; without one to `default`.

    `given(conversation)` is the model that a conversation was given to when it began, in the database: so every door
    sends it the same way. It is asked only while a canary runs.
    """

    default: str
    path: Path | None = None
    several: Sequence[str] = ()
    given: Callable[[str], str | None] = lambda conversation: None

    def __post_init__(self) -> None:
        self._resting: dict[str, float] = {}
        self._seen: tuple[int, int] | None = None
        self._pointer = Pointer(url=self.default)
        self._settled: set[str] = set()
        self._given: dict[str, str | None] = {}

    @property
    def current(self) -> str:
        """The champion's engine."""
        return self._now().url

    @property
    def all(self) -> list[str]:
        """Every engine that may remember something."""
        if self.several:
            return list(self.several)
        pointer = self._now()
        return [pointer.url, *([pointer.canary.url] if pointer.canary else ()), *pointer.others]

    @property
    def shadow(self) -> Shadow | None:
        """Who is asked beside the one that answers."""
        return self._now().shadow

    def draw(self) -> str | None:
        """The model that a new conversation is given to, by chance; None unless a canary runs."""
        pointer = self._now()
        if pointer.canary is None:
            return None
        return pointer.canary.model if chance.random() < pointer.canary.share else pointer.model

    def known(self, conversation: str) -> bool:
        """Whether `of` can tell where a conversation goes without asking the database."""
        return self._now().canary is None or conversation in self._given

    def of(self, conversation: str) -> str:
        """The engine that a conversation's turns go to."""
        pointer = self._now()
        if pointer.canary is None:
            return pointer.url
        if conversation not in self._given:
            if len(self._given) >= MOST_REMEMBERED:
                self._given.clear()
            self._given[conversation] = self.given(conversation)
        return pointer.canary.url if self._given[conversation] == pointer.canary.model else pointer.url

    def in_order(self, conversation: str) -> list[str]:
        """Which engines to try for a turn, the one first that probably has the conversation at hand.

        Each conversation has an order of its own (rendezvous hashing), the same in every door.
        """
        if not self.several:
            return [self.of(conversation) if conversation else self.current]
        now = time.monotonic()
        return sorted(
            self.several, key=lambda url: (self._resting.get(url, 0.0) > now, _weight(url, conversation), url)
        )

    def rest(self, url: str) -> None:
        """This engine did not answer: others are asked before it for a while."""
        self._resting[url] = time.monotonic() + REST_S

    def unsettled(self, conversation: str) -> tuple[str, ...]:
        """Engines that might still have a turn of this conversation under way, since others answer now."""
        if self.several:
            return ()
        others = self._now().others
        return () if conversation in self._settled else others

    def settle(self, conversation: str) -> None:
        """The other engines have ended whatever they did in this conversation."""
        if len(self._settled) >= MOST_REMEMBERED:
            self._settled.clear()
        self._settled.add(conversation)

    def _now(self) -> Pointer:
        """The file as it is; it is read again only when it was exchanged."""
        if self.path is None:
            return self._pointer
        try:
            found = os.stat(self.path)
        except OSError:
            return self._pointer
        stamp = (found.st_mtime_ns, found.st_ino)
        # One that cannot be read leaves everything as it was.
        if stamp != self._seen and (pointer := read(self.path)):
            self._pointer, self._seen = pointer, stamp
            self._settled.clear()
        return self._pointer


def _weight(url: str, conversation: str) -> bytes:
    return blake2b(f"{url} {conversation}".encode(), digest_size=8).digest()
