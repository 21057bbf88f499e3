"""Passages through a detector and a memory: in order, consistent, and withheld when in doubt."""

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from tactful.privacy.placeholders import restore
from tactful.privacy.policy import Policy
from tactful.privacy.redactor import Passage, Redactor
from tactful.privacy.scopes import Placeholders, Scopes
from tactful.privacy.spans import Span


class Scripted:
    """A reader that finds given words; it remembers how it was asked."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.alone: list[str] = []

    def detect(
        self, text: str, question: str | None = None, known: Sequence[tuple[str, str]] = ()
    ) -> list[Span] | None:
        self.alone.append(text)
        asked = ["Bo"] if question else []
        return self._found(text, [*self.words, *asked, *(value for value, _ in known)])

    def detect_all(self, texts: Sequence[str]) -> Iterator[list[Span] | None]:
        for text in texts:
            yield None if text == "unread" else self._found(text, self.words)

    @staticmethod
    def _found(text: str, words: Sequence[str]) -> list[Span]:
        starts = {text.index(word): word for word in words if word in text}
        return [Span(start, start + len(word), "PERSON", 1.0) for start, word in sorted(starts.items())]


def redacted(policy: Policy, reader: Scripted, *passages: Passage) -> list[str | None]:
    return [each.text if each else None for each in Redactor(reader, policy).redact(passages)]


def test_what_the_bot_asked_and_what_is_known_count(policy: Policy) -> None:
    scope = Placeholders()
    reader = Scripted("Ana Berg")
    texts = [("Ana Berg", None), ("Bo", "your name?"), ("then Ana Berg left", None), ("fine", None)]
    answers = redacted(policy, reader, *(Passage(text, scope, question) for text, question in texts))
    assert answers == ["PERSON_1", "PERSON_2", "then PERSON_1 left", "fine"]
    assert reader.alone == ["Bo", "then Ana Berg left"], "others are read in batches"


def test_a_passage_that_is_nothing_but_a_known_value_is_that_value(policy: Policy) -> None:
    """However short: a slot holds the name that a sentence told."""
    scope = Placeholders()
    first = redacted(policy, Scripted("Bo"), Passage("I am Bo", scope))
    assert first + redacted(policy, Scripted(), Passage("BO", scope), Passage("Bob", scope)) == [
        "I am PERSON_1", "PERSON_1", "Bob",
    ]  # fmt: skip


def test_an_unread_passage_is_none_and_the_next_keeps_its_place(policy: Policy) -> None:
    scopes = Scopes(lambda _: Placeholders())
    passages = [Passage(text, scopes.line(n)) for n, text in enumerate(["Ana", "unread", "Ana"])]
    assert redacted(policy, Scripted("Ana"), *passages) == ["PERSON_1", None, "PERSON_1"]


def test_conversations_do_not_know_of_each_other(policy: Policy) -> None:
    scopes = Scopes(lambda _: Placeholders())
    passages = [Passage(text, scopes.of(name)) for name, text in [("a", "Ana"), ("b", "Bo"), ("a", "Bo")]]
    assert redacted(policy, Scripted("Ana", "Bo"), *passages) == ["PERSON_1", "PERSON_1", "PERSON_2"]


def test_a_passage_does_not_tell_its_text() -> None:
    assert "Ana" not in repr(Passage("Ana", Placeholders(), "Ana?"))


WORDS = st.lists(st.sampled_from(["Ana", "Bo", "hi", "PERSON", "1", "."]), max_size=6)


@given(st.lists(WORDS.map(" ".join), max_size=6))
def test_restoring_gives_back_the_original(texts: list[str]) -> None:
    policy = Policy.model_construct(entities={})
    scope = Placeholders()
    answers = redacted(policy, Scripted("Ana", "Bo"), *(Passage(text, scope) for text in texts))
    values = {scope.replace(value, [Span(0, len(value), kind, 1.0)]): value for value, kind in scope.known}
    assert [restore(answer or "", values) for answer in answers] == texts
