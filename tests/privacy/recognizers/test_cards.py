"""Card numbers, right and mistyped, and what is printed around them. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "card «4111 1111 1111 1111», please",
    "«4111111111111112» has a wrong check digit and is personal all the same",
    "«4111-1111-1111-1112»",
    "amex «3782 822463 10005»",
    "the card «630427373398» is lost",
    "my card number is «4421521028146»",
    "card no «6304 2737 3398»",
    "«6011000990139424»",
    "my visa ending in «4242» was charged",
    "last four digits are «4242»",
    "card ends with «1005»",
    "the cvv is «123»",
    "security code: «1234»",
    "my card expires «04/27», help",
    "visa, exp. date «04/2027»",
    "«5500 0000 0000 0004 12/26 123»",
]

NEAR_MISSES = [
    "my card was declined",
    "my passport expires 04/27",
    "error code 4012 with the card",
    "1700000000000 is a time in ms",
    "do you take visa or mastercard?",
    "it costs 4,111.00 in total",
    "the last 4 nights",
    "the order number ends soon",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "CREDIT_CARD")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
