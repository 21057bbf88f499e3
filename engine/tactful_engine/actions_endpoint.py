"""The way from Rasa to Tactful's custom actions: kept connections, any door, and no failure goes unseen.

Rasa logs a failing action and goes on as if it had returned nothing. A customer would get half an answer,
and the tracker would say that all went well. So failures are noted for the turn they happen in.
"""

import time
from contextvars import ContextVar
from typing import Any, Dict, List, Optional

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

# What went wrong in the turn that this task runs: names of exceptions, never their text; PART_AWAY: not its fault.
failures: ContextVar[Optional[List[str]]] = ContextVar("failures", default=None)

PART_AWAY = "away"  # whoever runs the actions, or its database, cannot be reached now
# The trace that the turn belongs to, as the door told it (W3C Trace Context): actions are told of it, too.
trace: ContextVar[str] = ContextVar("trace", default="")

REJECTED = 400  # how an action says "not for me", which is part of the dialogue
AWAY = (502, 503, 504)
REST_S = 3.0  # how long a door that did not answer is asked last


class ActionsEndpoint(EndpointConfig):
    """Rasa's endpoint over one kept HTTP session, instead of a new connection for every action."""

    @classmethod
    def replacing(cls, endpoint: EndpointConfig) -> "ActionsEndpoint":
        """The same endpoint as `endpoint`."""
        return cls(endpoint.url, endpoint.params, endpoint.headers, **endpoint.kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session: Optional[aiohttp.ClientSession] = None
        self._resting: Dict[str, float] = {}

    @property
    def in_order(self) -> List[str]:
        """Where to ask: as the endpoint names them, those last that did not answer lately."""
        now = time.monotonic()
        urls = [self.url, *self.kwargs.get("others", [])]
        return sorted(urls, key=lambda url: self._resting.get(url, 0.0) > now)

    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = super().session()
        return self._session

    async def request(  # type: ignore[override]
        self, method: str = "post", timeout: Any = None, compress: bool = False, **kwargs: Any
    ) -> Any:
        """Call the action server; raise as Rasa expects, and note what failed.

        Errors: `ClientResponseError` for a status ≥ 400, `aiohttp.ClientError` when it is away.
        """
        # Twice: a kept connection may just have been closed by a door that is well.
        left = self.in_order * 2
        while True:
            url = left.pop(0)
            try:
                return await self._ask(method, url, kwargs["json"])
            except Exception as error:
                away = not isinstance(error, ClientResponseError) or error.status in AWAY
                if not away or not left:
                    self._note(error, away)
                    raise
                # An action changes nothing: whatever a door had done already, another may do it again.
                self._resting[url] = time.monotonic() + REST_S

    async def _ask(self, method: str, url: str, body: Any) -> Any:
        headers = {"traceparent": trace.get()} if trace.get() else None
        async with self.session().request(method, url, json=body, headers=headers) as response:
            if response.status >= REJECTED:
                raise ClientResponseError(response.status, response.reason, await response.read())
            return await response.json()

    @staticmethod
    def _note(error: Exception, away: bool) -> None:
        if isinstance(error, ClientResponseError) and error.status == REJECTED:
            return
        noted = failures.get()
        if noted is not None:
            noted.append(PART_AWAY if away else type(error).__name__)
