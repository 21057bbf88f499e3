"""Addresses of devices and precise places. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    ("from «203.0.113.7»", "IP_ADDRESS"),
    ("«10.0.0.0/8» is allowed", "IP_ADDRESS"),
    ("http://«203.0.113.7»:8080/x", "IP_ADDRESS"),
    ("«2001:db8:0:0:0:0:0:1» is blocked", "IP_ADDRESS"),
    ("«6e40:4041:c617:e898:c11:40d2:c669:2eb4»", "IP_ADDRESS"),
    ("«2001:db8::1» is blocked", "IP_ADDRESS"),
    ("[«2001:db8::1»]:443", "IP_ADDRESS"),
    ("«fe80::1%eth0»", "IP_ADDRESS"),
    ("«::ffff:192.0.2.1»", "IP_ADDRESS"),
    ("device «00:1B:44:11:3A:B7»", "MAC_ADDRESS"),
    ("device «00-1b-44-11-3a-b7»", "MAC_ADDRESS"),
    ("«001b.4411.3ab7»", "MAC_ADDRESS"),
    ("mac address «001b44113ab7»", "MAC_ADDRESS"),
    ("we are at «52.520008, 13.404954»", "COORDINATES"),
    ("maps/@«52.520008,13.404954»,17z", "COORDINATES"),
    ("«52°31'12.0\"N 13°24'18\"E»", "COORDINATES"),
    ("«-33.8568 151.2153»", "COORDINATES"),
    ("lat: «52.52, lng: 13.405»", "COORDINATES"),
    ("«12 34 56.7 N 12 34 56.7 E»", "COORDINATES"),
]

NEAR_MISSES = [
    "version 1.2.3.4",
    "the SDK is at version 4.12.0",
    "at 10:45:30 from gate B22",
    "std::vector<int> and abc::def",
    "it costs 120.50, or 99.90 now",
    "range 1.5-2.5",
    "999.999.999.999",
    "it is 35° N of here",
    "12:30",
]


@pytest.mark.parametrize(("sentence", "kind"), HITS)
def test_it_is_found_whole(sentence: str, kind: str) -> None:
    text, spans = wanted(sentence, kind)
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
