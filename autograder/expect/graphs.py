"""Assertions on tf.functions: that there is a graph, what is in it, what it computes, and how often it is made."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from ..errors import CallFailed
from ..graphs import Call, Effects, Graph, Tracing, as_calls, spec
from .failures import CheckFailed, fail
from .tensors import assert_close


class Name(Protocol):
    """What ``student.f`` is, as far as it is asked here."""

    def tracing(self, calls: Sequence[Any]) -> Tracing:
        """How often calls are traced."""

    def effects(self, calls: Sequence[Any]) -> Effects:
        """What calls do besides what TensorFlow does."""

    def graph(self, *args: Any, **kwargs: Any) -> Graph:
        """The graph for a spec of arguments."""


_DECORATE = "Put @tf.function above the function, or wrap it: f = tf.function(f)."
_EAGERLY = (
    "tf.config.run_functions_eagerly(True) is in force in your notebook: every tf.function runs as plain Python. It "
    "is meant for looking for errors; call tf.config.run_functions_eagerly(False) afterwards."
)
_ESCAPES = (
    "tf.py_function and tf.numpy_function call Python back each time the graph runs: that part is not in the graph, so "
    "it is not faster, cannot be saved and runs on no other machine. Use TensorFlow's own operations."
)
_NUMPY = (
    "While a function is traced its tensors have no values yet: .numpy(), float(), int() and numpy's functions ask for "
    "one. Use TensorFlow's operations on the tensor instead."
)
_VARIABLES = (
    "A tf.Variable is made each time the function is traced. Make it once, outside of the function, or keep it and "
    "make it only where there is none yet."
)
_BRANCH = (
    "A Python if or while needs True or False while the function is traced, when the tensor has no value yet. "
    "AutoGraph turns such a line into a part of the graph, but not in a lambda, and not where it is switched off "
    "(autograph=False); there, use tf.cond, tf.where or tf.while_loop."
)
_LOOP = (
    "A Python for loop needs to know its steps while the function is traced, when the tensor has no value yet. "
    "AutoGraph turns it into a loop of the graph, but not in a comprehension, and not where it is switched off "
    "(autograph=False); there, use tf.map_fn or tf.while_loop."
)
_LEAK = (
    "A tensor of the graph was kept outside of the function, in a list or another name, and used later: it has a value "
    "only while the graph runs. Return it, or keep its value in a tf.Variable."
)
_UNDEFINED = (
    "AutoGraph turns an if or a loop into a part of the graph, and there each value must exist whichever way is taken. "
    "Give it a first value, of the same dtype and shape, before the if or the loop."
)

# What TensorFlow says while a function is traced, and which mistake it looks like.
_TOLD: tuple[tuple[str, str, str], ...] = (
    ("AttributeError", r"has no attribute 'numpy'", _NUMPY),
    ("NotImplementedError", r"Cannot convert a symbolic", _NUMPY),
    ("TypeError", r"argument must be .*SymbolicTensor|SymbolicTensor'? object cannot be interpreted as", _NUMPY),
    ("ValueError", r"only supports singleton tf\.Variables|Creating variables on a non-first call", _VARIABLES),
    ("OperatorNotAllowedInGraphError", r"as a Python `bool`", _BRANCH),
    ("OperatorNotAllowedInGraphError", r"Iterating", _LOOP),
    ("(InaccessibleTensorError|TypeError)", r"out of scope|cannot be accessed from here", _LEAK),
    ("(ValueError|UndefinedError|UnboundLocalError|TypeError)", r"must also be initialized|is None at the (end|beg)"
        r"|is None before|must be defined before the loop|has dtype .* before the loop|may not be None", _UNDEFINED),
)  # fmt: skip


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Tell what TensorFlow says about a graph in the terms of the course, where it is known what it means.

    Raises:
        CheckFailed: No graph could be made or run, for a reason that is known.
        CallFailed: For another reason, or it is the reference's.
    """
    try:
        yield
    except CallFailed as error:
        failure = error.failure
        if error.reference:
            raise
        if failure.ename == "GraphRefused":
            escapes = _ESCAPES if "PyFunc" in failure.evalue else ""
            fail("The graph holds operations that are not run when it is graded.", failure.evalue, escapes)
        if failure.ename == "CannotShip":
            fail("The graph cannot be taken out of the notebook.", failure.evalue)
        diagnosis = _diagnosis(failure.ename, failure.evalue)
        if not diagnosis:
            raise
        told = " ".join(failure.evalue.split())
        fail("It cannot be made into a graph: tracing it raises an error.", f"{failure.ename}: {told}", diagnosis)


