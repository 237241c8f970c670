"""Probes of this assignment: they run beside the notebook and hold no answers. Each has the name of its exercise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf


def loop_order(notebook: Mapping[str, Any]) -> str | None:
    """The letters of the answer, in capitals and without what stands between them; None where it is no text."""
    answer = notebook["loop_order"]
    text = "".join(map(str, answer)) if isinstance(answer, (list, tuple, np.ndarray)) else answer
    return "".join(filter(str.isalnum, text)).upper() if isinstance(text, str) else None


def prepare(
    notebook: Mapping[str, Any],
    ratings: tf.Tensor,
    labels: tf.Tensor,
    mean: tf.Tensor,
    deviation: tf.Tensor,
    batch_size: int,
    training: bool,
    epochs: int = 1,
) -> list[dict[str, Any]]:
    """What ``prepare`` makes of some examples.

    Args:
        notebook: The notebook's names.
        ratings: Shape (examples, features).
        labels: Shape (examples,).
        mean: Shape (features,).
        deviation: Shape (features,).
        batch_size: Examples in a batch.
        training: Passed on.
        epochs: How often to go over the batches.

    Returns:
        For each epoch: ``sizes`` of its batches, and their ``ratings`` and ``labels`` one after the other; or only the
        ``problem`` where that cannot be told.
    """
    examples = tf.data.Dataset.from_tensor_slices((ratings, labels))
    batches = notebook["prepare"](examples, mean.numpy(), deviation.numpy(), batch_size, training)
    return [_epoch(batches) for _ in range(epochs)]


def _epoch(batches: Any) -> dict[str, Any]:
    if not isinstance(batches, tf.data.Dataset):
        return {"problem": "kind"}
    pairs = list(batches)
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        return {"problem": "pairs"}
    if not pairs:
        return {"sizes": [], "ratings": None, "labels": None}
    x, y = zip(*pairs, strict=True)
    if not all(_fit_together(parts) for parts in (x, y)):
        return {"problem": "shapes"}
    return {"sizes": [len(part) for part in x], "ratings": tf.concat(x, axis=0), "labels": tf.concat(y, axis=0)}


def _fit_together(parts: Sequence[Any]) -> bool:
    """Whether batches differ in nothing but their numbers of examples."""
    return all(part.shape.rank for part in parts) and len({tuple(part.shape[1:]) for part in parts}) == 1


def train_with_patience(notebook: Mapping[str, Any], cases: Sequence[tuple[list[float], int, int]]) -> list[Any]:
    """Call ``train_with_patience`` with epochs whose losses are known.

    Args:
        notebook: The notebook's names.
        cases: For each call: what the epochs return, one after the other (more are an error), ``max_epochs`` and
            ``patience``. The model is the same one, set back to the weights 0.

    Returns:
        For each call: what was ``returned``, how many ``epochs`` were run, and the ``weights`` at the end; after the
        k-th epoch all weights are k.
    """
    layers = [tf.keras.layers.Dense(1), tf.keras.layers.Dense(1, trainable=False)]  # get_weights() gives those of both
    model = tf.keras.Sequential([tf.keras.Input((2,)), *layers])
    results = []
    for losses, max_epochs, patience in cases:
        for weight in model.weights:
            weight.assign(tf.zeros_like(weight.value))
        done: list[float] = []
        returned = notebook["train_with_patience"](model, _epochs(model, losses, done), max_epochs, patience)
        results.append({"returned": _numbers(returned), "epochs": len(done), "weights": model.get_weights()})
    return results


def _epochs(model: tf.keras.Model, losses: list[float], done: list[float]) -> Callable[[], float]:
    def run_epoch() -> float:
        if len(done) == len(losses):
            raise RuntimeError(f"more than {len(losses)} epochs")
        for weight in model.weights:
            weight.assign_add(tf.ones_like(weight.value))  # like training, it goes on from the weights that it finds
        done.append(losses[len(done)])
        return done[-1]

    run_epoch.__qualname__ = "run_epoch"  # as an error names it
    return run_epoch


def _numbers(values: Any) -> Any:
    """A sequence of numbers as a list of floats; anything else as it is."""
    try:
        return [float(value) for value in values] if isinstance(values, (list, tuple, np.ndarray)) else values
    except (TypeError, ValueError):
        return values
