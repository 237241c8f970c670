"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf


def swap(notebook: Mapping[str, Any], a: tf.Variable, b: tf.Variable) -> dict[str, Any]:
    """What two Variables hold after the call of ``swap``."""
    notebook["swap"](a, b)
    return {"a": tf.identity(a), "b": tf.identity(b)}


def last_values(notebook: Mapping[str, Any], size: int, numbers: list[float]) -> dict[str, Any]:
    """Give numbers to a new ``LastValues``, one at a time.

    Args:
        notebook: The notebook's names.
        size: How many numbers it remembers.
        numbers: What it is given.

    Returns:
        What it remembers after each number; how many places its Variables have; whether they stay the same ones.
    """
    memory = notebook["LastValues"](size)
    made = _variables(memory)
    remembered = []
    for number in numbers:
        memory.add(number)
        remembered.append(memory.values())
    after = _variables(memory)
    return {
        "remembered": remembered,
        "places": sum(int(tf.size(variable)) for variable in made),
        "same": len(made) == len(after) and all(one is other for one, other in zip(made, after, strict=True)),
    }


def _variables(owner: Any) -> list[tf.Variable]:
    return [part for part in tf.nest.flatten(list(vars(owner).values())) if isinstance(part, tf.Variable)]