def _diagnosis(ename: str, evalue: str) -> str:
    for name, words, diagnosis in _TOLD:
        if re.fullmatch(name, ename) and re.search(words, evalue):
            return diagnosis
    return ""


def shippable(reply: Mapping[str, Any]) -> None:
    """A reply holds a graph.

    Args:
        reply: Of :func:`autograder.probes.graphs.graph` or its like.

    Raises:
        CheckFailed: The name stands for no tf.function.
    """
    _assert_function(reply["kind"])


def _assert_function(kind: str) -> None:
    if kind == "python":
        fail("It is a plain Python function and no tf.function: there is no graph of it.", "", _DECORATE)
    if kind not in ("tf.function", "concrete"):
        fail("It is no tf.function: there is no graph of it.", "", _DECORATE)


def assert_is_graph(function: Name, *args: Any, **kwargs: Any) -> None:
    """A name stands for a tf.function, and there is a graph of it.

    ``@tf.function`` and ``f = tf.function(f)`` are both right. What only looks like a tf.function is not: the graph
    itself is asked for, and of a student it is looked at in another process.

    Args:
        function: Such as ``student.f``.
        *args: Arguments that it takes.
        **kwargs: Likewise.

    Raises:
        CheckFailed: It is none; no graph can be made; or functions run eagerly.

    Right::

        def double(x):
            return 2 * x

        double = tf.function(double)

    Wrong::

        def double(x):
            return 2 * x

    Check::

        def test_double_graph(student, draw):
            assert_is_graph(student.double, draw.normal(4))

    Message::

        It is a plain Python function and no tf.function: there is no graph of it.
        Put @tf.function above the function, or wrap it: f = tf.function(f).
    """
    __tracebackhide__ = True
    graph = function.graph(*args, **kwargs)
    if graph.facts.nodes and graph.eagerly:
        fail("Functions run eagerly in the notebook, so nothing runs as a graph.", "", _EAGERLY)


def assert_max_traces(function: Name, calls: Sequence[Any], *, at_most: int = 1) -> None:
    """Some calls do not trace a tf.function more often than they need to.

    Counted is on a fresh tf.function, whatever the notebook called before. Of a plain function that calls
    tf.functions, all their traces count.

    Args:
        function: Such as ``student.step``.
        calls: Each a tuple of arguments, or the one argument; see :func:`autograder.graphs.call`. Draw batches of one
            shape, and Python numbers that differ, if that is what must not matter.
        at_most: How many traces are accepted in all. An optimizer that makes its Variables in the first call costs one
            more.

    Raises:
        CheckFailed: They trace more often, or nothing is traced at all. The message says what differed between the
            calls that were traced.

    Right::

        @tf.function
        def step(x, rate):
            return x - rate * x

    Wrong::

        def step(x, rate):
            return tf.function(lambda x: x - rate * x)(x)

    Check::

        def test_step_traces(student, draw):
            rates = draw.uniform(3)
            assert_max_traces(student.step, [(draw.normal(4), rate) for rate in rates], at_most=1)

    Message::

        It is traced more often than it should be.
        expected: at most 1
             got: 3, after the calls one by one: 1, 2, 3
        It is traced again for arguments of the same kind. …
    """
    __tracebackhide__ = True
    counts = _counts(function, calls)
    if counts[-1] > at_most:
        fail(
            "It is traced more often than it should be.",
            f"expected: at most {at_most}\n     got: {counts[-1]}, after the calls one by one: {_listed(counts)}",
            _why_traced(as_calls(calls), counts),
        )


