"""Identity, tax and insurance numbers of several countries. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    ("ssn «078-05-1120»", "US_SSN"),
    ("my social security number is «078051120»", "US_SSN"),
    ("ssn «6203»", "US_SSN"),
    ("«078 05 1120»", "US_SSN"),
    ("ITIN «912-78-1234»", "US_SSN"),
    ("my NINO is «QQ 12 34 56 C»", "NATIONAL_ID"),
    ("«AB123456C»", "NATIONAL_ID"),
    ("NHS number «943 476 5919»", "NATIONAL_ID"),
    ("CPF «123.456.789-09»", "NATIONAL_ID"),
    ("CNPJ «12.345.678/0001-95»", "NATIONAL_ID"),
    ("aadhaar «1234 5678 9012»", "NATIONAL_ID"),
    ("PAN «ABCPL1234K»", "NATIONAL_ID"),
    ("DNI «12345678Z»", "NATIONAL_ID"),
    ("NIE «X1234567L»", "NATIONAL_ID"),
    ("codice fiscale «RSSMRA85T10A562S»", "NATIONAL_ID"),
    ("«2 85 05 78 006 084 36»", "NATIONAL_ID"),
    ("Steuer-ID «12 345 678 901»", "NATIONAL_ID"),
    ("Personalausweis «L01X00T471»", "NATIONAL_ID"),
    ("my id number is «8001015009087»", "NATIONAL_ID"),
    ("identity card no. «AX1234567»", "NATIONAL_ID"),
    ("CURP «GOMC800101HDFXXX09»", "NATIONAL_ID"),
    ("PAN card «ABCDE1234F»", "NATIONAL_ID"),
]

NEAR_MISSES = [
    "do I need my national id?",
    "the id of the message is missing",
    "my social life in 2026",
    "error E4012 in line 1234",
    "a pan of 28 cm",
    "the nie is a mystery",
    "3.6.21 or 4.12.0",
    "200.300 visitors",
]


@pytest.mark.parametrize(("sentence", "kind"), HITS)
def test_it_is_found_whole(sentence: str, kind: str) -> None:
    text, spans = wanted(sentence, kind)
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
