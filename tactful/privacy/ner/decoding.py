"""Greedy decoding of spaCy's named-entity recognizer, for a whole batch a token at a time.

spaCy's own parser decides text by text and checks every move by itself, which takes longer than the network before it.
Its states advance by one token a move, so that the states of many texts can be scored together: the same weights, the
same moves, the same entities (`spacy/pipeline/_parser_internals/ner.pyx`, `spacy/ml/parser_model.pyx`).
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE
from spacy.tokens import Doc

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]
Entity = tuple[int, int, str]  # first token, token after the last, label
FEATURES = 3  # of a state: this token, the open entity's first, the token before while one is open


class Decoder:
    """A trained recognizer's weights, laid out for batches. Errors: `ValueError` for one of another architecture."""

    def __init__(self, recognizer: Any) -> None:
        model = recognizer.model
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        if lower.get_dim("nF") != FEATURES or model.attrs["unseen_classes"]:
            raise ValueError("The model's states are not those that this decoder knows.")
        self._tok2vec = model.get_ref("tok2vec")
        # Laid out (input, feature, piece, hidden): the larger of the pieces is then one comparison of whole rows.
        self._weights: Floats = lower.get_param("W").transpose(3, 0, 2, 1).reshape(lower.get_dim("nI"), -1).copy()
        self._bias: Floats = lower.get_param("b").T.copy()
        self._pad: Floats = lower.get_param("pad")[0].transpose(0, 2, 1).copy()
        self._upper: Floats = upper.get_param("W").T.copy()
        self._upper_bias: Floats = upper.get_param("b")
        moves = recognizer.moves
        self._moves = _Moves([moves.get_class_name(number) for number in range(moves.n_moves)])

    def entities(self, docs: Sequence[Doc]) -> list[list[Entity]]:
        """Entities of each document, in order."""
        # The longest first: those that are still going are always the first ones.
        order = sorted(range(len(docs)), key=lambda number: -len(docs[number]))
        going = [docs[number] for number in order if len(docs[number])]
        moves = self._decode(going) if going else []
        found: list[list[Entity]] = [[] for _ in docs]
        for number, made in zip(order, moves, strict=False):
            found[number] = list(self._moves.entities(made))
        return found

    def _decode(self, docs: Sequence[Doc]) -> list[Sequence[int]]:
        """The best valid move at each token of each document; documents come longest first."""
        moves, lengths = self._moves, np.array([len(doc) for doc in docs])
        offsets = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        scored = self._precomputed(docs)
        spaces = np.concatenate([doc.to_array(IS_SPACE) for doc in docs]).astype(bool)
        first = np.full(len(docs), -1)  # row of the open entity's first token, or -1
        label = np.full(len(docs), -1)  # which labels' moves go on with it
        chosen = np.zeros((len(docs), int(lengths[0])), np.intp)
        for at in range(int(lengths[0])):
            count = int(np.searchsorted(-lengths, -at))  # documents longer than `at`
            here, opened = offsets[:count] + at, first[:count]
            scores = self._scores(scored, here, opened)
            best = moves.best(scores, label[:count], last=lengths[:count] == at + 1, space=spaces[here])
            chosen[:count, at] = best
            opening, closing = moves.opens[best], moves.closes[best]
            first[:count][opening], label[:count][opening] = here[opening], moves.label[best[opening]]
            first[:count][closing] = label[:count][closing] = -1
        return [row[:length] for row, length in zip(chosen.tolist(), lengths, strict=True)]

    def _precomputed(self, docs: Sequence[Doc]) -> Floats:
        """What each token adds as each feature: (tokens, features, pieces, hidden)."""
        vectors: Floats = self._tok2vec.predict(list(docs))
        return (vectors @ self._weights).reshape(len(vectors), *self._pad.shape)

    def _scores(self, scored: Floats, here: Numbers, opened: Numbers) -> Floats:
        state = scored[here, 0]
        state += self._bias + self._pad[1] + self._pad[2]
        inside = np.flatnonzero(opened >= 0)
        if len(inside):
            state[inside] += scored[opened[inside], 1] + scored[here[inside] - 1, 2] - self._pad[1] - self._pad[2]
        hidden: Floats = state.max(axis=1)
        return hidden @ self._upper + self._upper_bias


class _Moves:
    """The moves of BILUO tagging by number, and which are valid when."""

    def __init__(self, names: Sequence[str]) -> None:
        kinds = np.array([name[0] for name in names])
        labels = [name[2:] for name in names]
        self.labels = sorted({label for label in labels if label})
        self.label = np.array([self.labels.index(label) if label else -1 for label in labels])
        self.opens, self.closes = kinds == "B", kinds == "L"
        self._kinds: list[str] = kinds.tolist()
        # Added to the scores: 0 where a move is valid, else minus infinity; (open label + 1, last, space, moves).
        self._table: Floats = np.full((len(self.labels) + 1, 2, 2, len(names)), -np.inf, np.float32)
        for last, space in product((False, True), repeat=2):
            valid = self._table[:, int(last), int(space)]
            valid[0, kinds == "O"] = 0
            if not space:
                valid[0, (kinds == "U") & (self.label >= 0)] = 0
            if not (space or last):
                valid[0, self.opens] = 0
            for number in range(len(self.labels)):
                going_on = self.closes if last else self.closes | (kinds == "I")
                valid[number + 1, going_on & (self.label == number)] = 0

    def best(self, scores: Floats, label: Numbers, *, last: NDArray[np.bool_], space: NDArray[np.bool_]) -> Numbers:
        """The best valid move of each state; `label` is the open entity's, or -1."""
        best: Numbers = (scores + self._table[label + 1, last.astype(np.intp), space.astype(np.intp)]).argmax(axis=1)
        return best

    def entities(self, made: Sequence[int]) -> Iterator[Entity]:
        """The entities that a document's moves make."""
        start = 0
        for at, move in enumerate(made):
            kind = self._kinds[move]
            if kind in "BU":
                start = at
            if kind in "LU":
                yield start, at + 1, self.labels[self.label[move]]
