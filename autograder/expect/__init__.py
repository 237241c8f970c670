"""Assertions for checks, and their messages. No TensorFlow: they compare data that has crossed the wire.

They are stricter than ``numpy.testing``, which accepts empty arrays, a scalar for an array and NaN for NaN:
here the kind, the shape and the dtype count, every value is finite where the reference's is, and there is
at least one (unless a check says ``empty=True``). One module for each family; checks import from here.
"""

from .failures import CheckFailed, assert_true, fail
from .gradients import assert_connected
from .graphs import (
    assert_control_flow,
    assert_graph_matches,
    assert_input_signature,
    assert_is_graph,
    assert_jit_compiled,
    assert_max_traces,
    assert_no_escapes,
    assert_no_side_effects,
    assert_traces,
    assert_variables_created_once,
)
from .tensors import assert_close, assert_dtype, assert_equal, assert_kind, assert_raises, assert_shape
from .words import describe, kind_of

__all__ = [
    "CheckFailed",
    "assert_close",
    "assert_connected",
    "assert_control_flow",
    "assert_dtype",
    "assert_equal",
    "assert_graph_matches",
    "assert_input_signature",
    "assert_is_graph",
    "assert_jit_compiled",
    "assert_kind",
    "assert_max_traces",
    "assert_no_escapes",
    "assert_no_side_effects",
    "assert_raises",
    "assert_shape",
    "assert_traces",
    "assert_true",
    "assert_variables_created_once",
    "describe",
    "fail",
    "kind_of",
]
