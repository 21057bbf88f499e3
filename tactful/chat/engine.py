"""The engine's client: one redacted turn to Rasa, one outcome back."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
from anyio import to_thread
from pydantic import BaseModel, ConfigDict, ValidationError

from tactful.chat.engines import Engines
from tactful.errors import EngineUnavailable
from tactful.telemetry.traces import NO_TRACES, Traces

CONNECT_S = 2.0


class Said(BaseModel):
    """One message of the bot, redacted."""

    text: str = ""
    buttons: list[dict[str, str]] = []
    custom: dict[str, Any] = {}


class Intent(BaseModel):
    name: str | None = None
    confidence: float | None = None


class Outcome(BaseModel):
    """What a turn produced."""

    model_config = ConfigDict(extra="ignore")

    messages: list[Said]
    intent: Intent = Intent()
    ranking: list[Intent] = []  # best first
    model: str = ""
    tone: str = ""
    slots: dict[str, Any] = {}
    actions: list[str] = []


class EngineFailed(EngineUnavailable):
    """The engine is up and said that it could not do this turn. It may do so `patience` times."""

    code, patience = "engine_failed", 5


class EngineGarbled(EngineFailed):
    """What came is no answer, or broke off: this turn may be why, or something else that soon passes."""

    code, patience = "engine_garbled", 20


class NotStarted(EngineUnavailable):
    """The engine has not begun this turn, and will not."""


class Engine(Protocol):
    """What the turn runner needs of an engine."""

    async def turn(self, conversation: str, message_id: str, text: str, *, forced: bool) -> Outcome: ...

    async def ailing(self) -> str:
        """Why it cannot answer; empty when it can."""


class Carrier(Protocol):
    """What takes a turn to an engine, as `Wire` does."""

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float, answer_s: float
    ) -> tuple[int, bytes]: ...


class RasaEngine:
    """Rasa behind `tactful_engine.channel`, on loopback, with a secret and a deadline.

    `wire` carries turns, `client` what is asked seldom.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        wire: Carrier,
        secret: str,
        deadline_s: float,
        engines: Engines,
        traces: Traces = NO_TRACES,
    ) -> None:
        self._client, self._wire, self._engines, self._traces = client, wire, engines, traces
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._deadline_s, self._deadline = deadline_s, httpx.Timeout(deadline_s, connect=CONNECT_S)

    async def turn(self, conversation: str, message_id: str, text: str, *, forced: bool) -> Outcome:
        """Run one turn.

        Errors: `EngineUnavailable` when it is down or slow; `EngineFailed` when it refused this turn; `EngineGarbled`
        when it talked nonsense, or ended in the middle.
        """
        asked = {"conversation": conversation, "message_id": message_id, "text": text, "forced": forced}
        body = json.dumps(asked, ensure_ascii=False).encode()
        if not self._engines.known(conversation):
            await to_thread.run_sync(self._engines.of, conversation)  # asks the database
        await self._settle(conversation)
        away = EngineUnavailable()
        for url in self._engines.in_order(conversation):
            try:
                return await self._turn(url, body)
            except NotStarted as error:  # another may do it
                away = error
            except EngineUnavailable as error:
                if error.code != EngineFailed.code:
                    self._engines.rest(url)
                raise
            self._engines.rest(url)
        raise away

    async def _turn(self, url: str, body: bytes) -> Outcome:
        headers = {**self._headers, "Content-Type": "application/json", **self._traces.headers()}
        try:
            status, content = await self._wire.post(
                f"{url}/webhooks/door/turn", headers, body, connect_s=CONNECT_S, answer_s=self._deadline_s
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotStarted(f"The engine did not answer ({type(error).__name__}).") from None
        except httpx.RemoteProtocolError as error:
            raise EngineGarbled(f"The engine ended in the middle of a turn ({error}).") from None
        except httpx.HTTPError as error:
            raise EngineUnavailable(f"The engine did not answer ({type(error).__name__}).") from None
        if status == httpx.codes.INTERNAL_SERVER_ERROR:
            raise EngineFailed("The engine could not complete the turn.")
        if status == httpx.codes.SERVICE_UNAVAILABLE:
            raise NotStarted("The engine is not ready.")
        if status != httpx.codes.OK:
            raise EngineUnavailable(f"The engine answered with status {status}.")
        try:
            return Outcome.model_validate_json(content)
        except ValidationError:
            raise EngineGarbled("The engine's answer could not be read.") from None

    async def ready(self) -> bool:
        """Whether an engine can answer, of several any."""
        return not await self.ailing()

    async def ailing(self) -> str:
        """Why no engine can answer, in a few words of ours; empty when one can.

        Asked, it makes a prediction: a model that is loaded and broken is not ready.
        """
        why = ""
        for url in self._engines.in_order(""):
            why = await self._ails(url)
            if not why:
                break
        return why

    async def _ails(self, url: str) -> str:
        try:
            answer = await self._client.get(f"{url}/webhooks/door/ready", headers=self._headers, timeout=10.0)
        except httpx.ConnectError:
            return "nothing listens on its port"
        except httpx.HTTPError as error:
            return f"it does not answer ({type(error).__name__})"
        if answer.status_code == httpx.codes.NOT_FOUND:
            return "it does not take this door's secret, or is no engine of Tactful's"
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return "it is loading its model"
        if answer.status_code != httpx.codes.OK:
            return f"it answers with status {answer.status_code}"
        try:
            store = answer.json()["tracker_store"]
        except (ValueError, KeyError, TypeError):
            return "it does not say what it keeps conversations in"
        # Rasa takes one that forgets, without a word, when the one that was set does not open.
        return "it keeps conversations in memory only" if "InMemory" in str(store) else ""

    async def _settle(self, conversation: str) -> None:
        """Before the first turn after engines were exchanged: no other has one of this conversation under way.

        Each engine knows only its own locks: a turn whose door gave it up might end there while it is run here.
        """
        for other in self._engines.unsettled(conversation):
            try:
                answer = await self._client.post(
                    f"{other}/webhooks/door/forget",
                    json={"conversations": [conversation]},
                    headers=self._headers,
                    timeout=self._deadline,
                )
            except httpx.ConnectError:
                continue  # it is gone, and its turns with it
            except httpx.HTTPError as error:
                raise EngineUnavailable(f"The engine before has not ended ({type(error).__name__}).") from None
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise EngineUnavailable("The engine before could not say that it has ended.")
        self._engines.settle(conversation)
