"""What the engine remembers of conversations, and how it forgets: after the turn under way, and for good."""

from collections.abc import Sequence

import httpx

from tactful.errors import EngineUnavailable
from tactful.store.trackers import Trackers

CONNECT_S = 2.0


class EngineMemory:
    """A turn that lost its door still ends in the engine, and is saved: only the engine knows when."""

    def __init__(self, trackers: Trackers, url: str, secret: str, turn_deadline_s: float) -> None:
        self._trackers, self._url = trackers, url
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._patience = httpx.Timeout(turn_deadline_s, connect=CONNECT_S)

    def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete every event of these conversations; how many. An engine that is down has no turn under way.

        Errors: `EngineUnavailable` when it is up and could not say that no turn is under way any more.
        """
        if not conversation_ids:
            return 0
        try:
            answer = httpx.post(
                f"{self._url}/webhooks/door/forget",
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
        return self._trackers.forget(conversation_ids)
