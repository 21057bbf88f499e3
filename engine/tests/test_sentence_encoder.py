"""The encoder: made from the pinned weights, and close to what it is made from."""

from pathlib import Path

import numpy as np
import pytest
from tactful_engine import minilm, minilm_graph
from tactful_engine.sentence_encoder import SIZE, SentenceEncoder

TEXTS = ["where is my card", "my card has not arrived yet", "what is the weather in Lisbon", "?", ""]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_every_text_is_a_row_of_length_one(encoder: SentenceEncoder) -> None:
    rows = encoder.of(TEXTS)
    assert rows.shape == (len(TEXTS), SIZE)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_means_the_same_is_near(encoder: SentenceEncoder) -> None:
    rows = encoder.of(TEXTS)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


def test_a_text_alone_is_as_in_company(encoder: SentenceEncoder) -> None:
    """Rows are given in the order asked for, and hardly depend on what else is in the batch."""
    together, alone = encoder.of(TEXTS), np.vstack([encoder.of([text]) for text in TEXTS])
    assert np.sum(together * alone, axis=1).min() > 0.99


def test_eight_bits_are_close_to_the_weights_they_come_from(encoder: SentenceEncoder, tmp_path: Path) -> None:
    """The graph with the package's own 32-bit weights gives nearly the same directions."""
    import onnx
    from safetensors.numpy import load_file

    whole = tmp_path / "float.onnx"
    onnx.save(minilm_graph.Graph(load_file(str(minilm.source() / "model.safetensors"))).build(), str(whole))
    exact = SentenceEncoder(path=whole)
    assert np.sum(exact.of(TEXTS[:3]) * encoder.of(TEXTS[:3]), axis=1).min() > 0.9965


def test_other_weights_than_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(minilm.EncoderNotUsable, match="pinned"):
        minilm.convert(tmp_path / "model.safetensors", tmp_path / "out.onnx")
    assert not (tmp_path / "out.onnx").exists()


def test_a_long_text_is_read_to_its_limit(encoder: SentenceEncoder) -> None:
    assert encoder.of(["word " * 5000]).shape == (1, SIZE)
