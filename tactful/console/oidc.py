"""The company's own sign-in (OpenID Connect, authorization code with PKCE), through Authlib.

Who they are is the provider's `iss` and `sub`, never an e-mail address. What they may do comes from a claim that
`TACTFUL_OIDC_ROLES` maps to roles, anew at each sign-in.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import StarletteOAuth2App
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc.errors import JoseError

from tactful.config import Settings
from tactful.console.staff import Role
from tactful.errors import SetupError, Unauthorised, Unavailable

TICKET_S = 600  # how long somebody may take at the provider
TIMEOUT_S = 10.0
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never "none", never one with a shared secret
NOT_BEGUN = "This sign-in was not begun in this browser, or it took too long. Try again."
NO_ROLE = "Your account has no role here. Ask whoever manages your company's accounts."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says they are. Names are staff's own, and still not shown in a repr."""

    issuer: str
    subject: str = field(repr=False)
    login: str = field(repr=False)
    name: str = field(repr=False)
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what it must bring back with it (signed)."""

    url: str
    ticket: str = field(repr=False)


class Provider:
    """One provider. Errors of every method: `Unavailable` when it cannot be reached."""

    def __init__(self, settings: Settings, key: bytes) -> None:
        _check_issuer(settings.oidc_issuer)
        self._issuer, self._claim = settings.oidc_issuer.rstrip("/"), settings.oidc_roles_claim
        self._mapping = mapping(settings.oidc_roles)
        self.redirect_uri = f"{settings.address}/console/oidc/callback"
        self._signer = URLSafeTimedSerializer(key, salt="oidc-ticket")
        self._app = StarletteOAuth2App(
            None,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret or None,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": settings.oidc_scope,
                "code_challenge_method": "S256",
                "timeout": TIMEOUT_S,
            },
        )

    async def begin(self, next: str) -> Begun:
        """A sign-in with a state, a nonce and a verifier of its own; `next` is where to go afterwards."""
        try:
            made = await self._app.create_authorization_url(self.redirect_uri)
        except (httpx2.HTTPError, AuthlibBaseError, RuntimeError, ValueError):
            raise _away() from None
        kept = {name: made[name] for name in ("state", "nonce", "code_verifier")}
        return Begun(made["url"], self._signer.dumps({**kept, "next": next}))

    async def finish(self, ticket: str, answered: Mapping[str, str]) -> tuple[Identity, str]:
        """Who it is, and where they wanted to go. Errors: `Unauthorised` for whatever does not fit together."""
        try:
            kept = self._signer.loads(ticket, max_age=TICKET_S)
        except BadData:
            raise Unauthorised(NOT_BEGUN) from None
        if not answered.get("state") or answered["state"] != kept["state"]:
            raise Unauthorised(NOT_BEGUN)
        if answered.get("iss", self._issuer).rstrip("/") != self._issuer:  # RFC 9207
            raise Unauthorised(NOT_BEGUN)
        if not (code := answered.get("code")):
            raise Unauthorised("Your company's sign-in did not let you in. Try again, or ask whoever manages it.")
        return self._identity(await self._claims(code, kept)), str(kept["next"])

    async def _claims(self, code: str, kept: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            metadata = await self._app.load_server_metadata()
            # Authlib takes what the provider lists; "none" may be among it.
            offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
            metadata["id_token_signing_alg_values_supported"] = [each for each in offered if each in ALGORITHMS]
            token = await self._app.fetch_access_token(
                self.redirect_uri, code=code, code_verifier=kept["code_verifier"], grant_type="authorization_code"
            )
            claims = await self._app.parse_id_token(token, nonce=kept["nonce"])
        except httpx2.HTTPError:
            raise _away() from None
        except (AuthlibBaseError, JoseError, ValueError, KeyError, RuntimeError):
            raise Unauthorised(NOT_BEGUN) from None
        if not claims or not claims.get("sub") or str(claims.get("iss", "")).rstrip("/") != self._issuer:
            raise Unauthorised(NOT_BEGUN)
        return dict(claims)

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        subject = str(claims["sub"])
        login = str(claims.get("preferred_username") or claims.get("email") or subject)
        said = claims.get(self._claim) or ()
        values = [said] if isinstance(said, str) else list(said) if isinstance(said, list | tuple) else []
        roles = frozenset().union(*(self._mapping.get(str(value), frozenset()) for value in values))
        return Identity(self._issuer, subject, login, str(claims.get("name") or login), roles)


def mapping(text: Mapping[str, str]) -> dict[str, frozenset[Role]]:
    """Value of the claim → roles. Errors: `SetupError` for a role that does not exist."""
    try:
        return {value: frozenset(Role(each.strip()) for each in roles.split(",")) for value, roles in text.items()}
    except ValueError:
        raise SetupError(f"TACTFUL_OIDC_ROLES names an unknown role. Roles: {', '.join(Role)}.") from None


def _check_issuer(issuer: str) -> None:
    parts = urlsplit(issuer)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise SetupError("TACTFUL_OIDC_ISSUER must be an https:// address.")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _away() -> Unavailable:
    return Unavailable("Your company's sign-in cannot be reached. Try again in a moment.", retry_after=5)
