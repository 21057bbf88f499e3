"""Texts as sparse vectors: words and pairs of words, and the letters they are made of."""

from typing import Any, Dict, List, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

PARTS: Dict[str, Dict[str, Any]] = {
    # One-letter words count: "I", and what is left of "y?" and "n".
    "word": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)[^\W_]+(?:_[^\W_]+)*|\?"},
    # Letters make typing errors cheap.
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2},
}


class TextFeatures:
    """Two TF-IDF spaces side by side."""

    def __init__(self, parts: Sequence[TfidfVectorizer]) -> None:
        self._parts = list(parts)

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "TextFeatures":
        """Take the vocabulary from these texts."""
        return cls([_part(name).fit(texts) for name in PARTS])

    @classmethod
    def restore(cls, words: Dict[str, Any], idf: np.ndarray) -> "TextFeatures":
        """What `vocabulary` and `idf` gave, back again."""
        parts, start = [], 0
        for name in PARTS:
            terms = words[name]
            part = _part(name, vocabulary={term: place for place, term in enumerate(terms)})
            part.idf_ = idf[start : start + len(terms)].astype(np.float64)
            start += len(terms)
            parts.append(part)
        if start != len(idf):
            raise ValueError("vocabulary and weights differ in length")
        return cls(parts)

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """One row a text, length 1 in each space."""
        return csr_matrix(hstack([part.transform(texts) for part in self._parts]))

    def vocabulary(self) -> Dict[str, List[str]]:
        return {name: list(part.get_feature_names_out()) for name, part in zip(PARTS, self._parts, strict=True)}

    def idf(self) -> np.ndarray:
        return np.hstack([part.idf_ for part in self._parts])


def _part(name: str, **more: Any) -> TfidfVectorizer:
    # With a given vocabulary `min_df` has no effect.
    return TfidfVectorizer(lowercase=True, sublinear_tf=True, strip_accents="unicode", **PARTS[name], **more)
