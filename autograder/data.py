"""Prepared copies of an assignment's data sets, which workers may read and not write.

They are made before any notebook runs, by a process that never runs one, and kept as long as the starter of the
workers. The grader itself never imports TensorFlow Datasets.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from .errors import DataError
from .scratch import Folder

VARIABLE = "AUTOGRADER_DATA_DIR"  # tells the builders of autograder.datasets where the copies are

Prepare = Callable[[Sequence[str], str], str]


class Copies:
    """The copies that the workers of one starter share.

    Args:
        prepare: Prepares data sets, given by their names, in a folder, and says what went wrong, or ``""``.
    """

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self._names: set[str] = set()
        self._owner = 0  # process id of whoever made the folder, and so is to remove it
        self._scratch: Folder | None = None

    @property
    def _folder(self) -> str:
        return os.path.join(self._scratch.path, "copies") if self._scratch is not None else ""

    @property
    def folders(self) -> tuple[str, ...]:
        """The folder of the copies, if there are any."""
        return (self._folder,) if self._names else ()

    def environment(self) -> dict[str, str]:
        """What a worker has to have in its environment to find them."""
        return {VARIABLE: self._folder} if self._names else {}

    def provide(self, names: Sequence[str]) -> None:
        """See to it that there are copies of some data sets.

        Raises:
            DataError: They cannot be prepared.
        """
        missing = [name for name in names if name not in self._names]
        if not missing:
            return
        if self._scratch is None:
            self._scratch, self._owner = Folder("data"), os.getpid()
            os.chmod(self._scratch.path, 0o711)  # workers can be users of their own
            os.mkdir(self._folder, 0o700)
        failed = self._prepare(missing, self._folder)
        if failed:
            raise DataError(f"the data sets {', '.join(missing)} cannot be prepared: {failed}")
        _let_everyone_read(self._folder)
        self._names.update(missing)

    def close(self) -> None:
        """Remove them."""
        if self._scratch is not None and self._owner == os.getpid():
            self._scratch.remove()
        self._scratch, self._names, self._owner = None, set(), 0


def _let_everyone_read(top: str) -> None:
    for folder, _, names in os.walk(top):
        os.chmod(folder, 0o755)
        for name in names:
            os.chmod(os.path.join(folder, name), 0o644)
