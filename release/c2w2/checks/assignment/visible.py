"""The checks that a student can run: one or more for each exercise of the assignment of week 2."""

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
    assert_steps,
    assert_trajectory,
    assert_true,
)
from autograder.wire import Tensor

FAULTS = "error", "no change", "wrong steps", "wrong report", "fine"


def same(actual, known, sentence):
    """The sentence if the result has the values of a known mistake, else ""."""
    array = actual.array if isinstance(actual, Tensor) else np.asarray(actual, dtype="O")
    if array.dtype.kind not in "fiu" and not isinstance(actual, (int, float)):
        return ""
    values = np.asarray(array, "float64")
    close = values.shape == np.shape(known) and np.allclose(values, known, rtol=1e-5, atol=1e-6)
    return sentence if close else ""


# ---- what a loop does ----------------------------------------------------------------------------------


@pytest.mark.points(1, hint="What must be known before a loss, a gradient or an update can be computed?")
def test_loop_order_batch(student, reference):
    """The five steps for one batch come in the right order."""
    given, known = student.probe("loop_order"), reference.probe("loop_order")
    assert_true(isinstance(given, str), "loop_order should be a text of ten letters.")
    batch = [letter for letter in known if letter in "AFHDI"]
    letters = [letter for letter in given if letter in batch]
    assert_true(sorted(letters) == sorted(batch), "Each of the steps A, D, F, H and I should be there once.")
    assert_true(letters == batch, "The steps for one batch are not in the order in which they are done.")


@pytest.mark.points(2, hint="Which gradients does the optimizer get, and which data and weights do they come from?")
def test_loop_faults_first(student, reference):
    """The predictions for the cases a, b, c and d are right."""
    assert_predictions(student.loop_faults.answers(*"abcd"), reference.loop_faults.answers(*"abcd"), words=FAULTS)


# ---- data ----------------------------------------------------------------------------------------------


def samples(draw, count, features, missing):
    """Ratings with so many values missing, the last column first, labels, and mean and deviation of the columns."""
    ratings = draw.normal(count, features, mean=5.0, scale=2.0)
    for number, row in enumerate(draw.shuffle(list(range(count)))[:missing]):
        ratings[row, -1 - number % features] = np.nan
    labels = draw.integers(count, high=2, dtype="int64")
    mean, deviation = draw.normal(features, mean=5.0), draw.uniform(features, low=1.5, high=3.0)
    return ratings, labels, mean, deviation


@pytest.mark.points(2, hint="In which order do filter, map and batch come, and which shape has one batch of labels?")
def test_prepare_validation(student, reference, draw):
    """For validation, complete examples come scaled, in their order, in batches."""
    inputs = (*samples(draw, draw.choice([13, 14, 16, 17]), 3, missing=3), 4, False)
    actual, desired = student.probe("prepare", *inputs)[0], reference.probe("prepare", *inputs)[0]
    _assert_batches(actual, desired, inputs)
    for part in ("ratings", "labels"):
        mine, theirs = {part: actual[part]}, {part: desired[part]}  # so that a message names the part
        assert_close(mine, theirs, diagnosis=_scaling(actual, inputs) if part == "ratings" else "")


PROBLEMS = {
    "kind": "A tf.data.Dataset is expected, and something else came. Did you forget a return?",
    "pairs": "The elements of the data set are no pairs of ratings and labels.",
    "shapes": "The examples of a batch do not stand along the first axis of its ratings and labels.",
}


