"""Keys and tokens of well-known shapes. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "401 with «wf_live_9f8e7d6c5b4a3f2e1d0c»",
    "AWS «AKIAIOSFODNN7EXAMPLE»",
    "«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N»",
    "«-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----»",
    "«-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg»",
    "«ghp_16C7e42F292c6912E7710c838347Ae178B4a»",
    "«sk-proj-abc123def456ghi789»",
    "«xoxb-123456789012-abcdefghijkl»",
    "«AIzaSyA1234567890abcdefghijklmnopqrstuv»",
    "«glpat-abc123def456ghi789jk»",
    "«123456789:AAabcdefghijklmnopqrstuvwxyz0123456»",
    "https://hooks.slack.com/services/«T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX»",
    "«pat_1234567890abcdef1234»",
    "«SG.abc123def456.ghi789jkl012»",
]

NEAR_MISSES = [
    "where is my API key?",
    "how do I rotate a token",
    "key_name is required",
    "pk-less tables",
    "npm-install is slow",
    "-----BEGIN CERTIFICATE----- is public",
    "the key of 2026 is patience",
    "primary_key and foreign_key",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "SECRET")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
