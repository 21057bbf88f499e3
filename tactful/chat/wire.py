"""Turns go to the engines by aiohttp: httpx takes a millisecond of the processor a call, ten times as much.

For small answers that are wanted whole. Whoever calls knows httpx, so failures have its names.
"""

from collections.abc import Mapping

import aiohttp
import httpx

LARGEST_ANSWER = 1_000_000  # bytes; more than this is not an answer


class Wire:
    """Connections that stay open, begun when the first call is made."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float, answer_s: float
    ) -> tuple[int, bytes]:
        """Status and content of the answer, which may take `answer_s` as a whole.

        Errors, as httpx's own: `ConnectError`, `ConnectTimeout`, `ReadTimeout`, `RemoteProtocolError`.
        """
        patience = aiohttp.ClientTimeout(total=answer_s, sock_connect=connect_s)
        try:
            async with self._opened().post(
                url, data=body, headers=headers, timeout=patience, allow_redirects=False
            ) as answer:
                return answer.status, await _content(answer)
        except aiohttp.ConnectionTimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except TimeoutError:
            raise httpx.ReadTimeout("no answer in time") from None
        except aiohttp.ClientConnectorError as error:
            raise httpx.ConnectError(type(error.os_error).__name__) from None
        except aiohttp.ClientError as error:
            # Its text may quote the answer, its type cannot.
            raise httpx.RemoteProtocolError(type(error).__name__) from None

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept-Encoding"),
            )
        return self._session


async def _content(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part in answer.content.iter_any():
        content += part
        if len(content) > LARGEST_ANSWER:
            answer.close()
            raise httpx.RemoteProtocolError("the answer is too large")
    return bytes(content)
