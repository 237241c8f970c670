"""Checks on tensors: devices, ops, loops, ragged, sparse and string tensors, and what a mistake looks like."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from courses import Shared

from autograder import sandbox
from autograder.errors import CallFailed, Failure
from autograder.expect import (
    CheckFailed,
    assert_close,
    assert_device,
    assert_dtype,
    assert_equal,
    assert_finite,
    assert_kind,
    assert_no_python_loop,
    assert_not_uses_ops,
    assert_uses_ops,
    recognise,
)
from autograder.expect.signatures import of_error, signature
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Proxy, as_ndarray, as_ragged, as_sparse, as_variable
from autograder.wire import Opaque, Tensor

NOTEBOOK = """
import numpy as np
import tensorflow as tf

# ---- devices
def here(x): return x + 1
def there(x):
    with tf.device("CPU:1"): return x + 1
def variable_there(x):
    with tf.device("CPU:1"): return {"v": tf.Variable(x), "parts": [tf.identity(x), (tf.identity(x),)]}
def mixed(x):
    with tf.device("CPU:1"): y = x * 1
    return [y, x * 1]
def ragged_there(x):
    with tf.device("CPU:1"): return tf.RaggedTensor.from_row_lengths(x * 1, [2, 1]), tf.sparse.from_dense(x * 1)
def no_tensor(x): return x.numpy()

# ---- ops
def times(a, b): return a @ b
def mult(a, b): return tf.linalg.matmul(a, b)
def ein(a, b): return tf.einsum("ij,jk->ik", a, b)
def dots(a, b): return tf.tensordot(a, b, axes=1)
def by_numpy(a, b): return tf.constant(a.numpy() @ b.numpy())
def by_sums(a, b): return tf.reduce_sum(a[:, :, None] * b[None], axis=1)
@tf.function
def in_graph(a, b): return tf.matmul(a, b)
@tf.function
def inner(a, b): return tf.matmul(a, b)
@tf.function
def outer(a, b):
    if tf.reduce_sum(a) > 1e9: return a
    return inner(a, b) + 0
def in_data(a, b):
    return next(iter(tf.data.Dataset.from_tensors((a, b)).map(lambda a, b: tf.matmul(a, b))))
def in_switch(a, b): return tf.switch_case(tf.constant(1), [lambda: a, lambda: tf.matmul(a, b)])
graph_switch = tf.function(in_switch)
def in_python(a, b): return tf.py_function(lambda a, b: tf.matmul(a, b), [a, b], tf.float32)
def plus(x): return x + x
def add(x): return tf.add(x, x)
@tf.function
def loop(x):
    y = x
    for _ in tf.range(3): y = y * 2
    return y
def deep(x):
    @tf.function
    def f(x): return x + 1
    for _ in range(6):
        def g(x, f=f): return f(f(x))
        f = tf.function(g)
    return f(x)

# ---- loops
def squares(x): return x * x
@tf.function
def squares_in_a_graph(x): return x ** 2
@tf.function
def squares_looped_in_a_graph(x):
    y = tf.TensorArray(tf.float32, tf.shape(x)[0])
    for i in tf.range(tf.shape(x)[0]): y = y.write(i, x[i] ** 2)
    return y.stack()
def squares_vectorized(x): return tf.vectorized_map(lambda v: v * v, x)
def squares_with_a_choice(x):
    if x.shape[0] > 10:
        y = tf.identity(x)
    else:
        y = x + 0
    return y * y
def squares_of_elements(x): return tf.stack([v * v for v in x])
def squares_of_numbers(x): return tf.constant([v ** 2 for v in x.numpy().tolist()])
def squares_mapped(x): return tf.constant(list(map(lambda v: v * v, x.numpy())))
def squares_by_vectorize(x): return tf.constant(np.vectorize(lambda v: v * v)(x.numpy()))
@tf.function
def squares_unrolled(x): return tf.stack([x[i] ** 2 for i in range(x.shape[0])])
def squares_while(x):
    y, i = np.zeros(len(x), "float32"), 0
    while i < len(x):
        y[i] = x[i] ** 2
        i += 1
    return tf.constant(y)