def assert_traces(function: Name, reference: Name, calls: Sequence[Any], *, exact: bool = False) -> None:
    """Some calls trace a tf.function when they trace the reference's, and not more often.

    Args:
        function: Such as ``student.f``.
        reference: Such as ``reference.f``.
        calls: A matrix of calls: the same arguments again, a new shape, a new dtype, another Python number…
        exact: Fail too where it is traced less often than the reference. (An input signature does that, and is right
            where the exercise says nothing of it.)

    Raises:
        CheckFailed: It is traced more often after some call, or nothing is traced at all.

    Right::

        @tf.function(reduce_retracing=True)
        def total(x):
            return tf.reduce_sum(x)

    Wrong::

        @tf.function
        def total(x):
            return tf.reduce_sum(x)

    Check::

        def test_total_traces(student, reference, draw):
            calls = [draw.normal(size) for size in (2, 3, 4, 5)]
            assert_traces(student.total, reference.total, calls)

    Message::

        It is traced more often than it should be.
        expected, after the calls one by one: 1, 2, 2, 2
             got: 1, 2, 3, 4
        A shape that was not there before is traced anew…
    """
    __tracebackhide__ = True
    mine, theirs = _counts(function, calls), reference.tracing(calls).counts
    more = any(one > other for one, other in zip(mine, theirs, strict=True))
    if more or (exact and mine != theirs):
        fail(
            "It is traced more often than it should be." if more else "It is traced less often than it should be.",
            f"expected, after the calls one by one: {_listed(theirs)}\n     got: {_listed(mine)}",
            _why_traced(as_calls(calls), mine) if more else "",
            f"got, after the calls one by one: {_listed(mine)}",
        )


def _counts(function: Name, calls: Sequence[Any]) -> tuple[int, ...]:
    """How often calls are traced, where they are."""
    with explained():
        tracing = function.tracing(calls)
    if tracing.eagerly:
        fail("Functions run eagerly in the notebook, so nothing is traced.", "", _EAGERLY)
    if not tracing.counts or not tracing.counts[-1]:
        if tracing.kind == "python":
            fail("Nothing is traced: it is a plain Python function, and calls no tf.function.", "", _DECORATE)
        fail("Nothing is traced: it is no tf.function, and calls none.", "", _DECORATE)
    return tracing.counts


def _listed(counts: Sequence[int]) -> str:
    return ", ".join(str(count) for count in counts)


def _why_traced(calls: Sequence[Call], counts: Sequence[int]) -> str:
    """What differs between the calls that were traced."""
    specs = [_flat(spec((call.args, call.kwargs))) for call in calls]
    before = [0, *counts]
    reasons: set[str] = set()
    for place in range(1, len(calls)):
        if counts[place] > before[place]:
            earlier = specs[:place]
            reasons.add("same" if specs[place] in earlier else _difference(specs[place], earlier[-1]))
    if not reasons and counts[0] > 1:
        reasons.add("first")
    return " ".join(text for reason, text in _WHY.items() if reason in reasons)


_WHY = {
    "same": "It is traced again for arguments of the same kind. The usual causes: tf.function is called, or a "
    "decorated function is defined, inside of what is called again and again, which makes a new tf.function with no "
    "traces; or a new Python object is part of each call.",
    "value": "A Python number, text or None is part of the calls, and each new value is traced anew: to tf.function it "
    "is a constant of the graph. Pass a tensor instead: tf.constant(value).",
    "shape": "A shape that was not there before is traced anew, such as that of a last batch that is smaller. Make all "
    "batches of one size (drop_remainder=True), or leave the axis open in an input signature: "
    "tf.TensorSpec([None, …]).",
    "dtype": "A dtype that was not there before is traced anew. Cast to one dtype before the call.",
    "structure": "Arguments of another structure are traced anew.",
    "first": "The first call alone traces it more than once: Variables are made in it, as an optimizer does that is "
    "used for the first time. Make them before: optimizer.build(model.trainable_variables).",
}


def _flat(tree: Any) -> tuple[Any, ...]:
    """The leaves of a spec."""
    if isinstance(tree, tuple) and tree and tree[0] in ("tuple", "list", "dict"):
        return (tree[0], *(leaf for item in tree[1] for leaf in _flat(item[1] if tree[0] == "dict" else item)))
    return (tree,)


