"""A bare answer, understood from the question that the bot just asked."""

import pytest

from tactful.privacy.recognizers.answers import answered
from tests.privacy.conftest import marked

ANSWERS = [
    ("what is your booking number?", "«8497 RT»", "BOOKING_ID"),
    ("What is your booking number?", "it's «20931».", "BOOKING_ID"),
    ("Could you give me the record locator?", "«ABCDEF»", "BOOKING_ID"),
    ("What's your loyalty number?", "«44 218 903»", "BOOKING_ID"),
    ("What is your name?", "«lima»", "PERSON"),
    ("May I have your full name, please?", "it's «ana lima».", "PERSON"),
    ("Who are the passengers?", "«ana and bo lima»", "PERSON"),
    ("Which phone number can we reach you at?", "«55 01 02 03 4»", "PHONE_NUMBER"),
    ("What is your e-mail address?", "«ana.lima gmail»", "EMAIL_ADDRESS"),
    ("What is your date of birth?", "«3.12.84»", "DATE_OF_BIRTH"),
    ("And your home address?", "«14b the old mill»", "STREET_ADDRESS"),
    ("What is your postcode?", "«1017 CE»", "ZIP_CODE"),
    ("What is your passport number?", "«C01X0006H»", "PASSPORT"),
    ("What is the number on your card?", "«4111-1111 1111 1112»", "CREDIT_CARD"),
    ("And the CVV?", "«123»", "CREDIT_CARD"),
    ("What is your IBAN?", "«nl91 abna 0417 1643 00»", "IBAN_CODE"),
    ("What's your username?", "«ana_84»", "USERNAME"),
    ("Tell me the last four digits of your social security number?", "«6309»", "US_SSN"),
    ("What is your licence plate?", "«B-MW 1234»", "LICENSE_PLATE"),
]


@pytest.mark.parametrize(("question", "answer", "kind"), ANSWERS)
def test_the_answer_is_what_was_asked_for(question: str, answer: str, kind: str) -> None:
    text, [wanted] = marked(answer)
    [span] = answered(text, question)
    assert (span.start, span.end, span.type) == (*wanted, kind)
    assert span.context  # the words of the question that made it so


@pytest.mark.parametrize("refusal", ["no thanks", "why do you ask?", "skip", "i don't want to say", "I have no idea"])
def test_a_refusal_is_no_answer(refusal: str) -> None:
    questions = ("What is your name?", "What is your booking number?", "What's your username?")
    assert [span for question in questions for span in answered(refusal, question)] == []


@pytest.mark.parametrize(
    "question", [None, "", "How was your trip?", "Where do you want to go?", "How many travellers?"]
)
def test_without_such_a_question_nothing_is_an_answer(question: str | None) -> None:
    assert list(answered("20931", question)) == []
    assert list(answered("Lisbon", question)) == []
