"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf


def largest_gap(notebook: Mapping[str, Any], copies: tf.Tensor) -> Any:
    """Call ``largest_gap`` with a variable whose copies differ.

    Args:
        notebook: The notebook's names.
        copies: What each copy holds, one after the other along the first axis; of one, an ordinary variable is made.
    """
    count = copies.shape[0]
    devices = [f"CPU:{index}" for index in range(max(2, count))]
    strategy = tf.distribute.MirroredStrategy(devices, tf.distribute.ReductionToOneDevice())
    if count == 1:
        variable: Any = tf.Variable(copies[0])
    else:
        with strategy.scope():
            variable = tf.Variable(copies[0])
        for copy, value in zip(strategy.experimental_local_results(variable), copies, strict=True):
            copy.assign(value)
    return notebook["largest_gap"](strategy, variable)
