"""Assertions for checks, and their messages. No TensorFlow: they compare data that has crossed the wire.

They are stricter than ``numpy.testing``, which accepts empty arrays, a scalar for an array and NaN for NaN:
here the kind, the shape and the dtype count, every value is finite where the reference's is, and there is
at least one (unless a check says ``empty=True``). One module for each family; checks import from here.
"""

from . import stand_in
from .convergence import FlakeRate, Gate, assert_converges, flake_rate, measuring_flakes
from .distribution import (
    Run,
    assert_distributed,
    assert_follows_replicas,
    assert_in_scope,
    assert_loss_scaled,
    assert_not_called,
    assert_one_device,
    assert_optimizer_steps,
    assert_reduced,
    assert_replica_invariant,
    assert_replicas,
    assert_run_on_replicas,
    assert_training_flag,
    assert_updated_on_replicas,
)
from .failures import CheckFailed, assert_true, fail
from .gradients import assert_connected, assert_jacobian, assert_rows_sum, assert_slopes
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
from .layers import assert_config, assert_heads, assert_loss, assert_metric, assert_outputs, assert_weights
from .loops import assert_metrics, assert_no_training, assert_results, assert_steps, assert_trajectory
from .ops import assert_no_python_loop, assert_not_uses_ops, assert_uses_ops
from .predictions import assert_predictions
from .signatures import recognise
from .tensors import (
    assert_arguments_kept,
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
    "FlakeRate",
    "Gate",
    "Run",
    "assert_arguments_kept",
    "assert_close",
    "assert_config",
    "assert_connected",
    "assert_control_flow",
    "assert_converges",
    "assert_device",
    "assert_distributed",
    "assert_dtype",
    "assert_equal",
    "assert_finite",
    "assert_follows_replicas",
    "assert_graph_matches",
    "assert_heads",
    "assert_in_scope",
    "assert_input_signature",
    "assert_is_graph",
    "assert_jacobian",
    "assert_jit_compiled",
    "assert_kind",
    "assert_loss",
    "assert_loss_scaled",
    "assert_max_traces",
    "assert_metric",
    "assert_metrics",
    "assert_no_escapes",
    "assert_no_python_loop",
    "assert_no_side_effects",
    "assert_no_training",
    "assert_not_called",
    "assert_not_uses_ops",
    "assert_one_device",
    "assert_optimizer_steps",
    "assert_outputs",
    "assert_predictions",
    "assert_raises",
    "assert_reduced",
    "assert_replica_invariant",
    "assert_replicas",
    "assert_results",
    "assert_rows_sum",
    "assert_run_on_replicas",
    "assert_shape",
    "assert_slopes",
    "assert_steps",
    "assert_traces",
    "assert_training_flag",
    "assert_trajectory",
    "assert_true",
    "assert_updated_on_replicas",
    "assert_uses_ops",
    "assert_variables_created_once",
    "assert_weights",
    "describe",
    "fail",
    "flake_rate",
    "kind_of",
    "measuring_flakes",
    "recognise",
    "stand_in",
]
