"""IBANs in any dress, and account numbers next to their word. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    ("pay to «DE89 3704 0044 0532 0130 00»", "IBAN_CODE"),
    ("«GB82WEST12345698765432»", "IBAN_CODE"),
    ("iban «gb82west12345698765433»", "IBAN_CODE"),
    ("iban is «de89 3704 0044 0532 0130 00» from my bank", "IBAN_CODE"),
    ("«FR14 2004 1010 0505 0001 3M02 606»", "IBAN_CODE"),
    ("«ES91-2100-0418-4502-0005-1332»", "IBAN_CODE"),
    ("bank account number «12345678»", "BANK_ACCOUNT"),
    ("routing number is «021000021»", "BANK_ACCOUNT"),
    ("sort code «12-34-56»", "BANK_ACCOUNT"),
    ("my account is «0012 3456 78»", "BANK_ACCOUNT"),
    ("checking account: «000123456789»", "BANK_ACCOUNT"),
    ("BSB «062-000»", "BANK_ACCOUNT"),
    ("IFSC «SBIN0001234»", "BANK_ACCOUNT"),
    ("a/c no «12345678»", "BANK_ACCOUNT"),
]

NEAR_MISSES = [
    "transfer 500 to my savings account",
    "my account is 3 years old",
    "my bank account is empty",
    "the account has 12 users",
    "is a SWIFT transfer free?",
    "in 2026 what time will it open",
]


@pytest.mark.parametrize(("sentence", "kind"), HITS)
def test_it_is_found_whole(sentence: str, kind: str) -> None:
    text, spans = wanted(sentence, kind)
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
