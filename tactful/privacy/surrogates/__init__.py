"""Surrogates: values of the same kind and shape that are nobody's, for texts that leave the house.

What stands for a value follows from a secret salt, the conversation and the value (HMAC-SHA256): consistent within a
conversation, different in the next, and not to be found by trying values out. When nothing fit can be made, a
placeholder takes its place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tactful.privacy.placeholders import LITERAL, normalise
from tactful.privacy.scopes import Memory, Placeholders
from tactful.privacy.spans import Span
from tactful.privacy.surrogates.addresses import street_address
from tactful.privacy.surrogates.contact import email, phone, username
from tactful.privacy.surrogates.dates import birth
from tactful.privacy.surrogates.draw import Draw
from tactful.privacy.surrogates.names import name
from tactful.privacy.surrogates.numbers import card, coordinates, iban, ip_address, mac_address, social_security
from tactful.privacy.surrogates.secrets import secret
from tactful.privacy.surrogates.shape import bare, scrambled

Maker = Callable[[str, Draw], str]
MAKERS: Mapping[str, Maker] = {
    "EMAIL_ADDRESS": email,
    "PHONE_NUMBER": phone,
    "STREET_ADDRESS": street_address,
    "CREDIT_CARD": card,
    "IBAN_CODE": iban,
    "US_SSN": social_security,
    "IP_ADDRESS": ip_address,
    "MAC_ADDRESS": mac_address,
    "COORDINATES": coordinates,
    "DATE_OF_BIRTH": birth,
    "USERNAME": username,
    "SECRET": secret,
}
_TO_THE_LETTER = frozenset({"EMAIL_ADDRESS", "STREET_ADDRESS", "USERNAME", "DATE_OF_BIRTH", "SECRET", "IP_ADDRESS"})
TRIES = 60
TELLING = 3  # letters and digits: a shorter value is inside many a word
_UNNAMED = "a"


class Surrogates(Memory):
    """One conversation's: the same value is the same surrogate, another value another. A `Scope`."""

    def __init__(self, salt: bytes, conversation: str) -> None:
        super().__init__()
        self._salt, self._conversation = salt, conversation
        self._attempts: dict[tuple[str, str], int] = {}
        self._name_words: dict[str, str] = {}
        self._given: set[tuple[str, str]] = set()
        self._placeholders = Placeholders()
        self._text = ""

    def replace(self, text: str, spans: Sequence[Span]) -> str:
        """`text` with surrogates in place of `spans` (sorted, apart from each other)."""
        self._text = text.casefold()
        for span in spans:
            self.learn(span.type, text[span.start : span.end])
        parts, at = list[str](), 0
        for span in spans:
            parts += [text[at : span.start], self._surrogate(span.type, text[span.start : span.end])]
            at = span.end
        self._text = ""
        return "".join(parts) + text[at:]

    def _surrogate(self, type: str, value: str) -> str:
        if type == LITERAL:
            return self._placeholder(type, value)
        key = (type, normalise(type, value) if type in _TO_THE_LETTER or type == "PERSON" else bare(value).casefold())
        if key in self._attempts:
            made = self._make(key, value, self._attempts[key])
            return made if self._unlike(made, value) else self._placeholder(type, value)
        for attempt in range(TRIES):
            made = self._make(key, value, attempt)
            if self._free(type, made) and self._unlike(made, value) and made.casefold() not in self._text:
                self._attempts[key] = attempt
                self._given.add((type, bare(made).casefold()))
                return made
        return self._placeholder(type, value)

    def _make(self, key: tuple[str, str], value: str, attempt: int) -> str:
        kind, canonical = key
        if kind == "PERSON":
            return name(value, self._name_word)
        draw = Draw(self._salt, self._conversation, kind, canonical, str(attempt))
        return MAKERS.get(kind, scrambled)(value, draw)

    def _name_word(self, original: str, kind: str) -> str:
        """The word that stands for a word of a name: another for each, and none that stands in the text."""
        known = normalise("", original)
        if known not in self._name_words:
            self._name_words[known] = next(word for word in self._drawn_words(known, kind) if self._new(word, known))
        return self._name_words[known]

    def _drawn_words(self, original: str, kind: str) -> Iterator[str]:
        for attempt in range(TRIES * 10):
            yield Draw(self._salt, self._conversation, "word", original, str(attempt)).name(kind, original or _UNNAMED)
        attempt = 0
        while True:  # more people than there are names
            draw = Draw(self._salt, self._conversation, "letters", original, str(attempt := attempt + 1))
            yield scrambled("a" * (6 + attempt % 20), draw)

    def _new(self, word: str, original: str) -> bool:
        return (
            word != original
            and word not in self._text
            and word not in self._name_words.values()
            and not self.may_hold(word)
        )

    def _free(self, type: str, made: str) -> bool:
        return (type, bare(made).casefold()) not in self._given

    @staticmethod
    def _unlike(made: str, value: str) -> bool:
        """Whether `made` holds nothing of `value` as a whole."""
        folded, original = bare(made).casefold(), bare(value).casefold()
        return folded != original and (len(original) < TELLING or original not in folded)

    def _placeholder(self, type: str, value: str) -> str:
        return self._placeholders.replace(value, [Span(0, len(value), type, 1.0)])
