"""Assertions on how a result came about: which ops ran, and whether Python looped over the elements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .failures import fail
from .words import either

# Names that one writes, and the types of the ops that they run. A type without its version: MatMulV2 is MatMul.
_TYPES: dict[str, tuple[str, ...]] = {
    "add": ("Add", "AddN", "BiasAdd"),
    "subtract": ("Sub",),
    "multiply": ("Mul", "MulNoNan"),
    "divide": ("RealDiv", "Div", "TruncateDiv", "DivNoNan"),
    "floordiv": ("FloorDiv",),
    "pow": ("Pow",),
    "square": ("Square",),
    "sqrt": ("Sqrt",),
    "abs": ("Abs", "ComplexAbs"),
    "exp": ("Exp",),
    "log": ("Log",),
    "maximum": ("Maximum",),
    "minimum": ("Minimum",),
    "round": ("Round", "Rint"),
    "sin": ("Sin",),
    "cos": ("Cos",),
    "tanh": ("Tanh",),
    "sigmoid": ("Sigmoid",),
    "softmax": ("Softmax", "LogSoftmax"),
    "relu": ("Relu",),
    "matmul": ("MatMul", "BatchMatMul", "SparseTensorDenseMatMul"),
    "einsum": ("Einsum",),
    "conv2d": ("Conv2D",),
    "reduce_sum": ("Sum",),
    "reduce_mean": ("Mean",),
    "reduce_max": ("Max",),
    "reduce_min": ("Min",),
    "reduce_prod": ("Prod",),
    "cumsum": ("Cumsum",),
    "argmax": ("ArgMax",),
    "argmin": ("ArgMin",),
    "cast": ("Cast",),
    "reshape": ("Reshape",),
    "transpose": ("Transpose",),
    "expand_dims": ("ExpandDims",),
    "squeeze": ("Squeeze",),
    "concat": ("Concat",),
    "stack": ("Pack",),
    "unstack": ("Unpack",),
    "tile": ("Tile",),
    "gather": ("Gather", "GatherNd", "ResourceGather"),
    "one_hot": ("OneHot",),
    "where": ("Select", "Where"),
    "range": ("Range",),
    "cond": ("If", "StatelessIf", "Case", "StatelessCase"),
    "while_loop": ("While", "StatelessWhile"),
    "py_function": ("PyFunc", "EagerPyFunc", "PyFuncStateless"),
    "print": ("Print", "PrintV2"),
    "map": ("MapDataset", "ParallelMapDataset"),
}


def assert_uses_ops(ops: Sequence[str], *wanted: str | tuple[str, ...], diagnosis: str = "") -> None:
    """Each of these ops is among those that ran.

    The ops are what the student's own process says: use this to teach a way of writing, not to guard points.

    Args:
        ops: What ``student.f.ops(…)`` gave.
        *wanted: Names as one writes them, such as ``"matmul"`` or ``"reduce_sum"``, or types of ops, such as
            ``"Einsum"``; a tuple of several of which one is enough.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: One is missing; the message names it.
        ValueError: A name is not known.

    Right::

        def scores(x, w):
            return tf.linalg.matvec(x, w)

    Wrong::

        def scores(x, w):
            return tf.constant(x.numpy() @ w.numpy())

    Check::

        def test_scores_in_tensorflow(student, reference, draw):
            assert_uses_ops(student.scores.ops(draw.normal(4, 3), draw.normal(3)), ("matmul", "einsum"))

    Message::

        This should be computed with matmul or einsum, and it runs no such op.
        No op of TensorFlow ran at all: …
    """
    __tracebackhide__ = True
    ran = _ran(ops)
    for names in wanted:
        choices = (names,) if isinstance(names, str) else tuple(names)
        if not any(ran & _types(name) for name in choices):
            nothing = "" if ran else "No op of TensorFlow ran at all: it is computed by numpy or by Python itself."
            told = f"This should be computed with {either(choices)}, and it runs no such op."
            fail(told, _listed(ops) if ran else "", diagnosis or nothing)


def assert_not_uses_ops(ops: Sequence[str], *unwanted: str, diagnosis: str = "") -> None:
    """None of these ops is among those that ran, eagerly or in a graph.

    The ops are what the student's own process says: use this to teach a way of writing, not to guard points.

    Args:
        ops: What ``student.f.ops(…)`` gave.
        *unwanted: Names as for :func:`assert_uses_ops`.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: One of them ran; the message names it. Or none ran at all: then something else computed.
        ValueError: A name is not known.

    Right::

        def total(x):
            return tf.tensordot(x, x, axes=1)

    Wrong::

        @tf.function
        def total(x):
            result = 0.0
            for value in x:
                result += value * value
            return result

    Check::

        def test_total_without_loops(student, reference, draw):
            assert_not_uses_ops(student.total.ops(draw.normal(5)), "while_loop", "py_function")

    Message::

        This should be computed without while_loop, and it runs that op.
    """
    __tracebackhide__ = True
    ran = _ran(ops)
    for name in unwanted:
        if ran & _types(name):
            fail(f"This should be computed without {name}, and it runs that op.", _listed(ops), diagnosis)
    if not ran:
        fail("No op of TensorFlow ran at all.", "", diagnosis or "It is computed by numpy or by Python itself.")


def assert_no_python_loop(growth: Any, *, diagnosis: str = "") -> None:
    """A long input takes as many ops, and as much Python code, as a short one.

    Args:
        growth: What ``student.f.growth(short, long)`` gave. Let the long input have at least 50 elements more.
        diagnosis: Added to the message on failure.

    Raises:
        CheckFailed: Ops or Python's steps grow with the input: there is a loop over its elements.

    Right::

        def squares(x):
            return x * x

    Wrong::

        def squares(x):
            return tf.constant([value**2 for value in x.numpy()])

    Check::

        def test_squares_at_once(student, reference, draw):
            assert_no_python_loop(student.squares.growth(draw.normal(4), draw.normal(200)))

    Message::

        A longer input takes more steps of Python: there is a loop over its elements.
        TensorFlow's functions work on whole tensors …
    """
    __tracebackhide__ = True
    advice = diagnosis or "TensorFlow's functions work on whole tensors: write what happens to all elements at once."
    few, many = _two(growth, "ops")
    if many > few:
        told = "A longer input takes more ops of TensorFlow: there is a loop over its elements."
        fail(told, f"ops for the short input: {few}, for the long one: {many}", advice)
    short, long = _two(growth, "steps")
    if long > 1.5 * short + 50:  # code that looks at the size may take a few steps more; a loop, five for each element
        fail(
            "A longer input takes more steps of Python: there is a loop over its elements.",
            "",
            advice,
        )


# ---- names ---------------------------------------------------------------------------------------------


def _types(name: str) -> set[str]:
    """The types that a name stands for, in the form of :func:`_plain`."""
    short = name.removeprefix("tf.").rsplit(".", 1)[-1]
    if short in _TYPES:
        return {_plain(op_type) for op_type in _TYPES[short]}
    if not re.fullmatch(r"[A-Z]\w*", short):
        known = ", ".join(sorted(_TYPES))
        raise ValueError(f"no op is called {name!r}; give a type such as 'Conv2D', or one of {known}")
    return {_plain(short)}


def _plain(op_type: str) -> str:
    """A type of op without its version, in lower case: the same for Add and AddV2."""
    return re.sub(r"V\d+$", "", op_type).lower()


def _ran(ops: Sequence[str]) -> set[str]:
    return {_plain(op) for op in ops if isinstance(op, str)}


def _listed(ops: Sequence[str]) -> str:
    """The ops that ran, for a visible check."""
    named = [op for op in dict.fromkeys(ops) if isinstance(op, str) and re.fullmatch(r"\w{1,40}", op)]
    return f"ran: {', '.join(named[:20])}{', …' if len(named) > 20 else ''}" if named else ""


def _two(growth: Any, key: str) -> tuple[int, int]:
    pair = growth.get(key) if isinstance(growth, dict) else None
    if not isinstance(pair, (list, tuple)) or len(pair) != 2 or any(type(number) is not int for number in pair):
        fail("What the call costs could not be counted.")
    return pair[0], pair[1]
