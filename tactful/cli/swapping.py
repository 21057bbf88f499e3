"""Another champion, another engine: started beside the one that answers, warmed, and only then given the turns.

Models are never exchanged within a process that serves. The engine before stays alive, so that going back is a matter
of pointing to it; the one before that is ended. A canary's engine takes that place: there are never three that answer.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

from tactful.chat.engines import Canary, Pointer, Shadow
from tactful.cli.supervisor import Program, Supervisor
from tactful.cli.warming import LOOK_S, NotWarm, Serving, Warming
from tactful.errors import TactfulError
from tactful.learn.models import CHAMPION, Model, State
from tactful.learn.registry import Registry

log = logging.getLogger("tactful.up")

LINGER_S = 20.0  # an engine that gets no more turns ends what it has under way
SUPERVISOR = "tactful up"


class Swapping:
    """Follows the register's champion, canary and shadow. `started` makes a program of a model, a name and a port."""

    def __init__(
        self,
        supervisor: Supervisor,
        registry: Registry,
        pointer: Path,
        started: Callable[[Model, str, int], Program],
        now: Serving,
    ) -> None:
        self._warming, self._registry, self._pointer = Warming(supervisor, started), registry, pointer
        self._now, self._before, self._canary = now, None, None  # type: Serving, Serving | None, Serving | None
        self._shadow: tuple[str, Serving] | None = None  # and the id of what it says
        self._leaving: dict[Serving, asyncio.Task[None]] = {}
        self._share = 0.0
        self._refusals, self._why = 0, ""
        self._point()

    async def watch(self) -> None:
        """Until it is cancelled."""
        seen = None
        while True:
            stamp = _stamp(self._registry.path)
            if stamp != seen:
                seen = stamp
                try:
                    await self._follow()
                except TactfulError as error:
                    log.error("the champion is not exchanged: %s", error)
                except OSError as error:
                    log.error("the champion is not exchanged (%s)", type(error).__name__)
            elif self._canary and self._canary.ended:
                self._give_up_canary(self._canary)
            await asyncio.sleep(LOOK_S)

    async def _follow(self) -> None:
        state = self._registry.state()
        champion = state.alias(CHAMPION)
        if champion and champion.sha256 != self._now.model.sha256:
            await self._exchange(champion)
        await self._try_out(self._registry.state())
        await self._listen(self._registry.state())

    async def _exchange(self, champion: Model) -> None:
        """Give all turns to another champion: the canary's engine, the one before, or a new one."""
        if new := next((each for each in (self._canary, self._before) if _runs(each, champion)), None):
            if new is self._canary:
                self._canary = None
            self._now, self._before = new, self._now
            self._point()
            log.info("%s answers now; its engine was at hand", champion.name)
            return
        if (new := await self._started(champion, lambda: self._registry.state().alias(CHAMPION))) is None:
            return
        oldest, self._before, self._now = self._before, self._now, new
        self._point()
        log.info("%s answers now; %s is kept at hand", champion.name, self._before.model.name)
        if oldest:  # it has had no turn since the exchange before this one
            await self._warming.end(oldest)

    async def _try_out(self, state: State) -> None:
        """Give the canary its share of new conversations, or take it away."""
        model = state.tried
        if self._canary and not _runs(self._canary, model):
            log.info("%s is tried no more; %s answers all", self._canary.model.name, self._now.model.name)
            self._leave(self._canary)
            self._canary = None
            self._point()
        if model is None or state.canary is None or _runs(self._now, model):
            return
        if self._canary is None:
            self._canary = await self._engine_for_canary(model)
        if self._canary and self._share != state.canary.share:
            self._share = state.canary.share
            self._point()
            log.info("%s answers %.0f %% of new conversations", model.name, 100 * self._share)

    async def _engine_for_canary(self, model: Model) -> Serving | None:
        self._share = 0.0
        if _runs(self._before, model):
            at_hand, self._before = self._before, None
            return at_hand
        if self._before:  # there is memory for two
            self._leave(self._before)
            self._before = None
            self._point()
        return await self._started(model, lambda: self._registry.state().tried)

    async def _listen(self, state: State) -> None:
        """Have the shadow asked, or asked no more."""
        wanted, model = state.shadow, state.asked
        if self._shadow and (wanted is None or wanted.id != self._shadow[0]):
            gone, self._shadow = self._shadow[1], None
            self._point()
            await self._warming.end(gone)
        if wanted and model and self._shadow is None:
            started = await self._started(model, lambda: self._registry.state().asked, yielding=True)
            self._shadow = (wanted.id, started) if started else None
            self._point()

    async def _started(
        self, model: Model, wanted: Callable[[], Model | None], *, yielding: bool = False
    ) -> Serving | None:
        """A new engine; None when it did not come up, which the pointer then tells."""
        try:
            return await self._warming.start(
                model, wanted=lambda: (now := wanted()) is not None and _same(now, model), yielding=yielding
            )
        except NotWarm as why:
            self._refusals, self._why = self._refusals + 1, str(why)
            self._point()
            log.error("%s does not answer: %s", model.name, why)
            return None

    def _give_up_canary(self, canary: Serving) -> None:
        """A candidate whose engine ends is not tried on customers: they go on with the champion."""
        log.error("the engine of %s ended; it is tried no more", canary.model.name)
        self._registry.try_no_more(by=SUPERVISOR, reason="its engine ended")

    def _leave(self, serving: Serving) -> None:
        """End an engine that gets no more turns, once those under way have had their time."""
        self._leaving[serving] = asyncio.create_task(self._end_later(serving))

    async def _end_later(self, serving: Serving) -> None:
        if not serving.ended:
            await asyncio.sleep(LINGER_S)
        del self._leaving[serving]
        self._point()
        await self._warming.end(serving)

    def _point(self) -> None:
        canary, model = self._canary, self._now.model
        Pointer(
            url=self._now.url,
            model=model.name,
            sha256=model.sha256,
            others=tuple(each.url for each in (self._before, *self._leaving) if each),
            canary=canary
            and Canary(url=canary.url, model=canary.model.name, sha256=canary.model.sha256, share=self._share),
            shadow=self._shadow and _shadow(*self._shadow),
            refusals=self._refusals,
            why=self._why,
        ).write(self._pointer)


def _shadow(trial: str, serving: Serving) -> Shadow:
    return Shadow(id=trial, url=serving.url, model=serving.model.name, sha256=serving.model.sha256)


def _runs(serving: Serving | None, model: Model | None) -> bool:
    return serving is not None and model is not None and _same(serving.model, model)


def _same(one: Model, other: Model) -> bool:
    return one.sha256 == other.sha256


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
