"""The way from Rasa to Tactful's custom actions: one kept connection, and no failure goes unseen.

Rasa logs a failing action and goes on as if it had returned nothing. A customer would get half an answer,
and the tracker would say that all went well. So failures are noted for the turn they happen in.
"""

from contextvars import ContextVar
from typing import Any, List, Optional

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

# What went wrong in the turn that this task runs: names of exceptions, never their text.
failures: ContextVar[Optional[List[str]]] = ContextVar("failures", default=None)

REJECTED = 400  # how an action says "not for me", which is part of the dialogue


class ActionsEndpoint(EndpointConfig):
    """Rasa's endpoint over one kept HTTP session, instead of a new connection for every action."""

    @classmethod
    def replacing(cls, endpoint: EndpointConfig) -> "ActionsEndpoint":
        """The same endpoint as `endpoint`."""
        return cls(endpoint.url, endpoint.params, endpoint.headers, **endpoint.kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session: Optional[aiohttp.ClientSession] = None

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
        try:
            async with self.session().request(method, self.url, json=kwargs["json"]) as response:
                if response.status >= REJECTED:
                    raise ClientResponseError(response.status, response.reason, await response.read())
                return await response.json()
        except ClientResponseError as error:
            if error.status != REJECTED:
                self._note(error)
            raise
        except Exception as error:
            self._note(error)
            raise

    @staticmethod
    def _note(error: Exception) -> None:
        noted = failures.get()
        if noted is not None:
            noted.append(type(error).__name__)
