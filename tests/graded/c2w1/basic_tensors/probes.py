"""Probes of this lab: they run beside the notebook and hold no answers. Each has the name of its exercise."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
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
        What it remembers after each number; how many places its Variables have; whether they stay the same ones; and
        whether anything else that holds several things has become longer.
    """
    memory = notebook["LastValues"](size)
    made, before = _variables(memory), _length(memory)
    remembered = []
    for number in numbers:
        memory.add(number)
        remembered.append(memory.values())
    after = _variables(memory)
    return {
        "remembered": remembered,
        "places": sum(int(tf.size(variable)) for variable in made),
        "grown": _length(memory) > before,
        "same": len(made) == len(after) and all(one is other for one, other in zip(made, after, strict=True)),
    }


def _variables(owner: Any) -> list[tf.Variable]:
    return [part for part in tf.nest.flatten(_attributes(owner)) if isinstance(part, tf.Variable)]


def _length(owner: Any) -> int:
    """How many things the lists of an object hold."""
    return sum(len(part) for part in _attributes(owner) if isinstance(part, (list, tuple, deque, np.ndarray)))


def _attributes(owner: Any) -> list[Any]:
    """What an object holds, in a dict or in slots."""
    slots = [name for kind in type(owner).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*getattr(owner, "__dict__", {}).values(), *(getattr(owner, name) for name in slots if hasattr(owner, name))]
