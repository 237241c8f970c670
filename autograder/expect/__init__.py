"""Assertions for checks, and their messages. No TensorFlow: they compare data that has crossed the wire.

They are stricter than ``numpy.testing``, which accepts empty arrays, a scalar for an array and NaN for NaN:
here the kind, the shape and the dtype count, every value is finite where the reference's is, and there is
at least one (unless a check says ``empty=True``). One module for each family; checks import from here.
"""

from .failures import CheckFailed, assert_true, fail
from .gradients import assert_connected, assert_jacobian, assert_rows_sum, assert_slopes
from .ops import assert_no_python_loop, assert_not_uses_ops, assert_uses_ops
from .signatures import recognise
from .tensors import (
    assert_close,
    assert_device,
    assert_dtype,
    assert_equal,
    assert_finite,
    assert_kind,
    assert_raises,
    assert_shape,
)
from .words import describe, kind_of

__all__ = [
    "CheckFailed",
    "assert_close",
    "assert_connected",
    "assert_device",
    "assert_dtype",
    "assert_equal",
    "assert_finite",
    "assert_jacobian",
    "assert_kind",
    "assert_no_python_loop",
    "assert_not_uses_ops",
    "assert_raises",
    "assert_rows_sum",
    "assert_shape",
    "assert_slopes",
    "assert_true",
    "assert_uses_ops",
    "describe",
    "fail",
    "kind_of",
    "recognise",
]
