"""Data sets for ``tfds.load`` that need no network. Importing this package registers them.

    import autograder.datasets
    import tensorflow_datasets as tfds

    train, info = tfds.load("wdbc_original", split="train[:80%]", as_supervised=True, with_info=True)

They are prepared on first use, in under two seconds each, where TensorFlow Datasets keeps all data sets. To do that
ahead of time, for a machine that cannot write there: ``python -m autograder.datasets --data-dir FOLDER``, and name
the folder in ``TFDS_DATA_DIR``. What they hold, and under which licences, is in ``docs/data.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import DataError
from .digits import Digits8, Mnist5k
from .images import HorseOrPerson, Roses
from .offline import OfflineBuilder
from .tables import Diabetes, Linnerud, WdbcOriginal, Wine

__all__ = ["BUILDERS", "prepare"]

BUILDERS: dict[str, type[OfflineBuilder]] = {
    builder.name: builder
    for builder in (WdbcOriginal, Mnist5k, Digits8, HorseOrPerson, Roses, Wine, Diabetes, Linnerud)
}


def prepare(names: Iterable[str] = (), folder: str | None = None) -> dict[str, str]:
    """Prepare data sets that are not prepared yet.

    Args:
        names: Which; all of them where there are none.
        folder: Where; where ``tfds.load`` would look for them by itself if None.

    Returns:
        The folder of each, by name.

    Raises:
        DataError: There is no such data set, or a file of this package is damaged.
        OSError: The folder cannot be written.
    """
    found = {}
    for name in names or BUILDERS:
        if name not in BUILDERS:
            raise DataError(f"there is no data set {name!r} (there are: {', '.join(BUILDERS)})")
        builder: Any = BUILDERS[name](data_dir=folder)
        builder.download_and_prepare()
        found[name] = str(builder.data_dir)
    return found
