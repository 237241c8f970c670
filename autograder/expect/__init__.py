"""Assertions for checks, and their messages. No TensorFlow: they compare data that has crossed the wire.

They are stricter than ``numpy.testing``, which accepts empty arrays, a scalar for an array and NaN for NaN:
here the kind, the shape and the dtype count, every value is finite where the reference's is, and there is
at least one. One module for each family; checks import from here.
"""

from . import stand_in
from .distribution import (
    Run,
    assert_distributed,
    assert_follows_replicas,
    assert_in_scope,
    assert_loss_scaled,
    assert_not_called,
    assert_one_device,
    assert_reduced,
    assert_replica_invariant,
    assert_replicas,
    assert_run_on_replicas,
    assert_steps,
    assert_training_flag,
    assert_updated_on_replicas,
)
from .failures import CheckFailed, assert_true, fail
from .gradients import assert_connected
from .tensors import assert_close, assert_dtype, assert_equal, assert_kind, assert_raises, assert_shape
from .words import describe, kind_of

__all__ = [
    "CheckFailed",
    "Run",
    "assert_close",
    "assert_connected",
    "assert_distributed",
    "assert_dtype",
    "assert_equal",
    "assert_follows_replicas",
    "assert_in_scope",
    "assert_kind",
    "assert_loss_scaled",
    "assert_not_called",
    "assert_one_device",
    "assert_raises",
    "assert_reduced",
    "assert_replica_invariant",
    "assert_replicas",
    "assert_run_on_replicas",
    "assert_shape",
    "assert_steps",
    "assert_training_flag",
    "assert_true",
    "assert_updated_on_replicas",
    "describe",
    "fail",
    "kind_of",
    "stand_in",
]