def _assert_batches(actual, desired, inputs):
    assert_true("problem" not in actual, PROBLEMS.get(actual.get("problem"), "These are no batches."))
    total = sum(actual["sizes"])
    summary = "Another number of examples comes than there are complete ones."
    diagnosis = ""
    if total == len(inputs[0]):
        diagnosis = "Examples with a missing rating are still there."
    elif total < sum(desired["sizes"]) and total % inputs[4] == 0:
        diagnosis = "The last, smaller batch is missing, or batches are dropped where one rating is missing."
    assert_true(total == sum(desired["sizes"]), summary, f"got: {total} examples", diagnosis=diagnosis)
    got = f"got: batches of {', '.join(map(str, actual['sizes']))}"
    mixed = sorted(actual["sizes"]) == sorted(desired["sizes"])
    diagnosis = (
        "The smaller batch is not the last one: whole batches are mixed, and not their examples." if mixed else ""
    )
    same_sizes = actual["sizes"] == desired["sizes"]
    assert_true(same_sizes, "The batches are not of the expected sizes.", got, diagnosis=diagnosis)


def _scaling(actual, inputs):
    ratings, _, mean, deviation = inputs[:4]
    kept = ratings[~np.isnan(ratings).any(axis=1)]
    return (
        same(actual["ratings"], (kept - mean) / deviation**2, "This divides by the variance, not by the deviation.")
        or same(actual["ratings"], kept - mean, "The deviation of the columns is not used.")
        or same(actual["ratings"], kept, "The ratings are not scaled.")
        or same(
            actual["ratings"],
            (kept - kept.mean(axis=0)) / kept.std(axis=0),
            "This computes mean and deviation of these examples. They are given, and come from the training data.",
        )
    )


