"""Phone numbers of the world: in digits, in words, with extensions. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "call «+34 612 345 678» after six",
    "my number: «(555) 010-4477»",
    "«+1-202-555-0143»",
    "reach me at «0176 5550 1234»",
    "phone «020 7946 0958» ",
    "«0049 30 901820»",
    "«011 44 20 7946 0958» from the US",
    "«+44 (0)20 7946 0958»",
    "«+33 1 84 88 49 09» or «01.84.88.49.09»",
    "«+49 (0) 176-5550-1234»",
    "mobile «06 12 34 56 78»",
    "«(08) 8747 6301»",
    "«001-518-640-0854» mobile",
    "ph «15592222293 x 0940»",
    "fax: «345-899-3560x4587»",
    "«555-010-4477 ext. 12»",
    "«781 1704» office",
    "call me on «450 0840»",
    "message my registered «668 5702»",
    "«2025550143»",
    "yes it is «9856478954»",
    "name kumar contact no «6157635151»",
    "«985 785 4524»",
    "whatsapp «+91 98564 78954»",
    "«+55 11 91234-5678»",
    "text «five five five oh one double two three four»",
    "it's «zero seven seven, nine oh oh, nine zero zero one two three»",
    "«1793 414926»",
    "the number is «20 7071 5029»",
    "«(+351) 912 345 678»",
    "Tel: «089 / 12 34 56 - 78»",
    "«+81-90-1234-5678»",
    "«06-12345678»",
    "ring me on «01632 960 001 ext 23»",
]

NEAR_MISSES = [
    "between 2026-03-04 and 2026-03-11, for two adults",
    "from 14.03.2026 to 21.03.2026",
    "call me on 14.03.2026",
    "it costs 1 500 000 won or 1,500.50 $",
    "call me at 10:45",
    "the budget is 2000-3000 euros",
    "call me in 5 minutes or 10",
    "timestamp 1700000000",
    "version 3.6.21 and 4.12.0",
    "room 1204 on floor 12",
    "flight LH1234 at 10:30",
    "20260304",
    "two adults, one child",
    "one two three, go",
    "we were 7 on the 3rd of 5 days",
    "HTTP 404, then 500",
    "1, 2, 3, 4, 5, 6, 7, 8",
    "a score of 1234567890 to 1",
    "one two three four five six seven eight nine ten",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "PHONE_NUMBER")
    assert found(text) == spans


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