def squares_map_fn(x): return tf.map_fn(lambda v: v * v, x)
def squares_helped(x): return tf.constant(_each(x.numpy()))
def _each(values):
    found = []
    for value in values: found.append(value * value)
    return found

# ---- ragged, sparse, strings
def rows(x): return tf.RaggedTensor.from_row_lengths(x, [2, 1, 3])
def other_rows(x): return tf.RaggedTensor.from_row_lengths(x, [1, 2, 3])
def fewer_rows(x): return tf.RaggedTensor.from_row_lengths(x, [3, 3])
def deeper_rows(x): return tf.RaggedTensor.from_nested_row_lengths(x, [[1, 2], [2, 1, 3]])
def double_rows(x): return tf.cast(rows(x), tf.float64)
def doubled_rows(x): return rows(x) * 2
def rows_as_lists(x): return [part.numpy().tolist() for part in rows(x)]
def rows_as_a_dict(x): return {"ragged": rows(x).to_list(), "dtype": "float32"}
def rows_padded(x): return rows(x).to_tensor()
def rows_by_stack(x): return tf.ragged.stack([x[:2], x[2:3], x[3:]])
def kind(x): return type(x).__name__
def lengths(x): return x.row_lengths()
def upper(x): return tf.strings.upper(x)
def lower(x): return tf.strings.lower(x)
def python_upper(x): return [item.decode().upper() for item in x.numpy()]
def numpy_upper(x): return np.array([item.upper() for item in x.numpy()])
def sparse(x): return tf.sparse.from_dense(tf.nn.relu(x))
def dense(x): return tf.nn.relu(x)
def sparse_other(x): return tf.sparse.from_dense(x)
"""
X = np.array([1.0, -2.0, 3.0, 4.0, 5.0, -6.0], "float32")
A, B = np.arange(6, dtype="float32").reshape(2, 3), np.arange(12, dtype="float32").reshape(3, 4)


@pytest.fixture(scope="module")
def student(starter: sandbox.Starter) -> Iterator[Proxy]:
    """A notebook with right and wrong answers."""
    with Session(Shared(starter), [Step(0, "answers", NOTEBOOK)], Limits(devices=2)) as session:
        yield Proxy(session)


def told(action: Callable[[], Any]) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        action()
    return caught.value


# ---- devices -----------------------------------------------------------------------------------------


def test_devices_have_the_structure_of_the_result(student: Proxy) -> None:
    assert student.here.devices(X) == "CPU:0"
    assert student.variable_there.devices(X) == {"v": "CPU:1", "parts": ["CPU:1", ["CPU:1"]]}
    assert student.ragged_there.devices(X[:3]) == ["CPU:1", "CPU:1"]
    assert student.no_tensor.devices(X) is None


@pytest.mark.parametrize("name", ["there", "variable_there"])
def test_the_right_device_passes(student: Proxy, name: str) -> None:
    assert_device(getattr(student, name).devices(X), "CPU:1")


@pytest.mark.parametrize(
    ("name", "summary", "detail"),
    [
        ("here", "The result is on another device than expected.", "expected: CPU:1\n     got: CPU:0"),
        ("mixed", "The result is on another device than expected.", "expected: CPU:1\n     got: CPU:0"),
        ("no_tensor", "A tensor is expected here, which lies on a device, and something else came.", ""),
    ],
)
def test_another_device_fails(student: Proxy, name: str, summary: str, detail: str) -> None:
    failed = told(lambda: assert_device(getattr(student, name).devices(X), "CPU:1", diagnosis="tf.device?"))
    assert (failed.summary, failed.detail, failed.diagnosis) == (summary, detail, "tf.device?")


@pytest.mark.parametrize("devices", [[], {}, None, [None, "CPU:1"]])
def test_nothing_lies_on_no_device(devices: Any) -> None:
    told(lambda: assert_device(devices, "CPU:1"))


# ---- ops ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["times", "mult", "dots", "in_graph", "inner", "outer", "in_data", "graph_switch", "in_switch", "in_python"]
)
def test_a_matrix_product_is_found_wherever_it_runs(student: Proxy, name: str) -> None:
    for _ in ("cold", "warm"):
        assert_uses_ops(getattr(student, name).ops(A, B), "matmul")
    assert "while_loop" not in getattr(student, name).ops(A, B)
    assert "matmul" in told(lambda: assert_not_uses_ops(getattr(student, name).ops(A, B), "matmul")).summary


@pytest.mark.parametrize("name", ["by_sums", "by_numpy", "ein"])
def test_a_matrix_product_is_not_found_where_none_runs(student: Proxy, name: str) -> None:
    failed = told(lambda: assert_uses_ops(getattr(student, name).ops(A, B), "tf.linalg.matmul"))
    assert failed.summary == "This should be computed with tf.linalg.matmul, and it runs no such op."
    assert ("No op of TensorFlow ran at all" in failed.diagnosis) == (name == "by_numpy")
    assert failed.detail == {"ein": "ran: Einsum", "by_numpy": ""}.get(name, failed.detail)


def test_one_of_several_ops_is_enough(student: Proxy) -> None:
    assert_uses_ops(student.ein.ops(A, B), ("matmul", "einsum"))
    assert_uses_ops(student.by_sums.ops(A, B), "reduce_sum", "Mul", ("einsum", "multiply"))
    failed = told(lambda: assert_uses_ops(student.by_sums.ops(A, B), ("matmul", "tf.einsum", "Conv2D")))
    assert failed.summary == "This should be computed with matmul, tf.einsum or Conv2D, and it runs no such op."


@pytest.mark.parametrize("name", ["plus", "add"])
@pytest.mark.parametrize("wanted", ["add", "tf.add", "tf.math.add", "Add", "AddV2"])
def test_an_op_is_the_same_however_it_is_written(student: Proxy, name: str, wanted: str) -> None:
    assert_uses_ops(getattr(student, name).ops(X), wanted)


def test_no_op_at_all_is_not_without_an_op(student: Proxy) -> None:
    assert_not_uses_ops(student.by_sums.ops(A, B), "matmul", "einsum")
    assert told(lambda: assert_not_uses_ops(student.by_numpy.ops(A, B), "matmul")).summary.startswith("No op of")


def test_a_loop_of_a_graph_counts_once(student: Proxy) -> None:
    ops = student.loop.ops(X)
    assert ops.count("Mul") == 1
    assert told(lambda: assert_not_uses_ops(ops, "while_loop")).detail.startswith("ran: ")


def test_a_graph_counts_wherever_another_one_calls_it(student: Proxy) -> None:
    assert student.deep.ops(X) == ("AddV2",) * 2**6


@pytest.mark.parametrize("name", ["matmull", "tf.mul", "", "relu6?"])
def test_an_unknown_op_is_an_error_of_the_check(name: str) -> None:
    with pytest.raises(ValueError, match="no op is called"):
        assert_uses_ops(("MatMul",), name)


def test_what_a_process_claims_is_no_error_of_the_check() -> None:
    failed = told(lambda: assert_uses_ops((1, None, "<b>", "x" * 1000, "Add"), "matmul"))  # type: ignore[arg-type]
    assert failed.detail == "ran: Add"


# ---- loops -------------------------------------------------------------------------------------------


def growth(student: Proxy, name: str) -> Any:
    return getattr(student, name).growth(X[:4], np.arange(120, dtype="float32"))


@pytest.mark.parametrize(
    "name",
    [
        *("squares", "squares_in_a_graph", "squares_looped_in_a_graph", "squares_vectorized"),
        "squares_with_a_choice",
    ],
)
def test_work_on_whole_tensors_passes(student: Proxy, name: str) -> None:
    assert_no_python_loop(growth(student, name))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("squares_of_elements", "ops of TensorFlow"),
        ("squares_unrolled", "ops of TensorFlow"),
        ("squares_while", "ops of TensorFlow"),
        ("squares_map_fn", "ops of TensorFlow"),
        ("squares_of_numbers", "steps of Python"),
        ("squares_mapped", "steps of Python"),
        ("squares_by_vectorize", "steps of Python"),
        ("squares_helped", "steps of Python"),
    ],
)
def test_a_loop_over_the_elements_fails(student: Proxy, name: str, what: str) -> None:
    failed = told(lambda: assert_no_python_loop(growth(student, name)))
    assert failed.summary == f"A longer input takes more {what}: there is a loop over its elements."
    assert "whole tensors" in failed.diagnosis


def test_a_call_of_several_arguments_can_grow(student: Proxy) -> None:
    assert_no_python_loop(student.times.growth((A, B), (np.ones((50, 60), "float32"), np.ones((60, 2), "float32"))))


@pytest.mark.parametrize("reply", [None, {}, {"ops": 3, "steps": [1, 1]}, {"ops": [1, 1], "steps": [1.5, 1]}, [1, 2]])
def test_counts_that_are_none_fail(reply: Any) -> None:
    assert told(lambda: assert_no_python_loop(reply)).summary == "What the call costs could not be counted."


# ---- ragged, sparse, strings -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rows", "rows_by_stack"])
def test_equal_rows_pass(student: Proxy, name: str) -> None:
    assert_close(getattr(student, name)(X), student.rows(X))
    assert_equal(getattr(student, name)(X), as_ragged([[1.0, -2.0], [3.0], [4.0, 5.0, -6.0]]))
    assert_kind(student.rows(X), "RaggedTensor")
    assert_dtype(student.rows(X), "float32")
    assert_finite(student.rows(X))


LENGTHS = "expected: row lengths [2, 1, 3]\n     got: row lengths "


@pytest.mark.parametrize(
    ("name", "summary", "detail"),
    [
        ("other_rows", "The value has rows of other lengths than expected.", f"{LENGTHS}[1, 2, 3]"),
        ("fewer_rows", "The value has another number of rows than expected.", f"{LENGTHS}[3, 3]"),
        ("deeper_rows", "The value has another number of ragged axes than expected.", "expected: 1\n     got: 2"),
        ("double_rows", "The dtype is not the expected one: float32 expected, float64 came.", ""),
        (
            "doubled_rows",
            "The value is not the expected one. All values differ; kind, shape and dtype are right.",
            None,
        ),
        ("rows_as_lists", "A tf.RaggedTensor is expected, and a list came.", ""),
        ("rows_as_a_dict", "A tf.RaggedTensor is expected, and a dict came.", ""),
        ("rows_padded", "A tf.RaggedTensor is expected, and a tf.Tensor of dtype float32 came.", ""),
    ],
)
def test_other_rows_fail(student: Proxy, name: str, summary: str, detail: str | None) -> None:
    failed = told(lambda: assert_close(getattr(student, name)(X), student.rows(X)))
    assert failed.summary == summary
    assert detail is None or failed.detail == detail
    assert (
        "A tf.Tensor is expected, and a tf.RaggedTensor"
        in told(lambda: assert_close(student.rows(X), tensor(X))).summary
    )


def test_ragged_and_sparse_tensors_can_be_sent(student: Proxy) -> None:
    assert student.kind(as_ragged([[1], [2, 3]])) == "RaggedTensor"
    assert_equal(student.lengths(as_ragged([["a"], [], ["b", "c"]])), tensor([1, 0, 2], "int64"))
    assert student.kind(as_sparse(X)) == "SparseTensor"
    assert student.kind(as_variable(["a", "b"])) == "ResourceVariable"
    assert student.kind(as_ndarray(["a"])) == "ndarray"


def test_strings(student: Proxy) -> None:
    words = np.array(["né", "ab"])
    assert_equal(student.upper(words), student.upper(words))
    assert "Some values differ" not in told(lambda: assert_close(student.lower(words), student.upper(words))).summary
    assert "numpy" in told(lambda: assert_equal(student.numpy_upper(words), student.upper(words))).diagnosis
    assert "tf.stack" in told(lambda: assert_equal(student.python_upper(words), student.upper(words))).diagnosis


@pytest.mark.parametrize(
    ("name", "other", "summary"),
    [
        ("dense", "sparse", "A tf.SparseTensor is expected, and a tf.Tensor of dtype float32 came."),
        ("sparse", "dense", "A tf.Tensor is expected, and a tf.SparseTensor of dtype float32 came."),
        ("sparse_other", "sparse", "The value is not the expected one. Some values differ; "),
    ],
)
def test_sparse_is_not_dense(student: Proxy, name: str, other: str, summary: str) -> None:
    assert_close(getattr(student, name)(X), getattr(student, name)(X))
    failed = told(lambda: assert_close(getattr(student, name)(X), getattr(student, other)(X)))
    assert failed.summary.startswith(summary)


# ---- finite ------------------------------------------------------------------------------------------


def tensor(values: Any, dtype: str = "float32", kind: str = "Tensor") -> Tensor:
    return Tensor(np.array(values, dtype=dtype), kind)


@pytest.mark.parametrize(
    "value", [1, 2.5, tensor([1, 2]), [tensor(1), {"a": (2.0, tensor([True], "bool"))}], tensor([3], "int8")]
)
def test_finite_numbers_pass(value: Any) -> None:
    assert_finite(value)


@pytest.mark.parametrize(
    ("value", "summary", "diagnosis"),
    [
        (float("nan"), "The value holds nan where a finite number is expected.", "nan comes of 0/0"),
        (tensor([1, np.inf]), "The value holds inf where a finite number is expected.", "division by 0"),
        ([1, {"a": tensor(-np.inf)}], "The value of part [1]['a'] holds inf where a finite number", "division by 0"),
        (tensor(np.inf * 1j, "complex64"), "The value holds nan where", "0/0"),
        (as_ragged([[1.0, float("nan")], []]), "The value holds nan where", "0/0"),
        (None, "Numbers are expected here, and None came.", ""),
        ([1, "x"], "In part [1] of the result: Numbers are expected here, and a string came.", ""),
        (tensor(b"x", "object"), "Numbers are expected here, and a tf.Tensor of dtype string came.", ""),
        (Opaque("Saw_17"), "Numbers are expected here, and something that is neither", ""),
    ],
)
def test_what_is_not_finite_fails(value: Any, summary: str, diagnosis: str) -> None:
    failed = told(lambda: assert_finite(value))
    assert failed.summary.startswith(summary)
    assert diagnosis in failed.diagnosis


# ---- what a mistake looks like -----------------------------------------------------------------------

D = np.array([[0.7, -1.3, 2.2], [3.1, 0.4, -0.9], [1.6, 2.8, -2.5]])
V = np.array([0.7, -1.3, 2.25, 3.1])
P = np.abs(D) + 0.3
SIGNATURES: dict[str, list[tuple[Any, Any]]] = {
    "The sign is the opposite one everywhere.": [(-D, D), (-V[0], V[0])],
    "divided by a whole number: a mean where a sum is asked": [(D / 3, D), (V / 100, V), (V[1] / 7, V[1])],
    "times a whole number: a sum where a mean is asked": [(D * 3, D), (V * 250, V), (V[2] * 12, V[2])],
    "And the sign is the opposite one.": [(D / -3, D), (-2 * V[1], V[1])],
    "Every value is the right one times the same factor": [(D * 0.7, D), (V * 2.5, V)],
    "Every value is off by the same amount": [(D + 1, D), (V - 0.3, V)],
    "All your values are the same": [(np.full_like(D, 2.0), D), (np.zeros(4), V)],
    "Rows and columns are swapped": [(D.T, D), (np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(2, 3).T)],
    "an axis runs in the opposite direction": [(V[::-1], V), (D[:, ::-1], D), (D[::-1], D)],
    "shifted by one place": [(np.roll(V, 1), V), (np.roll(D, -1, 1), D)],
    "in another order": [(V[[1, 0, 3, 2]], V), (np.sort(D, None).reshape(3, 3), D)],
    "These are the absolute values": [(np.abs(D), D), (np.abs(V), V)],
    "Negative values have become zero": [(np.maximum(D, 0), D)],
    "These are the squares of the expected values.": [(P**2, P)],
    "These are the square roots of the expected values.": [(np.sqrt(P), P)],
    "rounded to whole numbers": [(np.round(D), D), (np.trunc(D), D), (np.floor(V), V)],
    "The values are rounded: give all the digits.": [(np.round(D * 1.234567, 2), D * 1.234567)],
    "an axis of size 1 is too many": [(V[:, None], V), (V[None], V)],
    "an axis of size 1 is missing": [(V, V[:, None])],
    "in another shape": [(D.ravel(), D), (np.arange(6.0).reshape(3, 2), np.arange(6.0).reshape(2, 3))],
    "one axis is still to be reduced": [(D, D.sum(1)), (D, D.mean(0)), (V, V.sum())],
    "One axis is reduced (summed or averaged) that should stay.": [(D.sum(0), D), (D.mean(1), D)],
    "Everything is reduced to one number": [(D.sum(), D), (D.mean(), D)],
    "the same for different inputs": [([D, D], [D, D + V[0]])],
    "in the opposite order": [([V, D], [D, V]), ((V[:2], V[2:], V[1:3]), (V[1:3], V[2:], V[:2]))],
}


@pytest.mark.parametrize(
    ("sentence", "actual", "desired"), [(sentence, *pair) for sentence, pairs in SIGNATURES.items() for pair in pairs]
)
def test_a_mistake_is_recognised(sentence: str, actual: Any, desired: Any) -> None:
    assert sentence in recognise(actual, desired)
    assert not any(character.isdigit() for character in recognise(actual, desired).replace("size 1", ""))

    def tensors(value: Any) -> Any:
        return [tensors(part) for part in value] if isinstance(value, (list, tuple)) else tensor(value)

    failed = told(lambda: assert_close(tensors(actual), tensors(desired)))
    assert sentence in failed.diagnosis
    assert sentence not in failed.summary


def test_a_share_that_is_1_by_mistake_was_not_rounded() -> None:
    assert "rounded" not in recognise(np.float32(1.0), np.float32(0.7))
    assert "rounded" in recognise(np.float32(0.0), np.float32(0.7))


@pytest.mark.parametrize(
    ("actual", "desired"),
    [
        (V[0] * 0.37, V[0]),  # any single value is some factor times another
        (D + np.arange(9).reshape(3, 3), D),
        (np.array([1.0, np.nan]), V[:2]),
        (np.array([]), V),
        (None, V),
        ("x", 1.0),
        (tensor([b"a"], "object"), tensor([b"b"], "object")),
        (True, 1.0),
        ([V], [D]),
        ([V, None], [V, V]),
        (V * 1.0005, V),  # near misses would look like many things
        (P * 1.0004, P),
        (np.array(3), np.array(6)),  # small whole numbers are often multiples
        (3, 6),
        (2 + 1j, 1 + 2j),
        (Opaque("x"), 1.0),
    ],
)
def test_nothing_is_recognised_in_other_results(actual: Any, desired: Any) -> None:
    assert recognise(actual, desired) == ""


def test_how_large_a_factor_is_stands_only_where_the_expected_values_do() -> None:
    failed = told(lambda: assert_close(tensor(V / 4), tensor(V)))
    assert "Every value is 0.25 times the expected one." in failed.detail
    assert "0.25 times" not in failed.got
    assert "0.25 times" not in failed.diagnosis
    assert signature(V + 0.5, V).more == "Every value is the expected one plus 0.5."


@pytest.mark.parametrize(
    ("actual", "desired", "sentence"),
    [(-1.5, 1.5, "The sign is the opposite one"), (0.37 / 12, 0.37, "divided by a whole number"), (1.1, 1.5, "")],
)
def test_numbers_have_signatures_too(actual: float, desired: float, sentence: str) -> None:
    for mine, theirs in ((actual, desired), (tensor(actual), desired), ([actual], [desired])):
        failed = told(lambda mine=mine, theirs=theirs: assert_close(mine, theirs))
        assert sentence in failed.diagnosis
        assert bool(sentence) == bool(failed.diagnosis)


def test_the_authors_words_come_first() -> None:
    assert told(lambda: assert_close(tensor(-V), tensor(V), diagnosis="Mine.")).diagnosis == "Mine."
    known = {"These are the distances.": np.sqrt(P), "This is the matrix product.": D @ D}
    assert recognise(tensor(D @ D), tensor(D * D), known) == "This is the matrix product."
    assert recognise(tensor(-D), tensor(D), known) == "The sign is the opposite one everywhere."
    assert recognise(tensor(-D), None, known) == ""
    assert recognise(None, tensor(D), known) == ""


@pytest.mark.parametrize(
    ("actual", "desired", "diagnosis"),
    [
        (tensor(V, kind="ndarray"), tensor(V), "numpy's functions and .numpy()"),
        (1.5, tensor(1.5), "float(), int() and .item()"),
        ([1.0, 2.0], tensor([1.0, 2.0]), "tf.stack"),
        (tensor(V, "float64"), tensor(V), "numpy makes float64"),
        (tensor(V), tensor(V, "float64"), "fixed to float32"),
        (tensor([1], "int32"), tensor([1.0]), "Whole numbers stay whole numbers"),
        (tensor([1.0]), tensor([1], "int32"), "makes floats of whole numbers"),
        (None, tensor(V), ""),
        (tensor(V, kind="ndarray"), tensor(V, kind="ndarray"), None),
    ],
)
def test_another_kind_or_dtype_has_its_diagnosis(actual: Any, desired: Any, diagnosis: str | None) -> None:
    if diagnosis is None:
        assert_close(actual, desired)
    else:
        failed = told(lambda: assert_close(actual, desired))
        assert diagnosis in failed.diagnosis
        assert bool(failed.diagnosis) == bool(diagnosis)


ERRORS = """
import numpy as np
import tensorflow as tf
def fixed_reshape(x): return tf.reshape(x, (2, 2))
def fixed_reshape_in_a_graph(x): return tf.function(lambda x: tf.reshape(x, (4, -1)))(x)
def tape_reused(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return tape.gradient(y, x), tape.gradient(y, x)
def two_dtypes(x): return x + tf.constant([1.0], tf.float64)
def two_dtypes_multiplied(x): return tf.cast(x, tf.int32) * x
def two_shapes(x): return x + tf.ones(5)
def two_shapes_multiplied(x): return tf.ones((2, 2)) @ x[:, None]
def no_gradient(x):
    with tf.GradientTape() as tape: y = x * x
    return x - 0.1 * tape.gradient(y, x)
def of_numpy(x): return x.astype("float32")
def assigned(x):
    x[0] = 1.0
    return x
@tf.function
def python_if(x): return x if bool(tf.reduce_sum(x)) else -x
@tf.function
def numpy_in_a_graph(x): return np.sin(x.numpy())
KEPT = []
@tf.function
def keeps(x):
    KEPT.append(x * 2)
    return x
def used_outside(x):
    keeps(x)
    return tf.reduce_sum(KEPT[-1])
@tf.function
def used_after_the_loop(x):
    made = []
    for step in tf.range(3): made.append(step * 2)
    return made[-1]
def own(x): raise ValueError("mine")
def endless(x): raise ValueError("first " + "and so on " * 1000 + "last")
"""


@pytest.fixture(scope="module")
def raising(starter: sandbox.Starter) -> Iterator[Proxy]:
    with Session(Shared(starter), [Step(0, "answers", ERRORS)], Limits()) as session:
        yield Proxy(session)


@pytest.mark.parametrize(
    ("name", "diagnosis"),
    [
        ("fixed_reshape", "A shape is fixed that depends on the input"),
        ("fixed_reshape_in_a_graph", "A reshape uses every element of its input"),
        ("tape_reused", "A tape forgets everything with its first gradient"),
        ("two_dtypes", "Two dtypes meet here"),
        ("two_dtypes_multiplied", "Two dtypes meet here"),
        ("two_shapes", "Two shapes meet that do not fit"),
        ("two_shapes_multiplied", "Two shapes meet that do not fit"),
        ("no_gradient", "Something is None here"),
        ("of_numpy", "That is a method of numpy's arrays"),
        ("assigned", "A tensor cannot be changed"),
        ("python_if", "In a graph a tensor has no value yet"),
        ("numpy_in_a_graph", "In a graph"),
        ("used_outside", "A tensor of a graph is gone"),
        ("used_after_the_loop", "A tensor of a graph is gone"),
        ("own", ""),
    ],
)
def test_an_error_has_its_diagnosis(raising: Proxy, name: str, diagnosis: str) -> None:
    with pytest.raises(CallFailed) as caught:
        getattr(raising, name)(X)
    found = of_error(caught.value.failure)
    assert found.startswith(diagnosis), caught.value.failure
    assert bool(found) == bool(diagnosis)


def test_a_message_tells_where_the_notebook_made_a_tensor(raising: Proxy) -> None:
    with pytest.raises(CallFailed) as caught:
        raising.used_outside(X)
    message = caught.value.failure.evalue
    assert "is out of scope and cannot be used here" in message
    assert message.endswith("because it was defined in FuncGraph(name=keeps), which is out of scope.")
    places = [line for line in message.splitlines() if line.lstrip().startswith("File ")]
    assert [place.rpartition(" in ")[2] for place in places] == ["used_outside", "keeps"]


def test_a_message_that_is_too_long_keeps_both_of_its_ends(raising: Proxy) -> None:
    with pytest.raises(CallFailed) as caught:
        raising.endless(X)
    message = caught.value.failure.evalue
    assert message.startswith("first and so on")
    assert message.endswith("and so on last")
    assert len(message) == 2000
    assert message.count("…") == 1


def test_a_long_message_takes_no_time() -> None:
    assert of_error(Failure("E", "Symbolic " * 100_000)) == ""


# ---- the process stays as it was ---------------------------------------------------------------------


def test_counting_leaves_a_live_kernel_as_it_was() -> None:
    """As `check` does it in a student's own notebook: in this very process."""
    from tensorflow.python.framework import op_callbacks

    from autograder.worker import Responder

    names: dict[str, Any] = {}
    exec("def f(x): return [v for v in x]\ndef g(x): raise KeyError", names)
    traced: list[str] = []

    def mine(frame: Any, event: str, argument: Any) -> None:
        traced.append(event)

    before = sys.gettrace()
    sys.settrace(mine)
    try:
        for name in ("f", "g"):
            request = {"probe": "growth", "name": name, "args": ((Tensor(X),), (Tensor(X),)), "kwargs": {}}
            Responder(names, {}).answer(request)
            assert sys.gettrace() is mine
    finally:
        sys.settrace(before)
    assert not op_callbacks.should_invoke_op_callbacks()


def test_graphs_that_unfold_without_end_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.probes import tensors
    from autograder.worker import Responder

    monkeypatch.setattr(tensors, "_MOST_OPS", 40)
    names: dict[str, Any] = {}
    exec(NOTEBOOK, names)
    request = {"probe": "ops", "name": "deep", "args": (Tensor(X),), "kwargs": {}}
    assert len(Responder(names, {}).answer(request)) == 40
