"""Starts TensorFlow in a notebook without the page of log messages that its libraries print as they are loaded.

They are written to file descriptor 2, before any setting can reach them, and a notebook shows them in red.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_LOGGED = re.compile(rb"WARNING: All log messages before absl|[IWE]\d{4} ")


def import_tensorflow() -> None:
    """Import TensorFlow, if it is not there yet, and drop what its libraries log on the way.

    Everything else that is written to file descriptor 2 meanwhile is shown afterwards, and all of it where the import
    fails. With ``TF_CPP_MIN_LOG_LEVEL=0`` in the environment, nothing is dropped.
    """
    if "tensorflow" in sys.modules or os.environ.setdefault(LEVEL, "3") == "0":
        return
    with _held_back():
        import tensorflow  # noqa: F401


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """Keep what is written to file descriptor 2, and write the rest of it in the end."""
    try:
        kept = os.dup(2)
    except OSError:  # a process without one
        yield
        return
    dropped = False
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
            dropped = True
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            lines = held.read().splitlines(keepends=True)
            os.write(2, b"".join(line for line in lines if not (dropped and _LOGGED.match(line))))
