"""Only the company's site can say who is chatting, for a short time, to us, and once."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tactful.chat import customer_tokens
from tactful.chat.customer_tokens import Claim, CustomerTokens
from tactful.errors import SetupError, Unauthorised
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.store.tables import used_tokens
from tests.conftest import Clock

pytestmark = pytest.mark.asvs("9.1.1", "9.1.2", "9.1.3", "9.2.1", "9.2.2", "9.2.3")

KEY = "a-secret-of-at-least-thirty-two-bytes!"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())


def public(private: Any) -> str:
    pem = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return str(pem.decode())


def claims(**changes: Any) -> dict[str, Any]:
    given = {"sub": "C-1042", "aud": "tactful", "exp": time.time() + 300} | changes
    return {name: value for name, value in given.items() if value is not None}


@pytest.mark.parametrize(
    ("private", "key", "algorithm"), [(KEY, KEY, "HS256"), (RSA, public(RSA), "RS256"), (EC, public(EC), "ES256")]
)
def test_a_token_of_each_algorithm_tells_the_customer(private: Any, key: str, algorithm: str) -> None:
    token = jwt.encode(claims(), private, algorithm=algorithm)
    assert CustomerTokens(key, algorithm, "tactful").customer_of(token) == "C-1042"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "elsewhere"}, {"aud": None}, {"exp": time.time() - 60}, {"exp": None}, {"sub": None}, {"sub": " "},
        {"sub": 7}, {"sub": "x" * 300}, {"jti": 7}, {"jti": ""}, {"nbf": time.time() + 600},
        {"iat": time.time() + 600, "jti": "j"},
    ],
)  # fmt: skip
def test_one_for_others_out_of_time_or_without_a_customer_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthorised):
        CustomerTokens(KEY, "HS256", "tactful").customer_of(jwt.encode(claims(**changes), KEY))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": time.time() + 3600},
        {"iat": time.time() - 3600},
        {"exp": time.time() + 9 * 3600, "jti": "j"},
        {"iat": time.time() - 9 * 3600, "jti": "j"},
    ],
)
def test_one_that_lives_too_long_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthorised, match="too long"):
        CustomerTokens(KEY, "HS256", "tactful").verify(jwt.encode(claims(**changes), KEY))


def test_one_with_a_name_may_live_an_hour() -> None:
    token = jwt.encode(claims(jti="j", iat=time.time(), exp=time.time() + 3600), KEY)
    assert CustomerTokens(KEY, "HS256", "tactful").verify(token).jti == "j"


def test_an_unsigned_one_is_refused() -> None:
    with pytest.raises(Unauthorised):
        CustomerTokens(KEY, "HS256", "tactful").customer_of(jwt.encode(claims(), None, algorithm="none"))


def test_one_signed_with_another_key_is_refused() -> None:
    with pytest.raises(Unauthorised):
        CustomerTokens(KEY, "HS256", "tactful").customer_of(jwt.encode(claims(), KEY[::-1]))


@pytest.mark.parametrize(("private", "algorithm"), [(RSA, "RS256"), (EC, "ES256")])
def test_a_public_key_cannot_be_used_as_a_shared_secret(private: Any, algorithm: str) -> None:
    """Algorithm confusion: everybody knows the public key, and could sign with it as if it were a secret."""

    def part(content: bytes) -> bytes:
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    # By hand: PyJWT refuses to sign so.
    signed = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + part(json.dumps(claims()).encode())
    forged = signed + b"." + part(hmac.digest(public(private).encode(), signed, hashlib.sha256))
    with pytest.raises(Unauthorised):
        CustomerTokens(public(private), algorithm, "tactful").customer_of(forged.decode())


def test_a_public_key_is_not_accepted_as_a_shared_secret_in_the_settings_either() -> None:
    with pytest.raises(SetupError):
        CustomerTokens(public(RSA), "HS256", "tactful")
    with pytest.raises(SetupError):
        CustomerTokens(KEY, "none", "tactful")


def test_without_a_key_no_token_is_accepted() -> None:
    with pytest.raises(Unauthorised, match="not set up"):
        CustomerTokens("", "HS256", "tactful").customer_of(jwt.encode(claims(), KEY))


@pytest.mark.parametrize("nonsense", ["", "x", "a.b.c", "..", "é.é.é", "a" * 8000])
def test_nonsense_is_refused(nonsense: str) -> None:
    with pytest.raises(Unauthorised):
        CustomerTokens(KEY, "HS256", "tactful").verify(nonsense)


def test_one_with_a_name_is_used_once_by_the_same_customer(database: Database, ring: KeyRing, clock: Clock) -> None:
    claim = Claim("C-1042", "j", clock() + 60_000)
    with database.begin() as tx:
        customer_tokens.use(tx, ring, claim, clock())
        customer_tokens.use(tx, ring, Claim("C-7", "j", clock() + 60_000), clock())
    with database.begin() as tx, pytest.raises(Unauthorised, match="before"):
        customer_tokens.use(tx, ring, claim, clock())


def test_what_was_used_is_kept_until_it_expires_and_without_the_customer(
    database: Database, ring: KeyRing, clock: Clock
) -> None:
    def kept() -> list[Any]:
        with database.read() as tx:
            return list(tx.execute(used_tokens.select()).all())

    with database.begin() as tx:
        customer_tokens.use(tx, ring, Claim("C-1042", "j", clock() + 60_000), clock())
    assert len(kept()) == 1
    assert b"C-1042" not in bytes(kept()[0].token_index)
    clock.forward(seconds=61)
    with database.begin() as tx:
        customer_tokens.use(tx, ring, Claim("C-1042", None, clock() + 60_000), clock())
    assert kept() == []
