"""Rasa's graph of components, run in an order that is worked out once.

Rasa has Dask plan the same few steps anew for every message and every action, which costs more than most of them.
"""

from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

# A node and, in order, the nodes and inputs that it is handed.
Step = Tuple[Text, GraphNode, Tuple[Text, ...]]


class LeanGraphRunner(DaskGraphRunner):
    """Runs the nodes of a `DaskGraphRunner`, as they are, one after the other in this thread."""

    _plans: Dict[Tuple[Text, ...], List[Step]]

    @classmethod
    def replacing(cls, runner: DaskGraphRunner) -> "LeanGraphRunner":
        """The same runner with the same loaded nodes."""
        runner.__class__ = cls
        runner._plans = {}
        return runner  # type: ignore[return-value]

    def run(self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None) -> Dict[Text, Any]:
        """What the targets give for these inputs."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        outputs: Dict[Text, Tuple[Text, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in self._plans[wanted]:
            outputs[name] = _ran(node, needs, outputs)
        return {name: outputs[name][1] for name in wanted}

    def _plan(self, targets: Tuple[Text, ...]) -> List[Step]:
        """The nodes that the targets need, each after what it needs itself."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        plan: List[Step] = []
        placed: set = set()

        def place(name: Text) -> None:
            if name in placed or name not in nodes:
                return
            placed.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                place(need)
            plan.append((name, self._instantiated_nodes[name], needs))

        for target in targets:
            place(target)
        return plan


def _ran(node: GraphNode, needs: Tuple[Text, ...], outputs: Dict[Text, Tuple[Text, Any]]) -> Tuple[Text, Any]:
    """The node's name and output. One that is loaded and has no hooks needs none of Rasa's ceremony."""
    if node._eager and not node._hooks and all(need in outputs for need in needs):
        given = {name: outputs[provider][1] for name, provider in node._inputs.items()}
        return node._node_name, node._fn(node._component, **given)
    # As Dask does: what nobody provides is handed over by its name, and the node says so.
    return node(*(outputs.get(need, need) for need in needs))  # type: ignore[no-any-return]


def lean_graph(processor: MessageProcessor) -> bool:
    """Let a processor run its graph the lean way; whether that is new to it."""
    if type(processor.graph_runner) is not DaskGraphRunner:
        return False
    processor.graph_runner = LeanGraphRunner.replacing(processor.graph_runner)
    return True
