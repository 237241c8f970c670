"""The checks that come after handing in: other numbers of replicas, uneven batches, and the cases that trip."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import (
    CheckFailed,
    assert_close,
    assert_distributed,
    assert_follows_replicas,
    assert_in_scope,
    assert_loss_scaled,
    assert_optimizer_steps,
    assert_predictions,
    assert_reduced,
    assert_replica_invariant,
    assert_run_on_replicas,
    assert_training_flag,
    assert_true,
    assert_updated_on_replicas,
    stand_in,
)
from autograder.wire import Tensor

# ---- who holds what ------------------------------------------------------------------------------------


@pytest.mark.points(1, hint="Which of these are variables that a step changes on all replicas alike?")
def test_same_or_own_rest(student, reference):
    """The answers for momentum, dropout, counts and learning_rate are right."""
    cases = "momentum", "dropout", "counts", "learning_rate"
    assert_predictions(
        student.same_or_own.answers(*cases), reference.same_or_own.answers(*cases), words=["the same", "its own"]
    )


@pytest.mark.points(2, hint="One step for each global batch; what is not distributed is not cut; what does SUM add?")
def test_replica_counts_rest(student, reference):
    """The numbers for counted, not_cut, sum_of_means, sum_of_scaled and mean_of_scaled are right."""
    cases = "counted", "not_cut", "sum_of_means", "sum_of_scaled", "mean_of_scaled"
    assert_predictions(student.replica_counts.answers(*cases), reference.replica_counts.answers(*cases))


# ---- the pieces ----------------------------------------------------------------------------------------


@pytest.mark.points(1, hint="Is the number of replicas, or a batch size, written down somewhere?")
def test_global_batch_size_others(student, reference, draw):
    """It follows 3 and 4 replicas as well, and shares of one example."""
    for per_replica in (1, draw.size(40, 90)):
        args = stand_in.strategy(), per_replica
        assert_follows_replicas(student.global_batch_size, reference.global_batch_size, *args, replicas=(1, 3, 4))


@pytest.mark.points(2, hint="What becomes of the examples that do not fill a batch?")
def test_distributed_batches_uneven(student, reference, draw):
    """Four replicas get all examples, also where these do not come out even."""
    examples, per_replica = 4 * 3 * 2 + draw.size(1, 11), 3
    images, labels = draw.normal(examples, 6), draw.integers((examples,), low=0, high=10, dtype="int64")
    args = stand_in.strategy(), images, labels, per_replica
    run = student.distributed_batches.distributed(*args, replicas=4)
    assert_distributed(run)
    given, known = (
        whole_batches(result)
        for result in (run.result, reference.distributed_batches.distributed(*args, replicas=4).result)
    )
    assert_true(given is not None, "Batches of pairs (images, labels) are expected, and something else came.")
    sizes = [[len(labels) for _, labels in batches] for batches in (given, known)]
    assert_true(sizes[0] == sizes[1], "The global batches have other sizes than expected.")
    assert_close([tuple(map(Tensor, batch)) for batch in given], [tuple(map(Tensor, batch)) for batch in known])


def whole_batches(result):
    """The batches of a described data set with their shares put together; None where it holds something else."""
    batches = next(iter(result.values())) if isinstance(result, dict) and len(result) == 1 else None
    if not isinstance(batches, list) or not all(isinstance(batch, (tuple, list)) for batch in batches):
        return None
    joined = [tuple(map(whole, batch)) for batch in batches]
    return joined if all(len(batch) == 2 and all(part is not None for part in batch) for batch in joined) else None


def whole(value):
    """The shares of all replicas in one array; None where it is no tensor."""
    shares = value.get("per replica") if isinstance(value, dict) else [value]
    if not shares or not all(isinstance(share, Tensor) and share.array.ndim for share in shares):
        return None
    return np.concatenate([share.array for share in shares])


@pytest.mark.points(3, hint="What is the mean of an empty share? Do examples of a small share weigh more?")
def test_scaled_loss_uneven(student, reference, draw):
    """The parts of four replicas add up for a last batch that leaves some of them with nothing."""
    for examples, full in ((5, 16), (10, draw.size(3, 6) * 4)):
        labels = stand_in.batch(draw.integers((examples,), low=0, high=6, dtype="int64"))
        logits = stand_in.batch(draw.normal(examples, 6, scale=3))
        ask = {"replicas": 4, "inside": True}
        assert_loss_scaled(
            student.scaled_loss.distributed(labels, logits, full, **ask),
            reference.scaled_loss.distributed(labels, logits, full, **ask),
        )
    share = draw.integers((6,), low=0, high=5, dtype="int64"), draw.normal(6, 5), 24
    assert_close(student.scaled_loss(*share), reference.scaled_loss(*share))


@pytest.mark.points(2, hint="Which settings does the text name? Has the optimizer met the weights?")
def test_make_trainables_values(student, reference, draw):
    """Model, optimizer and metric are the ones asked for, ready to train on three replicas."""
    args = stand_in.strategy(), float(draw.uniform(low=0.01, high=0.5))
    actual, desired = (who.make_trainables.distributed(*args, replicas=3).result for who in (student, reference))
    assert_true(
        isinstance(actual, (tuple, list)) and len(actual) == 3 and all(map(has_variables, actual)),
        "Three results are asked: the model, the optimizer and the metric.",
    )
    for mine, theirs, name in zip(actual, desired, ("model", "optimizer", "metric"), strict=True):
        given, known = mine["variables"], theirs["variables"]
        same = [each["values"][0].shape for each in given] == [each["values"][0].shape for each in known]
        assert_true(same, f"The {name} has other variables than expected.")
        kinds = [each["kind"] for each in given] == [each["kind"] for each in known]
        assert_true(kinds, "Some variables are not of the kind that their place in the scope gives them.")
        assert_close([each["values"] for each in given], [each["values"] for each in known])
    labels, logits = draw.integers((9,), low=0, high=10), draw.normal(9, 10)
    logits[np.arange(6), labels[:6]] += 9  # these are right
    steps = args[1], draw.uniform(3, low=0.5, high=2.0).tolist(), labels, logits
    mine, theirs = (who.probe("make_trainables", *steps) for who in (student, reference))
    assert_close(mine["weights"], theirs["weights"], rtol=1e-4)
    assert_true(mine["metric"] == theirs["metric"], "The metric is another one than the text names.")


def has_variables(value):
    """Whether a described value is a model, an optimizer or a metric."""
    return isinstance(value, dict) and set(value) == {"variables"}


@pytest.mark.points(3, hint="Is the step right where some replica gets fewer examples, or none?")
def test_make_train_step_uneven(student, reference, draw):
    """Three replicas train, and the losses of uneven batches are right."""
    args, batches = training(draw)
    run = student.once.make_train_step.distributed(*args, replicas=3, then=batches)
    assert_reduced(run, reference.make_train_step.distributed(*args, replicas=3, then=batches, watched=True))
    assert_optimizer_steps(run, len(batches), optimizer="optimizer")


@pytest.mark.points(1, hint="What tells layers such as dropout that this is training?")
def test_make_train_step_mode(student, draw):
    """The model predicts in training mode."""
    args, batches = training(draw)
    assert_training_flag(student.once.make_train_step.distributed(*args, replicas=3, then=batches), True)


@pytest.mark.points(1, hint="Where do the labels and logits of one replica exist?")
def test_make_train_step_metric(student, reference, draw):
    """The metric is updated on each replica, with the labels and the logits of all steps."""
    args, batches = training(draw)
    run = student.once.make_train_step.distributed(*args, replicas=3, then=batches)
    wanted = reference.make_train_step.distributed(*args, replicas=3, then=batches, watched=True)
    try:
        assert_reduced(run, wanted)
    except CheckFailed:  # a model that was trained in another way predicts something else, which is told already
        wanted = None
    assert_updated_on_replicas(run, wanted)


def training(draw):
    """Arguments of make_train_step, and batches whose shares differ; the same for several checks."""
    draw = draw.shared("training")
    args = (
        stand_in.strategy(),
        stand_in.model(draw.normal(3, 5), draw.normal(5)),
        stand_in.optimizer(float(draw.uniform(low=4.0, high=8.0))),  # a step shows in what the model predicts
        stand_in.loss("crossentropy", global_batch=12),
        stand_in.metric("SparseCategoricalAccuracy"),
    )
    return args, [batch_of(draw, size) for size in (4, 4, 4)]


def batch_of(draw, size):
    """The argument of one call: a batch of which each replica has its share."""
    return (stand_in.batch(draw.normal(size, 3), draw.integers((size,), low=0, high=5, dtype="int64")),)


@pytest.mark.points(2, hint="Do you add sums, or average means? What happens with an empty share?")
def test_make_test_step_uneven(student, reference, draw):
    """The sums of three replicas are right for uneven batches."""
    args, batches = measuring(draw)
    run = student.once.make_test_step.distributed(*args, replicas=3, then=batches)
    assert_reduced(run, reference.make_test_step.distributed(*args, replicas=3, then=batches, watched=True))


@pytest.mark.points(1, hint="What tells layers such as dropout that this is no training?")
def test_make_test_step_mode(student, draw):
    """The model does not predict in training mode."""
    args, batches = measuring(draw)
    assert_training_flag(student.once.make_test_step.distributed(*args, replicas=3, then=batches), False)


@pytest.mark.points(1, hint="Where do the labels and logits of one replica exist?")
def test_make_test_step_metric(student, reference, draw):
    """The metric is updated on each replica, with the labels and the logits of all batches."""
    args, batches = measuring(draw)
    run = student.once.make_test_step.distributed(*args, replicas=3, then=batches)
    assert_updated_on_replicas(run, reference.make_test_step.distributed(*args, replicas=3, then=batches, watched=True))


def measuring(draw):
    """Arguments of make_test_step, and batches whose shares differ; the same for several checks."""
    draw = draw.shared("measuring")
    args = (
        stand_in.strategy(),
        stand_in.model(draw.normal(3, 5), draw.normal(5)),
        stand_in.loss("brier"),  # another one than the text speaks of: the step uses what it is given
        stand_in.metric("SparseCategoricalAccuracy"),
    )
    return args, [batch_of(draw, size) for size in (4, 4)]


@pytest.mark.points(2, hint="Is a mean of means right where the shares are of different sizes?")
def test_mean_over_all_uneven(student, reference, draw):
    """The mean over all values is right where shares differ, and where some are empty."""
    for replicas, size in ((4, 10), (3, 7), (4, 5)):
        args = stand_in.strategy(), stand_in.batch(draw.normal(size, mean=3.0, scale=4.0))
        run = student.mean_over_all.distributed(*args, replicas=replicas)
        assert_reduced(run, reference.mean_over_all.distributed(*args, replicas=replicas))


# ---- the whole -----------------------------------------------------------------------------------------


@pytest.mark.points(3, hint="Look at the last batch of an epoch, and at what follows after it.")
def test_train_uneven(student, reference, draw):
    """The losses are the same on 1 and on 4 replicas, with a batch that does not fill all of them."""
    args = inputs(draw)
    desired = reference.train.distributed(*args, replicas=1).result
    losses = in_one(student.once.train.distributed(*args, replicas=4).result)
    assert_true(len(losses) == len(desired), "There is not one loss for each step.")
    try:
        assert_close(Tensor(losses), Tensor(in_one(desired)), rtol=1e-3, atol=1e-4)
    except CheckFailed:  # by which factor a run on one replica is off says more; a right answer needs none
        assert_replica_invariant(student.once.train, *args, replicas=(1, 4), rtol=1e-4, atol=1e-4)
        raise


@pytest.mark.points(1, hint="Model, optimizer: which of them has variables?")
def test_train_scope(student, draw):
    """What trains has a copy on each replica."""
    assert_in_scope(student.once.train.distributed(*inputs(draw), replicas=4))


@pytest.mark.points(1, hint="Is the data distributed, and does a graph call strategy.run?")
def test_train_run(student, draw):
    """The data is distributed, and each step runs on all replicas, from a graph."""
    run = student.once.train.distributed(*inputs(draw), replicas=4)
    assert_distributed(run)
    assert_run_on_replicas(run)


def inputs(draw):
    """Arguments of train, with one batch that leaves a replica with nothing; the same for several checks."""
    draw = draw.shared("uneven training")
    images, labels = draw.normal(7, 64), draw.integers((7,), low=0, high=10, dtype="int64")
    return stand_in.strategy(), images, labels, 12, 2, float(draw.uniform(low=0.05, high=0.2))


def in_one(losses):
    """The losses of all steps in one array, whether they are numbers or tensors."""
    parts = losses if isinstance(losses, (tuple, list)) else [losses]
    values = [part.array if isinstance(part, Tensor) else part for part in parts]
    numeric = all(isinstance(value, (int, float)) or np.asarray(value).dtype.kind == "f" for value in values)
    assert_true(numeric, "A list of numbers is expected here.")
    return np.concatenate(
        [np.ravel(np.asarray(value, dtype="float32")) for value in values] or [np.zeros(0, "float32")]
    )
