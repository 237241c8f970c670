"""Autograded assignments for TensorFlow.

Students need one name of it: ``from autograder import check``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["__version__", "check"]

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .live import check


def __getattr__(name: str) -> Any:
    # Loaded on first use: `autograder --help` and every worker import this package too.
    if name == "check":
        from .start import import_tensorflow

        import_tensorflow()
        from .live import check

        return check
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
