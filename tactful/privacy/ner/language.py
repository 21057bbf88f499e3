"""A spaCy language for chat messages: plain tokens, and word features that say whether a word is known as a name.

A name that no one has seen before is told by what it is not: a word of the language. So each word carries
what the lexicon knows of it (how common a word it is, whether a first name, a last name, a place) in the place of
`LOWER`, which nothing else here reads and which spaCy hands to the model like any other feature.
"""

import re
from collections.abc import Callable
from typing import Any

from spacy.attrs import LOWER, NORM, PREFIX, SUFFIX
from spacy.language import BaseDefaults, Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from tactful.privacy.lexicon import codes, folded

# A possessive is a token of its own, so that it is no part of a name; a line break is one: addresses have lines.
# A row of the same sign is one, or a page of dots would cost as much as a page of words.
TOKEN = re.compile(r"['’]s\b|[^\W_]+(?:['’](?!s\b)[^\W_]+)*|\n|([^\w\s])\1{3,}|[^\w\s]|_+", re.IGNORECASE)
LONGEST_TOKEN = 60  # characters: a longer one is read by its beginning
_DIGIT = re.compile(r"\d")


def _known(word: str) -> str:
    return str(codes().get(folded(word), 0))


def _norm(word: str) -> str:
    """Digits are alike, accents and case too."""
    return _DIGIT.sub("0", folded(word))


class ChatDefaults(BaseDefaults):
    lex_attr_getters: dict[int, Callable[[str], Any]] = {  # noqa: RUF012 - as in the base class
        **BaseDefaults.lex_attr_getters,
        NORM: _norm,
        PREFIX: lambda word: _norm(word)[:3],
        SUFFIX: lambda word: _norm(word)[-3:],
        LOWER: _known,
    }


@registry.languages("chat")
class Chat(Language):  # type: ignore[no-untyped-call]
    """`spacy.blank("chat")`."""

    lang = "chat"
    Defaults = ChatDefaults


class ChatTokenizer(DummyTokenizer):
    """Tokens of `TOKEN`; `offsets` in the document's user data lead back to the text, code points."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        spans = [match.span() for match in TOKEN.finditer(text)]
        doc = Doc(self.vocab, words=[text[start : min(end, start + LONGEST_TOKEN)] for start, end in spans])
        doc.user_data["offsets"] = spans
        return doc


@registry.tokenizers("tactful.ChatTokenizer.v1")  # type: ignore[untyped-decorator]
def create_chat_tokenizer() -> Callable[[Language], ChatTokenizer]:
    return lambda nlp: ChatTokenizer(nlp.vocab)
