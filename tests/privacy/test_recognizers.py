"""Names, bare answers, disguises and what is left alone, by the whole detector. All persons are invented.

What the recognizers of patterns find is tested beside each, in `recognizers/`.
"""

import pytest

from tactful.privacy.detector import Detector
from tests.privacy.conftest import marked

FOUND = {
    "PERSON": [
        "my name is «Ana Lima»",
        "my name is «ana lima» and i need help",
        "Hi, I'm «Jorge»",
        "this is «Dr. Emily Watson», calling about my trip",
        "please book it under the name of «Jürgen O'Neill»",
        "«Maria Gonzalez» and «Wei Chen» will travel with me",
        "call me «beth»",
        "my wife «Priya» travels too",
        "Regards,\n«Tom Baker»",
    ],
}

LEFT_ALONE = [
    "I want to fly from Lisbon to Seattle on the 14th of March",
    "between 2026-03-04 and 2026-03-11, for two adults",
    "warm in March, within 1,500 € a week",
    "LIS to SEA, then AMS",
    "I am a developer",
    "i'm new here",
    "this is urgent",
    "call me later",
    "my name is on the waiting list",
    "hello there",
    "GET /v2/bookings?limit=50 answers 429",
    "POST to /v2/webhooks gives error 401 with code invalid_signature",
    "the SDK is at version 4.12.0",
    "pip install wayfare==4.12.0",
    "it takes 3-5 days and costs $120.50",
    "at 10:45 from gate B22",
    "does the password expire?",
    "my password is wrong",
    "my card was declined",
    "where is my API key?",
    "how do I rotate a token",
    "I booked 2 rooms for 4 nights",
    "the order of the pages is wrong",
    "12 way flights",
    "5 minute drive to the airport",
    "Air France or TAP, I don't mind",
    "do I need a visa for Brazil?",
    "the 600 requests a minute of the Studio plan",
    "please talk to me like a developer",
    "hiking, museums and good food",
]


@pytest.mark.parametrize(("kind", "sentence"), [(kind, each) for kind, rows in FOUND.items() for each in rows])
def test_what_is_personal_is_found_whole_and_named(detector: Detector, kind: str, sentence: str) -> None:
    text, wanted = marked(sentence)
    assert [(span.start, span.end, span.type) for span in detector.detect(text)] == [(*span, kind) for span in wanted]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_a_travel_bot_must_read_is_left_alone(detector: Detector, text: str) -> None:
    assert [(text[span.start : span.end], span.type) for span in detector.detect(text)] == []


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("What is your name?", "«lima»", "PERSON"),
        ("May I have your full name, please?", "it's «ana lima».", "PERSON"),
        ("What is your booking number?", "«20931»", "BOOKING_ID"),
        ("Which phone number can we reach you at?", "«55 01 02 03 4»", "PHONE_NUMBER"),
        ("What is your e-mail address?", "«ana.lima gmail»", "EMAIL_ADDRESS"),
        ("What is your date of birth?", "«3.12.84»", "DATE_OF_BIRTH"),
        ("And your home address?", "«14b the old mill»", "STREET_ADDRESS"),
    ],
)
def test_a_bare_answer_is_understood_from_the_question(
    detector: Detector, question: str, answer: str, kind: str
) -> None:
    text, [wanted] = marked(answer)
    assert [(span.start, span.end, span.type) for span in detector.detect(text, question=question)] == [(*wanted, kind)]


@pytest.mark.parametrize("refusal", ["no thanks", "why do you ask?", "skip", "i don't want to say"])
def test_a_refusal_is_not_a_name(detector: Detector, refusal: str) -> None:
    assert detector.detect(refusal, question="What is your name?") == []


def test_the_same_words_without_the_question_are_left_alone(detector: Detector) -> None:
    assert detector.detect("20931") == []
    assert detector.detect("20931", question="How was your trip?") == []


def test_a_value_shown_before_is_found_again_in_any_case(detector: Detector) -> None:
    text, [wanted] = marked("yes, «LIMA» it is, not climate")
    assert [(span.start, span.end) for span in detector.detect(text, known=[("Lima", "PERSON")])] == [wanted]


@pytest.mark.parametrize(
    "sentence",
    [
        "write to «an\u200ba.lima@exam\u00adple.com» please",  # invisible characters within
        "write to «ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ» please",  # full width
        "😀👩‍👩‍👧 write to «ana@example.com» 🏳️‍🌈",
        "call\u00a0«+34\u00a0612\u00a0345\u00a0678»\u00a0now",  # spaces that are none
        "e\u0301tage 3, «ana@example.com»",  # a letter and its accent apart
    ],
)
def test_disguises_are_seen_through_and_offsets_are_those_of_the_original(detector: Detector, sentence: str) -> None:
    text, wanted = marked(sentence)
    assert [(span.start, span.end) for span in detector.detect(text)] == wanted
