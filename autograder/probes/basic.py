"""Probes for values and calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Names = Mapping[str, Any]


def call(names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of ``name(*args, **kwargs)``."""
    return names[name](*args, **kwargs)


def value(names: Names, name: str) -> Any:
    """The value of a name."""
    return names[name]
