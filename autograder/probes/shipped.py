"""Look at a graph that was shipped, and run it, in a process in which no code of the notebook ever ran.

What comes is data from someone who may want points: it is taken apart with care, and ops that reach files, other
processes, or Python are not run. (The process is held like any worker's, too.)
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import graph_pb2, op_def_pb2
from tensorflow.python.client import pywrap_tf_session
from tensorflow.python.framework import composite_tensor
from tensorflow.python.ops import gen_experimental_dataset_ops

# What ops are for, by their type.
LOOPS = frozenset(("While", "StatelessWhile", "For", "RiscWhile", "LoopCond", "ReduceDataset", "ScanDataset"))
BRANCHES = frozenset(("If", "StatelessIf", "Case", "StatelessCase", "Switch", "RefSwitch"))
ESCAPES = frozenset(("PyFunc", "PyFuncStateless", "EagerPyFunc"))
PRINTS = frozenset(("Print", "PrintV2"))
RANDOM = re.compile(
    r"Random(?!SeedGenerator)|Multinomial|TruncatedNormal|^Stateful(Uniform|StandardNormal)|CandidateSampler|DistortedBounding"
    r"|^ShuffleDataset|^ShuffleAndRepeat"
)

# Ops with a state or a side effect run only if they are one of these; of all others any but those that reach out.
_STATEFUL = re.compile(
    r"Stateful(PartitionedCall|StandardNormal|StandardNormalV2|TruncatedNormal|Uniform|UniformFullInt|UniformInt)"
    r"|StatefulRandomBinomial|(Stateless)?(While|If|Case)|ReduceDataset|Assert|Print|PrintV2|CheckNumerics(V2)?"
    r"|VarHandleOp|ReadVariableOp|VarIsInitializedOp|VariableShape|DestroyResourceOp|Assign(Add|Sub)?VariableOp"
    r"|Resource(Apply|SparseApply|Gather|Scatter|StridedSlice|CountUpTo).*|DisableCopyOnRead"
    r"|Random.*|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal|.*CandidateSampler|SampleDistortedBoundingBox.*"
    r"|StatelessRandomGetAlg|NonDeterministicInts|Rng(ReadAndSkip|Skip)|Empty|DeepCopy|GuaranteeConst|DeviceIndex"
    r"|TensorArray.*|Stack(Push|Pop|Close)?V2|Timestamp|GraphDefVersion|IsTensorFloat32Enabled"
    r"|Tensor(Slice)?Dataset|SparseTensorSliceDataset|RangeDataset|Shuffle(AndRepeat)?DatasetV[23]|GlobalShuffleDataset"
    r"|(Anonymous|Dummy|Delete)?(Random)?SeedGenerator|AnonymousMemoryCache|DummyMemoryCache|DeleteMemoryCache|CacheDatasetV2"
    r"|GroupByReducerDataset|DatasetToSingleElement|AnonymousIteratorV[23]|MakeIterator|IteratorGetNext(Sync|AsOptional)?"
    r"|DeleteIterator|(Mutable(Dense)?)?HashTable(OfTensors)?(V2)?|Anonymous(Mutable(Dense)?)?HashTable(OfTensors)?"
    r"|InitializeTableV2|LookupTable(Find|Import|Insert|Remove|Size|Export)V2|_Arg|_Retval"
)
_REACHES_OUT = re.compile(
    r"File|Reader|Record|Snapshot|Service|Remote|FromGraph|EncodeProto|DecodeProto|SymbolicGradient|Debug|Host|T[Pp][Uu]"
    r"|Xla(Launch|CustomCall|HostCompute)|^CacheDataset$|^_(?!Arg$|Retval$)"
)


class GraphRefused(ValueError):
    """The graph holds ops that are not run outside of the notebook that made it."""


class GraphUnreadable(ValueError):
    """What came is no graph."""


# ---- arguments and results ---------------------------------------------------------------------------


def leaves(value: Any) -> list[Any]:
    """The tensors, arrays, numbers and texts of nested arguments, in order."""
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in leaves(item)]
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    data = (composite_tensor.CompositeTensor, tf.Variable, np.ndarray, np.generic, bool, int, float, str, bytes)
    return [value] if tf.is_tensor(value) or isinstance(value, data) else []


def parts(leaf: Any) -> list[Any]:
    """The tensors that a leaf is passed to a graph as: one for most, several for sparse and ragged tensors."""
    if isinstance(leaf, tf.Variable):
        return [leaf.handle]
    return list(tf.nest.flatten(leaf, expand_composites=True))


def encode(result: Any, names: list[str]) -> Any:
    """The structure of a graph's result as plain data.

    Args:
        result: Nested symbolic tensors.
        names: Gets the names of the tensors; the structure holds their positions.
    """
    if isinstance(result, (list, tuple)):
        return ("list" if isinstance(result, list) else "tuple", [encode(item, names) for item in result])
    if isinstance(result, Mapping):
        items = {key if isinstance(key, (str, int)) else str(key): encode(item, names) for key, item in result.items()}
        return ("dict", items)
    if result is None or not (tf.is_tensor(result) or isinstance(result, composite_tensor.CompositeTensor)):
        return ("none", None)
    found = parts(result)
    names += [tensor.name for tensor in found]
    places = list(range(len(names) - len(found), len(names)))
    kind = type(result).__name__ if isinstance(result, composite_tensor.CompositeTensor) else "tensor"
    return (kind, places)


def _decode(structure: Any, tensors: Sequence[Any]) -> Any:
    kind, inside = structure
    if kind in ("list", "tuple"):
        return (list if kind == "list" else tuple)(_decode(item, tensors) for item in inside)
    if kind == "dict":
        return {key: _decode(item, tensors) for key, item in inside.items()}
    if kind == "none":
        return None
    found = [tensors[place] for place in inside]
    if kind == "IndexedSlices":
        return tf.IndexedSlices(*found)
    if kind == "SparseTensor":
        return tf.SparseTensor(*found)
    if kind == "RaggedTensor":
        return tf.RaggedTensor.from_nested_row_splits(found[0], found[1:])
    return found[0]


# ---- looking -----------------------------------------------------------------------------------------


def graph_facts(graph: Mapping[str, Any], ops: bool) -> dict[str, Any]:
    """What a graph that was shipped is made of; the fields of :class:`autograder.graphs.Facts`.

    Ops count that a result or a side effect needs, in functions that they call too, and no others.

    Args:
        graph: What :func:`autograder.probes.graphs.graph` sent.
        ops: Whether to tell how many ops of each type there are.

    Raises:
        GraphUnreadable: It is malformed.
    """
    definition = _parse(graph["graph"])
    needed = _needed(definition, [*graph["fetches"], *graph["runs"]])
    library = {function.signature.name: function.node_def for function in definition.library.function}
    types = Counter(node.op for node in _reached([definition.node[place] for place in needed], library))
    for value in _datasets(graph):
        inner = _parse(value)
        functions = {function.signature.name: function.node_def for function in inner.library.function}
        types += Counter(node.op for node in _reached(list(inner.node), functions))
    placeholders = {node.name: node for node in definition.node if node.op == "Placeholder"}
    names = {definition.node[place].name for place in needed}
    passed = [
        name.split(":")[0]
        for name, (source, *_) in zip(graph["placeholders"], graph["inputs"], strict=True)
        if source == "leaf"
    ]
    branches = BRANCHES if "LoopCond" not in types else BRANCHES - {"Switch", "RefSwitch"}
    return {
        "nodes": sum(types.values()),
        "ops": dict(sorted(types.items())) if ops else {},
        "loops": sorted(LOOPS & types.keys()),
        "branches": sorted(branches & types.keys()),
        "escapes": sorted(ESCAPES & types.keys()),
        "random": sorted(name for name in types if RANDOM.search(name)),
        "prints": sorted(PRINTS & types.keys()),
        "inputs": [_spec(placeholders[name]) for name in passed],
        "unused": [place for place, name in enumerate(passed) if name not in names],
        "variables": sum(source == "variable" for source, *_ in graph["inputs"]),
        "compiled": bool(graph["compiled"]),
    }


def _parse(data: Any) -> Any:
    definition = graph_pb2.GraphDef()
    try:
        definition.ParseFromString(data)
    except Exception:
        raise GraphUnreadable("what was sent is no graph") from None
    return definition


def _datasets(graph: Mapping[str, Any]) -> list[bytes]:
    return [rest[0] for source, *rest in graph["inputs"] if source == "dataset"]


def _needed(definition: Any, names: Sequence[str]) -> list[int]:
    """The positions of the nodes that some tensors and operations need."""
    places = {node.name: place for place, node in enumerate(definition.node)}
    found: set[int] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop().removeprefix("^").split(":")[0]
        if name not in places:
            raise GraphUnreadable("the graph lacks a part of its own")
        if places[name] not in found:
            found.add(places[name])
            waiting += definition.node[places[name]].input
    return sorted(found)


def _reached(nodes: Sequence[Any], library: Mapping[str, Any]) -> Iterator[Any]:
    """Nodes, and those of the functions that they call; a function counts once, however often it is called."""
    waiting, called = list(nodes), set()
    while waiting:
        node = waiting.pop()
        yield node
        for attribute in node.attr.values():
            for function in (attribute.func, *attribute.list.func):
                if function.name and function.name in library and function.name not in called:
                    called.add(function.name)
                    waiting += library[function.name]


def _spec(placeholder: Any) -> tuple[tuple[int | None, ...] | None, str]:
    shape = tf.TensorShape(placeholder.attr["shape"].shape)
    dtype = tf.dtypes.as_dtype(placeholder.attr["dtype"].type).name
    return (tuple(shape.as_list()) if shape.rank is not None else None), dtype


# ---- running -----------------------------------------------------------------------------------------


def graph_results(graph: Mapping[str, Any], calls: Sequence[Any], compiled: bool) -> list[Any]:
    """What a graph that was shipped gives for calls, one after the other; Variables keep what a call left in them.

    Args:
        graph: What :func:`autograder.probes.graphs.graph` sent.
        calls: Each a tuple of arguments and a dict of keyword arguments.
        compiled: Compile it with XLA.

    Raises:
        GraphRefused: It holds ops that are not run here.
        GraphUnreadable: It is malformed.
    """
    assert_harmless(graph)
    run = _load(graph)
    dtypes = [tensor.dtype for tensor in run.inputs]
    if compiled:
        run = tf.function(run, jit_compile=True, autograph=False)
    held = [_held(source, rest) for source, *rest in graph["inputs"]]
    results = []
    for args, kwargs in calls:
        given = leaves((tuple(args), dict(kwargs)))
        fed = [
            _part(given, rest, dtype) if source == "leaf" else value
            for (source, *rest), value, dtype in zip(graph["inputs"], held, dtypes, strict=True)
        ]
        tensors, _ = run(*fed)
        results.append(_decode(graph["outputs"], tensors))
    return results


def assert_harmless(graph: Mapping[str, Any]) -> None:
    """Every op of a graph that was shipped, in every function, is one that is run outside of its own process.

    Raises:
        GraphRefused: Some are not.
        GraphUnreadable: It is malformed.
    """
    known = _stateful_ops()
    nodes = [
        node
        for definition in map(_parse, [graph["graph"], *_datasets(graph)])
        for body in (definition.node, *(function.node_def for function in definition.library.function))
        for node in body
    ]
    refused = {node.op for node in nodes if not _harmless(node, known)}
    if refused:
        told = ", ".join(sorted(name if name in known else "an unknown operation" for name in refused))
        raise GraphRefused(f"the graph holds operations that are not run when it is graded: {told}")


def _harmless(node: Any, known: Mapping[str, bool]) -> bool:
    if node.op not in known or _REACHES_OUT.search(node.op) or node.op in ESCAPES:
        return False
    if node.op == "PrintV2" and node.attr["output_stream"].s.startswith(b"file:"):
        return False
    return not known[node.op] or _STATEFUL.fullmatch(node.op) is not None


@functools.cache
def _stateful_ops() -> Mapping[str, bool]:
    """Each op that TensorFlow knows, and whether it has a state or a side effect."""
    ops = op_def_pb2.OpList()
    ops.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    return {op.name: bool(op.is_stateful) for op in ops.op}


def _load(graph: Mapping[str, Any]) -> Any:
    """The graph as a function of its inputs. Gives the tensors of the result, and None for what only had to run."""

    definition = _parse(graph["graph"])

    def build() -> None:
        tf.graph_util.import_graph_def(definition, name="")

    whole = tf.compat.v1.wrap_function(build, [])
    element = whole.graph.as_graph_element
    feeds = [element(name) for name in graph["placeholders"]]
    return whole.prune(feeds, [[element(name) for name in graph[part]] for part in ("fetches", "runs")])


def _held(source: str, rest: Sequence[Any]) -> Any:
    """The tensor of an input that a call does not pass in."""
    if source == "variable":
        return rest[0].handle
    if source == "dataset":
        return gen_experimental_dataset_ops.dataset_from_graph(rest[0])
    return rest[0]


def _part(given: Sequence[Any], rest: Sequence[Any], dtype: Any) -> Any:
    """A part of an argument, as the tensor that the graph takes for it."""
    place, index = rest
    part = parts(given[place])[index]
    return part if tf.is_tensor(part) else tf.convert_to_tensor(part, dtype)
