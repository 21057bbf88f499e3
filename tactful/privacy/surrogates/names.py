"""Names: as many words, in the same case, and a person who is named again, or by one name only, keeps theirs."""

from collections.abc import Callable

from tactful.privacy.surrogates.shape import WORD, cased

# What a name is addressed or joined with tells nobody apart.
_STAYS = frozenset(
    "mr mrs ms miss mx dr prof sir madam mme herr frau señor señora de da do dos du la le van von der den del di al bin"
    " ibn ben and und et y".split()
)

Word = Callable[[str, str], str]  # (a word of a name, "first" or "last") → the word of its surrogate, lower case


def name(value: str, word: Word) -> str:
    """Each word of `value` by `word`; titles and particles stay, unless there is nothing else."""
    words = [found for found in WORD.finditer(value) if found[0].lower() not in _STAYS] or list(WORD.finditer(value))
    parts, at = list[str](), 0
    for number, found in enumerate(words):
        kind = "first" if number == 0 else "last"
        parts += [value[at : found.start()], _like(found[0], word, kind)]
        at = found.end()
    return "".join(parts) + value[at:]


def _like(original: str, word: Word, kind: str) -> str:
    made = word(original, kind)
    if len(original) == 1:
        return cased(made[0], original)
    return cased(made, original)
