"""Probes of this lab: they run beside the notebook and hold no answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf


def make_running_mean(notebook: Mapping[str, Any], values: tf.Tensor) -> dict[str, Any]:
    """Give values to two running means by turns.

    Args:
        notebook: The notebook's names.
        values: float32 tensor of rank 1; the second one gets each of them doubled.

    Returns:
        The ``"means"`` of both; whether both are a ``"graph"``; whether later calls ``"traced"`` one of them.
    """
    both = [notebook["make_running_mean"]() for _ in range(2)]
    means, counts = [], []
    for value in tf.unstack(values):
        means.append([both[0](value), both[1](2.0 * value)])
        counts.append([one.experimental_get_tracing_count() for one in both if isinstance(one, type(_GRAPH))])
    return {"means": means, "graph": len(counts[0]) == 2, "traced": counts[-1] != counts[0]}


_GRAPH = tf.function(lambda: 0)
