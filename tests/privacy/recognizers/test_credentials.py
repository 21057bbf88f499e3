"""Passwords and credentials where they are said or pasted. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "Authorization: Bearer «abc123def456ghi789»",
    "Authorization: Basic «YW5hOmh1bnRlcjI=»",
    "the password is «hunter2horse»",
    "my password was «Tr0ub4dor!3»",
    "password: «hunter2»",
    "PASSWORD=«hunter2»",
    "pwd=«hunter2»",
    "my pin is «4321»",
    '{"user": "ana", "password": "«hunter2»"}',
    "{'api_key': '«a81f0c6e5b2d4907b1e3»'}",
    'api_key = "«a81f0c6e5b2d4907b1e3»"',
    "WAYFARE_API_KEY=«a81f0c6e5b2d4907b1e3»",
    "DB_PASSWORD=«s3cretpass»",
    "client_secret: «a81f0c6e5b2d4907b1e3»",
    "postgres://«app:s3cretpass@db.internal»:5432/trips",
    "redis://«:s3cretpass@cache.internal»:6379",
    "GET /v2/trips?api_key=«a81f0c6e5b2d»&limit=5",
    "https://x.example/cb?access_token=«a81f0c6e5b2d»",
    "curl -u «ana:hunter2» https://x.example",
    "Cookie: «session=abc123; theme=dark»",
    "Set-Cookie: «sid=a81f0c6e; HttpOnly»",
    "X-Api-Key: «a81f0c6e5b2d4907»",
    "Server=db;Password=«s3cret»;",
    "my password's «hunter2»",
    "password - «hunter2»",
    "pw: «hunter2»",
    "passcode «482913»",
    "the verification code is «482913»",
    "my OTP is «482 913»",
    "mysql -u root -p«hunter2»",
    '"client_secret": "«Xy9Zq8Lm2»"',
    "mongodb+srv://«app:p4ss@cluster0.example.net»/db",
    "Authorization: Token «a81f0c6e5b2d4907b1e3»",
    "my password is «sunshine»",
]

NEAR_MISSES = [
    "does the password expire?",
    "my password is wrong",
    "my password is not working",
    "the password was reset yesterday",
    "I forgot my password, please help",
    "password: required",
    "is the pin code needed?",
    "a bearer of good news",
    "basic plan or studio plan",
    "GET /v2/bookings?limit=50 answers 429",
    "code with invalid_signature",
    "token is missing",
    "the secret of a good trip",
    "cookies are fine",
    "https://x.example:8080/a@b",
    "passing 5 parameters",
    "my pin is blocked, what do I do?",
    "my passcode was denied.",
    "error code 482913",
    "the code 404 means not found",
    "run it with --token only",
    "password: <your password>",
    "password: ********",
    "password = os.environ['PASSWORD']",
    "https://x.example/?code=4012",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "SECRET")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
