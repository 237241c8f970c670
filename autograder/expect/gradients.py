"""Assertions on gradients."""

from __future__ import annotations

from typing import Any

from .failures import fail


def assert_connected(gradient: Any, *, diagnosis: str = "") -> None:
    """A gradient, or every one of several, is not None, and there is one.

    Raises:
        CheckFailed: Some gradient is None, in which case the message names the usual causes, or there is none at all.
    """
    __tracebackhide__ = True
    parts = gradient if isinstance(gradient, (list, tuple)) else [gradient]
    if not parts:
        fail("There is no gradient: the result is empty.", diagnosis=diagnosis)
    if any(part is None for part in parts):
        fail(
            "The gradient is None: the tape saw no path from the argument to the result.",
            diagnosis=diagnosis
            or "The usual causes: a computation outside of TensorFlow (numpy, float()), an argument that was copied "
            "into a new constant, an integer dtype, or a result that does not depend on the argument.",
        )
