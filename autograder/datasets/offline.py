"""What the builders of this package have in common: where they prepare a data set, and how.

A data set is prepared without a word and without the network, whole or not at all, whoever else prepares it at the
same time. ``tfds.load(name)`` takes the first copy that is found in

1. the folder that ``AUTOGRADER_DATA_DIR`` names: the grader's workers get their copies there;
2. the folders of TensorFlow Datasets: ``TFDS_DATA_DIR``, or else ``~/tensorflow_datasets``, and what was added with
   ``tfds.core.add_data_dir``;
3. ``~/tensorflow_datasets`` in any case.

Where there is none it is prepared in ``TFDS_DATA_DIR`` or else ``~/tensorflow_datasets``, whichever can be written,
and where neither can (a read-only home) in a temporary folder that goes when the process ends.
"""

from __future__ import annotations

import abc
import atexit
import contextlib
import os
import random
import shutil
import tempfile
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import tensorflow_datasets as tfds
from tensorflow_datasets.core import constants, dataset_info
from tensorflow_datasets.core.utils import file_utils, tqdm_utils

from . import files

READ_ONLY_FOLDER = "AUTOGRADER_DATA_DIR"


class OfflineBuilder(tfds.core.GeneratorBasedBuilder, skip_registration=True):  # type: ignore[call-arg]
    """A data set that is made from files of this package, or from nothing but code.

    A subclass says in ``_info`` what it holds (with :meth:`_describe`) and in ``_examples`` what is in each split.
    """

    VERSION = tfds.core.Version("1.0.0")
    FILE: ClassVar[tuple[str, str] | None] = None  # what it is made from in the folder data, and its SHA-256

    @abc.abstractmethod
    def _examples(self) -> Mapping[str, Iterator[tuple[int, dict[str, Any]]]]:
        """For each split its examples, each with a number that no other example of the split has."""

    def _describe(self, **told: Any) -> Any:
        """A ``tfds.core.DatasetInfo`` that never asks the network for more.

        Args:
            **told: Its arguments; ``description``, ``citation``, ``homepage`` and ``license`` are a must.
        """
        return _Info(builder=self, **told)

    def _file(self) -> bytes:
        assert self.FILE is not None
        return files.read(*self.FILE)

    # ---- where ---------------------------------------------------------------------------------------

    def _build_data_dir(self, given_data_dir: str | None) -> tuple[str, str]:
        folders = _to_look_in() if given_data_dir is None else [Path(given_data_dir)]
        chosen = next((folder for folder in folders if _is_whole(self._place(folder))), None)
        if chosen is None:
            chosen = _to_write_in()[0] if given_data_dir is None else folders[0]
        return str(chosen), str(self._place(chosen))

    def _place(self, folder: Path) -> Path:
        return folder / str(self.name) / str(self.version)

    def is_prepared(self) -> bool:
        """Whether there is a copy. (TensorFlow Datasets prints a warning where there is none.)"""
        return _is_whole(Path(self.data_dir))

    # ---- how -----------------------------------------------------------------------------------------

    def download_and_prepare(self, **options: Any) -> None:
        """Prepare the data set if it is not; nothing is downloaded.

        Args:
            **options: As TensorFlow Datasets takes them; with any of them it prepares the data set its own way.

        Raises:
            DataError: A file of this package is damaged.
            OSError: There is no place to write to.
        """
        if options:
            with _quietly():
                super().download_and_prepare(**options)
        elif not self.is_prepared():
            self._prepare_somewhere()

    def _prepare_somewhere(self) -> None:
        if self._original_state["data_dir"] is not None:
            return self._prepare_in(Path(self._data_dir_root))
        for folder in _to_write_in():
            with contextlib.suppress(OSError):  # it cannot be written
                return self._prepare_in(folder)
        return self._prepare_in(_temporary_folder())

    def _prepare_in(self, folder: Path) -> None:
        place = self._place(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="incomplete.", dir=folder) as scratch:
            maker = type(self)(**{**self._original_state, "data_dir": scratch})
            with _quietly():
                tfds.core.GeneratorBasedBuilder.download_and_prepare(maker, file_format=self.info.file_format)
            if not maker.is_prepared():
                return  # under tfds.testing.mock_data, which makes up examples instead
            try:
                os.rename(maker.data_dir, place)
            except OSError:
                if not _is_whole(place):  # else another process was faster, and there is nothing left to do
                    raise
        self._data_dir_root, self._data_dir = str(folder), str(place)
        self.info.read_from_directory(self._data_dir)

    def _split_generators(self, dl_manager: Any) -> Mapping[str, Iterator[tuple[int, dict[str, Any]]]]:
        return self._examples()

    def _generate_examples(self) -> None:
        """Unused: ``_examples`` has them."""

    def _make_download_manager(self, **options: Any) -> Any:
        return types.SimpleNamespace(downloaded_size=0)

    def _log_download_bytes(self) -> None:
        """Nothing is downloaded."""

    def _log_download_done(self) -> None:
        """Nothing was downloaded."""


class _Info(dataset_info.DatasetInfo):
    def initialize_from_bucket(self) -> None:
        """There is nothing about these data sets in any bucket."""


def _is_whole(place: Path) -> bool:
    try:
        return (place / "dataset_info.json").is_file()
    except OSError:  # a folder that may not be looked into
        return False


def _to_look_in() -> list[Path]:
    read_only, temporary = os.environ.get(READ_ONLY_FOLDER), _temporary.get(os.getpid())
    standard = [Path(folder) for folder in file_utils.list_data_dirs()]
    return [*([Path(read_only)] if read_only else []), *standard, *_to_write_in(), *([temporary] if temporary else [])]


def _to_write_in() -> list[Path]:
    return [Path(constants.DATA_DIR).expanduser(), Path("~/tensorflow_datasets").expanduser()]


_temporary: dict[int, Path] = {}  # of this process, by its id: a fork makes one of its own


def _temporary_folder() -> Path:
    process = os.getpid()
    if process not in _temporary:
        folder = tempfile.mkdtemp(prefix="tensorflow-datasets-")

        def remove() -> None:
            if os.getpid() == process:
                shutil.rmtree(folder, ignore_errors=True)

        atexit.register(remove)
        _temporary[process] = Path(folder)
    return _temporary[process]


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Show no progress, and leave Python's random state alone: the name of a temporary folder is drawn from it."""
    active, state = tqdm_utils._active, random.getstate()
    tqdm_utils.disable_progress_bar()
    try:
        yield
    finally:
        tqdm_utils.display_progress_bar(active)
        random.setstate(state)
