"""Sentences as unit vectors: what they mean, whatever their words."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator, List, Optional, Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from tactful_engine import minilm, minilm_graph

# Cosine of two vectors = the weighted mean of the cosines in these layers: the last knows the meaning, those before it
# the wording. Chosen by cross-validation on two public training sets.
SHARES = (0.15, 0.25, 0.60)
SIZE = minilm_graph.SIZE * len(SHARES)
LONGEST = 128  # word pieces; what is beyond is not read
BATCH = 8  # more are no faster in 8 bits


class SentenceEncoder:
    """MiniLM on ONNX Runtime, on the CPU."""

    def __init__(self, threads: int = 1, path: Optional[Path] = None) -> None:
        """`threads`: so many batches at once, each on one core: what a batch needs is too little to be shared."""
        self._threads = threads
        self._tokenizer = Tokenizer.from_file(str(minilm.source() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
        self._session = onnxruntime.InferenceSession(
            str(path or minilm.model()), options, providers=["CPUExecutionProvider"]
        )

    @classmethod
    def for_training(cls) -> "SentenceEncoder":
        """One that takes every core."""
        return cls(threads=os.cpu_count() or 1)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """One row of length 1 a text. Texts of one length go together, so little is computed for padding."""
        ids = [self._tokenizer.encode(text).ids for text in texts]
        longest_first = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        batches = [longest_first[start : start + BATCH] for start in range(0, len(ids), BATCH)]
        rows = np.zeros((len(ids), SIZE), dtype=np.float32)
        for batch, found in zip(batches, self._each([[ids[i] for i in batch] for batch in batches]), strict=True):
            rows[batch] = found
        return rows

    def _each(self, batches: List[List[List[int]]]) -> Iterator[np.ndarray]:
        if min(self._threads, len(batches)) <= 1:
            yield from map(self._rows, batches)
            return
        with ThreadPoolExecutor(self._threads) as threads:
            yield from threads.map(self._rows, batches)

    def _rows(self, ids: List[List[int]]) -> np.ndarray:
        longest = max(map(len, ids))
        padded = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros((len(ids), longest), dtype=np.int32)
        for row, words in enumerate(ids):
            padded[row, : len(words)], mask[row, : len(words)] = words, 1
        layers = self._session.run(None, {"ids": padded, "places": np.arange(longest), "mask": mask})
        parts = zip(layers, SHARES, strict=True)
        return np.hstack([unit(layer) * np.float32(share**0.5) for layer, share in parts])


def unit(rows: np.ndarray) -> np.ndarray:
    """The rows, each of length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
