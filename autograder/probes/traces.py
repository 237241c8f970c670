"""Probes for what tracing does: how often calls trace, which Variables they make, what Python they run."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import tensorflow as tf
from tensorflow.python.eager.polymorphic_function import eager_function_run
from tensorflow.python.eager.polymorphic_function.concrete_function import ConcreteFunction
from tensorflow.python.eager.polymorphic_function.polymorphic_function import Function

from .basic import Names
from .kept import as_it_was, fresh

Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]

# As they were before any notebook ran here.
_COUNT: Callable[..., int] = Function.experimental_get_tracing_count
_CONCRETE: Callable[..., Any] = Function.get_concrete_function


def kind_of(value: Any) -> str:
    """What a name stands for: ``"tf.function"``, ``"concrete"``, ``"python"`` (a function that is none) or ``"other"``.

    A class that only looks like a tf.function is ``"other"``.
    """
    if type(value) is Function:
        return "tf.function"
    if isinstance(value, ConcreteFunction):
        return "concrete"
    return "python" if hasattr(value, "__code__") or hasattr(value, "__func__") else "other"


def eagerly() -> bool:
    """Whether ``tf.config.run_functions_eagerly`` is in force."""
    return bool(eager_function_run.RUN_FUNCTIONS_EAGERLY)


def concrete(function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The concrete function of a tf.function for some arguments; traced where there is none yet."""
    return function if isinstance(function, ConcreteFunction) else _CONCRETE(function, *args, **kwargs)


def traces(names: Names, name: str, args: tuple[Arguments, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """How often calls are traced.

    A tf.function is counted on a fresh one of the same Python function and options, which is traced for each call but
    not run: its count is the one that the calls would give, and the student's own keeps its traces. (A test compares
    the two over a matrix of calls.) Anything else is called, and the traces of every tf.function that it calls are
    added up.

    Args:
        names: The notebook's names.
        name: What is called.
        args: The calls, each a tuple of arguments and a dict of keyword arguments.
        kwargs: Empty.

    Returns:
        Fields of :class:`autograder.graphs.Tracing`.
    """
    function = names[name]
    kind = kind_of(function)
    counts: list[int] = []
    with as_it_was(function):
        if kind == "tf.function" and not eagerly():
            new = fresh(function)
            for positional, by_name in args:
                concrete(new, positional, by_name)
                counts.append(_COUNT(new))
        elif kind == "concrete":  # it is one trace, whatever it is called with
            counts = [1] * len(args)
        else:
            with _counted() as total:
                for positional, by_name in args:
                    function(*positional, **by_name)
                    counts.append(total())
    return {"kind": kind, "counts": counts, "eagerly": eagerly()}


@contextlib.contextmanager
def _counted() -> Iterator[Callable[[], int]]:
    """Count the traces of all tf.functions that are called from outside of a graph."""
    made = 0
    call = Function.__call__

    def counted(function: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal made
        if not tf.executing_eagerly():
            return call(function, *args, **kwargs)
        before = _COUNT(function)
        try:
            return call(function, *args, **kwargs)
        finally:
            made += _COUNT(function) - before

    Function.__call__ = counted
    try:
        yield lambda: made
    finally:
        Function.__call__ = call


def effects(names: Names, name: str, args: tuple[Arguments, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """What calls do besides what TensorFlow does: Python objects that change, text that Python prints, Variables made.

    Each call is made on a fresh tf.function where the name stands for one.

    Args:
        names: The notebook's names.
        name: What is called.
        args: The calls, as for :func:`traces`.
        kwargs: Empty.

    Returns:
        The ``"kind"``, whether functions run ``"eagerly"``, and for each call: ``"changed"``, the notebook's names that
        stand for something else or hold something else; ``"printed"``, whether Python printed; ``"made"``, how many
        Variables were made; ``"traces"``, how many traces there are in all.
    """
    function = names[name]
    kind = kind_of(function)
    calls = []
    with as_it_was(function) as kept:
        new = fresh(function) if kind == "tf.function" else function
        for positional, by_name in args:
            made: list[Any] = []

            def note(creator: Callable[..., Any], made: list[Any] = made, **options: Any) -> Any:
                made.append(None)
                return creator(**options)

            printed = io.StringIO()
            if kind == "tf.function" and not eagerly():
                with contextlib.redirect_stdout(printed), tf.variable_creator_scope(note):
                    kept.variables(concrete(new, positional, by_name).graph.variables)
            with contextlib.redirect_stdout(printed), tf.variable_creator_scope(note):
                new(*positional, **by_name)
            calls.append(
                {
                    "changed": kept.changed(),
                    "printed": bool(printed.getvalue()),
                    "made": len(made),
                    "traces": _COUNT(new) if kind == "tf.function" else 0,
                }
            )
    return {"kind": kind, "eagerly": eagerly(), "calls": calls}
