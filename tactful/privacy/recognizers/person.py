"""Names by the words around them ("my name is …", "Dear …", "for Mr …"), and by the lists of names of the world."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tactful.privacy.lexicon import known
from tactful.privacy.recognizers.words import CHAT, NOT_NAMES, PLACES, TIMES, TRADE, is_word
from tactful.privacy.spans import Span

CUE, LIST, BARE = "name after a cue", "list of names", "nothing but a name"
CUE_SCORE, LIST_SCORE, BARE_SCORE = 0.85, 0.55, 0.55
MIN_BARE = 3  # letters

_NAME = re.compile(r"[^\W\d_][\w'’-]*\.?")
_CUE = re.compile(
    r"\b(?:my\s(?:full\s|first\s|last\s|sur)?\s?name(?:'s|’s|\sis|\swas|:)|name(?:'s|\sis|\s?:|\s-)|(?:i\sam|i['’]?m|im|this\sis|it['’]?s|call\sme|called|named|surname\sis|signed,?|"
    r"sincerely,?|regards,?|cheers,?|dear|hi|hello|hey|mr\.?|mrs\.?|ms\.?|miss|dr\.?|prof\.?|sir|madam|passengers?(?:\sis|\sare|:)?|travell?ers?(?:\sis|\sare|:)?|guests?(?:\sis|:)|"
    r"uncle|aunt|auntie|coach|president|pastor|senator|governor|judge|captain|dj|"
    r"husband|wife|son|daughter|brother|sister|mother|father|mum|mom|dad|friend|colleague|boss|partner|contact|on\sbehalf\sof|under\sthe\sname(?:\sof)?|in\sthe\sname\sof|account\sof|money\sto|it\sto|transfer\sto|pay|payee(?:\sis)?))"
    r"[\s,:-]{1,3}",
    re.IGNORECASE,
)
# After these, a name may stand in lower case; after the others only with a capital.
_STRONG = re.compile(r"name|call\sme|named|surname", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:city|town|country|street|hotel|airline|company|product|file|host|domain|plan|place|movie|song)['’s]{0,2} $",
    re.IGNORECASE,
)
_PARTICLES = frozenset("de da do dos das del della di van von der den la le el al bin ibn ben ter ten zu y e".split())
MOST_WORDS = 4
_NOTHING_BUT = re.compile(
    r"\s{0,3}(?P<lead>(?:(?:yes|yeah|sure|and|its?|it['’]s|it\sis|i['’]?m|i\sam|this\sis|(?:my\s)?(?:first\s|last\s|full\s)?name(?:\sis)?)[ ,]{1,2}){0,3})"
    r"(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{2,20}){0,2})[ .,!]{0,3}",
    re.IGNORECASE,
)
# Words of the language that a message of one word rather is a name than a word.
_RATHER_NAMES = frozenset(
    "john jack bob raj ram tom jim joe sam ben dan ron ken tim ted harry larry charlie austin".split()
)
_AND = re.compile(r"[ ,:;-]{0,3}\b(?:and|address|id|email|mail|phone|ph|number|no)?[ ,:;-]{0,3}\Z", re.IGNORECASE)
_OTHER_QUESTION = re.compile(
    r"\b(?:city|cities|airport|town|country|where|destination|interests?|budget|pace|season|month|diet|food|like to (?:do|see)|experience|who travels)\b",
    re.IGNORECASE,
)
_STRETCHED = re.compile(r"(.)\1\1")
_CAPITALISED = re.compile(r"(?<![\w@#/.'’-])[^\W\d_]['’]?[^\W\d_]+(?:-[^\W\d_]+)?(?![\w@/])")

# What stands before and after a place that has somebody's name: "in Clayton", "San Anselmo", "Jack London Square".
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|from|to|of|around|for|on|check|visit|city|town|san|santa|los|las|la|el|new|fort|mount|lake|port|glen|saint|st|villa|palo|del|de|do|da|dos|nad|upon)[\s.:]{1,2}$",
    re.IGNORECASE,
)
PLACE_AFTER = re.compile(
    r"\s(?:street|st|road|rd|avenue|ave|square|park|airport|hotel|hotels|beach|museum|city|county|university|school|street|center|centre|stadium|hills|valley|station|bridge|theatre|theater|cafe|restaurant|bar|grill|apartments|inn|inc|ltd|llc|corp)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:uncle|aunt|auntie|coach|president|pastor|senator|governor|judge|captain|dj|dr|mr|mrs|ms|miss|prof|professor|sir|lady|king|queen|prince|princess|saint|father|sister|brother|grandma|grandpa)\.?\s?$",
    re.IGNORECASE,
)


def names(text: str, question: str | None = None) -> Iterator[Span]:
    """Spans of names in the normalised `text`; a bare word that answers a `question` for something else is none."""
    yield from _after_cues(text)
    yield from _listed(text)
    if not question or not asks_for_other(question):
        yield from _bare(text)


def asks_for_other(question: str) -> bool:
    """Whether the bot asked for a place, a taste or the like."""
    return bool(_OTHER_QUESTION.search(question))


def plausible(name: str) -> bool:
    """Whether it may be a name at all: not made of chat words, places, times and signs alone."""
    words = [word.strip(".,'’").casefold() for word in name.split()]
    return (
        bool(words)
        and any(c.isalpha() for c in name)
        and not any(c.isdigit() or c == "_" for c in name)
        and not all(word in NOT_NAMES or len(word) < 2 for word in words)
    )


def _after_cues(text: str) -> Iterator[Span]:
    for cue in _CUE.finditer(text):
        if _THING.search(text, max(0, cue.start() - 14), cue.start()):
            continue
        end = _end_of_name(text, cue.end(), strong=bool(_STRONG.search(cue[0])))
        if end > cue.end():
            yield Span(cue.end(), end, "PERSON", CUE_SCORE, CUE, " ".join(cue[0].split()))


def _end_of_name(text: str, start: int, strong: bool) -> int:
    """Where the name ends: at the first word that no name has, or that a name would write with a capital."""
    last = at = start
    for _ in range(MOST_WORDS):
        word = _NAME.match(text, at)
        if not word:
            break
        bare = word[0].strip(".'’").casefold().removesuffix("'s").removesuffix("’s")
        bare = bare.replace("’", "").replace("'", "")  # "I'm" is "im"
        # "Lima" alone is a city; after a first name it is a last name.
        if not bare or (bare in NOT_NAMES and not _also_a_name(bare, strong, first=last == start)):
            break
        capital = word[0][0].isupper()
        if not capital and (not strong or (bare not in _PARTICLES and known(bare).word == 1)):
            break
        last = word.end()
        if word[0].endswith(".") and len(bare) > 3:
            return last - 1
        if not text[last : last + 1].isspace() or text[last : last + 1] == "\n":
            break
        at = last + 1
    return last


def _bare(text: str) -> Iterator[Span]:
    """A message that is nothing but a name, or says no more than that one follows: "kavitha", "im jo lee"."""
    said = _NOTHING_BUT.fullmatch(text)
    if not said:
        return
    words = said["name"].split()
    if _nothing_else(words) or (len(words) > 1 and _pair(*(word.capitalize() for word in (words[0], words[-1])))):
        yield Span(said.start("name"), said.end("name"), "PERSON", BARE_SCORE, BARE, said["lead"].strip().casefold())


def before_the_rest(text: str, end: int) -> Iterator[Span]:
    """A name that stands before the first other finding, at `end`, with nothing else: "rodriguez jenna 187 …"."""
    said = _NOTHING_BUT.fullmatch(_AND.sub("", text[:end]))
    if said and _nothing_else(said["name"].split()):
        yield Span(said.start("name"), said.end("name"), "PERSON", BARE_SCORE, BARE, said["lead"].strip().casefold())


def _nothing_else(words: list[str]) -> bool:
    """Whether words alone can only be a name: each is one, or no word, no place and no slip of a common word."""
    return all(_is_name_or_nothing(word.casefold()) for word in words)


def _is_name_or_nothing(word: str) -> bool:
    seen = known(word)
    if word in _RATHER_NAMES:
        return True
    if word in NOT_NAMES or seen.word == 1 or len(word) < MIN_BARE:
        return False
    if max(seen.first, seen.last) == 2 and not (seen.place and seen.first < 2):
        return True
    return not (seen.word == 2 or seen.place) and not _mistyped(word)


def _mistyped(word: str) -> bool:
    """Whether it is a slip of a common word (a letter too many, too few, wrong or swapped), or two such run together."""
    if _STRETCHED.search(word):
        return True
    if any(_common(word[:at]) and _common(word[at:]) for at in range(2, len(word) - 1)):
        return True
    return any(_common(near) for near in _near(word))


def _common(word: str) -> bool:
    return word in CHAT or word in TRADE or known(word).word == 1


def _near(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        if at + 1 < len(word):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if len(word) > 3:
            for letter in "abcdefghijklmnopqrstuvwxyz":
                yield word[:at] + letter + word[at + 1 :]
                yield word[:at] + letter + word[at:]


def _also_a_name(bare: str, strong: bool, first: bool) -> bool:
    """Whether a place or a month may be a name here: as a last name, or where the sentence says "my name is"."""
    if not first:
        return bare in PLACES or (strong and bare in TIMES)
    seen = known(bare)
    return strong and bare in PLACES | TIMES and max(seen.first, seen.last) > 0


def _listed(text: str) -> Iterator[Span]:
    """Words with a capital that are names and nothing else, together with those beside them that may be."""
    at = 0
    while word := _CAPITALISED.search(text, at):
        at = word.end()
        if not word[0][0].isupper() or _PLACE_BEFORE.search(text, max(0, word.start() - 24), word.start()):
            continue
        following = _next_to(text, word.end())
        if not (_certain(word[0]) or (following and _pair(word[0], following[0]))):
            continue
        end, last = word.end(), word[0]
        while following and (_possible(following[0]) or _pair(last, following[0])):
            end, last = following.end(), following[0]
            following = _next_to(text, end)
        at = end
        if not PLACE_AFTER.match(text, end):
            yield Span(word.start(), end, "PERSON", LIST_SCORE, LIST)


def _next_to(text: str, end: int) -> re.Match[str] | None:
    return _CAPITALISED.match(text, end + 1) if text[end : end + 1] == " " else None


def _certain(word: str) -> bool:
    """A common name that is no word of the language, no place, no month."""
    seen = known(word)
    return max(seen.first, seen.last) == 2 and not (seen.word or seen.place or is_word(word))


def _pair(one: str, other: str) -> bool:
    """A first name and a last name, though the last may be a word as well: "Terry Fox"."""
    first, last = known(one), known(other)
    return (
        first.first > 0
        and (first.word in (0, 3) or one.casefold() in _RATHER_NAMES)
        and other[0].isupper()
        and last.last > 0
        and not last.place
        and not {one.casefold(), other.casefold()} & (TIMES | CHAT)
    )


def _possible(word: str) -> bool:
    return word[0].isupper() and not is_word(word) and word.casefold() not in TIMES


def with_title(text: str, span: Span) -> Span:
    """A name's span with the title before it: "Uncle Richard" is who he is."""
    if span.type != "PERSON":
        return span
    title = _TITLE.search(text, max(0, span.start - 14), span.start)
    return replace(span, start=title.start()) if title else span
