"""What checks say and learn about tf.functions: calls, how often they trace, and the graph that stands for one.

Plain data, without TensorFlow: the grader's side of :mod:`autograder.probes.graphs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from .wire import Tensor


@dataclass(frozen=True, eq=False)
class Call:
    """The arguments of one call, where a check lists several; :func:`call` makes one.

    Args:
        args: Positional arguments.
        kwargs: Keyword arguments.
    """

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


def call(*args: Any, **kwargs: Any) -> Call:
    """Arguments as one of a list of calls, such as ``call(x, training=True)``."""
    return Call(args, kwargs)


def as_calls(calls: Sequence[Any]) -> tuple[Call, ...]:
    """A list of calls as a check writes it: a :class:`Call`, a tuple of arguments, or the one argument itself.

    Raises:
        ValueError: There is no call at all.
    """
    found = tuple(
        item if isinstance(item, Call) else Call(item if isinstance(item, tuple) else (item,)) for item in calls
    )
    if not found:
        raise ValueError("a list of calls has at least one call in it")
    return found


def blank(value: Any) -> Any:
    """A call's arguments with every array full of zeros: enough to trace a function, and nothing to learn from."""
    if isinstance(value, Tensor):
        return Tensor(_zeros(value.array), value.kind, value.dtype)
    if isinstance(value, np.ndarray):
        return _zeros(value)
    if isinstance(value, np.generic):
        return _zeros(np.asarray(value))
    if isinstance(value, (tuple, list)):
        return type(value)(blank(item) for item in value)
    return {key: blank(item) for key, item in value.items()} if isinstance(value, dict) else value


def _zeros(array: Any) -> Any:
    return np.full(array.shape, b"", dtype=object) if array.dtype == object else np.zeros_like(array)


def spec(value: Any) -> Any:
    """What tf.function tells calls apart by: shapes and dtypes of arrays, and the values of all else. Hashable."""
    if isinstance(value, (Tensor, np.ndarray, np.generic)):
        array = np.asarray(value.array if isinstance(value, Tensor) else value)
        kind = value.kind if isinstance(value, Tensor) else "Tensor"
        return "array", kind, getattr(value, "dtype", array.dtype).__str__(), tuple(array.shape)
    if isinstance(value, (tuple, list)):
        return type(value).__name__, tuple(spec(item) for item in value)
    if isinstance(value, Mapping):
        return "dict", tuple((key, spec(item)) for key, item in value.items())
    return type(value).__name__, repr(value)


@dataclass(frozen=True)
class Tracing:
    """How often some calls were traced.

    Args:
        kind: What was called: ``"tf.function"``, ``"python"`` (a function that is none), ``"concrete"`` or ``"other"``.
        counts: Traces in all after each of the calls.
        eagerly: Whether ``tf.config.run_functions_eagerly`` is in force there, so that nothing is traced.
    """

    kind: str
    counts: tuple[int, ...]
    eagerly: bool = False


@dataclass(frozen=True)
class Effect:
    """What one call did besides what TensorFlow does.

    Args:
        changed: Names of the notebook that stand for something else than before, or hold something else. Variables of
            TensorFlow do not count.
        printed: Whether Python printed something.
        made: How many Variables were made.
        traces: Traces in all after the call.
    """

    changed: list[str]
    printed: bool
    made: int
    traces: int


@dataclass(frozen=True)
class Effects:
    """What some calls did besides what TensorFlow does.

    Args:
        kind: As for :class:`Tracing`.
        eagerly: Likewise.
        calls: One for each call.
    """

    kind: str
    eagerly: bool
    calls: tuple[Effect, ...]


@dataclass(frozen=True)
class Facts:
    """What a graph is made of. Ops count wherever the graph reaches them: in branches, loops and called functions too.

    Args:
        nodes: How many ops there are.
        ops: How many of each type; empty unless it was asked for.
        loops: The types of ops that repeat something: ``While``, ``StatelessWhile``, ``ReduceDataset`` …
        branches: The types of ops that choose: ``If``, ``StatelessIf``, ``Case`` …
        escapes: The types of ops that call Python back: ``PyFunc``, ``EagerPyFunc`` …
        random: The types of ops that draw random numbers.
        prints: The types of ops that print.
        inputs: Shape (None for what is open) and dtype of each tensor that a call passes in.
        unused: Positions in ``inputs`` of those that no result depends on.
        variables: How many variables the graph uses.
        compiled: Whether it is marked to be compiled by XLA.
    """

    nodes: int = 0
    ops: Mapping[str, int] = field(default_factory=dict)
    loops: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    escapes: tuple[str, ...] = ()
    random: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()
    inputs: tuple[tuple[tuple[int | None, ...] | None, str], ...] = ()
    unused: tuple[int, ...] = ()
    variables: int = 0
    compiled: bool = False


class GraphSource(Protocol):
    """Where a :class:`Graph` comes from: a notebook's name and one spec of its arguments."""

    @property
    def eagerly(self) -> bool:
        """Whether functions run eagerly where it comes from; known once it was asked."""

    def facts(self, ops: bool) -> Facts:
        """What the graph is made of."""

    def results(self, calls: Sequence[Call], compiled: bool) -> list[Any]:
        """What it gives for calls."""


class Graph:
    """The graph that a tf.function makes for one spec of arguments; ``student.f.graph(x)`` gives one.

    Of a student it is shipped to a process in which none of the notebook's code ever ran, and it is looked at and run
    there: what it tells is told by the graph and not by the notebook. (In a student's own kernel, and for the
    reference, the notebook's process answers itself.) Nothing is asked before something is wanted.

    Args:
        source: Who answers.
    """

    def __init__(self, source: GraphSource) -> None:
        self._source = source
        self._facts: dict[bool, Facts] = {}

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """What the graph gives for one call.

        Args:
            *args: Arguments of the spec that the graph was made for: same structure, shapes and dtypes, and the
                same Python values.
            **kwargs: Likewise.

        Returns:
            The result, as a call of the function would give it.
        """
        return self.run_all([Call(args, kwargs)])[0]

    def run_all(self, calls: Sequence[Any], *, compiled: bool = False) -> list[Any]:
        """What the graph gives for calls one after the other; variables keep what a call left in them.

        Args:
            calls: Calls as :func:`as_calls` takes them, all of the spec that the graph was made for.
            compiled: Compile the graph with XLA first.
        """
        return self._source.results(as_calls(calls), compiled)

    @property
    def facts(self) -> Facts:
        """What the graph is made of, without the table of its ops."""
        return self._told(False)

    @property
    def ops(self) -> Mapping[str, int]:
        """How many ops of each type there are, also in branches, loops and called functions."""
        return self._told(True).ops

    @property
    def control_flow(self) -> tuple[str, ...]:
        """The types of the graph's loops and branches."""
        return self.facts.loops + self.facts.branches

    @property
    def escapes(self) -> tuple[str, ...]:
        """The types of the ops that call Python back."""
        return self.facts.escapes

    @property
    def eagerly(self) -> bool:
        """Whether ``tf.config.run_functions_eagerly`` is in force in the notebook."""
        self._told(False)
        return self._source.eagerly

    def _told(self, ops: bool) -> Facts:
        if ops not in self._facts:
            self._facts[ops] = self._source.facts(ops)
        return self._facts[ops]
