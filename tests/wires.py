"""What takes turns to engines in a test: a function answers them."""

from collections.abc import Callable, Mapping

import httpx


class Wired:
    """In the place of `tactful.chat.wire.Wire`."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float, answer_s: float
    ) -> tuple[int, bytes]:
        answer = self._answer(httpx.Request("POST", url, headers=dict(headers), content=body))
        return answer.status_code, answer.content
