"""Booking, order, claim and membership numbers, and messages that are nothing but a code. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "booking «BK20931»",
    "my reservation number is «QX7R2P»",
    "record locator «ABCDEF»",
    "order #«4471-22»",
    "confirmation number «a 34 l 95»",
    "my confirmation number is «hgy 456»",
    "booking number is «8497 RT»",
    "policy no. «PL-2041-88»",
    "claim «CLM-204188»",
    "frequent flyer number «9921234»",
    "membership id «M992003»",
    "booking number «4512»",
    "e-ticket «220-2401234567»",
    "tracking number «1Z999AA10123456784»",
    "«bvc 987»",
    "it is «b 8 m 6 b 9»",
    "selvan and «frd 478»",
    "«QX7R2P»",
    "«12 a 45 b»",
    "e-ticket number «2202401234567»",
    "frequent flyer «LH992003456»",
    "PNR: «ABC123»",
]

NEAR_MISSES = [
    "my order is late",
    "order 2 pizzas",
    "order number?",
    "the order of the pages is wrong",
    "a reservation for 1 day",
    "just one ticket on the 8th",
    "a reservation on 1st of March",
    "reservation for 2026-03-04",
    "my order is 45 minutes late",
    "the ticket is 350 euros",
    "tickets: 2 adults",
    "booking 3 nights in May 2026",
    "a booking in 2026",
    "in case of 3 delays",
    "BA 117",
    "LH1234",
    "flight 1234",
    "seat 12A",
    "12A",
    "gate B22",
    "E4012",
    "0x80070005",
    "HTTP 404",
    "404",
    "20931",
    "500000",
    "usd 300",
    "top 100",
    "2 x 3",
    "10h30",
    "12 mar 2026",
    "at 5 pm",
    "v2.0.1",
    "python 311",
    "boeing 737",
    "room 101",
    "sha256",
    "only 200",
    "the code is invalid",
    "reference the docs in chapter 12",
    "the claim is 2 weeks old",
    "member since 2019",
    "the invoice of 12 March is wrong",
    "policy of cancellation: 24 hours",
    "iphone 15 pro 256",
    "policy 30 days",
    "reservation at 7pm",
    "ticket prices from 120",
    "case 2 of 5",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "BOOKING_ID")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
