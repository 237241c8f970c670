"""The checks that run when work is graded: other models, losses, shapes and sequences."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import spec
from autograder.expect import (
    assert_close,
    assert_equal,
    assert_metric,
    assert_metrics,
    assert_no_training,
    assert_predictions,
    assert_results,
    assert_trajectory,
    assert_true,
)

FAULTS = "error", "no change", "wrong steps", "wrong report", "fine"

# ---- what a loop does ----------------------------------------------------------------------------------


@pytest.mark.points(2, hint="What is done once in each epoch, and is it done before or after the batches?")
def test_loop_order_all(student, reference):
    """All ten steps come in the right order."""
    given, known = student.probe("loop_order"), reference.probe("loop_order")
    assert_true(isinstance(given, str), "loop_order should be a text of ten letters.")
    assert_true(sorted(given) == sorted(known), "Each of the ten letters should be there once.")
    assert_true(given == known, "The steps are not in the order in which they are done.")


@pytest.mark.points(3, hint="Follow three things through each case: the gradients, the weights and the report.")
def test_loop_faults_rest(student, reference):
    """The predictions for the cases e to j are right."""
    assert_predictions(student.loop_faults.answers(*"efghij"), reference.loop_faults.answers(*"efghij"), words=FAULTS)


# ---- data ----------------------------------------------------------------------------------------------


def samples(draw, count, features, missing):
    """Ratings with so many rows that miss a value, labels, and the mean and deviation of the columns."""
    ratings = draw.normal(count, features, mean=-3.0, scale=2.0)
    for number, row in enumerate(draw.shuffle(list(range(count)))[:missing]):
        ratings[row, max(features - number, 0) if number else 0 :] = (
            np.nan
        )  # one row without any rating, others with some
    labels = draw.integers(count, high=2, dtype="int64")
    return ratings, labels, draw.normal(features), draw.uniform(features, low=0.2, high=0.8)


NO_BATCHES = "What comes is no data set of batches of ratings and labels."


@pytest.mark.points(1, hint="Try a single feature, rows without any rating, a batch size that fits, and a large one.")
def test_prepare_other_data(student, reference, draw):
    """Other numbers of features, missing values and batch sizes work too."""
    for count, features, missing, batch in ((12, 5, 0, 4), (11, 1, 4, 3), (draw.size(7, 9), 3, 2, 50)):
        inputs = (*samples(draw, count, features, missing), batch, False)
        actual, desired = student.probe("prepare", *inputs), reference.probe("prepare", *inputs)
        assert_true("problem" not in actual[0], NO_BATCHES)
        assert_true(actual[0]["sizes"] == desired[0]["sizes"], "The batches are not of the expected sizes.")
        assert_close(actual, desired)


@pytest.mark.points(1, needs="test_prepare_training", hint="When is the order drawn: once, or each time?")
def test_prepare_epochs(student, reference, draw):
    """Each epoch of training has an order of its own, and validation has none."""
    inputs = samples(draw, draw.size(991, 999), 2, missing=2)
    mixed = student.probe("prepare", *inputs, 60, True, epochs=2)
    assert_true(not any("problem" in epoch for epoch in mixed), NO_BATCHES)
    desired = reference.probe("prepare", *inputs, 60, True, epochs=2)
    sizes = [epoch["sizes"] for epoch in desired]
    assert_true([epoch["sizes"] for epoch in mixed] == sizes, "The second epoch has other batches than the first.")
    first, second = (np.asarray(epoch["ratings"]) for epoch in mixed)
    assert_true(not np.array_equal(first, second), "Two epochs come in the same order.")
    scaled = (inputs[0] - inputs[2]) / inputs[3]
    kept = scaled[~np.isnan(scaled).any(axis=1)]
    moved = np.abs(first[:, None] - kept).sum(axis=2).argmin(axis=1) - np.arange(len(first))
    assert_true(moved.max() > 0.8 * len(kept), "Not every order of so many examples is possible.")
    inputs = samples(draw, draw.size(45, 48), 2, missing=2)
    actual = student.probe("prepare", *inputs, 7, False, epochs=2)
    assert_close(actual, reference.probe("prepare", *inputs, 7, False, epochs=2))


# ---- the metric ----------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="Which shape has a row times a column? And is 0.5 above 0.5?")
def test_f1_other_inputs(student, reference, draw):
    """Labels of shape (batch,), whole numbers and probabilities of exactly 0.5 work too."""
    batches = []
    for size, kind in ((draw.size(7, 9), "int64"), (draw.size(10, 12), "float32"), (1, "int32")):
        chances = draw.shuffle([0.5, 0.5, *draw.uniform(size).tolist()])[:size]
        labels = np.array(draw.shuffle([1, 1, 1, *draw.integers(size, high=2).tolist()])[:size], kind)
        labels[0], chances[0] = 1, 0.9  # each batch has a hit
        batches.append((labels, np.array(chances, "float32")[:, None]))
    assert_metric(student.F1Score.metric(*batches), reference.F1Score.metric(*batches))


def counted(draw, hits, misses, alarms, quiet):
    """Labels and probabilities with so many hits, missed cases, false alarms and others; some hardly above 0.5."""
    high, low = draw.uniform(hits + alarms, low=0.55), draw.uniform(misses + quiet, high=0.45)
    high[0], low[0] = 0.502, 0.498
    pairs = [(1.0, chance) for chance in (*high[:hits], *low[:misses])]
    pairs += [(0.0, chance) for chance in (*high[hits:], *low[misses:])]
    labels, chances = zip(*draw.shuffle(pairs), strict=True)
    return np.array(labels, "float32")[:, None], np.array(chances, "float32")[:, None]


@pytest.mark.points(1, hint="What of your class is Python, and runs only while the function is traced?")
def test_f1_in_a_graph(student, reference, draw):
    """Updates in a tf.function count as well."""
    quiet = draw.size(6, 9)
    counts = draw.shuffle([(2, 2, 3), (4, 2, 1), (1, 4, 2)])  # no other score is F1 by chance
    batches = [counted(draw, *some, quiet) for some in counts]
    actual = student.F1Score.metric(*batches, graph=True)
    assert_metric(actual, reference.F1Score.metric(*batches, graph=True))


# ---- the loop ------------------------------------------------------------------------------------------


def regression(draw, features, outputs, chance=False):
    """A model for numbers; with chance, each call for training drops other units."""
    drop = [spec.layer("Dropout", rate=0.5, seed=draw.size(1, 1000))] if chance else []
    layers = [spec.dense(8 if chance else 3, "relu"), *drop, spec.mode(3.0), spec.dense(outputs)]
    return spec.model(layers, inputs=features, weights=draw)


# Metrics that tell labels from predictions, and one update from two. (Sum takes the predictions for weights.)
LOPSIDED, SUMMING = "MeanAbsolutePercentageError", "Sum"


def numbers(draw, count, features, outputs):
    """Inputs and labels."""
    return draw.normal(count, features), draw.normal(count, outputs, scale=2)


@pytest.mark.points(2, hint="Does anything depend on the notebook's own model, loss or optimizer, or on one output?")
def test_apply_gradient_other_objects(student, reference, draw):
    """Another model, loss and optimizer, and several steps, work too."""
    features, outputs, size = draw.size(3, 5), 2, draw.size(4, 6)
    batches = [numbers(draw, size, features, outputs) for _ in range(3)]
    inputs = (
        regression(draw, features, outputs, chance=True),
        spec.loss("mse"),
        spec.sgd(float(draw.uniform(low=0.02, high=0.1)), momentum=0.5),
        spec.each([x for x, _ in batches]),
        spec.each([y for _, y in batches]),
    )
    actual, desired = student.apply_gradient.training(*inputs), reference.apply_gradient.training(*inputs)
    assert_trajectory(actual, desired)
    assert_results(actual, desired)


@pytest.mark.points(2, hint="Try two epochs with other objects, and a data set of a single batch.")
def test_train_one_epoch_other_objects(student, reference, draw):
    """Another model, loss, optimizer and metric, and a single batch, work too."""
    features, outputs = draw.size(3, 5), 2
    for count, batch, metric in ((draw.choice([5, 7]), 2, LOPSIDED), (4, 9, SUMMING)):
        inputs = (
            regression(draw, features, outputs),
            spec.loss("mse"),
            spec.sgd(float(draw.uniform(low=0.002, high=0.01))),
            spec.dataset(*numbers(draw, count, features, outputs), batch=batch),
            spec.metric(metric),
        )
        actual = student.train_one_epoch.training(*inputs, times=2)
        desired = reference.train_one_epoch.training(*inputs, times=2)
        assert_trajectory(actual, desired)
        assert_results(actual, desired)
        assert_metrics(actual, desired)


@pytest.mark.points(2, hint="Try a last batch of one example, a single batch, and another loss.")
def test_validate_other_objects(student, reference, draw):
    """Another model, loss and metric, a last batch of one, and a single batch work too."""
    features, outputs = draw.size(3, 5), 2
    for count, batch, metric in ((9, 4, LOPSIDED), (draw.size(5, 7), 10, SUMMING)):
        inputs = (
            regression(draw, features, outputs),
            spec.loss("mae"),
            spec.dataset(*numbers(draw, count, features, outputs), batch=batch),
            spec.metric(metric),
        )
        actual = student.validate.training(*inputs, times=2)
        desired = reference.validate.training(*inputs, times=2)
        assert_no_training(actual)
        assert_results(actual, desired)
        assert_metrics(actual, desired)


@pytest.mark.points(2, hint="Is every class in every batch? Is 0.5 above 0.5?")
def test_confusion_matrix_other_data(student, reference, draw):
    """Batches of one class or of one example, and probabilities of exactly 0.5, are counted too."""
    kernel = np.array([[1.5]], "float32")
    model = spec.model([spec.dense(1, "sigmoid")], inputs=1, weights=[kernel, np.zeros(1, "float32")])
    for count, batch in ((draw.size(5, 7), 1), (draw.size(16, 20), 6)):
        at_half = [0.0, 0.0, 0.0, 0.004, -0.004]  # or hardly beside it
        x = np.array(draw.shuffle([*at_half, *draw.normal(count).tolist()]), "float32")[:, None]
        labels = np.sort(draw.shuffle([0, 1, *draw.integers(count + 3, high=2).tolist()])).astype("float32")[:, None]
        inputs = model, spec.dataset(x, labels, batch=batch)
        assert_equal(student.confusion_matrix(*inputs), reference.confusion_matrix(*inputs), dtype="kind")


# ---- when to stop --------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="Try equal losses, a best epoch at the end or at the beginning, and a patience of 1.")
def test_train_with_patience_other_losses(student, reference, draw):
    """Equal losses, other patience, and a best epoch at the beginning or at the end work too."""
    step = float(draw.uniform(low=0.05, high=0.2))
    falling = [1.0 - step * epoch / 2 for epoch in range(9)]
    cases = [
        ([2.0, 1.0, 1.0, 1.0, 0.5, 0.4, 0.3], 7, 2),  # equal is no improvement
        (falling, draw.size(4, 7), 2),  # max_epochs ends it, and the last epoch is the best
        ([1.0 + step * epoch for epoch in range(9)], 9, draw.size(2, 4)),  # the first is the best
        ([0.9, 0.8, 0.85, 0.7, 0.6, 0.5], 6, 1),
        ([0.5, 0.499, 0.498, 0.497, 0.6, 0.6, 0.6], 7, 2),  # small steps are improvements as well
        ([0.9, 0.7, 0.8, 0.75, 0.72, 0.71], 4, 3),  # max_epochs ends it, with patience left
        ([3e9, 2e9, 1e9], 1, 3),  # however large, the first loss is the best so far
        ([-1.0, 4.0, -2.0, 5.0, 6.0, 7.0, 1.0], 7, 2),  # losses below 0, and none of them is large
    ]
    replies = student.probe("train_with_patience", cases), reference.probe("train_with_patience", cases)
    for actual, desired in zip(*replies, strict=True):
        assert_true(actual["epochs"] == desired["epochs"], "Training does not stop after the right epoch.")
        assert_close(actual, desired, rtol=1e-6)
