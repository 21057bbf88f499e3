"""E-mail addresses: right, mistyped, spelled out, without their signs. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "write to «ana.lima+trips@example.com».",
    "«ana@example.co.uk», please",
    "«ANA@EXAMPLE.COM»",
    "it is <«ana@example.com»>",
    "mailto:«ana@example.com»?subject=hi",
    "«ana@münchen-reisen.de» or «ana@xn--mnchen-3ya.de»",
    "«用户@例子.公司»",
    "it is «ana at example dot com»",
    "it is «Ana AT Example DOT Com»",
    "«ana dot lima at example dot co dot uk» please",
    "my email: «ana underscore lima at example dot org»",
    "«ana[at]example[dot]org» works too",
    "«ana [at] example (dot) org»",
    "«ana(at)example.org»",
    "mistyped: «ana.lima@gmail.con»",
    "«ana.lima@gmail»",
    "«ana @ example . com»",
    "«ana@ example.com»",
    "my email is «ana.lima gmail.com»",
    "«davidsterlinggmailcom»",
    "«handa 54 yahoocom»",
    "my id is «stevejobs 2010 reddiffmailcom»",
    "«ana lima gmail com»",
    "my email address is «presidentwhitehousegov»",
    "my mail id: «mathigmalcom»",
    "«ana@@example.com»",
    "my mail: «ana dot lima at gmail»",
    "«ana-at-example-dot-com»",
    "write to «ana@example,com»",
    "add «ana@yahoo dot com» to my contacts",
]

NEAR_MISSES = [
    "see booking.com for hotels",
    "I booked at booking.com yesterday",
    "look at wayfare dot com",
    "dinner @ 8.30 at the hotel",
    "meet me @ noon",
    "I like your mail service",
    "where do I change my e-mail?",
    "welcome to the telecom team",
    "do you support gmail?",
    "send it by mail, not by phone",
    "pip install requests==2.31.0",
    "at 5 dot the door closes",
    "I logged in at gmail",
    "sign in at the desk",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "EMAIL_ADDRESS")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
