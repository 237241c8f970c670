"""The checks of the lab on TPUs: one for each exercise."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_close, assert_equal, assert_predictions, assert_true
from autograder.wire import Tensor


@pytest.mark.points(1, hint="Which three steps, in which order, and which two errors say that there is no TPU?")
def test_start_tpu(student, reference):
    """A TPU is started in three steps, two errors mean that there is none, and others come out."""
    for address, fails, error in (
        ("", "resolver", "ValueError"),
        ("", "", ""),
        ("local", "", ""),
        ("local", "initialize", "NotFoundError"),
        ("local", "connect", "UnavailableError"),
        ("local", "initialize", "UnavailableError"),
    ):
        mine, theirs = (who.probe("start_tpu", address, fails, error) for who in (student, reference))
        case = f"address {address!r}; " + (f"step {fails!r} raises {error}" if fails else "there is a TPU")
        assert_true(
            mine["steps"] == theirs["steps"],
            "Other steps are taken than expected.",
            f"{case}\n    expected: {told(theirs['steps'])}\n    got: {told(mine['steps'])}",
        )
        assert_true(
            (mine["back"], mine["error"]) == (theirs["back"], theirs["error"]),
            "Something else came back than expected.",
            f"{case}\n    expected: {outcome(theirs)}\n    got: {outcome(mine)}",
        )


def told(steps):
    """The steps that were taken, in words."""
    return ", ".join(f"{name}({given!r})" for name, given in steps) or "none"


def outcome(found):
    """What came back or out, in words."""
    return f"raised {found['error']}" if found["error"] else f"returned {found['back']}"


@pytest.mark.points(1, hint="What do eight cores take in one step, and how often does that fit into 1,000?")
def test_tpu_numbers(student, reference):
    """All predictions are right."""
    assert_predictions(student.tpu_numbers.answers(), reference.tpu_numbers.answers())


@pytest.mark.points(1, hint="Which type of list holds bytes, and which whole numbers?")
def test_to_record(student, reference, draw):
    """The record holds the pixels as bytes, and the label."""
    for label in (0, draw.size(1, 9)):
        image = draw.integers((8, 8), low=0, high=256, dtype="uint8")
        mine, theirs = (who.probe("to_record", image, label) for who in (student, reference))
        told = "A tf.train.Example becomes bytes with SerializeToString()." if mine.get("type") == "Example" else ""
        assert_true("type" not in mine, "A record is bytes, and something else came.", f"got: {mine.get('type')}", told)
        assert_true(
            set(mine) == set(theirs),
            "The record has other features than expected.",
            f"expected: {', '.join(sorted(theirs))}\n    got: {', '.join(sorted(mine)) or 'none'}",
        )
        for name in theirs:
            assert_true(
                mine[name][0] == theirs[name][0],
                "A feature holds a list of another type.",
                f"{name}: expected {theirs[name][0]}, got {mine[name][0]}",
            )
            unit = " Its bytes are written as in tobytes().hex()." if name == "image" else ""
            assert_equal(mine[name][1], theirs[name][1], diagnosis=f"This is the feature “{name}”.{unit}")


@pytest.mark.points(1, hint="How many bytes are there, what are they divided by, and who knows the shape?")
def test_read_record(student, reference, draw):
    """Pixels and label are read, and their shapes are known before."""
    for label in (0, draw.size(1, 9)):
        image = draw.integers((8, 8), low=0, high=256, dtype="uint8")
        (record,) = reference.probe("records", image[np.newaxis], np.array([label]))
        mine, theirs = (who.probe("read_record", record) for who in (student, reference))
        assert_close(mine["values"], theirs["values"])
        compare_known(mine, theirs)


@pytest.mark.points(1, hint="What happens with the last, smaller batch? Are all files read?")
def test_read_batches(student, reference, draw):
    """Batches of one size hold examples of all files, and none twice."""
    batch, files = draw.size(3, 5), draw.size(2, 4)
    for examples, size in ((4 * batch + 2, batch), (2 * batch, batch), (15, 5)):
        images = draw.integers((examples, 8, 8), low=0, high=256, dtype="uint8")
        labels = draw.integers((examples,), low=0, high=10, dtype="int64")
        records = reference.probe("records", images, labels)
        mine, theirs = (who.probe("read_batches", records, files, size) for who in (student, reference))
        assert_true(
            "type" not in mine, "A tf.data.Dataset is expected, not distributed yet.", f"got: {mine.get('type')}"
        )
        compare_known(mine, theirs)
        sizes = [len(labels.array) for _, labels in mine["batches"]]
        known = [len(labels.array) for _, labels in theirs["batches"]]
        assert_true(
            sizes == known,
            "There are other batches than expected.",
            f"{examples} examples in {files} files\n    expected: {known}\n    got: {sizes}",
        )
        given = [
            example for pixels, labels in mine["batches"] for example in zip(pixels.array, labels.array, strict=True)
        ]
        written = images.reshape(examples, 64).astype("float32") / 255
        seen = [place(pixels, label, written, labels) for pixels, label in given]
        assert_true(None not in seen, "A batch holds an example that was never written, or with another label.")
        assert_true(len(set(seen)) == len(seen), "An example comes twice in one epoch.")


def place(pixels, label, written, labels):
    """Which one of the examples that were written this is; None where it is none of them."""
    return next(
        (
            index
            for index, image in enumerate(written)
            if label == labels[index] and np.allclose(pixels, image, atol=1e-5)
        ),
        None,
    )


@pytest.mark.points(
    1, hint="Where does the next batch come from in each round, and what becomes of all replicas' losses?"
)
def test_make_loop(student, reference, draw):
    """Four replicas take many steps in each call, traced once, and the mean loss is right."""
    calls = draw.shuffle([1, 2, 3])
    x = draw.uniform(sum(calls), 8, low=0.5, high=2.0)
    mine, theirs = (who.probe("make_loop", x, calls) for who in (student, reference))
    detail = f"calls with {', '.join(map(str, calls))} steps\n    expected: {values(theirs)}\n    got: {values(mine)}"
    assert_true(
        all(isinstance(loss, Tensor) and np.shape(loss.array) == () for loss in mine["losses"]),
        "A call does not return one number.",
    )
    assert_true(
        np.allclose(mine["weight"].array, theirs["weight"].array, rtol=1e-4),
        "The weight afterwards is wrong: other steps were taken, or on other batches.",
    )
    assert_true(np.allclose(values(mine), values(theirs), rtol=1e-3), "The mean losses are wrong.", detail)
    assert_true(mine["traced"] > 0, "The function that comes back is no tf.function.")
    assert_true(
        mine["traced"] == 1, "It is traced more than once.", f"got: {mine['traced']} traces for {len(calls)} calls"
    )


def values(run):
    """The losses of all calls."""
    return [round(float(loss.array), 4) if isinstance(loss, Tensor) else loss for loss in run["losses"]]


def compare_known(mine, theirs):
    """The shapes and dtypes that are known before anything is read are the expected ones."""
    for given, known in zip(mine["known"], theirs["known"], strict=False):
        assert_true(
            given == known,
            "A shape or dtype is not known before, or is another one.",
            f"expected: {shape(known)}\n    got: {shape(given)}",
            diagnosis="What runs on a TPU is compiled for one shape. TensorFlow has to know it before it reads.",
        )
    assert_true(len(mine["known"]) == len(theirs["known"]), "Pairs of pixels and label are expected.")


def shape(part):
    """A shape and dtype in words; None is a size that is not known."""
    return f"shape {'unknown' if part[0] is None else tuple(part[0])}, {part[1]}"
