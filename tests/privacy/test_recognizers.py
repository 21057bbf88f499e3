"""What is found and what is left alone, recognizer by recognizer. All persons, numbers and keys are invented."""

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
    "EMAIL_ADDRESS": [
        "write to «ana.lima+trips@example.com».",
        "«ana@example.co.uk», please",
        "it is «ana at example dot com»",
        "«ana[at]example[dot]org» works too",
        "mistyped: «ana.lima@gmail.con»",
        "my email is «ana.lima gmail.com»",
        "«ANA@EXAMPLE.COM»",
    ],
    "PHONE_NUMBER": [
        "call «+34 612 345 678» after six",
        "my number: «(555) 010-4477»",
        "«+1-202-555-0143»",
        "reach me at «0176 5550 1234»",
        "phone «020 7946 0958» ",
        "«0049 30 901820»",
    ],
    "STREET_ADDRESS": [
        "I live at «12 Baker Street, London»",
        "ship it to «742 Evergreen Terrace, Springfield, IL 62704»",
        "Wir wohnen «Lindenstraße 5, 10115 Berlin»",
        "«Calle de Alcalá 45, 28014 Madrid»",
        "«12 rue de la Paix, 75002 Paris»",
        "«PO Box 1234»",
    ],
    "ZIP_CODE": ["my zip code is «90210»", "postcode «SW1A 2AA»", "the parcel went to «EH8 9YL»"],
    "CREDIT_CARD": [
        "card «4111 1111 1111 1111», please",
        "«4111111111111112» has a wrong check digit and is personal all the same",
        "my visa ending in «4242» was charged",
        "the cvv is «123»",
    ],
    "IBAN_CODE": ["pay to «DE89 3704 0044 0532 0130 00»", "«GB82WEST12345698765432»"],
    "BANK_ACCOUNT": ["bank account number «12345678»", "routing number is «021000021»"],
    "US_SSN": ["ssn «078-05-1120»", "my social security number is «078051120»"],
    "NATIONAL_ID": ["my NINO is «QQ 12 34 56 C»", "CPF «123.456.789-09»", "aadhaar «1234 5678 9012»"],
    "PASSPORT": ["passport number «X1234567»", "my passport is «123456789»"],
    "DRIVER_LICENSE": ["driver's license «D1234567»", "driving licence number: «MORGA 657054 SM9IJ»"],
    "LICENSE_PLATE": ["license plate «7ABC123»", "number plate «B MW 1234»"],
    "BOOKING_ID": [
        "booking «BK20931»",
        "my reservation number is «QX7R2P»",
        "record locator «ABCDEF»",
        "order #«4471-22»",
    ],
    "IP_ADDRESS": ["from «203.0.113.7»", "«2001:db8:0:0:0:0:0:1» is blocked", "«2001:db8::1» is blocked"],
    "MAC_ADDRESS": ["device «00:1B:44:11:3A:B7»"],
    "COORDINATES": ["we are at «52.520008, 13.404954»"],
    "DATE_OF_BIRTH": ["born on «12 March 1984»", "dob: «1984-03-12»", "date of birth is «03/12/1984»"],
    "USERNAME": ["my username is «ana_lima84»", "follow «@ana_lima»", "login: «alima»"],
    "SECRET": [
        "401 with «wf_live_9f8e7d6c5b4a3f2e1d0c»",
        "Authorization: Bearer «abc123def456ghi789»",
        "the password is «hunter2horse»",
        "postgres://«app:s3cretpass@db.internal»:5432/trips",
        "«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N»",
        "AWS «AKIAIOSFODNN7EXAMPLE»",
        'api_key = "«a81f0c6e5b2d4907b1e3»"',
        "«-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----»",
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
    text, [wanted] = marked("yes, «LIMA» it is, not limasol")
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
