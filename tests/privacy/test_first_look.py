"""A first look leaves out the recognizers that can find nothing, and none that can."""

from tactful.privacy.recognizers import RECOGNIZERS
from tactful.privacy.recognizers.bank import ACCOUNTS, IBAN
from tactful.privacy.recognizers.email import EMAILS
from tactful.privacy.recognizers.first_look import FirstLook

TEXTS = [
    "hello, where is my refund?",
    "write to ana@example.com or call 020 7946 0958",
    "I live at 12 Baker Street, London",
    "my iban is DE89 3704 0044 0532 0130 00",
]


def test_who_is_left_out_would_have_found_nothing() -> None:
    look = FirstLook(RECOGNIZERS)
    for text in TEXTS:
        likely = list(look.likely(text))
        assert not [reader for reader in RECOGNIZERS if reader not in likely and list(reader.read(text))]
    assert len(list(look.likely(TEXTS[0]))) < len(RECOGNIZERS) / 2


def test_recognizers_that_need_no_sign_can_be_asked_alone() -> None:
    assert IBAN in FirstLook(ACCOUNTS).likely(TEXTS[3])


def test_a_sign_is_found_in_any_case() -> None:
    assert list(FirstLook(EMAILS).likely("Write to ANA@EXAMPLE.COM"))
