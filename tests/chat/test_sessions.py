"""Nobody speaks in a conversation without a token that was minted here, for it, and lately."""

import time

import pytest

from tactful.chat.sessions import DAY, Session, Tokens
from tactful.errors import Unauthorised

pytestmark = pytest.mark.asvs("7.2.2", "7.3.2", "9.1.1", "9.2.1")

SESSION = Session("c" * 32, "s" * 32)


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


def test_a_clock_that_was_put_back_ends_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does another door's that is a second behind."""
    tokens = Tokens(b"k" * 32, 30)
    token, now = tokens.mint(SESSION), time.time()
    for ahead in (1.5, 3600):
        monkeypatch.setattr(time, "time", lambda ahead=ahead: now - ahead)
        assert tokens.verify(token) == SESSION
    monkeypatch.setattr(time, "time", lambda: now - 2 * DAY)
    with pytest.raises(Unauthorised):
        tokens.verify(token)
