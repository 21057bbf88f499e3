"""Our recognizers work in Presidio, and what was taken from there is as it is there."""

from presidio_analyzer.predefined_recognizers import ItFiscalCodeRecognizer, UkNinoRecognizer

from tactful.privacy.recognizers.bank import IBAN
from tactful.privacy.recognizers.national_ids import IT_FISCAL, UK_NINO
from tactful.privacy.recognizers.presidio import ForPresidio


def test_a_recognizer_of_ours_answers_presidio() -> None:
    found = ForPresidio(IBAN).analyze("my iban is DE89 3704 0044 0532 0130 00", ["IBAN_CODE"])
    assert [each.entity_type for each in found] == ["IBAN_CODE"]
    assert ForPresidio(IBAN).supported_entities == ["IBAN_CODE"]


def test_what_presidio_lists_of_national_numbers_is_listed_here() -> None:
    listed = [pattern.regex for each in (UkNinoRecognizer(), ItFiscalCodeRecognizer()) for pattern in each.patterns]  # type: ignore[has-type]
    assert listed == [UK_NINO, IT_FISCAL]
