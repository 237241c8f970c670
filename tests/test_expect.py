"""The assertions of checks: what passes, what fails, and with which words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import CallFailed, Failure
from autograder.expect import (
    CheckFailed,
    assert_close,
    assert_connected,
    assert_device,
    assert_dtype,
    assert_equal,
    assert_finite,
    assert_jacobian,
    assert_kind,
    assert_no_python_loop,
    assert_raises,
    assert_rows_sum,
    assert_shape,
    assert_slopes,
    assert_true,
    describe,
    fail,
    kind_of,
)
from autograder.wire import Opaque, Tensor


def tensor(values: Any, dtype: str = "float32", kind: str = "Tensor", called: str = "") -> Tensor:
    """An array that came from a worker; ``called`` is its dtype there, where numpy has another."""
    return Tensor(np.array(values, dtype=dtype), kind, called)


def strings(*values: bytes) -> Tensor:
    return Tensor(np.array(values, dtype=object))


def failure_of(action: Callable[[], Any]) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        action()
    return caught.value


NAN, INF = math.nan, math.inf
HUGE = 10**400  # no float holds it


# ---- assert_close ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "desired"),
    [
        (tensor([1.0, 2.0]), tensor([1.0, 2.0])),
        (tensor([1.0, 2.0]), tensor([1.00009, 2.0])),
        (tensor([1.0], "float64"), tensor([1 + 9e-10], "float64")),
        (tensor([1.0], "float16"), tensor([1.004], "float16")),
        (tensor([1.03], called="bfloat16"), tensor([1.0], called="bfloat16")),
        (tensor([1 + 2j], "complex64"), tensor([1 + 2.0001j], "complex64")),
        (tensor([1.0], kind="Variable"), tensor([1.0])),
        (tensor([1.0], kind="IndexedSlices"), tensor([1.0])),
        (tensor([1.0]), tensor([1.0], kind="IndexedSlices")),
        (tensor([1.0]), tensor([1.0], kind="ndarray")),
        ([tensor([]), 1], [tensor([]), 1]),
        (tensor([1, 2], "int64"), tensor([1, 2], "int64")),
        (tensor([True, False], "bool"), tensor([True, False], "bool")),
        (tensor([1.0, NAN]), tensor([1.0, NAN])),  # where the reference itself has none
        (tensor([INF, -INF]), tensor([INF, -INF])),
        (tensor(0.0), tensor(9e-6)),
        (tensor(NAN), tensor(NAN)),
        (strings(b"a", b"\xff"), strings(b"a", b"\xff")),
        (1, 1),
        (1.0, 1),
        (1, 1.0),
        (0.1 + 0.2, 0.3),
        (INF, INF),
        (NAN, NAN),
        (HUGE, HUGE),
        (tensor(2.0), 2.0),
        (tensor(2.00009), 2.0),
        (tensor(2, "int32"), 2),
        (tensor(2.0, "float64", "numpy scalar"), 2.0),
        (True, True),
        (tensor(False, "bool"), False),
        (None, None),
        ("a", "a"),
        (b"a", b"a"),
        ([1, 2], (1, 2)),
        ({"b": 1, "a": [tensor([1.0]), None]}, {"a": (tensor([1.0]), None), "b": 1}),
    ],
)
def test_close_values_pass(actual: Any, desired: Any) -> None:
    assert_close(actual, desired)


@pytest.mark.parametrize(
    "nothing", [tensor([]), tensor(np.ones((2, 0))), (), [], {}, [tensor([]), ()], {"a": []}], ids=repr
)
@pytest.mark.parametrize("compare", [assert_close, assert_equal])
def test_a_reference_without_a_value_is_the_checks_mistake(compare: Callable[..., None], nothing: Any) -> None:
    with pytest.raises(TypeError, match=r"the reference gave no value at all.*empty=True"):
        compare(nothing, nothing)
    compare(nothing, nothing, empty=True)
    with pytest.raises(CheckFailed):
        compare(1, nothing, empty=True)


SOME = "Some values differ; kind, shape and dtype are right."
ALL = "All values differ; kind, shape and dtype are right."


@pytest.mark.parametrize(
    ("actual", "desired", "summary"),
    [
        # kinds
        (None, tensor([1.0]), "A tf.Tensor is expected, and None came. Did you forget a return?"),
        (1.0, tensor(1.0), "A tf.Tensor is expected, and a Python number came."),
        (True, tensor(True, "bool"), "A tf.Tensor is expected, and True or False came."),
        ("x", tensor(1.0), "A tf.Tensor is expected, and a string came."),
        ([tensor(1.0)], tensor([1.0]), "A tf.Tensor is expected, and a list came."),
        ((), tensor([1.0]), "A tf.Tensor is expected, and a tuple came."),
        ({}, tensor([1.0]), "A tf.Tensor is expected, and a dict came."),
        (
            tensor([1.0], kind="ndarray"),
            tensor([1.0]),
            "A tf.Tensor is expected, and a numpy array of dtype float32 came.",
        ),
        (
            tensor(1.0, kind="numpy scalar"),
            tensor(1.0, kind="Variable"),
            "A tf.Variable is expected, and a numpy scalar of dtype float32 came.",
        ),
        (
            Opaque("Evil12345"),
            tensor([1.0]),
            "A tf.Tensor is expected, and something that is neither a tensor nor plain data came.",
        ),
        (tensor([1.0]), 1.0, "A Python number is expected, and a tf.Tensor of dtype float32 came."),
        (tensor(True, "bool"), 1, "A Python number is expected, and a tf.Tensor of dtype bool came."),
        (tensor(1j, "complex64"), 1.0, "A Python number is expected, and a tf.Tensor of dtype complex64 came."),
        (strings(b"a"), 1.0, "A Python number is expected, and a tf.Tensor of dtype string came."),
        (True, 1, "A Python number is expected, and True or False came."),
        ("1", 1, "A Python number is expected, and a string came."),
        (None, 1, "A Python number is expected, and None came. Did you forget a return?"),
        (1, True, "True or False is expected, and a Python number came."),
        (tensor([True], "bool"), True, "True or False is expected, and a tf.Tensor of dtype bool came."),
        (b"a", "a", "A string is expected, and a bytes came."),
        (0, None, "None is expected, and a Python number came."),
        (1, [1], "A list is expected, and a Python number came."),
        (tensor([1.0]), [1.0], "A list is expected, and a tf.Tensor of dtype float32 came."),
        ([1], {"a": 1}, "A dict is expected, and a list came."),
        ((1, None), (1, 2), "In part [1] of the result: A Python number is expected, and None came. "),
        # shapes: none broadcasts
        (tensor([]), tensor([1.0]), "The shape is not the expected one."),
        (tensor([1.0]), tensor([]), "The shape is not the expected one."),
        (tensor(1.0), tensor([1.0, 1.0]), "The shape is not the expected one."),
        (tensor([1.0]), tensor(1.0), "The shape is not the expected one."),
        (tensor([[1.0], [1.0]]), tensor([[1.0, 1.0]]), "The shape is not the expected one."),
        (tensor(np.ones((2, 0))), tensor(np.ones((0, 2))), "The shape is not the expected one."),
        # dtypes
        (
            tensor([1.0], "float64"),
            tensor([1.0]),
            "The dtype is not the expected one: float32 expected, float64 came.",
        ),
        (tensor([1], "int32"), tensor([1], "int64"), "The dtype is not the expected one: int64 expected, int32 came."),
        (tensor([]), tensor([], "int32"), "The dtype is not the expected one: int32 expected, float32 came."),
        (
            tensor([1.0], called="bfloat16"),
            tensor([1.0]),
            "The dtype is not the expected one: float32 expected, bfloat16 came.",
        ),
        (
            tensor([1.0]),
            tensor([1 + 0j], "complex64"),
            "The dtype is not the expected one: complex64 expected, float32 came.",
        ),
        # values
        (tensor([1.0, 2.0]), tensor([1.0, 2.001]), SOME),
        (tensor([1.0]), tensor([1.0003]), ALL),
        (tensor([1.0], "float64"), tensor([1 + 1e-8], "float64"), ALL),
        (tensor([1.0], "float16"), tensor([1.02], "float16"), ALL),
        (tensor([1.1], called="bfloat16"), tensor([1.0], called="bfloat16"), ALL),
        (tensor([1 + 2j], "complex64"), tensor([1 - 2j], "complex64"), ALL),
        (tensor(0.0), tensor(2e-5), ALL),
        (tensor([1, 2], "int32"), tensor([1, 3], "int32"), SOME),
        (tensor([2**62], "int64"), tensor([2**62 + 1], "int64"), ALL),
        (tensor([0, 255], "uint8"), tensor([0, 254], "uint8"), SOME),
        (tensor([True, True], "bool"), tensor([True, False], "bool"), SOME),
        (strings(b"a", b"b"), strings(b"a", b"c"), SOME),
        (tensor([NAN, 1.0]), tensor([2.0, 1.0]), "The value holds nan where a finite number is expected."),
        (tensor([NAN, 1.0]), tensor([2.0, NAN]), "The value holds nan where a finite number is expected."),
        (tensor([-INF]), tensor([2.0]), "The value holds inf where a finite number is expected."),
        (
            tensor([complex(1, NAN)], "complex64"),
            tensor([1], "complex64"),
            "The value holds nan where a finite number is expected.",
        ),
        (tensor([1.0]), tensor([NAN]), ALL),
        (tensor([3e38]), tensor([INF]), ALL),
        (tensor([-INF]), tensor([INF]), ALL),
        (tensor([INF]), tensor([NAN]), ALL),
        (2.1, 2.0, "The value is not the expected one."),
        (tensor(2.01), 2.0, "The value is not the expected one."),
        (3.0000001, 3, "The value is not the expected one."),  # an int is exact
        (5.0, INF, "The value is not the expected one."),
        (-INF, INF, "The value is not the expected one."),
        (INF, 5.0, "The value is not the expected one."),
        (NAN, 5.0, "The value is not the expected one."),
        (5.0, NAN, "The value is not the expected one."),
        (HUGE, 1.5, "The value is not the expected one."),
        (1.5, HUGE, "The value is not the expected one."),
        (HUGE, HUGE + 1, "The value is not the expected one."),
        (False, True, "The value is not the expected one."),
        (tensor(False, "bool"), True, "The value is not the expected one."),
        ("a", "b", "The value is not the expected one."),
        ("a", "A", "The value is not the expected one."),
        # structures
        ([1, 2, 3], [1, 2], "The value has another number of parts than expected."),
        ([], [1], "The value has another number of parts than expected."),
        ({"a": 1}, {"b": 1}, "The value has other keys than expected."),
        ({"a": 1, "b": 1}, {"a": 1}, "The value has other keys than expected."),
        ({}, {"a": 1}, "The value has other keys than expected."),
        ([1, {"a": (2, 4)}], [1, {"a": (2, 3)}], "The value of part [1]['a'][1] is not the expected one."),
        ({"a": [1]}, {"a": []}, "The value of part ['a'] has another number of parts than expected."),
        ([tensor([1.0])], [tensor([[1.0]])], "The shape of part [0] is not the expected one."),
        ([tensor([1.0])], [tensor([1], "int32")], "The dtype of part [0] is not the expected one: "),
        ([tensor([NAN])], [tensor([1.0])], "The value of part [0] holds nan "),
        ({17: 1}, {17: 2}, "The value of part […] is not the expected one."),
        ({"k" * 41: 1}, {"k" * 41: 2}, "The value of part […] is not the expected one."),
    ],
)
def test_other_values_fail(actual: Any, desired: Any, summary: str) -> None:
    assert summary in failure_of(lambda: assert_close(actual, desired)).summary


@pytest.mark.parametrize(
    ("actual", "desired", "detail"),
    [
        (tensor([1.0]), tensor([[1.0]]), "expected: (1, 1)\n     got: (1,)"),
        (
            tensor([[1, 2], [3, 4]]),
            tensor([[1, 2], [8, 5]]),
            "expected: [1, 2, 8, 5]\n     got: [1, 2, 3, 4]\n2 of 4 values differ; first at index [1, 0]; "
            "largest absolute error 5, largest relative error 0.625.",
        ),
        (
            tensor(2.0),
            tensor(0.0),
            "expected: 0\n     got: 2\n1 of 1 values differ; largest absolute error 2.",
        ),
        (
            tensor([5], "int64"),
            tensor([-5], "int64"),
            "expected: [-5]\n     got: [5]\n1 of 1 values differ; first at index [0].",
        ),
        (
            tensor(np.arange(10)),
            tensor(np.arange(1, 11)),
            "expected: [1, 2, 3, 4, 5, 6, 7, 8, … (10 values)]\n     got: [0, 1, 2, 3, 4, 5, 6, 7, … (10 values)]\n"
            "10 of 10 values differ; first at index [0]; largest absolute error 1, largest relative error 1.\n"
            "Every value is the expected one plus -1.",
        ),
        (
            strings(b"a", b"\xff"),
            strings(b"a", b"b"),
            "expected: ['a', 'b']\n     got: ['a', '\ufffd']\n1 of 2 values differ; first at index [1].",
        ),
        ([1], [1, 2], "expected: 2 parts\n     got: 1 parts"),
        ({"a": 1, 2: 1}, {"b": 1, 2: 1}, "missing: 'b'; not expected: 'a'"),
        ("no", "yes", "expected: 'yes'\n     got: 'no'"),
        (3, 4, "expected: 4\n     got: 3"),
        (tensor(3.0), 4, "expected: 4\n     got: 3.0"),
        (Opaque("Model"), tensor(1.0), "got: a Model"),
        (None, tensor(1.0), ""),
    ],
)
def test_the_detail_tells_what_and_where(actual: Any, desired: Any, detail: str) -> None:
    assert failure_of(lambda: assert_close(actual, desired)).detail == detail


@pytest.mark.parametrize(
    ("actual", "desired"),
    [
        ("x" * 100_000, "y"),
        (10**900, 1),
        ({str(number): 1 for number in range(20_000)}, {}),
        (strings(b"x" * 100_000), strings(b"y")),
        (Opaque("x" * 200), tensor(1.0)),
    ],
)
def test_the_detail_stays_short(actual: Any, desired: Any) -> None:
    assert len(failure_of(lambda: assert_close(actual, desired)).detail) < 500


@pytest.mark.parametrize(
    ("mine", "theirs", "rule", "passes"),
    [
        ("int32", "int64", "kind", True),
        ("uint8", "int64", "kind", True),
        ("float64", "float32", "kind", True),
        ("float16", "float32", "kind", True),
        ("complex128", "complex64", "kind", True),
        ("int32", "float32", "kind", False),
        ("float32", "int32", "kind", False),
        ("bool", "int32", "kind", False),
        ("float32", "complex64", "kind", False),
        ("int32", "float32", "any", True),
        ("float32", "int32", "any", True),
        ("bool", "int32", "any", True),
        ("float32", "complex64", "any", True),
        ("float64", "float32", "same", False),
    ],
)
@pytest.mark.parametrize("compare", [assert_close, assert_equal])
def test_dtype_rules(compare: Callable[..., None], mine: str, theirs: str, rule: str, passes: bool) -> None:
    actual, desired = tensor([1, 0, 1], mine), tensor([1, 0, 1], theirs)
    if passes:
        compare(actual, desired, dtype=rule)
    else:
        told = failure_of(lambda: compare(actual, desired, dtype=rule))
        assert told.summary == f"The dtype is not the expected one: {theirs} expected, {mine} came."


@pytest.mark.parametrize(
    ("actual", "desired", "rule"),
    [
        (tensor([1, 2], "int32"), tensor([1, 3], "int64"), "kind"),
        (tensor([2**64 - 1], "uint64"), tensor([-1], "int64"), "kind"),  # the same bits
        (tensor([1.5]), tensor([1], "int32"), "any"),
        (tensor([1.0, 2.0]), strings(b"1.0", b"2.0"), "any"),
        (tensor([1 + 1j], "complex64"), tensor([1.0]), "any"),
    ],
)
def test_a_lenient_dtype_does_not_make_values_lenient(actual: Tensor, desired: Tensor, rule: str) -> None:
    told = failure_of(lambda: assert_close(actual, desired, dtype=rule))
    assert told.summary.endswith("values differ; kind, shape and dtype are right.")


def test_an_unknown_dtype_rule_is_an_error_of_the_check() -> None:
    with pytest.raises(ValueError, match='"same", "kind" or "any", not \'float\''):
        assert_close(1, 1, dtype="float")


@pytest.mark.parametrize("desired", [Opaque("function"), 1 + 2j, {1}, np.ones(2)])
def test_what_cannot_be_compared_is_an_error_of_the_check(desired: Any) -> None:
    with pytest.raises(TypeError, match="cannot"):
        assert_close(desired, desired)


@pytest.mark.parametrize(
    ("options", "passes"),
    [
        ({"atol": 0.6}, True),
        ({"atol": 0.4}, False),
        ({"rtol": 0.3, "atol": 0}, True),
        ({"rtol": 0.2, "atol": 0}, False),
        ({"rtol": 0, "atol": 0}, False),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "complex64"])
def test_stated_tolerances_count(dtype: str, options: dict[str, float], passes: bool) -> None:
    scale = 2 if dtype == "int32" else 1
    if scale == 2:
        options = options | ({"atol": options["atol"] * 2} if "atol" in options else {})
    actual, desired = tensor([2.5 * scale], dtype), tensor([2 * scale], dtype)
    if passes:
        assert_close(actual, desired, **options)
    else:
        failure_of(lambda: assert_close(actual, desired, **options))


def test_differences_of_ints_do_not_wrap_around() -> None:
    least, most = -(2**63), 2**63 - 1
    told = failure_of(lambda: assert_close(tensor([most], "int64"), tensor([least], "int64"), rtol=0.5))
    assert "largest absolute error 1.84e+19, largest relative error 2" in told.detail
    failure_of(lambda: assert_close(tensor([255], "uint8"), tensor([0], "uint8"), atol=1))
    failure_of(lambda: assert_close(tensor([-128], "int8"), tensor([127], "int8"), atol=2))


def test_stated_tolerances_count_for_numbers() -> None:
    assert_close(11, 10, rtol=0.1)
    assert_close(10.5, 10.0, atol=0.5)
    failure_of(lambda: assert_close(12, 10, rtol=0.1))
    failure_of(lambda: assert_close(HUGE, 2 * HUGE, rtol=0.1))


# ---- assert_equal ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "complex64"])
def test_equal_means_equal(dtype: str) -> None:
    one = np.array([1.0], dtype)
    next_one = one + (np.finfo(dtype).eps if dtype != "complex64" else np.float32(2e-7))
    assert_equal(Tensor(one), Tensor(one.copy()))
    failure_of(lambda: assert_equal(Tensor(next_one.astype(dtype)), Tensor(one)))


@pytest.mark.parametrize(
    ("actual", "desired"),
    [
        (0.1 + 0.2, 0.3),
        (tensor(0.1), 0.1),
        (1, 2),
        ("a", "b"),
        ([tensor([1.0])], [tensor([1.0000001])]),
        (tensor([2**53], "int64"), tensor([2**53 + 1], "int64")),
    ],
)
def test_nearly_equal_is_not_equal(actual: Any, desired: Any) -> None:
    assert "is not the expected one" in failure_of(lambda: assert_equal(actual, desired)).summary


# ---- the smaller ones --------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", [True, np.bool_(True), np.float64(3) > 2])
def test_a_true_condition_passes(condition: Any) -> None:
    assert_true(condition, "not so")


@pytest.mark.parametrize("condition", [False, np.bool_(False)])
def test_a_false_condition_fails(condition: Any) -> None:
    told = failure_of(lambda: assert_true(condition, "Too small.", "3 of 4", "Forgotten axis?"))
    assert (told.summary, told.detail, told.diagnosis) == ("Too small.", "3 of 4", "Forgotten axis?")
    assert str(told) == "Too small.\n3 of 4\nForgotten axis?"


@pytest.mark.parametrize("condition", [tensor(False, "bool"), Opaque("x"), (False,), 1, None, "no"])
def test_what_is_no_condition_is_no_pass(condition: Any) -> None:
    with pytest.raises(TypeError, match="True or False"):
        assert_true(condition, "not so")


def test_fail_fails() -> None:
    assert str(failure_of(lambda: fail("So not."))) == "So not."


@pytest.mark.parametrize("shape", [(2, 3), [2, 3], (np.int64(2), 3)])
def test_the_right_shape_passes(shape: Any) -> None:
    assert_shape(tensor(np.ones((2, 3))), shape)


@pytest.mark.parametrize(
    ("actual", "summary", "detail"),
    [
        (tensor(np.ones((3, 2))), "The shape is not the expected one.", "expected: (2, 3)\n     got: (3, 2)"),
        (tensor(1.0), "The shape is not the expected one.", "expected: (2, 3)\n     got: ()"),
        ([[1, 2, 3], [4, 5, 6]], "A tensor is expected here, and a list came.", ""),
        (None, "A tensor is expected here, and None came.", ""),
    ],
)
def test_another_shape_fails(actual: Any, summary: str, detail: str) -> None:
    told = failure_of(lambda: assert_shape(actual, (2, 3), diagnosis="Transposed?"))
    assert (told.summary, told.detail, told.diagnosis) == (summary, detail, "Transposed?")


@pytest.mark.parametrize(
    ("actual", "dtype", "summary"),
    [
        (tensor(1.0), "float64", "The dtype is not the expected one: float64 is expected, and float32 came."),
        (tensor(1.0, called="bfloat16"), "float32", "float32 is expected, and bfloat16 came."),
        (1.0, "float32", "A tensor is expected here, and a Python number came."),
        (Opaque("Evil"), "float32", "something that is neither a tensor nor plain data came."),
    ],
)
def test_dtype(actual: Any, dtype: str, summary: str) -> None:
    assert_dtype(tensor(1.0, called="bfloat16"), "bfloat16")
    assert summary in failure_of(lambda: assert_dtype(actual, dtype)).summary


KINDS = {
    "Tensor": tensor(1.0),
    "Variable": tensor(1.0, kind="Variable"),
    "ndarray": tensor(1.0, kind="ndarray"),
    "numpy scalar": tensor(1.0, kind="numpy scalar"),
    "IndexedSlices": tensor([1.0], kind="IndexedSlices"),
    "SparseTensor": tensor([1.0], kind="SparseTensor"),
    "number": 1.5,
    "bool": True,
    "str": "x",
    "bytes": b"x",
    "None": None,
    "tuple": (1,),
    "list": [1],
    "dict": {"a": 1},
    "function": Opaque("function"),
}


@pytest.mark.parametrize("wanted", KINDS)
def test_each_kind_is_itself_and_no_other(wanted: str) -> None:
    for name, value in KINDS.items():
        assert kind_of(value) == name
        if name == wanted:
            assert_kind(value, wanted)
        else:
            failure_of(lambda value=value: assert_kind(value, wanted))


def test_a_kind_is_told_in_words() -> None:
    told = failure_of(lambda: assert_kind(tensor(1.0), "Variable", diagnosis="Call tf.Variable."))
    assert str(told) == "A tf.Variable is expected here, and a tf.Tensor of dtype float32 came.\nCall tf.Variable."
    assert "A function is expected" in failure_of(lambda: assert_kind(1, "function")).summary


@pytest.mark.parametrize("gradient", [tensor([1.0]), [tensor([1.0]), tensor(0.0)], 3.0])
def test_connected_gradients_pass(gradient: Any) -> None:
    assert_connected(gradient)


@pytest.mark.parametrize("gradient", [None, [tensor([1.0]), None], (None, None)])
def test_a_gradient_of_none_fails(gradient: Any) -> None:
    told = failure_of(lambda: assert_connected(gradient))
    assert told.summary == "The gradient is None: the tape saw no path from the argument to the result."
    assert "numpy" in told.diagnosis
    assert failure_of(lambda: assert_connected(gradient, diagnosis="Watch it.")).diagnosis == "Watch it."


@pytest.mark.parametrize("gradient", [[], ()], ids=repr)
def test_no_gradient_at_all_is_not_connected(gradient: Any) -> None:
    assert failure_of(lambda: assert_connected(gradient)).summary == "There is no gradient: the result is empty."


def raising(ename: str, *bases: str, reference: bool = False) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        assert (args, kwargs) == ((1,), {"base": 2})
        raise CallFailed("f", Failure(ename, "value 417", bases=bases), reference=reference)

    return call


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (raising("ValueError"), "ValueError"),
        (raising("ValueError", "Exception"), ("TypeError", "ValueError")),
        (raising("InvalidArgumentError", "OpError", "Exception"), "OpError"),
    ],
)
def test_the_right_error_passes(call: Callable[..., Any], error: Any) -> None:
    assert_raises(call, 1, error=error, base=2)


def test_another_error_fails_without_its_message() -> None:
    told = failure_of(lambda: assert_raises(raising("KeyError", "Exception"), 1, error=("A", "B"), base=2))
    assert told.summary == "It raises an error, but not A or B."
    assert told.detail == "It raised KeyError: value 417"


def test_no_error_fails() -> None:
    told = failure_of(lambda: assert_raises(lambda: 5, error="ValueError"))
    assert told.summary == "It should raise ValueError here, and it raises nothing."


@pytest.mark.parametrize("call", [raising("NotImplementedError"), raising("KeyError", reference=True)])
def test_an_untouched_stub_and_a_broken_reference_are_passed_on(call: Callable[..., Any]) -> None:
    with pytest.raises(CallFailed):
        assert_raises(call, 1, error="ValueError", base=2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (tensor([1.5, 2]), "a tf.Tensor of shape (2,) and dtype float32: [1.5, 2]"),
        (tensor(7, "int32"), "a tf.Tensor of shape () and dtype int32: 7"),
        (Opaque("keras.Model"), "a keras.Model"),
        (None, "None"),
        ("hi", "a string: 'hi'"),
        (5, "a Python number: 5"),
    ],
)
def test_describe(value: Any, text: str) -> None:
    assert describe(value) == text


# ---- no summary holds a value ------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(), st.integers(min_value=10**20, max_value=10**60)
)
ARRAYS = hnp.arrays(
    dtype=st.sampled_from(["float32", "float64", "float16", "int32", "int64", "uint8", "complex64", "bool"]),
    shape=hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
TENSORS = st.builds(Tensor, ARRAYS, st.sampled_from(["Tensor", "Variable", "ndarray", "numpy scalar"]))
LEAVES = st.one_of(
    TENSORS,
    NUMBERS,
    st.booleans(),
    st.none(),
    st.from_regex(r"[0-9]{3,60}", fullmatch=True),
    st.builds(Opaque, st.from_regex(r"Saw_[0-9]{3,9}", fullmatch=True)),
)
REPLIES = st.recursive(
    LEAVES,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.integers(min_value=100), parts, max_size=3),
    max_leaves=5,
)
# What a summary may say in digits: the name of a dtype, and which part of a list differs.
ALLOWED = re.compile(r"\b(?:u?int|float|bfloat|complex)\d+\b|\bpart (?:\[\w\]|\[…\])+")


def has_opaque(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(has_opaque, value))
    return any(map(has_opaque, value.values())) if isinstance(value, dict) else isinstance(value, Opaque)


def summary_of(action: Callable[[], None]) -> str:
    try:
        action()
    except CheckFailed as told:
        return told.summary
    except TypeError as error:
        if "the reference gave no value at all" not in str(error):  # which is a mistake of the check's author
            raise
    return ""


@settings(max_examples=150, deadline=None)
@given(actual=REPLIES, desired=REPLIES.filter(lambda value: not has_opaque(value)))
def test_no_summary_holds_a_value(actual: Any, desired: Any) -> None:
    summaries = [
        summary_of(lambda: assert_close(actual, desired, empty=True)),
        summary_of(lambda: assert_equal(actual, desired, dtype="any", empty=True)),
        summary_of(lambda: assert_shape(actual, (417, 418))),
        summary_of(lambda: assert_dtype(actual, "float32")),
        summary_of(lambda: assert_kind(actual, "SparseTensor")),
        summary_of(lambda: assert_connected(actual)),
        summary_of(lambda: assert_finite(actual)),
        summary_of(lambda: assert_device(actual, "CPU:417")),
        summary_of(lambda: assert_jacobian(actual, Tensor(np.ones((417, 2))))),
        summary_of(lambda: assert_rows_sum(actual, desired)),
        summary_of(lambda: assert_no_python_loop(actual)),
        summary_of(lambda: assert_slopes(actual, desired)),
    ]
    for summary in summaries:
        assert not any(character.isdigit() for character in ALLOWED.sub("", summary))


@settings(max_examples=100, deadline=None)
@given(mine=ARRAYS, theirs=ARRAYS)
def test_no_summary_of_two_arrays_of_one_shape_holds_a_value(mine: Any, theirs: Any) -> None:
    theirs = np.resize(theirs, mine.shape) if theirs.size else mine
    summary = summary_of(lambda: assert_close(Tensor(mine), Tensor(theirs), dtype="any", empty=True))
    assert not any(character.isdigit() for character in ALLOWED.sub("", summary))


@settings(max_examples=100, deadline=None)
@given(array=ARRAYS)
def test_an_array_is_close_to_itself_and_to_no_changed_one(array: Any) -> None:
    assert_close(Tensor(array), Tensor(array.copy()), empty=True)
    assert_equal(Tensor(array), Tensor(array.copy()), empty=True)
    if array.size and array.dtype.kind in "iu":
        changed = array.copy()
        changed.flat[-1] ^= 1
        failure_of(lambda: assert_close(Tensor(changed), Tensor(array)))