@pytest.mark.points(2, hint="What does shuffle mix before batch, and what after it? How large is its buffer?")
def test_prepare_training(student, reference, draw):
    """For training, the same examples come mixed."""
    inputs = (*samples(draw, draw.size(541, 544), 2, missing=2), 50, True)  # more than a buffer that is too small
    actual, desired = student.probe("prepare", *inputs)[0], reference.probe("prepare", *inputs)[0]
    _assert_batches(actual, desired, inputs)
    assert_true(
        isinstance(actual["ratings"], Tensor) and actual["ratings"].array.ndim == 2, "The ratings have no rows."
    )
    assert_close(*(in_given_order(epoch, inputs) for epoch in (actual, desired)))
    place = places(actual, inputs)
    moved = place - np.arange(len(place))
    assert_true(moved.any(), "The examples come in the order in which they were given.")
    blocks = place[: len(place) // 50 * 50].reshape(-1, 50)
    assert_true((np.diff(blocks, axis=1) != 1).any(), "Whole batches are mixed, and not their examples.")
    summary = "The examples are mixed with their neighbours only: not every order is possible."
    assert_true(moved.max() > 0.8 * len(place), summary)


def in_given_order(epoch, inputs):
    """Ratings and labels of an epoch, each example where it was among those that were given."""
    order = np.argsort(places(epoch, inputs), kind="stable")
    return {part: Tensor(epoch[part].array[order]) for part in ("ratings", "labels")}


def places(epoch, inputs):
    """For each example of an epoch, its place among the complete examples that were given."""
    ratings, _, mean, deviation = inputs[:4]
    kept = ratings[~np.isnan(ratings).any(axis=1)]
    found = np.abs(np.asarray(epoch["ratings"])[:, None] - (kept - mean) / deviation).sum(axis=2)
    return found.argmin(axis=1)


# ---- the metric ----------------------------------------------------------------------------------------


def medical(draw, *sizes):
    """Labels and probabilities of some batches, both of shape (batch, 1)."""
    batches = []
    for size in sizes:
        labels = draw.shuffle([1.0] * (size // 3 + 1) + [0.0] * (size - size // 3 - 1))
        chances = draw.uniform(size, 1)
        chances[labels.index(1.0)] = 0.9  # each batch has a hit
        batches.append((np.array(labels, "float32")[:, None], chances))
    return batches


def f1_record(student, reference, draw):
    """What student and reference report over three batches; asked once for several checks."""
    draw = draw.shared("three batches")
    batches = medical(draw, draw.size(11, 14), draw.size(6, 8), draw.size(16, 20))
    actual, desired = student.once.F1Score.metric(*batches), reference.F1Score.metric(*batches)
    assert_true(actual["kind"] == "metric", "F1Score is no subclass of tf.keras.metrics.Metric.")
    return actual, desired, batches


@pytest.mark.points(2, hint="Which counts does the state need, and when is the fraction computed?")
def test_f1_batches(student, reference, draw):
    """After one, two and three batches the result is F1 of all examples so far."""
    actual, desired, batches = f1_record(student, reference, draw)
    truth, chance = (np.concatenate([batch[part] for batch in batches]) for part in (0, 1))
    alarm = chance > 0.5
    hits = float((truth * alarm).sum())
    last = actual["after"][-1]
    alone = [float(np.asarray(value)) for value in desired["alone"]]
    diagnosis = (
        same(last, hits / alarm.sum(), "This is the precision.")
        or same(last, hits / truth.sum(), "This is the recall.")
        or same(last, (truth == alarm).mean(), "This is the accuracy.")
        or same(last, 2 * (truth * chance).sum() / (truth.sum() + chance.sum()), "Probabilities are not yet decisions.")
        or same(last, np.mean(alone), "This is the mean of the batches' F1. The counts have to be added up.")
        or same(last, alone[-1], "This is F1 of the last batch alone: is the state overwritten?")
    )
    assert_close(actual["after"], desired["after"], rtol=1e-4, dtype="kind", diagnosis=diagnosis)


@pytest.mark.points(1, hint="What does TensorFlow make of 0/0, and what should it be here?")
def test_f1_nothing_to_find(student, reference, draw):
    """Where there is neither a malignant sample nor an alarm, the result is 0."""
    quiet = np.zeros((draw.size(4, 8), 1), "float32"), draw.uniform(draw.size(4, 8), 1, high=0.49)
    size = min(map(len, quiet))
    batches = [(quiet[0][:size], quiet[1][:size]), *medical(draw, 9)]
    actual, desired = student.F1Score.metric(*batches), reference.F1Score.metric(*batches)
    assert_true(actual["kind"] == "metric", "F1Score is no subclass of tf.keras.metrics.Metric.")
    assert_close(actual["start"], desired["start"], dtype="kind", diagnosis="This is before the first batch.")
    assert_close(actual["after"][0], desired["after"][0], dtype="kind", diagnosis="This is after a quiet batch.")


@pytest.mark.points(1, needs="test_f1_batches", hint="Which Variables did update_state change?")
def test_f1_reset(student, reference, draw):
    """After a reset the metric begins anew."""
    actual, desired, _ = f1_record(student, reference, draw)
    assert_close(actual["reset"], desired["reset"], dtype="kind")
    assert_close(actual["again"], desired["again"], rtol=1e-4, dtype="kind")


# ---- the loop ------------------------------------------------------------------------------------------


def classifier(draw, features):
    """A model with a layer that tells training from validation."""
    layers = [spec.dense(4, "tanh"), spec.mode(), spec.dense(1, "sigmoid")]
    return spec.model(layers, inputs=features, weights=draw)


def labelled(draw, count, features):
    """Inputs, and labels of shape (count, 1)."""
    return draw.normal(count, features), draw.integers(count, 1, high=2).astype("float32")


def one_step(student, reference, draw):
    """One step of student and reference; asked once for several checks."""
    draw = draw.shared("one step")
    features = draw.size(2, 4)
    inputs = (
        classifier(draw, features),
        spec.loss("bce"),
        spec.sgd(float(draw.uniform(low=0.2, high=0.5))),
        *labelled(draw, draw.size(5, 9), features),
    )
    return student.once.apply_gradient.training(*inputs), reference.apply_gradient.training(*inputs)


@pytest.mark.points(3, hint="What runs in the with block, with which arguments, and who changes the weights?")
def test_apply_gradient_step(student, reference, draw):
    """One step is taken, with the right gradients, to the right weights."""
    assert_trajectory(*one_step(student, reference, draw))


@pytest.mark.points(1, hint="Two things, in the order that the text names, both from before the step.")
def test_apply_gradient_results(student, reference, draw):
    """The loss and the predictions of the step are returned, in this order."""
    actual, desired = one_step(student, reference, draw)
    assert_results(actual, desired)


def two_epochs(student, reference, draw):
    """Two epochs of student and reference; asked once for several checks."""
    draw = draw.shared("two epochs")
    features = draw.size(2, 4)
    inputs = (
        classifier(draw, features),
        spec.loss("bce"),
        spec.sgd(float(draw.uniform(low=0.2, high=0.5))),
        spec.dataset(*labelled(draw, 3 * draw.size(3, 4) + 1, features), batch=3),
        spec.metric("MeanSquaredError"),
    )
    return (
        student.once.train_one_epoch.training(*inputs, times=2),
        reference.train_one_epoch.training(*inputs, times=2),
    )


@pytest.mark.points(2, hint="One step for each batch, with the model and the optimizer that the function is given.")
def test_train_one_epoch_steps(student, reference, draw):
    """Each batch gives one step, with the right gradients."""
    assert_trajectory(*two_epochs(student, reference, draw))


@pytest.mark.points(1, hint="What happens to the loss of a batch when the next one comes?")
def test_train_one_epoch_losses(student, reference, draw):
    """The losses of all batches are returned."""
    assert_results(*two_epochs(student, reference, draw))


@pytest.mark.points(2, hint="When is the metric reset, and which predictions does it get?")
def test_train_one_epoch_metric(student, reference, draw):
    """After the second epoch the metric holds the result of this epoch alone."""
    assert_metrics(*two_epochs(student, reference, draw))


def validation(student, reference, draw):
    """A validation by student and reference, of another data set in a second call; asked once for several checks."""
    draw = draw.shared("validation")
    features = draw.size(2, 4)
    batches = [spec.dataset(*labelled(draw, size, features), batch=4) for size in (draw.size(5, 7), draw.size(9, 11))]
    inputs = classifier(draw, features), spec.loss("bce"), spec.each(batches), spec.metric("MeanSquaredError")
    return student.once.validate.training(*inputs), reference.validate.training(*inputs)


@pytest.mark.points(2, hint="How much should each example count? And what does training=False switch off?")
def test_validate_loss(student, reference, draw):
    """The mean loss over all examples is returned."""
    assert_results(*validation(student, reference, draw), atol=1e-6)


@pytest.mark.points(1, hint="Only calling the model, with training=False, leaves it as it is.")
def test_validate_changes_nothing(student, reference, draw):
    """The model keeps its weights and is not called for training."""
    actual, desired = validation(student, reference, draw)
    assert_steps(actual, desired)
    assert_no_training(actual)


@pytest.mark.points(1, hint="When is the metric reset, and which batches does it get?")
def test_validate_metric(student, reference, draw):
    """The metric holds the result of this validation alone."""
    assert_metrics(*validation(student, reference, draw))


def decided(draw, benign, malignant):
    """Inputs that are below 0 where they are to be called benign, and labels: so many of each, mixed."""
    rows = [
        (label, sign)
        for label, counts in enumerate((benign, malignant))
        for sign in (0, 1)
        for _ in range(counts[sign])
    ]
    labels, signs = (np.array(part, "float32")[:, None] for part in zip(*draw.shuffle(rows), strict=True))
    return ((2 * signs - 1) * draw.uniform(len(rows), 1, low=0.05, high=0.2)).astype("float32"), labels


@pytest.mark.points(2, hint="Rows are what is, columns what was decided. What decides, and over which batches?")
def test_confusion_matrix_counts(student, reference, draw):
    """All examples of several batches are counted in the right place."""
    x, y = decided(draw, benign=(draw.size(7, 9), draw.size(2, 3)), malignant=(draw.size(4, 5), draw.size(5, 6)))
    weights = [draw.uniform(1, 1, low=1.0, high=2.0), np.zeros(1, "float32")]
    inputs = spec.model([spec.dense(1, "sigmoid")], inputs=1, weights=weights), spec.dataset(x, y, batch=4)
    run, known = student.confusion_matrix.training(*inputs), reference.confusion_matrix.training(*inputs)
    assert_no_training(run)
    actual, desired = run.results[0], known.results[0]
    counts = np.asarray(desired)
    all_benign = np.stack([counts.sum(axis=1), [0, 0]], axis=1)
    diagnosis = (
        same(actual, all_benign, "Everything is decided to be of class 0: is it an argmax, or another threshold?")
        if (counts[:, 1] > 0).any()
        else ""
    )
    if not (counts == counts.T).all():
        diagnosis = diagnosis or same(actual, counts.T, "Rows and columns are swapped.")
    diagnosis = diagnosis or same(actual, counts / len(y), "These are shares; numbers of examples are asked.")
    assert_equal(actual, desired, dtype="kind", diagnosis=diagnosis)


# ---- when to stop --------------------------------------------------------------------------------------


def bumpy(draw, patience):
    """Losses with a bump of `patience` - 1 epochs before the best one; after it each is better than the one before."""
    low = float(draw.uniform(low=0.3, high=0.5))
    before = [low + 0.4, low + 0.2, *(low + 0.3 + 0.01 * step for step in range(patience - 1)), low + 0.002, low]
    after = [low + 0.2 - 0.001 * step for step in range(3 * patience + 6)]
    return [float(np.float32(loss)) for loss in (*before, *after)]


def stopping(student, reference, draw):
    """What student and reference make of losses with a bump; asked once for two checks."""
    draw = draw.shared("bumpy losses")
    patience = draw.size(3, 4)
    inputs = bumpy(draw, patience), 3 * patience + 5, patience
    return (
        student.once.probe("train_with_patience", [inputs])[0],
        reference.probe("train_with_patience", [inputs])[0],
        inputs,
    )


@pytest.mark.points(2, hint="Better than what? And what happens to the count of bad epochs when a good one comes?")
def test_train_with_patience_stops(student, reference, draw):
    """Training stops when patience is used up, and all losses are returned."""
    actual, desired, (_, max_epochs, patience) = stopping(student, reference, draw)
    mine, theirs = actual["epochs"], desired["epochs"]
    told = f"expected: {theirs} epochs, got: {mine}"
    diagnosis = ""
    if mine >= max_epochs:
        diagnosis = "Training never stops early: it is the best loss so far that a loss has to beat, not the last one."
    elif mine <= patience + 1:  # in the bump, which is one epoch shorter than the patience
        diagnosis = "Training stops although there is patience left."
    elif mine < theirs - 1:
        diagnosis = "A new best loss gives all patience back."
    assert_true(mine == theirs, "Training does not stop after the right epoch.", told, diagnosis=diagnosis)
    assert_close(actual["returned"], desired["returned"], rtol=1e-6)


@pytest.mark.points(2, hint="When do you take a copy of the weights, and is it a copy?")
def test_train_with_patience_weights(student, reference, draw):
    """The model has the weights of its best epoch in the end."""
    actual, desired, (losses, _, _) = stopping(student, reference, draw)
    epochs = {float(value) for weight in actual["weights"] for value in np.asarray(weight).ravel()}
    best = int(np.argmin(losses)) + 1
    known = {
        actual["epochs"]: "These are the weights of the last epoch.",
        0: "These are the weights from before the first epoch.",
        best + 1: "These are the weights of the epoch after the best one.",
        best - 1: "These are the weights of the epoch before the best one.",
    }
    diagnosis = known.get(next(iter(epochs)), "") if len(epochs) == 1 else ""
    if best in epochs and len(epochs) > 1:
        diagnosis = (
            "Only some of the weights are set back. A model has weights in every layer, and not all are trainable."
        )
    assert_close(actual["weights"], desired["weights"], diagnosis=diagnosis)
