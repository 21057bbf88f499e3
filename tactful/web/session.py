"""Who is calling: the session behind a bearer token, checked against the store."""

from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request

from tactful.bootstrap import Services
from tactful.chat.sessions import Session
from tactful.errors import NotFound, Unauthorised
from tactful.web.addresses import network


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


def bearer(request: Request) -> str | None:
    """The bearer token (RFC 6750), or None."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def caller(request: Request) -> str:
    """Who calls, as limits count: an address, or a network."""
    return network(request.client.host) if request.client else ""


async def claimed_session(request: Request) -> Session:
    """The caller's session as the token says, for who looks in the store himself.

    Errors: `Unauthorised`; `NotFound` for a path that names another's conversation.
    """
    token = bearer(request)
    if token is None:
        raise Unauthorised
    session = services(request).tokens.verify(token)
    asked = request.path_params.get("conversation_id", session.conversation_id)
    if asked != session.conversation_id:
        raise NotFound
    return session


async def current_session(request: Request) -> Session:
    """The same, checked against the store. Errors: as `claimed_session`; `Unauthorised` for what is gone."""
    session = await claimed_session(request)
    await to_thread.run_sync(services(request).conversations.check, session)
    return session


ClaimedSession = Annotated[Session, Depends(claimed_session)]
CurrentSession = Annotated[Session, Depends(current_session)]
Tactful = Annotated[Services, Depends(services)]
