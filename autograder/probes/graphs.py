"""Probes that turn a tf.function into a graph that can be looked at and run somewhere else.

A graph is shipped as a serialized GraphDef with what it captured: the values of Variables and constants, and data
sets as graphs of their own. It needs nothing of the process that it comes from, so it is evidence:
:mod:`autograder.probes.shipped` runs it where no code of the notebook ever ran.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager.polymorphic_function import function_type_utils
from tensorflow.python.eager.polymorphic_function.polymorphic_function import Function
from tensorflow.python.ops import gen_dataset_ops

from . import shipped
from .basic import Names
from .kept import as_it_was, fresh
from .shipped import encode, leaves, parts
from .traces import Arguments, concrete, eagerly, kind_of


class CannotShip(ValueError):
    """The graph holds on to something that exists in its own process only."""


def graph(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The graph of ``name`` for a spec of arguments, as data.

    Args:
        names: The notebook's names.
        name: What it is the graph of.
        args: Arguments of the spec; the values of tensors do not matter.
        kwargs: Keyword arguments.

    Returns:
        What the name stands for (``"kind"``), whether functions run ``"eagerly"`` in this process, and the ``"graph"``
        (see :func:`autograder.probes.shipped.graph_facts`), None where the name stands for no tf.function.

    Raises:
        CannotShip: It captured something that is neither a Variable, a constant nor a data set.
    """
    function = names[name]
    found: dict[str, Any] = {"kind": kind_of(function), "eagerly": eagerly(), "graph": None}
    if found["kind"] in ("tf.function", "concrete"):
        with as_it_was(function):
            found["graph"] = _ship(_fresh(function), args, kwargs)
    return found


def graph_told(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], ops: bool) -> dict[str, Any]:
    """As :func:`graph`, with the ``"facts"`` of the graph in its place: for a process that is trusted to tell them."""
    found = graph(names, name, args, kwargs)
    sent = found.pop("graph")
    return found | {"facts": sent and shipped.graph_facts(sent, ops)}


def graph_results(
    names: Names, name: str, args: tuple[Arguments, ...], kwargs: dict[str, Any], compiled: bool
) -> dict[str, Any]:
    """As :func:`graph`, with the ``"results"`` of the graph for some calls in its place: for a process that is trusted.

    Args:
        names: The notebook's names.
        name: What is called.
        args: The calls, each a tuple of arguments and a dict of keyword arguments.
        kwargs: Empty.
        compiled: Compile the graph with XLA.
    """
    function = names[name]
    found: dict[str, Any] = {"kind": kind_of(function), "eagerly": eagerly(), "results": None}
    if found["kind"] in ("tf.function", "concrete"):
        with as_it_was(function) as kept:
            new = _fresh(function)
            shipped.assert_harmless(_ship(new, *args[0]))  # what is refused when it is graded is refused here too
            made = concrete(new, *args[0])
            kept.variables(made.graph.variables)
            run = tf.function(made, jit_compile=True, autograph=False) if compiled else made
            found["results"] = [run(*positional, **by_name) for positional, by_name in args]
    return found


def _fresh(function: Any) -> Any:
    return fresh(function) if kind_of(function) == "tf.function" else function


def _ship(function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The concrete function of a function for some arguments, as data."""
    made = concrete(function, args, kwargs)
    if made.graph.deferred_external_captures:
        raise CannotShip("the graph captures something anew at each call, and cannot be shipped")
    names: list[str] = []
    return {
        "graph": made.graph.as_graph_def().SerializeToString(),
        "placeholders": [tensor.name for tensor in made.inputs],
        "inputs": _passed(function, made, args, kwargs) + _captured(made),
        "outputs": encode(made.structured_outputs, names),
        "fetches": names,
        "runs": [operation.name for operation in made.graph.control_outputs],
        "compiled": bool(made.function_def.attr["_XlaMustCompile"].b),
    }


def _passed(function: Any, made: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """Where each input that a call passes in comes from: which part of which of the arguments' leaves."""
    given = leaves((tuple(args), dict(kwargs)))
    if isinstance(function, Function):
        bound = function_type_utils.canonicalize_function_inputs(
            args, kwargs, function.function_type, function._default_values, function._is_pure
        )
        args, kwargs = bound.args, bound.kwargs
    flat = made.function_type.unpack_inputs(made.function_type.bind(*args, **kwargs))
    places: dict[int, Any] = {
        id(part): ("leaf", place, index)
        for place, leaf in enumerate(given)
        for index, part in enumerate(parts(leaf))
        if tf.is_tensor(part)
    }
    # What was no tensor became one on the way: arrays always, and numbers where there is an input signature.
    numbers = made is not function and function.input_signature is not None
    converted: list[Any] = [
        ("leaf", place, 0)
        for place, leaf in enumerate(given)
        if isinstance(leaf, np.ndarray) or (numbers and isinstance(leaf, (bool, int, float, str, bytes)))
    ]
    unknown = [value for value in flat if id(value) not in places]
    if converted and len(converted) != len(unknown):
        raise CannotShip("the arguments do not fit the inputs of the graph")
    found = iter(converted or [("constant", value) for value in unknown])  # the latter are default values
    return [places[id(value)] if id(value) in places else next(found) for value in flat]


def _captured(made: Any) -> list[Any]:
    """The value of each input that the graph took from around the function."""
    variables = {
        id(part.handle): part for variable in made.graph.variables for part in getattr(variable, "values", (variable,))
    }
    return [_value(tensor, variables) for tensor in made.captured_inputs]


def _value(tensor: Any, variables: Mapping[int, Any]) -> Any:
    if id(tensor) in variables:
        return ("variable", variables[id(tensor)])
    if tensor.dtype == tf.variant:
        try:
            policy = 1  # what a data set has drawn or counted is left behind, as for a new one
            return ("dataset", gen_dataset_ops.dataset_to_graph_v2(tensor, policy, True).numpy())
        except tf.errors.OpError:
            raise CannotShip("the graph uses something that was made outside of it and is no data set") from None
    if tensor.dtype == tf.resource:
        raise CannotShip("the graph uses an iterator, a lookup table or the like that was made outside of it")
    return ("constant", tensor)
