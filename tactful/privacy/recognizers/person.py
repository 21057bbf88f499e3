"""Names: what the language model sees, and what the words around them say, in any case."""

from collections.abc import Iterable

import regex
from spacy.tokens import Doc

from tactful.privacy.recognizers.words import NOT_NAMES, PLACES
from tactful.privacy.spans import Span

MODEL, CUE = "spacy", "name after a cue"
MODEL_SCORE, CUE_SCORE = 0.7, 0.85

_NAME = r"[^\W\d_][\w'’-]*\.?"
_CUE = regex.compile(
    r"\b(?:my\s(?:full\s|first\s|last\s|sur)?\s?name(?:'s|’s|\sis|\swas|:)|name(?:'s|\sis|\s?:|\s-)|(?:i\sam|i['’]?m|im|this\sis|it['’]?s|call\sme|called|named|surname\sis|signed,?|"
    r"sincerely,?|regards,?|cheers,?|dear|hi|hello|hey|mr\.?|mrs\.?|ms\.?|miss|dr\.?|prof\.?|sir|madam|passengers?(?:\sis|\sare|:)?|travell?ers?(?:\sis|\sare|:)?|guests?(?:\sis|:)|"
    r"husband|wife|son|daughter|brother|sister|mother|father|mum|mom|dad|friend|colleague|boss|partner|contact|on\sbehalf\sof|under\sthe\sname(?:\sof)?|in\sthe\sname\sof|account\sof|money\sto|it\sto|transfer\sto|pay|payee(?:\sis)?))"
    r"[\s,:-]{1,3}",
    regex.IGNORECASE,
)
_FOLLOWING = regex.compile(rf"{_NAME}(?:\s{_NAME}){{0,3}}")
# After these, a name may stand in lower case; after the others only with a capital.
_STRONG = regex.compile(r"name|call\sme|named|surname", regex.IGNORECASE)
_PARTICLES = frozenset("de da do dos das del della di van von der den la le el al bin ibn ben ter ten zu y e".split())


def names(doc: Doc) -> Iterable[Span]:
    """Spans of names in the document's text."""
    for entity in doc.ents:
        if entity.label_ == "PERSON" and _plausible(entity.text):
            yield Span(entity.start_char, entity.end_char, "PERSON", MODEL_SCORE, MODEL)
    yield from _after_cues(doc.text)


def _plausible(name: str) -> bool:
    words = [word.strip(".,'’").casefold() for word in name.split()]
    return (
        bool(words)
        and any(c.isalpha() for c in name)
        and not any(c.isdigit() or c == "_" for c in name)
        and not all(word in NOT_NAMES or len(word) < 2 for word in words)
    )


def _after_cues(text: str) -> Iterable[Span]:
    for cue in _CUE.finditer(text):
        following = _FOLLOWING.match(text, cue.end())
        if not following:
            continue
        strong = bool(_STRONG.search(cue[0]))
        end = _end_of_name(text, following.start(), following.end(), strong)
        if end > following.start():
            yield Span(following.start(), end, "PERSON", CUE_SCORE, CUE)


def _end_of_name(text: str, start: int, end: int, strong: bool) -> int:
    """Where the name ends: at the first word that no name has, or that a name would write with a capital."""
    last = start
    for word in regex.finditer(_NAME, text, pos=start, endpos=end):
        bare = word[0].strip(".'’").casefold().removesuffix("'s").removesuffix("’s")
        bare = bare.replace("’", "").replace("'", "")  # "I'm" is "im"
        # "Lima" alone is a city; after a first name it is a last name.
        if not bare or (bare in NOT_NAMES and not (last > start and bare in PLACES)):
            break
        capital = word[0][0].isupper()
        if not capital and not strong and bare not in _PARTICLES:
            break
        if not capital and bare in _PARTICLES and last == start and not strong:
            break
        last = word.end()
        if word[0].endswith(".") and len(bare) > 3:
            last -= 1
            break
    return last
