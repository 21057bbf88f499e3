"""MiniLM-L6's graph, written down operation by operation, so that nothing of torch is needed."""

from typing import Dict, List, Mapping, Optional

import numpy as np

LAYERS, POOLED, HEADS, SIZE = 6, (2, 4, 6), 12, 384
CONTRIB = "com.microsoft"  # ONNX Runtime's fused operations


class Graph:
    """BERT in ONNX Runtime's fused operations: ids, places and mask in, one vector a pooled layer out."""

    def __init__(
        self,
        weights: Mapping[str, np.ndarray],
        narrow: Optional[Mapping[str, np.ndarray]] = None,
        *,
        told: bool = False,
    ) -> None:
        """`narrow`: by which each channel of a product's input is divided, and the weights multiplied. `told`: the
        products' inputs are outputs, too."""
        import onnx  # only here: it is large, and a running engine never needs it

        self._onnx, self._weights, self._narrow, self._told = onnx, weights, narrow or {}, told
        self.products: Dict[str, str] = {}  # and what goes into each
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
            [h.make_tensor_value_info(name, t.FLOAT, ["texts", SIZE]) for name in pooled]
            + [h.make_tensor_value_info(name, t.FLOAT, None) for name in self.products.values() if self._told],
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
        return self._do("MatMul", self._product(name, state, self._weights[f"{name}.weight"].T), name)

    def _dense_by_word(self, name: str, state: str) -> str:
        """What comes out of the activation has a few large values, in other words' rows than those of most: each row is
        divided by its largest before the product, whose input shares one scale of 8 bits, and multiplied after it."""
        peak = self._do("ReduceMax", [state], f"{name}.peak", axes=[-1])
        peak = self._do("Max", [peak, self._value(f"{name}.least", np.array([1e-3], np.float32))], f"{name}.scale")
        even = self._do("Div", [state, peak], f"{name}.even")
        product = self._do(
            "MatMul", [even, self._value(f"{name}.w", self._weights[f"{name}.weight"].T)], f"{name}.product"
        )
        return self._do("Mul", [product, peak], name)

    def _product(self, name: str, state: str, weights: np.ndarray) -> List[str]:
        """What a product takes: state and weights, which may share the state's large channels between them."""
        self.products[name] = state
        if name in self._narrow:
            wide = self._narrow[name]
            state = self._do("Mul", [state, self._value(f"{name}.narrow", 1 / wide)], f"{name}.narrowed")
            weights = weights * wide[:, None]
        return [state, self._value(f"{name}.w", weights)]

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
        inputs = [*self._product(f"{at}.qkv", state, weights), self._value(f"{at}.qkv.b", bias), "mask"]
        seen = self._do("Attention", inputs, f"{at}.attention", CONTRIB, num_heads=HEADS)
        dense = f"{at}.attention.output.dense"
        state = self._norm(f"{at}.attention.output.LayerNorm", self._dense(dense, seen), state, dense)
        wide = self._dense(f"{at}.intermediate.dense", state)
        bias_name = self._value(f"{at}.intermediate.dense.b", self._weights[f"{at}.intermediate.dense.bias"])
        active = self._do("BiasGelu", [wide, bias_name], f"{at}.gelu", CONTRIB)
        dense = f"{at}.output.dense"
        return self._norm(f"{at}.output.LayerNorm", self._dense_by_word(dense, active), state, dense)

    def _pool(self, state: str, name: str) -> str:
        kept = self._do("Mul", [state, "mask_column"], f"{name}.kept")
        return self._do("Div", [self._do("ReduceSum", [kept, "axis1"], f"{name}.sum", keepdims=0), "words"], name)