def _difference(one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    """How two calls differ to tf.function: the difference that a student is most likely to overlook."""
    if len(one) != len(other):
        return "structure"
    found = set()
    for mine, theirs in zip(one, other, strict=True):
        if mine == theirs:
            continue
        if "array" not in (mine[0], theirs[0]):
            found.add("value")
        elif mine[0] != theirs[0] or mine[1] != theirs[1]:
            found.add("structure")
        else:
            found.add("dtype" if mine[2] != theirs[2] else "shape")
    return next(reason for reason in ("value", "dtype", "shape", "structure") if reason in found)


def assert_graph_matches(
    function: Name,
    reference: Name,
    calls: Sequence[Any],
    *,
    rtol: float | None = None,
    atol: float | None = None,
    dtype: str = "same",
) -> None:
    """The graph of a tf.function computes what the reference's does.

    Of a student the graph is made from shapes and dtypes alone, and runs in a process in which nothing of the notebook
    ever ran: the notebook never sees these inputs, and nothing that Python does beside the graph helps.

    Args:
        function: Such as ``student.f``.
        reference: Such as ``reference.f``.
        calls: Each a tuple of arguments, or the one argument. Calls of one spec (shapes, dtypes, Python values) run on
            one graph, one after the other: Variables keep what a call left in them.
        rtol: As for :func:`~autograder.expect.assert_close`.
        atol: Likewise.
        dtype: Likewise.

    Raises:
        CheckFailed: The name stands for no tf.function; no graph can be made; or it gives something else.

    Right::

        @tf.function
        def clip(x):
            if tf.reduce_max(x) > 1:
                x = x / tf.reduce_max(x)
            return x

    Wrong::

        @tf.function
        def clip(x):
            return x / tf.reduce_max(x)

    Check::

        def test_clip_graph(student, reference, draw):
            assert_graph_matches(student.clip, reference.clip, [draw.uniform(5), draw.uniform(5, high=3)])

    Message::

        Run as a graph: The value is not the expected one. …
    """
    __tracebackhide__ = True
    for group in _by_spec(as_calls(calls)):
        first = group[0]
        graph = function.graph(*first.args, **first.kwargs)
        mine = graph.run_all(group)
        theirs = reference.graph(*first.args, **first.kwargs).run_all(group)
        for one, other in zip(mine, theirs, strict=True):
            try:
                assert_close(one, other, rtol=rtol, atol=atol, dtype=dtype)
            except CheckFailed as told:
                raise CheckFailed(f"Run as a graph: {told.summary}", told.detail, _why_other(graph), told.got) from None


def _by_spec(calls: Sequence[Call]) -> list[list[Call]]:
    groups: dict[Any, list[Call]] = {}
    for call in calls:
        groups.setdefault(spec((call.args, call.kwargs)), []).append(call)
    return list(groups.values())


def _why_other(graph: Graph) -> str:
    if graph.facts.unused:
        return (
            "In the graph an argument does not reach the result. What Python works out while the function is traced, "
            "with numpy, a lookup or a list, is a fixed number in the graph; only TensorFlow's operations on the "
            "argument itself become part of it."
        )
    if graph.facts.random:
        return "The graph draws random numbers, which are other ones each time."
    return ""


def assert_control_flow(
    function: Name, calls: Sequence[Any], *, loop: bool | None = None, branch: bool | None = None
) -> None:
    """The loops and branches of a function are parts of its graph.

    AutoGraph and tf.while_loop, tf.cond and tf.map_fn are all right; so is a loop over a data set.

    Args:
        function: Such as ``student.f``.
        calls: One call, or several with inputs of different sizes: then the graph must not grow with its input.
        loop: Whether the graph holds a loop (True), or none (False: the work is to be done on whole tensors).
        branch: Likewise for a branch.

    Raises:
        CheckFailed: It is otherwise.

    Right::

        @tf.function
        def smooth(x):
            for i in tf.range(1, tf.shape(x)[0]):
                x = tf.tensor_scatter_nd_add(x, [[i]], [x[i - 1] / 2])
            return x

    Wrong::

        @tf.function
        def smooth(x):
            for i in range(1, x.shape[0]):
                x = tf.tensor_scatter_nd_add(x, [[i]], [x[i - 1] / 2])
            return x

    Check::

        def test_smooth_loop(student, draw):
            assert_control_flow(student.smooth, [draw.normal(3), draw.normal(9)], loop=True)

    Message::

        There is no loop in the graph.
        The graph grows with its input: …
    """
    __tracebackhide__ = True
    graphs = [function.graph(*call.args, **call.kwargs) for call in as_calls(calls)]
    grows = len({graph.facts.nodes for graph in graphs}) > 1
    for graph in graphs:
        for wanted, found, what in ((loop, graph.facts.loops, "loop"), (branch, graph.facts.branches, "branch")):
            if wanted and not found:
                fail(f"There is no {what} in the graph.", "", _why_none(what, grows, graph.escapes))
            if wanted is False and found:
                fail(f"There is a {what} in the graph, where whole tensors should be worked on.", _found(found))
    if loop and grows:
        fail("The graph grows with its input.", "", _UNROLLED)


_UNROLLED = (
    "The graph grows with its input: a loop ran in Python while the function was traced, and left its steps in the "
    "graph one by one. Loop over a tensor, with tf.range or tf.while_loop, and AutoGraph makes one loop of it."
)


def _why_none(what: str, grows: bool, escapes: Sequence[str]) -> str:
    if escapes:
        return _ESCAPES
    if grows and what == "loop":
        return _UNROLLED
    if what == "loop":
        return (
            "A loop over a Python range or list runs in Python while the function is traced. Loop over a tensor or a "
            "data set, or use tf.while_loop."
        )
    return (
        "An if on a Python value is decided once, while the function is traced. Ask a tensor, and AutoGraph makes a "
        "branch of it, or use tf.cond."
    )


def _found(types: Sequence[str]) -> str:
    return f"got: {', '.join(types)}"


def assert_no_escapes(function: Name, *args: Any, **kwargs: Any) -> None:
    """The graph does all the work itself: it calls no Python back (``tf.py_function``, ``tf.numpy_function``).

    Args:
        function: Such as ``student.f``.
        *args: Arguments that it takes.
        **kwargs: Likewise.

    Raises:
        CheckFailed: It does, at any depth; or there is no graph.

    Right::

        @tf.function
        def triple(x):
            return 3 * x

    Wrong::

        @tf.function
        def triple(x):
            return tf.py_function(lambda x: 3 * x, [x], tf.float32)

    Check::

        def test_triple_graph(student, draw):
            assert_no_escapes(student.triple, draw.normal(3))

    Message::

        The graph calls Python back when it runs.
        got: EagerPyFunc
    """
    __tracebackhide__ = True
    escapes = function.graph(*args, **kwargs).escapes
    if escapes:
        fail("The graph calls Python back when it runs.", _found(escapes), _ESCAPES)


def assert_input_signature(function: Name, signature: Sequence[tuple[Sequence[int | None], str]]) -> None:
    """A tf.function has the input signature that was asked for, and one graph serves all that fit it.

    Looked at is the graph: what its inputs take.

    Args:
        function: Such as ``student.f``.
        signature: Shape (None for an open axis) and dtype of each argument, such as ``[((None, 3), "float32")]``.

    Raises:
        CheckFailed: The graph's inputs are others, or another size makes another graph.

    Right::

        @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
        def norms(x):
            return tf.norm(x, axis=1)

    Wrong::

        @tf.function(input_signature=[tf.TensorSpec([8, 3], tf.float32)])
        def norms(x):
            return tf.norm(x, axis=1)

    Check::

        def test_norms_signature(student):
            assert_input_signature(student.norms, [((None, 3), "float32")])

    Message::

        The function does not take arguments of the input signature that is asked for.
    """
    __tracebackhide__ = True
    wanted = tuple((tuple(shape), dtype) for shape, dtype in signature)
    for size in (2, 5):
        args = [np.zeros([size if axis is None else axis for axis in shape], dtype) for shape, dtype in wanted]
        try:
            found = function.graph(*args).facts.inputs
        except CallFailed as error:
            if error.reference or not re.search(r"Binding inputs|incompatible with|Can not cast", error.failure.evalue):
                raise
            fail(
                "The function does not take arguments of the input signature that is asked for.",
                f"expected: {_specs(wanted)}\n     got: {' '.join(error.failure.evalue.split())[:300]}",
                "In an input signature None stands for an axis of any size, and dtypes are those of the arguments.",
            )
        if found != wanted:
            fail(
                "The inputs of the graph are not those of the input signature that is asked for.",
                f"expected: {_specs(wanted)}\n     got: {_specs(found)}",
                _why_signature(found, wanted),
            )


def _specs(specs: Sequence[tuple[Sequence[int | None] | None, str]]) -> str:
    return ", ".join(f"{'any shape' if shape is None else tuple(shape)} {dtype}" for shape, dtype in specs)


def _why_signature(found: Sequence[Any], wanted: Sequence[Any]) -> str:
    if any(shape is not None and None in shape for shape, _ in wanted) and not any(
        shape is None or None in shape for shape, _ in found
    ):
        return (
            "Without an input signature each shape gets a graph of its own. Write "
            "@tf.function(input_signature=[tf.TensorSpec([None, …], dtype), …])."
        )
    return ""


def assert_variables_created_once(function: Name, calls: Sequence[Any]) -> None:
    """The first call makes Variables at most; no later call does.

    Args:
        function: Such as ``student.f``.
        calls: At least two calls; one of a new shape shows what is made for each trace.

    Raises:
        CheckFailed: A later call makes Variables, or TensorFlow refuses to make them.

    Right::

        state = {}

        @tf.function
        def count(x):
            if "n" not in state:
                state["n"] = tf.Variable(0.0)
            return state["n"].assign_add(tf.reduce_sum(x))

    Wrong::

        @tf.function
        def count(x):
            n = tf.Variable(0.0)
            return n.assign_add(tf.reduce_sum(x))

    Check::

        def test_count_variable(student, draw):
            assert_variables_created_once(student.count, [draw.normal(3), draw.normal(3), draw.normal(4)])

    Message::

        It cannot be made into a graph: tracing it raises an error. …
    """
    __tracebackhide__ = True
    if len(as_calls(calls)) < 2:
        raise ValueError("give at least two calls: the first may make Variables")
    with explained():
        effects = function.effects(calls)
    later = [effect.made for effect in effects.calls[1:]]
    if any(later):
        made = _listed([effect.made for effect in effects.calls])
        fail(
            "Variables are made again and again.",
            f"expected: none after the first call\n     got: {made} in the calls one by one",
            _VARIABLES if effects.kind == "tf.function" else _VARIABLES.replace("is traced", "is called"),
        )


def assert_no_side_effects(function: Name, calls: Sequence[Any]) -> None:
    """Calls change no Python object outside of the function, and print nothing with Python.

    A tf.function runs its Python once for each trace, so such an effect happens in the first call and not in the next
    one. Variables of TensorFlow and tf.print are fine.

    Args:
        function: Such as ``student.f``.
        calls: At least one call; the first is made once more after all others.

    Raises:
        CheckFailed: They do; the message says whether while tracing only, or each time.

    Right::

        @tf.function
        def shift(x):
            tf.print("shifting")
            return x + 1

    Wrong::

        @tf.function
        def shift(x):
            print("shifting")
            return x + 1

    Check::

        def test_shift_effects(student, draw):
            assert_no_side_effects(student.shift, [draw.normal(3)])

    Message::

        Python prints while the function is traced, and not when it is called again. …
    """
    __tracebackhide__ = True
    listed = as_calls(calls)
    with explained():
        effects = function.effects([*listed, listed[0]])
    again = effects.calls[-1]
    names = sorted({name for effect in effects.calls for name in effect.changed})
    if names:
        when = "each time" if again.changed else "while the function is traced, and not when it is called again"
        fail(
            f"Something outside of the function is changed {when}.",
            f"changed: {', '.join(names)}",
            "" if again.changed else _ONCE_TRACED,
        )
    if any(effect.printed for effect in effects.calls):
        when = "each time" if again.printed else "while the function is traced, and not when it is called again"
        fail(f"Python prints {when}.", "", "" if again.printed else _ONCE_TRACED)


_ONCE_TRACED = (
    "The Python of a tf.function runs once for each trace; calls after that run the graph alone, without print, append "
    "or anything else that Python does. Use tf.print and tf.Variable, which are parts of the graph, or return it."
)


def assert_jit_compiled(function: Name, calls: Sequence[Any]) -> None:
    """A tf.function is to be compiled with XLA (``jit_compile=True``), and it can be.

    Of a student the graph is compiled and run in another process.

    Args:
        function: Such as ``student.f``.
        calls: Calls as for :func:`assert_graph_matches`.

    Raises:
        CheckFailed: Its graph is not marked so.
        CallFailed: It cannot be compiled.

    Right::

        @tf.function(jit_compile=True)
        def poly(x):
            return x * x + x

    Wrong::

        @tf.function
        def poly(x):
            return x * x + x

    Check::

        def test_poly_compiled(student, draw):
            assert_jit_compiled(student.poly, [draw.normal(3)])

    Message::

        The function is not compiled with XLA.
        Write @tf.function(jit_compile=True).
    """
    __tracebackhide__ = True
    for group in _by_spec(as_calls(calls)):
        graph = function.graph(*group[0].args, **group[0].kwargs)
        if not graph.facts.compiled:
            fail("The function is not compiled with XLA.", "", "Write @tf.function(jit_compile=True).")
        graph.run_all(group, compiled=True)
