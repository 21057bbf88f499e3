"""Nobody speaks in a conversation without a token that was minted here, for it, and lately."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tactful.chat.sessions import DAY, CustomerTokens, Session, Tokens
from tactful.errors import Unauthorised

SESSION = Session("c" * 32, "s" * 32)
KEY = "a-secret-of-at-least-thirty-two-bytes!"


def claims(**changes: Any) -> dict[str, Any]:
    given = {"sub": "C-1042", "aud": "tactful", "exp": datetime.now(UTC) + timedelta(minutes=5)} | changes
    return {name: value for name, value in given.items() if value is not None}


def test_a_token_names_its_session() -> None:
    tokens = Tokens(b"k" * 32, 30)
    assert tokens.verify(tokens.mint(SESSION)) == SESSION


def test_no_two_tokens_are_alike() -> None:
    tokens = Tokens(b"k" * 32, 30)
    assert tokens.mint(SESSION) != tokens.mint(SESSION)


@pytest.mark.parametrize("false", ["", "x", "a.b.c", "..", "é"])
def test_a_false_token_is_refused(false: str) -> None:
    with pytest.raises(Unauthorised):
        Tokens(b"k" * 32, 30).verify(false)


def test_a_token_that_was_tampered_with_is_refused() -> None:
    token = Tokens(b"k" * 32, 30).mint(SESSION)
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(Unauthorised):
            Tokens(b"k" * 32, 30).verify(changed)


def test_a_token_of_another_installation_is_refused() -> None:
    with pytest.raises(Unauthorised):
        Tokens(b"j" * 32, 30).verify(Tokens(b"k" * 32, 30).mint(SESSION))


def test_an_expired_token_opens_nothing_but_still_tells_who_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(b"k" * 32, 30)
    token, now = tokens.mint(SESSION), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * DAY)
    with pytest.raises(Unauthorised, match="expired"):
        tokens.verify(token)
    assert tokens.verify_returning(token) == SESSION
    monkeypatch.setattr(time, "time", lambda: now + 91 * DAY)
    with pytest.raises(Unauthorised):
        tokens.verify_returning(token)


def test_a_customer_token_tells_the_customer() -> None:
    assert CustomerTokens(KEY, "HS256", "tactful").customer_of(jwt.encode(claims(), KEY)) == "C-1042"


@pytest.mark.parametrize(
    "changes",
    [{"aud": "elsewhere"}, {"exp": datetime(2020, 1, 1, tzinfo=UTC)}, {"exp": None}, {"aud": None}, {"sub": None}],
)
def test_a_customer_token_for_others_or_out_of_time_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthorised):
        CustomerTokens(KEY, "HS256", "tactful").customer_of(jwt.encode(claims(**changes), KEY))


def test_an_unsigned_customer_token_is_refused() -> None:
    with pytest.raises(Unauthorised):
        CustomerTokens(KEY, "HS256", "tactful").customer_of(jwt.encode(claims(), None, algorithm="none"))


def test_a_public_key_cannot_be_used_as_a_shared_secret() -> None:
    """Algorithm confusion: what is verified by RS256 is not accepted as HS256 signed with the public key."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    tokens = CustomerTokens(public.decode(), "RS256", "tactful")
    assert tokens.customer_of(jwt.encode(claims(), private, algorithm="RS256")) == "C-1042"
    with pytest.raises(Unauthorised):
        tokens.customer_of(jwt.encode(claims(), KEY, algorithm="HS256"))


def test_without_a_key_no_customer_token_is_accepted() -> None:
    with pytest.raises(Unauthorised, match="not set up"):
        CustomerTokens("", "HS256", "tactful").customer_of(jwt.encode(claims(), KEY))
