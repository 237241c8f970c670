"""The checks that a student can run: one or more for each exercise of the assignment of week 4."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import (
    assert_close,
    assert_distributed,
    assert_follows_replicas,
    assert_in_scope,
    assert_loss_scaled,
    assert_predictions,
    assert_reduced,
    assert_replica_invariant,
    assert_run_on_replicas,
    assert_true,
    stand_in,
)
from autograder.wire import Tensor

# ---- who holds what ------------------------------------------------------------------------------------


@pytest.mark.points(1, hint="Which of these depend on the examples that a replica sees?")
def test_same_or_own_first(student, reference):
    """The answers for weights, examples, loss, gradients and applied are right."""
    cases = "weights", "examples", "loss", "gradients", "applied"
    assert_predictions(
        student.same_or_own.answers(*cases), reference.same_or_own.answers(*cases), words=["the same", "its own"]
    )


@pytest.mark.points(1, hint="The batch size that dataset.batch gets is that of all replicas together.")
def test_replica_counts_first(student, reference):
    """The numbers for share, last_share, steps, copies and for_full_shares are right."""
    cases = "share", "last_share", "steps", "copies", "for_full_shares"
    assert_predictions(student.replica_counts.answers(*cases), reference.replica_counts.answers(*cases))


# ---- the pieces ----------------------------------------------------------------------------------------


@pytest.mark.points(1, hint="Which number does the function get, and which does the strategy know?")
def test_global_batch_size_value(student, reference, draw):
    """The global batch of 1 and of 2 replicas has the right size."""
    args = stand_in.strategy(), draw.size(3, 30)
    assert_follows_replicas(student.once.global_batch_size, reference.global_batch_size, *args, replicas=(1, 2))
    size = student.once.global_batch_size.distributed(*args, replicas=2).result
    whole = isinstance(size, int) or (
        isinstance(size, Tensor) and size.kind == "numpy scalar" and size.dtype[:3] == "int"
    )
    assert_true(whole, "A Python int is expected.", f"got: {type_of(size)}")


def type_of(size):
    """The type of a batch size in words."""
    return f"{size.kind} of dtype {size.dtype}" if isinstance(size, Tensor) else type(size).__name__


@pytest.mark.points(2, hint="Of which size are the batches that are cut into shares?")
def test_distributed_batches_values(student, reference, draw):
    """Two replicas get all examples in their order, in batches of the right size."""
    compare_batches(student, reference, dealt(draw, 3 * 2 * 4, 4), replicas=2)


@pytest.mark.points(1, hint="What comes out of your function: a data set, or a distributed one?")
def test_distributed_batches_kind(student, draw):
    """Each replica gets its own share of a batch."""
    assert_distributed(student.once.distributed_batches.distributed(*dealt(draw, 3 * 2 * 4, 4), replicas=2))


def dealt(draw, examples, per_replica):
    """Arguments of distributed_batches, the same for several checks."""
    draw = draw.shared(f"dealt {examples}")
    images, labels = draw.normal(examples, 5), draw.integers((examples,), low=0, high=10, dtype="int64")
    return stand_in.strategy(), images, labels, per_replica


def compare_batches(student, reference, args, replicas):
    """The shares of each batch together are what the reference has; how a batch is cut is left open."""
    actual = student.once.distributed_batches.distributed(*args, replicas=replicas).result
    desired = reference.distributed_batches.distributed(*args, replicas=replicas).result
    given, known = whole_batches(actual), whole_batches(desired)
    assert_true(given is not None, "Batches of pairs (images, labels) are expected, and something else came.")
    sizes = [len(labels) for _, labels in given]
    wanted = [len(labels) for _, labels in known]
    diagnosis = ""
    if sizes and wanted and sizes[0] * replicas == wanted[0]:
        diagnosis = "dataset.batch gets the size of the global batch; that is what is cut into shares."
    assert_true(
        sizes == wanted,
        "The global batches have other sizes than expected.",
        f"expected: {wanted}\n     got: {sizes}",
        diagnosis=diagnosis,
    )
    assert_close(tensors(given), tensors(known))


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


def tensors(batches):
    """Batches with arrays as tensors, for a comparison."""
    return [tuple(map(Tensor, batch)) for batch in batches]


@pytest.mark.points(2, hint="Whose examples are added up, and by which number is the sum divided?")
def test_scaled_loss_full(student, reference, draw):
    """For a full batch on two replicas, the parts add up to the average over the global batch."""
    labels, logits = shares_of(draw, 8)
    ask = {"replicas": 2, "inside": True}
    assert_loss_scaled(
        student.scaled_loss.distributed(labels, logits, 8, **ask),
        reference.scaled_loss.distributed(labels, logits, 8, **ask),
    )


def shares_of(draw, examples, classes=4):
    """Labels and logits, each replica with its share."""
    labels = draw.integers((examples,), low=0, high=classes, dtype="int64")
    return stand_in.batch(labels), stand_in.batch(draw.normal(examples, classes, scale=2))


@pytest.mark.points(2, hint="Model, optimizer, metric: which of them has variables?")
def test_make_trainables_scope(student, draw):
    """Every variable has a copy on each of two replicas."""
    assert_in_scope(student.once.make_trainables.distributed(stand_in.strategy(), 0.1, replicas=2))


@pytest.mark.points(
    3, hint="Compare with the train step of week 2. What are the losses of the replicas put together by?"
)
def test_make_train_step_losses(student, reference, draw):
    """Two replicas train, and the losses of three steps are right."""
    args, batches = train_step_inputs(draw, (8, 8, 8))
    ask = {"replicas": 2, "then": batches}
    run = student.once.make_train_step.distributed(*args, **ask)
    assert_reduced(run, reference.make_train_step.distributed(*args, **ask))


@pytest.mark.points(1, needs="test_make_train_step_losses", hint="Which function should tf.function decorate?")
def test_make_train_step_run(student, draw):
    """The step runs on each replica, from a graph."""
    args, batches = train_step_inputs(draw, (8, 8, 8))
    assert_run_on_replicas(student.once.make_train_step.distributed(*args, replicas=2, then=batches))


def train_step_inputs(draw, sizes, full=8):
    """Arguments of make_train_step, and batches of some sizes; the same for several checks."""
    draw = draw.shared(f"train step {sizes}")
    args = (
        stand_in.strategy(),
        stand_in.model(draw.normal(3, 4), draw.normal(4)),
        stand_in.optimizer(float(draw.uniform(low=0.2, high=0.6))),
        stand_in.loss("crossentropy", global_batch=full),
        stand_in.metric("SparseCategoricalAccuracy"),
    )
    return args, batches_of(draw, sizes)


def batches_of(draw, sizes):
    """One argument for each call: a batch of which each replica has its share."""
    return [
        (stand_in.batch(draw.normal(size, 3), draw.integers((size,), low=0, high=4, dtype="int64")),) for size in sizes
    ]


@pytest.mark.points(2, hint="One value for each example: what does the text say to do with them?")
def test_make_test_step_sums(student, reference, draw):
    """The sums of the losses of two batches on two replicas are right."""
    args, batches = measuring(draw, (6, 6))
    ask = {"replicas": 2, "then": batches}
    run = student.once.make_test_step.distributed(*args, **ask)
    assert_reduced(run, reference.make_test_step.distributed(*args, **ask))


@pytest.mark.points(1, needs="test_make_test_step_sums", hint="Which function should tf.function decorate?")
def test_make_test_step_run(student, draw):
    """The step runs on each replica, from a graph."""
    args, batches = measuring(draw, (6, 6))
    assert_run_on_replicas(student.once.make_test_step.distributed(*args, replicas=2, then=batches))


def measuring(draw, sizes):
    """Arguments of make_test_step, and batches of some sizes; the same for several checks."""
    draw = draw.shared(f"test step {sizes}")
    args = (
        stand_in.strategy(),
        stand_in.model(draw.normal(3, 4), draw.normal(4)),
        stand_in.loss("crossentropy"),
        stand_in.metric("SparseCategoricalAccuracy"),
    )
    return args, batches_of(draw, sizes)


@pytest.mark.points(1, hint="What may be added over the replicas?")
def test_mean_over_all_full(student, reference, draw):
    """The mean over two replicas with shares of one size is right."""
    args = stand_in.strategy(), stand_in.batch(draw.normal(2 * draw.size(3, 6), mean=2.0))
    run = student.mean_over_all.distributed(*args, replicas=2)
    assert_reduced(run, reference.mean_over_all.distributed(*args, replicas=2))


# ---- the whole -----------------------------------------------------------------------------------------


@pytest.mark.points(3, hint="By which factor do the losses differ? The table above says where to look.")
def test_train_same(student, reference, draw):
    """The losses of all steps are right, and the same on 1 and on 2 replicas."""
    args = train_inputs(draw, 16, 8)
    compare_training(student, reference, args, replicas=(1, 2))


def train_inputs(draw, examples, batch, epochs=2):
    """Arguments of train, the same for several checks."""
    draw = draw.shared(f"train {examples}")
    images, labels = draw.normal(examples, 64), draw.integers((examples,), low=0, high=10, dtype="int64")
    return stand_in.strategy(), images, labels, batch, epochs, float(draw.uniform(low=0.05, high=0.2))


def compare_training(student, reference, args, replicas):
    """The losses are the same for all numbers of replicas, and those of the reference."""
    in_one(student.once.train.distributed(*args, replicas=replicas[0]).result)  # is it a list of numbers?
    one = assert_replica_invariant(student.once.train, *args, replicas=replicas, rtol=1e-4, atol=1e-4)
    desired = reference.train.distributed(*args, replicas=replicas[0]).result
    losses = in_one(one.result)
    assert_true(len(losses) == len(desired), "There is not one loss for each step.", f"expected: {len(desired)} losses")
    assert_close(Tensor(losses), Tensor(in_one(desired)), rtol=1e-3, atol=1e-4)


def in_one(losses):
    """The losses of all steps in one array, whether they are numbers or tensors."""
    parts = losses if isinstance(losses, (tuple, list)) else [losses]
    values = [part.array if isinstance(part, Tensor) else part for part in parts]
    assert_true(
        all(isinstance(value, (int, float)) or np.asarray(value).dtype.kind == "f" for value in values),
        "A list of numbers is expected here.",
        "got: None. Did you forget a return?" if losses is None else "",
    )
    return np.concatenate(
        [np.ravel(np.asarray(value, dtype="float32")) for value in values] or [np.zeros(0, "float32")]
    )
