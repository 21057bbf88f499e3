"""Names: in any case, of any origin, with and without words around them; and what only looks like one."""

import pytest

from tactful.privacy.detector import Detector
from tests.privacy.conftest import marked

FOUND = [
    "my name is «Ana Torres»",
    "my name is «ana torres» and i need help",
    "MY NAME IS «ANA TORRES»",
    "«ravi»",
    "«priya sharma»",
    "«oluwaseun adeyemi»",
    "it is «Nguyen Van Anh»",
    "«krishnan» here",
    "this is «Dr. Emily Watson», calling about my trip",
    "- «Fatima»",
    "for «Kenji Nakamura» please",
    "please book it under the name of «Jürgen O'Neill»",
    "passengers: «Maria Gonzalez», «Wei Chen» and «Tom Baker»",
    "«Svetlana»'s booking is wrong",
    "Transfer $180 to «uncle Richard»",
    "send it to «Diego»",
    "Mr «Schmidt» and Mrs «Schmidt» are travelling",
    "Regards,\n«Tom Baker»",
    "«Дмитрий Иванов»",
    "hi this is «siobhan» from dublin",
    "my son «Mateo» is with me",
    "when «mike» lets me know i will tell you",
    "«sam» 's coming tomorrow",
    "i had a call from «emily» about it",
    "we met «Donald Hawk» at the desk yesterday",
    "please add Beyonce, «Chris Brown» and «Ariana Grande» to it",
    "thanks, my name is «Kwame Mensah» and I live in Accra",
]

LEFT_ALONE = [
    "hi",
    "ok hun",
    "thanks a lot",
    "yes please",
    "I fly to Jordan in May",
    "Paris",
    "lisbon to osaka",
    "Florence in April, then Austin",
    "May I change my seat?",
    "Will this work with Django 5.1?",
    "i am vegetarian",
    "this is urgent",
    "I'm in San Francisco",
    "how is the weather in Santa Clara",
    "Check in at Dixon on the 4th",
    "British Airways or Lufthansa",
    "window seat please",
    "call me later",
    "I use Postman and GitHub",
    "large pepperoni pizza",
    "we are two adults and one child",
    "King size bed",
    "how about the Bristol Apartments on the river",
    "tell me what the agent said",
    "i asked for a refund, and it says pending",
    "happy birthday to me",
]


@pytest.mark.parametrize("sentence", FOUND)
def test_names_are_found_whole(detector: Detector, sentence: str) -> None:
    text, wanted = marked(sentence)
    found = [span for span in detector.detect(text) if span.type == "PERSON"]
    hidden = {place for span in found for place in range(span.start, span.end)}
    for start, end in wanted:
        assert all(place in hidden for place in range(start, end) if text[place].isalnum())


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_places_months_and_chat_are_no_names(detector: Detector, text: str) -> None:
    assert [(text[span.start : span.end], span.source) for span in detector.detect(text)] == []


def test_a_name_that_is_a_place_is_one_when_the_sentence_says_so(detector: Detector) -> None:
    text, wanted = marked("my name is «Jordan May»")
    assert [(span.start, span.end) for span in detector.detect(text)] == wanted


@pytest.mark.parametrize("answer", ["qwertz uiop", "asdf yxcv", "kolkatta", "Xanthopolis"])
def test_a_bare_word_that_answers_a_question_for_a_place_is_no_name(detector: Detector, answer: str) -> None:
    assert detector.detect(answer, question="Which city or airport do you usually leave from?") == []


@pytest.mark.parametrize("answer", ["Philippa Quimbleton", "philippa quimbleton"])
def test_a_first_and_a_last_name_are_hidden_whatever_was_asked(detector: Detector, answer: str) -> None:
    (span,) = detector.detect(answer, question="Which city or airport do you usually leave from?")
    assert (span.type, span.start, span.end) == ("PERSON", 0, len(answer))


@pytest.mark.parametrize("answer", ["Puerto Vallarta", "Playa Blanca", "rio grande", "Vegan Food"])
def test_two_words_that_answer_what_was_asked_are_left_alone(detector: Detector, answer: str) -> None:
    assert detector.detect(answer, question="Which city or airport do you usually leave from?") == []
