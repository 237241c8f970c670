"""The data sets of the course: what they hold, and that preparing them works wherever it has to."""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from courses import REPO
from tensorflow_datasets.core import constants

from autograder import datasets
from autograder.datasets import files, offline
from autograder.datasets.__main__ import main
from autograder.errors import DataError

CORE = tfds.core.GeneratorBasedBuilder


@dataclass(frozen=True)
class Holds:
    """What a data set holds.

    Args:
        train: Number of examples for training.
        test: Number of examples for testing.
        shape: Shape of an input.
        dtype: Its dtype.
        classes: Of the test split, the number of examples of each class; None for a regression.
        digest: Of all examples in order; what is drawn with floating-point numbers has none.
    """

    train: int
    test: int
    shape: tuple[int, ...]
    dtype: str
    classes: tuple[int, ...] | None
    digest: str = ""


ALL = {
    "wdbc_original": Holds(560, 139, (9,), "float32", (91, 48), "bab8082844c78033"),
    "mnist5k": Holds(4000, 1000, (28, 28, 1), "uint8", (100,) * 10, "324a3144e2787ba0"),
    "digits8": Holds(1438, 359, (8, 8, 1), "uint8", (36, 36, 35, 37, 36, 36, 36, 36, 35, 36), "2301e2853757310d"),
    "horse_or_person": Holds(1000, 256, (64, 64, 3), "uint8", (128, 128), "dea9e6953082e14b"),
    "roses": Holds(1000, 250, (64, 64, 3), "uint8", (50,) * 5),
    "wine": Holds(142, 36, (13,), "float32", (12, 14, 10), "2786c3112a252bc2"),
    "diabetes": Holds(354, 88, (10,), "float32", None, "2a390813432680fa"),
    "linnerud": Holds(16, 4, (3,), "float32", None, "67437bc86a568c5f"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with all of them prepared."""
    place = str(tmp_path_factory.mktemp("data"))
    datasets.prepare((), place)
    return place


def load(name: str, split: str, folder: str, **options: Any) -> Any:
    return tfds.load(name, split=split, data_dir=folder, **options)


def examples(name: str, split: str, folder: str) -> list[tuple[Any, Any]]:
    return list(tfds.as_numpy(load(name, split, folder, as_supervised=True)))


def digest(name: str, folder: str) -> str:
    """A digest of all examples in order. (JPEG is decoded a little differently by other machines, so it is not.)"""
    jpeg = name in ("horse_or_person", "roses")
    options = {"decoders": {"image": tfds.decode.SkipDecoding()}} if jpeg else {}
    found = hashlib.sha256()
    for example in tfds.as_numpy(load(name, "train+test", folder, **options)):
        for key in sorted(example):
            found.update(np.asarray(example[key]).tobytes())
    return found.hexdigest()[:16]


# TensorFlow has messages of its own, which nothing can silence.
LOAD_TENSORFLOW = "import tensorflow, sys; print('TENSORFLOW', file=sys.stderr)"


def run(code: str, expected: int = 0, **environment: str) -> tuple[str, str]:
    """Run code in a process of its own that knows of no data folder but those given.

    Returns:
        What it wrote to standard output and, after TensorFlow was loaded, to standard error.
    """
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    surroundings = {**kept, "PYTHONPATH": str(REPO), "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
    command = [sys.executable, "-W", "error", "-c", f"{LOAD_TENSORFLOW}\n{code}"]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == expected, done.stderr
    return done.stdout, done.stderr.split("TENSORFLOW\n")[1]


# ---- what they hold ------------------------------------------------------------------------------------


def test_all_are_registered() -> None:
    assert list(ALL) == list(datasets.BUILDERS)
    assert set(ALL) <= set(tfds.list_builders(with_community_datasets=False))


@pytest.mark.parametrize("name", ALL)
def test_examples_are_what_is_promised(name: str, folder: str) -> None:
    holds = ALL[name]
    dataset, info = load(name, "train", folder, as_supervised=True, with_info=True)
    assert {split: item.num_examples for split, item in info.splits.items()} == {
        "train": holds.train,
        "test": holds.test,
    }
    inputs, target = dataset.element_spec
    assert (tuple(inputs.shape), inputs.dtype.name) == (holds.shape, holds.dtype)
    assert target.dtype.name == ("float32" if holds.classes is None else "int64")
    train, test = examples(name, "train", folder), examples(name, "test", folder)
    assert (len(train), len(test)) == (holds.train, holds.test)
    if holds.classes is not None:
        counts = Counter(int(label) for _, label in test)
        assert tuple(counts[label] for label in range(info.features["label"].num_classes)) == holds.classes
        whole = Counter(int(label) for _, label in train + test)
        shares = {label: counts[label] / whole[label] for label in whole}
        assert max(shares.values()) - min(shares.values()) < 0.025  # stratified
        assert list(whole.values()) != [] and sorted(label for _, label in train[:40]) != [y for _, y in train[:40]]


@pytest.mark.parametrize("name", [name for name, holds in ALL.items() if holds.digest])
def test_the_same_examples_on_every_machine(name: str, folder: str) -> None:
    # Whoever changes examples or their order gives the builder a new VERSION, so that old copies are not used.
    assert (datasets.BUILDERS[name].VERSION, digest(name, folder)) == ("1.0.0", ALL[name].digest)


def test_roses_are_drawn_the_same_again(folder: str, tmp_path: Path) -> None:
    np.random.seed(1)  # not what they are drawn from
    datasets.prepare(["roses"], str(tmp_path))
    assert digest("roses", str(tmp_path)) == digest("roses", folder)


@pytest.mark.parametrize("name", ALL)
def test_slices_are_disjoint_and_complete(name: str, folder: str) -> None:
    def digests(split: str) -> Counter[bytes]:
        return Counter(x.tobytes() + np.asarray(y).tobytes() for x, y in examples(name, split, folder))

    tenth, rest, train = digests("train[:10%]"), digests("train[10%:]"), digests("train")
    assert tenth.total() == round(0.1 * ALL[name].train)
    assert tenth + rest == train
    if name not in ("wdbc_original", "horse_or_person"):  # in which some samples are the same
        assert not tenth & rest


@pytest.mark.parametrize("name", ALL)
def test_each_says_where_it_is_from(name: str, folder: str) -> None:
    info = tfds.builder(name, data_dir=folder).info
    assert len(info.description) > 60
    assert info.homepage.startswith("https://")
    assert re.match(r"@(article|misc|book)\{.+year=\{\d{4}\}", info.citation, re.DOTALL)
    assert info.redistribution_info.license
    if "features" in info.features:
        assert len(info.metadata["columns"]) == info.features["features"].shape[0]


@pytest.mark.parametrize("name", ALL)
def test_each_is_in_the_documentation(name: str) -> None:
    builder = datasets.BUILDERS[name]
    page = (REPO / "docs" / "data.md").read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    if builder.FILE is not None:
        file, checksum = builder.FILE
        assert f"`{file}`" in row
        assert checksum in page
        assert f"{(files.FOLDER / file).stat().st_size:,}" in page
    assert {builder.FILE[0] for builder in datasets.BUILDERS.values() if builder.FILE} == {
        path.name for path in files.FOLDER.iterdir() if path.suffix != ".md"
    }


def test_wdbc_has_what_makes_it_interesting(folder: str) -> None:
    train, test = (list(tfds.as_numpy(load("wdbc_original", split, folder))) for split in ("train", "test"))
    missing = np.isnan([example["features"] for example in train + test]).sum(axis=0)
    info = tfds.builder("wdbc_original", data_dir=folder).info
    assert dict(zip(info.metadata["columns"], missing, strict=True))["bare_nuclei"] == missing.sum() == 16
    assert Counter(info.features["label"].int2str(example["label"]) for example in train + test) == {
        "benign": 458,
        "malignant": 241,
    }
    ids = [{int(example["id"]) for example in split} for split in (train, test)]
    assert len(ids[0] | ids[1]) == 645 < len(train + test)
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("name", ["mnist5k", "digits8"])
def test_digits_have_the_range_of_mnist(name: str, folder: str) -> None:
    pixels = np.stack([image for image, _ in examples(name, "test", folder)])
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert pixels[:, 0, 0].mean() < pixels[:, pixels.shape[1] // 2, pixels.shape[2] // 2].mean()  # ink in the middle


@pytest.mark.parametrize("name", ["horse_or_person", "roses", "digits8"])
def test_classes_can_be_told_apart_and_not_by_one_pixel(name: str, folder: str) -> None:
    # A classifier of single pixels must not be right: then the background would tell the class.
    train, test = examples(name, "train", folder), examples(name, "test", folder)
    corners = np.stack([image[0, 0].astype(float) for image, _ in train])
    labels = np.array([label for _, label in train])
    centres = np.stack([corners[labels == label].mean(axis=0) for label in np.unique(labels)])
    guesses = [np.argmin(((centres - image[0, 0]) ** 2).sum(axis=1)) for image, _ in test]
    right = np.mean([guess == label for guess, (_, label) in zip(guesses, test, strict=True)])
    assert right < 1.3 / len(centres)


# ---- holding out ---------------------------------------------------------------------------------------


def test_hold_out_takes_the_same_share_of_each_stratum() -> None:
    strata = ["a"] * 50 + ["b"] * 10
    chosen = files.hold_out(strata)
    assert [sum(chosen[:50]), sum(chosen[50:])] == [10, 2]
    assert chosen == files.hold_out(strata)


def test_hold_out_keeps_owners_together() -> None:
    owners = [index // 3 for index in range(60)]
    chosen = files.hold_out(["a", "b", "a"] * 20, owners)
    assert all(chosen[3 * owner] == chosen[3 * owner + 1] == chosen[3 * owner + 2] for owner in range(20))
    assert sum(chosen) == 12


# ---- preparing -----------------------------------------------------------------------------------------


def test_damaged_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    content = (REPO / "autograder" / "datasets" / "data" / "linnerud.csv").read_bytes()
    (tmp_path / "linnerud.csv").write_bytes(content.replace(b"191", b"192"))
    with pytest.raises(DataError, match=r"linnerud\.csv is damaged.*install tf-autograder again"):
        load("linnerud", "train", str(tmp_path / "data"))
    with pytest.raises(DataError, match=r"wine\.csv cannot be read"):
        load("wine", "train", str(tmp_path / "data"))
    assert list((tmp_path / "data").rglob("*.*")) == []  # nothing half-made is left


def test_unknown_names_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no data set .beer. .*wine"):
        datasets.prepare(["beer"], str(tmp_path))


def test_a_given_folder_that_cannot_be_written_is_told() -> None:
    with pytest.raises(OSError, match="/dev/null"):
        load("linnerud", "train", "/dev/null/data")


FIRST_USE = """
import random
import autograder.datasets
import tensorflow_datasets as tfds
random.seed(1)
dataset, info = tfds.load("wdbc_original", split="train[:80%]", as_supervised=True, with_info=True)
assert random.random() == random.Random(1).random()
assert len(list(dataset)) == 448
again = tfds.load("wdbc_original", split="test")
assert len(list(again)) == 139
print(info.data_dir)
"""


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"HOME": "{tmp}"}, "{tmp}/tensorflow_datasets"),
        ({"HOME": "/dev/null", "TFDS_DATA_DIR": "{tmp}/made"}, "{tmp}/made"),
        ({"HOME": "/dev/null", "TFDS_DATA_DIR": "/dev/null/data"}, "{tmp}/tensorflow-datasets-*"),
    ],
    ids=["home", "variable", "nothing writable"],
)
def test_first_use_is_silent_wherever_it_can_write(tmp_path: Path, environment: dict[str, str], place: str) -> None:
    given = {name: value.format(tmp=tmp_path) for name, value in environment.items()}
    printed, warned = run(FIRST_USE, TMPDIR=str(tmp_path), **given)
    assert warned == ""
    (told,) = printed.splitlines()  # nothing else was printed
    assert Path(told).match(f"{place.format(tmp=tmp_path)}/wdbc_original/1.0.0")
    kept = list(tmp_path.rglob("dataset_info.json"))
    assert [str(path.parent) for path in kept] == ([] if "*" in place else [told])  # a temporary folder goes
    assert not [path for path in tmp_path.rglob("*") if "incomplete" in path.name or path.name == "downloads"]


def test_the_home_is_next_where_the_folder_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DATA_DIR", "/dev/null/data")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert len(tfds.load("linnerud", split="train")) == 16
    assert tfds.builder("linnerud").data_dir == f"{tmp_path}/tensorflow_datasets/linnerud/1.0.0"


def test_a_copy_that_cannot_be_written_is_used(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(offline.READ_ONLY_FOLDER, folder)
    monkeypatch.setattr(CORE, "download_and_prepare", lambda self, **options: pytest.fail("prepared again"))
    assert len(tfds.load("wine", split="train")) == 142
    assert tfds.builder("wine").data_dir == f"{folder}/wine/1.0.0"


def test_whoever_is_slower_uses_the_copy_of_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder, other = (datasets.BUILDERS["linnerud"](data_dir=str(tmp_path)) for _ in range(2))
    normal = type(other)._examples

    def meanwhile(self: Any) -> Any:
        monkeypatch.setattr(type(other), "_examples", normal)
        other.download_and_prepare()
        return normal(self)

    monkeypatch.setattr(type(builder), "_examples", meanwhile)
    builder.download_and_prepare()
    assert other.is_prepared()
    assert [len(list(each.as_dataset(split="train"))) for each in (builder, other)] == [16, 16]
    assert [path.name for path in tmp_path.iterdir()] == ["linnerud"]
    assert [path.name for path in (tmp_path / "linnerud").iterdir()] == ["1.0.0"]


AT_ONCE = """
import os, sys
from autograder.datasets.__main__ import main
gate, opened = os.pipe()
children = []
for _ in range(3):
    children.append(os.fork())
    if children[-1] == 0:
        os.close(opened)
        os.read(gate, 1)  # until the other end is closed
        status = main(["--data-dir", sys.argv[1], "digits8", "wine"])
        sys.stdout.flush()
        os._exit(status)
os.close(opened)
for child in children:
    assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_several_processes_prepare_at_once(tmp_path: Path) -> None:
    printed, warned = run(AT_ONCE.replace("sys.argv[1]", repr(str(tmp_path))), OPENBLAS_NUM_THREADS="1")
    assert warned == ""
    assert len(printed.splitlines()) == 3 * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["digits8", "wine"]
    assert len(examples("digits8", "train", str(tmp_path))) == 1438


def test_preparing_leaves_progress_bars_and_random_numbers_alone(tmp_path: Path) -> None:
    from tensorflow_datasets.core.utils import tqdm_utils

    random.seed(3)
    expected = random.Random(3).random()
    datasets.prepare(["linnerud"], str(tmp_path))
    assert random.random() == expected
    assert tqdm_utils._active


def test_options_are_left_to_tensorflow_datasets(tmp_path: Path) -> None:
    config = tfds.download.DownloadConfig(max_examples_per_split=3)
    options = {"download_and_prepare_kwargs": {"download_config": config}}
    assert len(load("wine", "train", str(tmp_path), **options)) == 3


def test_random_access_works_too(tmp_path: Path) -> None:
    options = {"builder_kwargs": {"file_format": "array_record"}}
    source = tfds.data_source("linnerud", split="train", data_dir=str(tmp_path), **options)
    assert (len(source), source[15]["target"].shape) == (16, (3,))


# ---- one pipeline for ours and for the full ones -----------------------------------------------------------


def pictures(dataset: tf.data.Dataset, side: int) -> tf.data.Dataset:
    def prepare(image: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.image.resize(tf.cast(image, tf.float32) / 255, (side, side)), tf.one_hot(label, 3)

    return dataset.map(prepare).shuffle(8, seed=1).batch(2).prefetch(1)


def table(dataset: tf.data.Dataset) -> tf.data.Dataset:
    def prepare(row: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.where(tf.math.is_nan(row), 0.0, row), label

    return dataset.map(prepare).batch(2)


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[None]:
    with tfds.testing.mock_data(num_examples=5, data_dir=str(tmp_path)):
        yield


@pytest.mark.parametrize(
    ("name", "pipeline"),
    [
        ("mnist", lambda dataset: pictures(dataset, 28)),
        ("fashion_mnist", lambda dataset: pictures(dataset, 28)),
        ("horses_or_humans", lambda dataset: pictures(dataset, 32)),
        ("oxford_flowers102", lambda dataset: pictures(dataset, 32)),
        ("iris", table),
        ("mnist5k", lambda dataset: pictures(dataset, 28)),
        ("wine", table),
    ],
)
def test_pipelines_run_on_the_real_names(name: str, pipeline: Callable[[Any], Any], made_up: None) -> None:
    batches = list(pipeline(tfds.load(name, split="train[:80%]", as_supervised=True)))
    assert [len(labels) for _, labels in batches] == [2, 2, 1]


@pytest.mark.parametrize(
    ("name", "pipeline", "shape"),
    [
        ("mnist5k", lambda dataset: pictures(dataset, 28), (2, 28, 28, 1)),
        ("digits8", lambda dataset: pictures(dataset, 28), (2, 28, 28, 1)),
        ("horse_or_person", lambda dataset: pictures(dataset, 32), (2, 32, 32, 3)),
        ("roses", lambda dataset: pictures(dataset, 32), (2, 32, 32, 3)),
        ("wdbc_original", table, (2, 9)),
        ("wine", table, (2, 13)),
    ],
)
def test_the_same_pipelines_run_on_ours(
    name: str, pipeline: Callable[[Any], Any], shape: tuple[int, ...], folder: str
) -> None:
    inputs, _ = next(iter(pipeline(load(name, "train[:10]", folder, as_supervised=True))))
    assert inputs.shape == shape
    assert np.isfinite(inputs).all()


# ---- the command ---------------------------------------------------------------------------------------


def test_the_command_tells_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beer"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"autograder: there is no data set 'beer' \(there are: wdbc_original, .*\)\n", printed.err)


def test_the_command_tells_where_they_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--data-dir", str(tmp_path), "linnerud"]) == 0
    assert capsys.readouterr() == (f"linnerud        {tmp_path}/linnerud/1.0.0\n", "")
