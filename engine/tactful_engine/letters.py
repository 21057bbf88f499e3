"""How sentences are spelt: TF-IDF over words, pairs of words and the letters in them, by hash instead of by name.

What is kept of the training sentences are numbers: no word of them stands in a model's archive.
"""

from typing import Any, Dict, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

BUCKETS = 2**22  # so many that two words hardly ever share one
# One-letter words count: "I", and what is left of "y?" and "n". Letters make typing errors cheap.
PARTS: Sequence[Dict[str, Any]] = (
    {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)[^\W_]+(?:_[^\W_]+)*|\?"},
    {"analyzer": "char_wb", "ngram_range": (2, 5)},
)
RARE = (1, 2)  # in how many sentences something must stand to count, for each part
SHARE = 0.1  # of the kernel, beside the meaning's 1; by cross-validation
SCALE = (SHARE / len(PARTS)) ** 0.5


class Letters:
    """The columns that stood in the training sentences, and how telling each one is."""

    def __init__(self, columns: Sequence[np.ndarray], telling: Sequence[np.ndarray]) -> None:
        self._columns, self._telling = list(columns), list(telling)
        how = {"n_features": BUCKETS, "norm": None, "alternate_sign": False, "strip_accents": "unicode"}
        self._hashes = [HashingVectorizer(**part, **how) for part in PARTS]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Letters":
        """Count in how many of the texts each column stands."""
        return cls.learn_and_read(texts)[0]

    @classmethod
    def learn_and_read(cls, texts: Sequence[str]) -> "Tuple[Letters, csr_matrix]":
        """What `learn` gives, and the texts' rows; each text is taken apart once."""
        new = cls([], [])
        parts = [vectorizer.transform(texts) for vectorizer in new._hashes]
        for part, least in zip(parts, RARE, strict=True):
            columns, counts = np.unique(part.indices, return_counts=True)
            kept = counts >= least
            new._columns.append(columns[kept].astype(np.int32))
            new._telling.append((np.log((1 + len(texts)) / (1 + counts[kept])) + 1).astype(np.float32))
        return new, new._rows(parts)

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """One row a text; the product of two rows is `SHARE` at most."""
        return self._rows([vectorizer.transform(texts) for vectorizer in self._hashes])

    def _rows(self, parts: Sequence[csr_matrix]) -> csr_matrix:
        weighed = [self._part(number, found) for number, found in enumerate(parts)]
        return csr_matrix(hstack(weighed)).astype(np.float32) * SCALE

    def of_one(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """The columns and values of a text's row; a millisecond faster than a matrix of one row."""
        columns, values, before = [], [], 0
        for number, known in enumerate(self._columns):
            _, places, weights = self._weighed(number, self._hashes[number].transform([text]))
            length = np.sqrt(weights @ weights)
            columns.append(places + before)
            values.append(weights * (SCALE / length) if length else weights)
            before += len(known)
        return np.concatenate(columns), np.concatenate(values).astype(np.float32)

    def _part(self, number: int, found: csr_matrix) -> csr_matrix:
        rows, places, weights = self._weighed(number, found)
        return normalize(csr_matrix((weights, (rows, places)), shape=(found.shape[0], len(self._columns[number]))))

    def _weighed(self, number: int, found: csr_matrix) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(row, column, weight) of everything in the texts that stood in the training sentences."""
        columns = self._columns[number]
        places = np.searchsorted(columns, found.indices)
        places[places == len(columns)] = 0
        known = columns[places] == found.indices if len(columns) else np.zeros(0, dtype=bool)
        rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))[known]
        places = places[known]
        return rows, places, (1 + np.log(found.data[known])) * self._telling[number][places]

    def arrays(self) -> Dict[str, np.ndarray]:
        """What `restore` takes."""
        named = {f"columns_{number}": array for number, array in enumerate(self._columns)}
        return {**named, **{f"telling_{number}": array for number, array in enumerate(self._telling)}}

    @classmethod
    def restore(cls, arrays: Any) -> "Letters":
        numbers = range(len(PARTS))
        return cls([arrays[f"columns_{n}"] for n in numbers], [arrays[f"telling_{n}"] for n in numbers])
