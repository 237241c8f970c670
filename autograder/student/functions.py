"""Questions about tf.functions: traces, effects and graphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..expect.graphs import explained, shippable
from ..graphs import Call, Effect, Effects, Facts, Graph, Tracing, as_calls, blank
from .asking import Asking
from .sending import sendable


class Functions(Asking):
    """Questions about tf.functions: traces, effects and graphs."""

    def traces(self, calls: Sequence[Any]) -> list[int]:
        """How often a tf.function has been traced after each of some calls.

        It is counted on a fresh tf.function of the same Python function and options, which is not run, so traces that
        the notebook made before do not count. For a function that is no tf.function, the traces of all those that it
        calls are added up; it is run for that.

        This is what the notebook's process says. What cannot be forged is the graph: see :meth:`graph`.

        Args:
            calls: Each a tuple of arguments, or the one argument; ``call(x, training=True)`` where some have names. A
                different Python number is a different call to tf.function, as a different shape or dtype is.

        Returns:
            As many counts as calls.

        Right::

            @tf.function
            def step(x, rate):
                return x - rate * x

        Wrong::

            def step(x, rate):
                return x - rate * x

        Check::

            def test_step_traces(student, draw):
                x = draw.normal(4)
                assert_true(student.step.traces([(x, 0.1), (x, 0.1), (x, 0.2)]) == [1, 1, 2], "It is not traced so.")

        Message::

            It is not traced so.
        """
        return list(self.tracing(calls).counts)

    def tracing(self, calls: Sequence[Any]) -> Tracing:
        """As :meth:`traces`, with what the name stands for.

        Args:
            calls: As for :meth:`traces`.

        Right::

            step = tf.function(lambda x: x - 1)

        Wrong::

            def step(x):
                return x - 1

        Check::

            def test_step_kind(student, draw):
                tracing = student.step.tracing([draw.normal(4)])
                assert_true(tracing.kind == "tf.function", "It is no tf.function.")

        Message::

            It is no tf.function.
        """
        reply = self._request("traces", tuple((item.args, dict(item.kwargs)) for item in as_calls(calls)), {})
        self._last(calls)
        return Tracing(reply["kind"], tuple(reply["counts"]), reply["eagerly"])

    def effects(self, calls: Sequence[Any]) -> Effects:
        """What calls do besides what TensorFlow does: Python objects changed, text printed, Variables made.

        The notebook is put back as it was afterwards.

        Args:
            calls: As for :meth:`traces`; they are made one after the other.

        Returns:
            One :class:`~autograder.graphs.Effect` for each call, in ``calls``.

        Right::

            @tf.function
            def shift(x):
                return x + 1

        Wrong::

            log = []

            @tf.function
            def shift(x):
                log.append("called")
                return x + 1

        Check::

            def test_shift_effects(student, draw):
                first, second = student.shift.effects([draw.normal(3), draw.normal(3)]).calls
                assert_true(first.changed == [], "The first call changes something.", f"changed: {first.changed}")

        Message::

            The first call changes something.
            changed: ['log']
        """
        reply = self._request("effects", tuple((item.args, dict(item.kwargs)) for item in as_calls(calls)), {})
        self._last(calls)
        return Effects(reply["kind"], reply["eagerly"], tuple(Effect(**one) for one in reply["calls"]))

    def graph(self, *args: Any, **kwargs: Any) -> Graph:
        """The graph that a tf.function makes for arguments of this kind.

        It is evidence. Of a student the graph itself is shipped, made from the shapes and dtypes of the arguments and
        not from their values, and it is looked at and run in a process in which none of the notebook's code ever ran.
        So draw the inputs of :meth:`~autograder.graphs.Graph.run` as always: the notebook never sees them.

        Variables and data sets that the function uses go with it, as they are now.

        Args:
            *args: Arguments: shapes and dtypes of arrays, and the values of Python numbers, say which graph.
            **kwargs: Likewise.

        Returns:
            The graph. Nothing is asked before something is wanted of it.

        Raises:
            CheckFailed: (When something is wanted.) The name stands for no tf.function, or no graph can be made.

        Right::

            @tf.function
            def scale(x):
                return 2 * x

        Wrong::

            @tf.function
            def scale(x):
                return tf.numpy_function(lambda x: 2 * x, [x], tf.float32)

        Check::

            def test_scale_graph(student, reference, draw):
                x = draw.normal(4)
                graph = student.scale.graph(x)
                assert_true(graph.escapes == (), "Python is called back.")
                assert_close(graph.run(x), reference.scale.graph(x).run(x))

        Message::

            Python is called back.
        """
        return Graph(_Shipped(self, Call(args, kwargs)))


class _Shipped:
    """Where a :class:`~autograder.graphs.Graph` comes from."""

    def __init__(self, name: Asking, call: Call) -> None:
        self._name = name
        self._args, self._kwargs = blank(sendable(call.args)), blank(sendable(dict(call.kwargs)))
        self._call = call
        self._sent: Any = None
        self.eagerly = False

    def facts(self, ops: bool) -> Facts:
        with explained():
            if self._name._proxy._clean is None:
                told = self._ask("graph_told", self._args, self._kwargs, ops=ops)["facts"]
            else:
                told = self._ask_clean("graph_facts", self._ship(), ops)
        lists = ("loops", "branches", "escapes", "random", "prints", "unused")
        return Facts(**told | {key: tuple(told[key]) for key in lists} | {"inputs": tuple(told["inputs"])})

    def results(self, calls: Sequence[Call], compiled: bool) -> list[Any]:
        sent = tuple((item.args, dict(item.kwargs)) for item in calls)
        with explained():
            if self._name._proxy._clean is None:
                results: list[Any] = self._ask("graph_results", sent, {}, compiled=compiled)["results"]
            else:
                results = self._ask_clean("graph_results", self._ship(), sent, compiled)
        self._name._last(calls)
        return results

    def _ship(self) -> Any:
        if self._sent is None:
            self._sent = self._ask("graph", self._args, self._kwargs)
        return self._sent["graph"]

    def _ask(self, probe: str, args: Any, kwargs: Any, **options: Any) -> Any:
        # One graph serves all checks of a submission: what it is made from depends on no check's inputs.
        name = self._name._once() if self._name._proxy._clean else self._name
        reply = name._request(probe, args, kwargs, **options)
        shippable(reply)
        self.eagerly = bool(reply["eagerly"])
        return reply

    def _ask_clean(self, probe: str, *args: Any) -> Any:
        request = {"probe": probe, "args": sendable(args), "options": {}}
        assert self._name._proxy._clean is not None
        return self._name._proxy._ask(self._name._proxy._clean, self._name._name, request)
