"""What the engine remembers of conversations, and how it forgets: after the turn under way, and for good."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tactful.chat.engines import Engines
from tactful.errors import EngineUnavailable
from tactful.store.trackers import Trackers

CONNECT_S = 2.0


class EngineMemory:
    """A turn that lost its door still ends in the engine, and is saved: only the engine knows when."""

    def __init__(self, trackers: Trackers, engines: Engines, secret: str, turn_deadline_s: float) -> None:
        self._trackers, self._engines = trackers, engines
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._patience = httpx.Timeout(turn_deadline_s, connect=CONNECT_S)

    def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete every event of these conversations; how many rows. An engine that is down has no turn under way.

        Errors: `EngineUnavailable` when it is up and could not say that no turn is under way any more.
        """
        if not conversation_ids:
            return 0
        self.let_go(conversation_ids)
        return self._trackers.forget(conversation_ids)

    def events(self, conversation_id: str) -> list[tuple[str, dict[str, Any]]]:
        """(name, event) of what is stored of a conversation; the engine keeps none of it at hand. Errors: as `forget`.

        To be called while the caller holds the conversation's lease, so that no turn begins until `put` is done.
        """
        self.let_go([conversation_id])
        return self._trackers.events(conversation_id)

    def put(self, conversation_id: str, events: Mapping[str, dict[str, Any]]) -> int:
        """Store events in the place of those of these names; how many. What stood there is overwritten."""
        return self._trackers.put(conversation_id, events)

    def let_go(self, conversation_ids: Sequence[str]) -> None:
        """Every engine ends the turns under way and keeps none of these conversations at hand. Errors: as `forget`."""
        for url in self._engines.all:
            self._let_go(url, conversation_ids)

    def _let_go(self, url: str, conversation_ids: Sequence[str]) -> None:
        try:
            answer = httpx.post(
                f"{url}/webhooks/door/forget",
                json={"conversations": list(conversation_ids)},
                headers=self._headers,
                timeout=self._patience,
            )
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise EngineUnavailable("The engine could not forget. Try again in a moment.")
        except httpx.ConnectError:
            pass
        except httpx.HTTPError:
            raise EngineUnavailable("The engine has not ended its turn yet. Try again in a moment.") from None
