"""The checks of the lab about a training loop for ten classes."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import spec
from autograder.expect import (
    assert_close,
    assert_equal,
    assert_metrics,
    assert_no_training,
    assert_predictions,
    assert_results,
    assert_trajectory,
    assert_true,
)
from autograder.wire import Tensor

# ---- data ----------------------------------------------------------------------------------------------


def pictures(draw, count, side, channels):
    """Images and labels."""
    images = draw.integers(count, side, side + 1, channels, high=256, dtype="uint8")
    images[0, 0, 0, 0] = 255
    return images, draw.integers(count, high=10, dtype="int64")


@pytest.mark.points(0.5, hint="Which pixel value becomes 1, and of which dtype and shape are the labels?")
def test_prepare_validation(student, reference, draw):
    """Images are scaled, and come in their order with their labels, in grey and in colour."""
    for channels in (1, 3):
        inputs = (*pictures(draw, draw.size(9, 11), draw.size(3, 5), channels), 4, False)
        actual, desired = student.probe("prepare", *inputs)[0], reference.probe("prepare", *inputs)[0]
        assert_batches(actual, desired)
        assert_close({"images": actual["images"]}, {"images": desired["images"]})  # so that a message names the part
        assert_equal({"labels": actual["labels"]}, {"labels": desired["labels"]})


PROBLEMS = {
    "kind": "A tf.data.Dataset is expected, and something else came. Did you forget a return?",
    "pairs": "The elements of the data set are no pairs of images and labels.",
    "shapes": "The examples of a batch do not stand along the first axis of its images and labels.",
}


def assert_batches(actual, desired):
    """An epoch has batches, and of the expected sizes."""
    assert_true("problem" not in actual, PROBLEMS.get(actual.get("problem"), "These are no batches."))
    got = f"got: {len(actual['sizes'])} batches, the first of {actual['sizes'][0]}, the last of {actual['sizes'][-1]}"
    assert_true(actual["sizes"] == desired["sizes"], "The batches are not of the expected sizes.", got)


@pytest.mark.points(0.5, hint="Where does shuffle stand, how large is its buffer, and when is the order drawn?")
def test_prepare_training(student, reference, draw):
    """For training all examples are mixed, anew in each epoch."""
    count, size = 60 * draw.size(32, 33) + draw.size(5, 50), 60  # more than the examples of digits8
    images = draw.integers(count, 1, 1, 1, high=256, dtype="uint8")
    labels = np.arange(count, dtype="int64")  # each tells its place
    actual = student.probe("prepare", images, labels, size, True, epochs=2)
    desired = reference.probe("prepare", images, labels, size, True, epochs=2)
    for mine, theirs in zip(actual, desired, strict=True):
        assert_batches(mine, theirs)
        assert_close(*(by_label(epoch) for epoch in (mine, theirs)))
    first, second = (epoch["labels"].array for epoch in actual)
    moved = first - np.arange(count)
    assert_true(moved.any(), "The examples come in the order in which they were given.")
    blocks = first[: count // size * size].reshape(-1, size)
    assert_true((np.diff(blocks, axis=1) != 1).any(), "Whole batches are mixed, and not their examples.")
    assert_true(moved.max() > 0.8 * count, "The examples are mixed with their neighbours only.")
    assert_true((first != second).any(), "Two epochs come in the same order.")


def by_label(epoch):
    """Images and labels of an epoch, sorted by the labels."""
    order = np.argsort(epoch["labels"].array.ravel()[: len(epoch["images"].array)])
    return {part: Tensor(epoch[part].array[order]) for part in ("images", "labels")}


# ---- predictions ---------------------------------------------------------------------------------------


@pytest.mark.points(0.5, hint="How often do 64 examples fit into 1,000, and what is left?")
def test_loop_numbers_steps(student, reference):
    """The numbers of steps and examples are right."""
    names = "steps_per_epoch", "last_batch", "all_steps"
    assert_predictions(student.loop_numbers.answers(*names), reference.loop_numbers.answers(*names))


@pytest.mark.points(0.5, hint="What does one of ten mean for accuracy and loss? Over what does a metric average?")
def test_loop_numbers_metrics(student, reference):
    """The numbers that a loss and a metric show are right."""
    names = "guessing_accuracy", "guessing_loss", "without_reset"
    mine, theirs = student.loop_numbers.answers(*names), reference.loop_numbers.answers(*names)
    assert_predictions(mine, theirs, atol={"guessing_loss": 0.006})


# ---- the loop ------------------------------------------------------------------------------------------


def classifier(draw, features, classes):
    """A model that gives logits, with a layer that tells training from validation."""
    layers = [spec.dense(4, "tanh"), spec.mode(), spec.dense(classes)]
    return spec.model(layers, inputs=features, weights=draw)


def labelled(draw, count, features, classes):
    """Inputs, and class numbers of shape (count,)."""
    return draw.normal(count, features), draw.integers(count, high=classes, dtype="int64")


def two_steps(student, reference, draw):
    """Two steps of student and reference; asked once for several checks."""
    draw = draw.shared("two steps")
    features, classes, size = draw.size(2, 4), draw.size(3, 5), draw.size(5, 8)
    batches = [labelled(draw, size, features, classes) for _ in range(2)]
    inputs = (
        classifier(draw, features, classes),
        spec.sgd(float(draw.uniform(low=0.2, high=0.5))),
        spec.each([x for x, _ in batches]),
        spec.each([y for _, y in batches]),
    )
    return student.once.train_step.training(*inputs), reference.train_step.training(*inputs)


@pytest.mark.points(0.5, hint="What are the outputs of the model, and does the loss know? What runs in the with block?")
def test_train_step_weights(student, reference, draw):
    """Two steps have the right gradients, and lead to the right weights."""
    assert_trajectory(*two_steps(student, reference, draw))


@pytest.mark.points(0.5, hint="Two things, in the order that the text names, both from before the step.")
def test_train_step_results(student, reference, draw):
    """The loss and the logits are returned."""
    assert_results(*two_steps(student, reference, draw))


def two_epochs(student, reference, draw):
    """Two epochs of student and reference; asked once for several checks."""
    draw = draw.shared("two epochs")
    features, classes = draw.size(2, 4), draw.size(3, 5)
    inputs = (
        classifier(draw, features, classes),
        spec.sgd(float(draw.uniform(low=0.2, high=0.5))),
        spec.dataset(*labelled(draw, 3 * draw.size(3, 4) + 1, features, classes), batch=3),
        spec.metric("Sum"),  # a mean would not tell one update from two
        spec.metric("SparseCategoricalCrossentropy", from_logits=True),
    )
    return student.once.train_epoch.training(*inputs, times=2), reference.train_epoch.training(*inputs, times=2)


@pytest.mark.points(0.5, hint="One step for each batch, the last one included.")
def test_train_epoch_steps(student, reference, draw):
    """Each batch gives one step."""
    assert_trajectory(*two_epochs(student, reference, draw))


@pytest.mark.points(0.5, hint="When are the metrics reset, and which loss and logits do they get?")
def test_train_epoch_metrics(student, reference, draw):
    """After the second epoch the metrics hold the results of this epoch alone."""
    assert_metrics(*two_epochs(student, reference, draw))


def evaluations(draw, counts, batch):
    """A model, and data sets of so many examples."""
    features, classes = draw.size(2, 4), draw.size(3, 4)
    batches = [spec.dataset(*labelled(draw, count, features, classes), batch=batch) for count in counts]
    return classifier(draw, features, classes), spec.each(batches)


@pytest.mark.points(0.5, hint="Along which axis are the classes, and what is counted over the batches?")
def test_evaluate_share(student, reference, draw):
    """The share of right examples is returned, for batches of unequal size."""
    counts = (draw.size(13, 14), draw.size(19, 20), draw.size(7, 8), draw.size(4, 5))
    inputs = evaluations(draw, counts, batch=6)
    actual, desired = student.evaluate.training(*inputs), reference.evaluate.training(*inputs)
    assert_no_training(actual)
    assert_results(actual, desired, atol=1e-6)


@pytest.mark.points(0.5, hint="Only calling the model, with training=False, leaves it as it is.")
def test_evaluate_changes_nothing(student, reference, draw):
    """The model keeps its weights and is not called for training, whatever it is measured with."""
    inputs = evaluations(draw, [draw.size(9, 15) for _ in range(5)], batch=4)
    actual, desired = student.evaluate.training(*inputs), reference.evaluate.training(*inputs)
    assert_no_training(actual)
    assert_results(actual, desired, atol=1e-6)


def whole_loop(student, reference, draw):
    """Two epochs of student and reference, then one more; asked once for several checks."""
    draw = draw.shared("whole loop")
    features, classes = draw.size(3, 4), 4
    rule = draw.normal(features, classes)  # there is something to learn, so that the accuracy changes in each epoch
    train, valid = (draw.normal(count, features) for count in (draw.size(13, 15), draw.size(151, 158)))
    inputs = (
        classifier(draw, features, classes),
        spec.sgd(float(draw.uniform(low=0.4, high=0.8))),
        *(spec.dataset(x, (x @ rule).argmax(axis=1), batch=batch) for x, batch in ((train, 4), (valid, 50))),
        spec.each([2, 1]),
    )
    return student.once.fit.training(*inputs), reference.fit.training(*inputs)


@pytest.mark.points(0.5, hint="Which batches does the optimizer get, in how many epochs?")
def test_fit_steps(student, reference, draw):
    """Every epoch trains with all batches of the training data, and with nothing else."""
    assert_trajectory(*whole_loop(student, reference, draw))


@pytest.mark.points(0.5, hint="What is recorded when? Does each number belong to one epoch alone?")
def test_fit_history(student, reference, draw):
    """Loss, accuracy and validation accuracy of each epoch are returned."""
    assert_results(*whole_loop(student, reference, draw))
