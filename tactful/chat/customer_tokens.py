"""Tokens by which the company's own site tells which customer is chatting (JWT, RFC 7519; practice as in RFC 8725)."""

import time
from dataclasses import dataclass
from typing import Any

import jwt
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tactful.errors import SetupError, Unauthorised
from tactful.store.crypto import KeyRing
from tactful.store.tables import used_tokens

ALGORITHMS = ("HS256", "RS256", "ES256")
UNNAMED_S = 300  # longest life of a token without a jti, which cannot be told from its repeat
LEEWAY_S = 10  # between two clocks
LONGEST_ID = 255  # characters of a sub or jti
USED = "used-token"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who a token says is chatting; `jti` names the token itself, so that it is used once."""

    customer: str
    jti: str | None
    expires_at: int  # epoch milliseconds


class CustomerTokens:
    """Verifies tokens of one key, one algorithm and one audience; `longest_s` a token may live, in seconds."""

    def __init__(self, key: str, algorithm: str, audience: str, longest_s: int = 3600) -> None:
        if key and algorithm not in ALGORITHMS:
            raise SetupError(f"TACTFUL_CUSTOMER_JWT_ALGORITHM is one of {', '.join(ALGORITHMS)}.")
        if algorithm == "HS256" and "-----BEGIN" in key:
            # Whoever knows the public key, which is everybody, could sign with it.
            raise SetupError(
                "TACTFUL_CUSTOMER_JWT_KEY is a public key: set TACTFUL_CUSTOMER_JWT_ALGORITHM to its kind."
            )
        self._key, self._algorithm, self._audience, self._longest_s = key, algorithm, audience, longest_s

    def customer_of(self, token: str) -> str:
        """The company's id of the customer. Errors: as `verify`."""
        return self.verify(token).customer

    def verify(self, token: str) -> Claim:
        """What the token says.

        Errors: `Unauthorised` unless it is signed with our key and algorithm, in time, meant for us and short-lived.
        """
        if not self._key:
            raise Unauthorised("Customer tokens are not set up here.")
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[self._algorithm],
                audience=self._audience,
                leeway=LEEWAY_S,
                options={"require": ["exp", "aud", "sub"]},
            )
            return self._claim(claims)
        except (jwt.PyJWTError, ValueError, TypeError):
            raise Unauthorised("The customer token is not valid.") from None

    def _claim(self, claims: dict[str, Any]) -> Claim:
        customer, jti = claims["sub"], claims.get("jti")
        if not _is_id(customer) or not (jti is None or _is_id(jti)):
            raise ValueError
        life = int(claims["exp"]) - int(claims.get("iat", time.time()))
        if life > (self._longest_s if jti else UNNAMED_S) + LEEWAY_S:
            raise Unauthorised("The customer token is valid for too long: give it a jti, or five minutes at most.")
        return Claim(customer, jti, (int(claims["exp"]) + LEEWAY_S) * 1000)


def use(tx: Connection, ring: KeyRing, claim: Claim, now: int) -> None:
    """Use a token that has a name up. Errors: `Unauthorised` when it was used before."""
    tx.execute(used_tokens.delete().where(used_tokens.c.expires_at < now))
    if claim.jti is None:
        return
    index = ring.blind_index(USED, f"{claim.customer}\0{claim.jti}")
    try:
        with tx.begin_nested():
            tx.execute(used_tokens.insert().values(token_index=index, expires_at=claim.expires_at))
    except IntegrityError:
        raise Unauthorised("This customer token was used before. Ask for a new one.") from None


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= LONGEST_ID
