"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf


def prepare(
    notebook: Mapping[str, Any], images: tf.Tensor, labels: tf.Tensor, batch_size: int, training: bool, epochs: int = 1
) -> list[dict[str, Any]]:
    """What ``prepare`` makes of some examples.

    Args:
        notebook: The notebook's names.
        images: Shape (examples, height, width, channels).
        labels: Shape (examples,).
        batch_size: Passed on.
        training: Passed on.
        epochs: How often to go over the batches.

    Returns:
        For each epoch: ``sizes`` of its batches, and their ``images`` and ``labels`` one after the other; or only the
        ``problem`` where that cannot be told.
    """
    examples = tf.data.Dataset.from_tensor_slices((images, labels))
    batches = notebook["prepare"](examples, batch_size, training)
    return [_epoch(batches) for _ in range(epochs)]


def _epoch(batches: Any) -> dict[str, Any]:
    if not isinstance(batches, tf.data.Dataset):
        return {"problem": "kind"}
    pairs = list(batches)
    if not pairs or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        return {"problem": "pairs"}
    x, y = zip(*pairs, strict=True)
    for parts in (x, y):
        if not all(part.shape.rank for part in parts) or len({tuple(part.shape[1:]) for part in parts}) > 1:
            return {"problem": "shapes"}
    return {"sizes": [len(part) for part in x], "images": tf.concat(x, axis=0), "labels": tf.concat(y, axis=0)}


def _number(value: Any) -> Any:
    try:
        return type(value).__name__ if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError):
        return type(value).__name__
