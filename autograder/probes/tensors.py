"""Probes for how a result came about: the ops that ran, how their number grows, and the devices of the results."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.framework import op_callbacks

from .basic import Names

# What a graph has and eager code does not: they would make the same code look different.
_ONLY_IN_GRAPHS = frozenset(
    ("Const", "Placeholder", "NoOp", "Identity", "IdentityN", "ReadVariableOp", "_Arg", "_Retval")
)
_MOST_OPS = 20_000  # of one call; a graph can be nested so that it would unfold to any number
_NOT_THE_NOTEBOOKS = tuple(
    {
        os.path.realpath(folder) + os.sep
        for folder in (
            *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
            os.path.dirname(str(tf.__file__)),
            str(Path(__file__).parent.parent),
        )
    }
)


def ops(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[str]:
    """The types of the TensorFlow ops that ``name(*args, **kwargs)`` runs, in order.

    ``x + x`` and ``tf.add(x, x)`` are both ``AddV2``; ``tf.constant`` is none. In the place of the call of a
    ``tf.function`` stand the ops of its graph, and of the graphs in it, each once however often a loop runs it.
    """
    seen: list[str] = []
    graphs = _Graphs()
    with recorded(lambda op_type, inputs, attrs, outputs: seen.extend(graphs.unfolded(op_type, attrs))):
        names[name](*args, **kwargs)
    return seen[:_MOST_OPS]


def growth(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, list[int]]:
    """What a call costs for a short and for a long input: ops, and steps of the notebook's own Python code.

    Args:
        names: The notebook's names.
        name: A function.
        args: ``(short, long)``: the arguments of the one call, and of the other.
        kwargs: Keyword arguments of both.

    Returns:
        ``"ops"`` and ``"steps"``, two numbers each.
    """
    counts: dict[str, list[int]] = {"ops": [], "steps": []}
    for sent in args:
        names[name](*sent, **kwargs)  # a tf.function is traced here, and by the next calls no more
        counts["ops"].append(len(ops(names, name, sent, kwargs)))
        with _counted_steps() as steps:
            names[name](*sent, **kwargs)
        counts["steps"].append(steps())
    return counts


def devices(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The devices on which the tensors of a result lie, such as ``"CPU:0"``, in the structure of the result.

    None stands for what is no tensor.
    """
    return _devices(names[name](*args, **kwargs))


def _devices(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_devices(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _devices(item) for key, item in value.items()}
    if isinstance(value, tf.RaggedTensor):
        value = value.flat_values
    if isinstance(value, (tf.SparseTensor, tf.IndexedSlices)):
        value = value.values
    value = getattr(value, "value", value) if type(value).__module__.startswith("keras.") else value
    if not (tf.is_tensor(value) or isinstance(value, tf.Variable)):
        return None
    place = tf.DeviceSpec.from_string(value.device)
    return f"{place.device_type}:{place.device_index}"


# ---- recording ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def recorded(told: Callable[[str, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]], None]) -> Iterator[None]:
    """Tell of each op that this thread runs eagerly: its type, inputs, attributes and outputs.

    Ops that are only put into a graph are not told of. A Variable that an op reads comes as its value.
    """

    def record(op_type: Any, inputs: Any, attrs: Any, outputs: Any, op_name: Any = None, graph: Any = None) -> None:
        if graph is None:
            text = op_type if isinstance(op_type, str) else op_type.decode()
            told(text, tuple(inputs or ()), tuple(attrs or ()), tuple(outputs or ()))

    op_callbacks.add_op_callback(record)
    try:
        yield
    finally:
        op_callbacks.remove_op_callback(record)


class _Graphs:
    """The functions that this process has made graphs of, each read once: (op, functions that it runs) of each node."""

    def __init__(self) -> None:
        self._read: dict[str, list[tuple[str, list[str]]]] = {}

    def unfolded(self, op_type: str, attrs: tuple[Any, ...]) -> list[str]:
        """An op, with the ops of the graphs that it runs; of the call of a graph, only these."""
        found: list[str] = []
        if context.context().has_function(op_type):
            self._add(op_type, found, ())
            return found
        found.append(op_type)
        for value in attrs[1::2]:
            for item in value if isinstance(value, (list, tuple)) else (value,):
                function = getattr(item, "name", None)
                self._add(function.decode() if isinstance(function, bytes) else function, found, ())
        return found

    def _add(self, name: Any, found: list[str], within: tuple[str, ...]) -> None:
        if not isinstance(name, str) or name in within or not context.context().has_function(name):
            return
        for op, functions in self._nodes(name):
            if len(found) >= _MOST_OPS:
                return
            calls_only = functions and op.endswith("PartitionedCall")
            if op not in _ONLY_IN_GRAPHS and not calls_only and not context.context().has_function(op):
                found.append(op)
            for function in functions:
                self._add(function, found, (*within, name))

    def _nodes(self, name: str) -> list[tuple[str, list[str]]]:
        if name not in self._read:
            self._read[name] = [
                (node.op, [*_functions(node), *([node.op] if context.context().has_function(node.op) else [])])
                for node in context.context().get_function_def(name).node_def
            ]
        return self._read[name]


def _functions(node: Any) -> list[str]:
    """The functions that a node of a graph runs: of a call, the branches of an if, the body of a loop."""
    return [
        function.name
        for attr in node.attr.values()
        for function in ([attr.func] if attr.HasField("func") else attr.list.func)
    ]


@functools.cache
def _of_the_notebook(file: str) -> bool:
    return not file.startswith("<frozen") and not os.path.realpath(file).startswith(_NOT_THE_NOTEBOOKS)


@contextlib.contextmanager
def _counted_steps() -> Iterator[Callable[[], int]]:
    """Count the bytecode instructions that the notebook's own code runs in this thread."""
    count = 0

    def step(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if event == "opcode":
            count += 1
        return step

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        if not _of_the_notebook(frame.f_code.co_filename):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return step

    kept = sys.gettrace()
    sys.settrace(call)
    try:
        yield lambda: count
    finally:
        sys.settrace(kept)
