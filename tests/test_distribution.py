"""Checks of distribution strategies: every right answer passes, every wrong one gets the diagnosis that it earns."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from courses import Shared, code, notebook, submit, write_course
from nbclient import NotebookClient

from autograder import release, sandbox, wire
from autograder.course import Course
from autograder.draw import Draw
from autograder.errors import CallFailed
from autograder.expect import (
    CheckFailed,
    Run,
    assert_close,
    assert_distributed,
    assert_follows_replicas,
    assert_in_scope,
    assert_loss_scaled,
    assert_not_called,
    assert_one_device,
    assert_optimizer_steps,
    assert_reduced,
    assert_replica_invariant,
    assert_replicas,
    assert_run_on_replicas,
    assert_training_flag,
    assert_updated_on_replicas,
    stand_in,
)
from autograder.grade import Grader
from autograder.live import _Live
from autograder.model import Status
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Cached, Proxy, last_call
from autograder.worker import Responder

Check = Callable[[Proxy], Any]

# A custom training loop. Each answer below changes it in one place.
TRAIN = """
def NAME(strategy, x, y, kernel, batch):
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(batch)
    dataset = strategy.experimental_distribute_dataset(dataset)
    with strategy.scope():
        model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1, use_bias=False)])
        model.set_weights([kernel])
    with strategy.scope():
        optimizer = tf.keras.optimizers.SGD(0.1)
        optimizer.build(model.trainable_variables)
    def step(inputs):
        images, labels = inputs
        with tf.GradientTape() as tape:
            each = tf.reduce_sum((model(images, training=True) - labels) ** 2, axis=-1)
            loss = tf.reduce_sum(each) / batch
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss
    @tf.function
    def whole_step(inputs):
        losses = strategy.run(step, args=(inputs,))
        return strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)
    return [whole_step(inputs) for inputs in dataset]
"""
SUM, MEAN = "tf.distribute.ReduceOp.SUM", "tf.distribute.ReduceOp.MEAN"
ALONE, REDUCE = "tf.reduce_sum(each) / batch", f"strategy.reduce({SUM}, losses, axis=None)"
DISTRIBUTE = "strategy.experimental_distribute_dataset(dataset)"
RUN = "strategy.run(step, args=(inputs,))"
MODEL = "    with strategy.scope():\n        model ="
OPTIMIZER = "    with strategy.scope():\n        optimizer ="
ANSWERS: dict[str, tuple[tuple[str, str], ...]] = {
    "right": (),
    "word": ((SUM, '"SUM"'),),
    "lower_case_word": ((SUM, '"sum"'),),
    "local_results": ((REDUCE, "tf.add_n(strategy.experimental_local_results(losses))"),),
    "from_function": (
        (DISTRIBUTE, "strategy.distribute_datasets_from_function(lambda context: own_share(x, y, context))"),
    ),
    "average_loss": ((ALONE, "tf.nn.compute_average_loss(each, global_batch_size=batch)"),),
    "apply": (("apply_gradients(zip(gradients, model.trainable_variables))", "apply(gradients)"),),
    "mean_loss": ((ALONE, "tf.reduce_mean(each)"),),
    "mean_loss_and_mean": ((ALONE, "tf.reduce_mean(each)"), (SUM, MEAN)),
    "mean": ((SUM, MEAN),),
    "not_distributed": ((DISTRIBUTE, "dataset"),),
    "not_reduced": ((REDUCE, "losses"),),
    "two_replicas_written_down": ((ALONE, "tf.reduce_sum(each) / (2.0 * tf.cast(tf.shape(each)[0], tf.float32))"),),
    "share_times_replicas": ((ALONE, "tf.reduce_mean(each) / strategy.num_replicas_in_sync"),),
    "model_outside": ((MODEL, "    if True:\n        model ="),),
    "optimizer_outside": ((OPTIMIZER, "    if True:\n        optimizer ="),),
    "no_comma": ((RUN, "strategy.run(step, args=(inputs))"),),
    "called_directly": ((RUN, "step(inputs)"), (DISTRIBUTE, "dataset"), (REDUCE, "losses")),
    "no_function": (("    @tf.function\n", ""),),
    "batch_written_down": ((ALONE, "tf.reduce_sum(each) / 5"),),
    "one_step_only": (("for inputs in dataset]", "for inputs in list(dataset)[:1]]"),),
}
OTHERS = """
import tensorflow as tf

def own_share(x, y, context):
    batch = 4 // context.num_replicas_in_sync
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(batch)

def global_batch(strategy, size): return size * strategy.num_replicas_in_sync
def global_batch_tensor(strategy, size): return int(tf.constant(size) * strategy.num_replicas_in_sync)
def batch_written_down_size(strategy, size): return 64 * strategy.num_replicas_in_sync
def replicas_written_down(strategy, size): return size * 4
def replicas_added(strategy, size): return size + strategy.num_replicas_in_sync
def replicas_divided(strategy, size): return size // strategy.num_replicas_in_sync
def replicas_printed(strategy, size): print(size * strategy.num_replicas_in_sync)

def loss_right(each, batch): return tf.reduce_sum(each) / batch
def loss_average(each, batch): return tf.nn.compute_average_loss(each, global_batch_size=batch)
def loss_each_divided(each, batch): return tf.reduce_sum(each * (1.0 / batch))
def loss_empty_for_none(each, batch):  # as a Keras loss with reduction="sum"
    return each if each.shape == (0,) else tf.reduce_sum(each) / batch
def loss_mean(each, batch): return tf.reduce_mean(each)
def loss_divided_twice(each, batch): return tf.reduce_sum(each) / batch / 2
def loss_sum(each, batch): return tf.reduce_sum(each)
def loss_not_reduced(each, batch): return each / batch
def loss_none(each, batch): return None

def many(devices): return tf.distribute.MirroredStrategy(devices)
def many_written_down(devices): return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
def one(device): return tf.distribute.OneDeviceStrategy(device)
def one_mirrored(device): return tf.distribute.MirroredStrategy([device])
def one_written_down(device): return tf.distribute.OneDeviceStrategy("CPU:0")
def no_strategy(device): return device
def default(): return tf.distribute.get_strategy()
kept = tf.distribute.OneDeviceStrategy("CPU:0")

def distribute(strategy, data): return strategy.experimental_distribute_dataset(data)
def distribute_several(strategy, *data): return tuple(map(strategy.experimental_distribute_dataset, data))
def distribute_by_function(strategy, data):
    def make(context): return data.unbatch().batch(2)
    return strategy.distribute_datasets_from_function(make)
def distribute_none(strategy, data): return data
def distribute_one_of_two(strategy, first, second): return strategy.experimental_distribute_dataset(first), second

def make_variables(strategy):
    with strategy.scope():
        return tf.Variable(1.0), tf.keras.metrics.Mean()
def make_outside(strategy):
    with strategy.scope():
        kept = tf.Variable(1.0)
    return kept, tf.keras.metrics.Mean()
def make_none(strategy): return None

# The factory of the assignment: train and test step, given all that they use.
def steps(strategy, model, optimizer, loss, compute_loss, metric):
    def train_step(inputs):
        x, y = inputs
        with tf.GradientTape() as tape:
            value = compute_loss(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(value, model.trainable_variables), model.trainable_variables))
        return value
    def test_step(inputs):
        x, y = inputs
        metric.update_state(loss(y, model(x, training=False)))
    @tf.function
    def train(inputs): return strategy.reduce("SUM", strategy.run(train_step, args=(inputs,)), axis=None)
    @tf.function
    def test(inputs): return strategy.run(test_step, args=(inputs,))
    return train, test
def steps_wrong(strategy, model, optimizer, loss, compute_loss, metric):
    @tf.function
    def train(inputs):
        def train_step(inputs):
            x, y = inputs
            return compute_loss(y, model(x))
        return strategy.reduce("SUM", strategy.run(train_step, args=(inputs,)), axis=None)
    @tf.function
    def test(inputs):
        def test_step(inputs):
            x, y = inputs
            return compute_loss(y, model(x, training=True))
        metric.update_state(strategy.reduce("SUM", strategy.run(test_step, args=(inputs,)), axis=None))
    return train, test
def steps_of_metric(strategy, model, optimizer, loss, compute_loss, metric):
    @tf.function
    def reset(inputs):
        def one(inputs):
            x, y = inputs
            metric.reset_state()
            metric.update_state(loss(y, model(x)))
        return strategy.run(one, args=(inputs,))
    @tf.function
    def twice(inputs):
        def one(inputs):
            x, y = inputs
            metric.update_state(loss(y, model(x)))
            metric.update_state(loss(y, model(x)))
        return strategy.run(one, args=(inputs,))
    @tf.function
    def other(inputs):
        def one(inputs):
            x, y = inputs
            metric.update_state(2 * loss(y, model(x)))
        return strategy.run(one, args=(inputs,))
    return reset, twice, other
def not_in_run(strategy, inputs): return inputs * 2
def without_number(strategy): return []
def steps_idle(strategy, model, optimizer, loss, compute_loss, metric):
    return tf.function(lambda inputs: None), tf.function(lambda inputs: None)
def two_arguments(strategy, inputs): return strategy.run(lambda both: both[0], args=inputs)
def numbers_only(strategy): return strategy.run(lambda: 1.0)

def failed_collective(x):
    own = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    def step():
        context = tf.distribute.get_replica_context()
        return context.all_reduce("SUM", tf.ones([1 + context.replica_id_in_sync_group]))
    return own.run(tf.function(step))
def good_collective(x):
    own = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    @tf.function
    def all():
        return own.run(lambda: tf.distribute.get_replica_context().all_reduce("SUM", x + 0))
    return own.experimental_local_results(all())[0]
def look_around(strategy):
    inside = tf.distribute.get_strategy() is strategy
    with strategy.scope() as entered:
        return inside, tf.distribute.get_strategy() is strategy, entered is strategy, type(strategy).__name__
def converted(strategy, x):
    @tf.function
    def all(x):
        def step(x):
            if tf.reduce_sum(x) > 1e9:  # needs AutoGraph, inside of strategy.run too
                x = -x
            return tf.reduce_sum(x)
        return strategy.reduce("SUM", strategy.run(step, args=(x,)), axis=None)
    return all(x)
"""


def answer(name: str) -> str:
    source = TRAIN.replace("NAME", name)
    for old, new in ANSWERS[name]:
        assert old in source, f"{name}: {old}"
        source = source.replace(old, new)
    return source


@pytest.fixture(scope="module")
def session(starter: sandbox.Starter) -> Iterator[Session]:
    sources = [OTHERS, *map(answer, ANSWERS)]
    steps = tuple(Step(index, f"cell-{index}", source) for index, source in enumerate(sources))
    with Session(starter, steps, Limits(devices=8, request_seconds=120, submission_seconds=1200)) as session:
        session.run()
        assert [run.error for run in session.runs.values() if run.error] == []
        yield session


@pytest.fixture(scope="module")
def kept(session: Session) -> Cached:
    """Several tests look at one run."""
    return Cached(session)


@pytest.fixture
def student(kept: Cached) -> Proxy:
    return Proxy(kept)


@pytest.fixture
def reference(kept: Cached) -> Proxy:
    return Proxy(kept, reference=True)


draw = Draw(7)
X, Y, KERNEL = draw.normal(10, 2), draw.normal(10, 1), draw.normal(2, 1)
DATA = stand_in.strategy(), X, Y, KERNEL, 4


def message(check: Callable[[], Any]) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        check()
    assert not any(character.isdigit() for character in caught.value.summary)  # it is shown for hidden checks
    return caught.value


# ---- training on several replicas ----------------------------------------------------------------------


def invariant(name: str, *replicas: int) -> Check:
    return lambda s: assert_replica_invariant(getattr(s, name), *DATA, replicas=replicas)


@pytest.mark.parametrize("name", ["right", "word", "local_results", "from_function", "average_loss", "apply"])
def test_right_ways_to_train_are_all_accepted(student: Proxy, reference: Proxy, name: str) -> None:
    one = assert_replica_invariant(getattr(student, name), *DATA, replicas=(1, 2))
    assert one.replicas == 1
    assert_close(one.result, reference.right.distributed(*DATA, replicas=1).result)
    run = getattr(student, name).distributed(*DATA, replicas=2)
    assert_in_scope(run)
    assert_distributed(run)
    assert_run_on_replicas(run)
    assert_optimizer_steps(run, 3)
    assert_reduced(run, reference.right.distributed(*DATA, replicas=2))


def test_an_empty_share_changes_nothing(student: Proxy) -> None:
    # Of the last batch, two of four replicas get nothing.
    one = assert_replica_invariant(student.right, *DATA, replicas=(1, 4))
    assert len(one.result) == 3
    assert all(np.isfinite(loss.array) for loss in one.result)


WRONG: list[tuple[str, Check, str]] = [
    (
        "mean_loss",
        invariant("mean_loss", 1, 2),
        "The 2-replica loss is 2.000 times what the 1-replica one is: divide by",
    ),
    ("mean_loss_and_mean", invariant("mean_loss_and_mean", 1, 2), "ReduceOp.MEAN can hide a loss that each replica"),
    ("mean", invariant("mean", 1, 2), "It is 1/2 of what the 1-replica one is: ReduceOp.MEAN averages"),
    ("not_distributed", invariant("not_distributed", 1, 2), "every replica got the whole batch"),
    ("not_reduced", invariant("not_reduced", 1, 2), "strategy.reduce puts the values of the replicas together"),
    ("written down", invariant("two_replicas_written_down", 1, 2), "The 2-replica loss is 2.000 times"),
    (
        "share_times_replicas",  # the last batch has one example: the second replica gets none
        lambda s: assert_replica_invariant(s.share_times_replicas, DATA[0], X[:9], Y[:9], KERNEL, 4, replicas=(1, 2)),
        "The mean of no examples is nan",
    ),
    (
        "optimizer",
        lambda s: assert_in_scope(run(s.optimizer_outside)),
        "They belong to an optimizer that was made outside",
    ),
    (
        "optimizer",
        lambda s: assert_optimizer_steps(run(s.optimizer_outside), 3),
        "one for each replica: it was made outside",
    ),
    ("not_distributed", lambda s: assert_distributed(run(s.not_distributed)), "splits each batch among the replicas"),
    (
        "called_directly",
        lambda s: assert_run_on_replicas(run(s.called_directly)),
        "A step that is called directly runs once",
    ),
    ("no_function", lambda s: assert_run_on_replicas(run(s.no_function)), "Without tf.function around it"),
    ("one_step_only", lambda s: assert_optimizer_steps(run(s.one_step_only), 3), ""),
    ("mean", lambda s: assert_reduced(run(s.mean), run(s.right)), "It is 1/2 of what it should be: ReduceOp.MEAN"),
    ("not_reduced", lambda s: assert_reduced(run(s.not_reduced), run(s.right)), "strategy.reduce puts the values"),
    ("batch", lambda s: assert_reduced(run(s.batch_written_down), run(s.right)), ""),
]


def run(name: Any, **options: Any) -> Run:
    found = name.distributed(*DATA, **options)
    assert isinstance(found, Run)
    return found


@pytest.mark.parametrize(("name", "check", "diagnosis"), WRONG, ids=[f"{i}-{case[0]}" for i, case in enumerate(WRONG)])
def test_wrong_ways_to_train_get_their_diagnosis(student: Proxy, name: str, check: Check, diagnosis: str) -> None:
    caught = message(lambda: check(student))
    assert diagnosis in caught.diagnosis
    assert bool(diagnosis) == bool(caught.diagnosis)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda s: run(s.no_comma), "Did you write args=(batch) where args=(batch,) is meant?"),
        (lambda s: s.two_arguments.distributed(stand_in.strategy(), stand_in.batch(X)), "Did you write args=(batch)"),
        (lambda s: run(s.model_outside), "Some variables were made outside of strategy.scope()"),
        (lambda s: run(s.model_outside, replicas=1), "Some variables were made outside of strategy.scope()"),
        (lambda s: s.not_in_run.distributed(stand_in.strategy(), stand_in.batch(X)), "A PerReplica value is a bundle"),
    ],
)
def test_an_error_says_what_the_usual_cause_is(student: Proxy, ask: Check, words: str) -> None:
    with pytest.raises(CallFailed) as caught:
        ask(student)
    assert words in caught.value.failure.evalue


def test_a_result_without_a_number_is_told(student: Proxy) -> None:
    caught = message(lambda: assert_replica_invariant(student.without_number, stand_in.strategy(), replicas=(1, 2)))
    assert "no number" in caught.summary


def test_a_run_tells_its_call_and_of_the_reference_only_the_result(student: Proxy, reference: Proxy) -> None:
    mine, theirs = run(student.right), run(reference.right)
    assert last_call(student).startswith("Call: right(strategy of 2 replicas, [")
    assert (mine.replicas, mine.on) == (2, "CPU")
    assert {call["call"] for call in mine.calls} == {"distribute dataset", "run", "reduce"}
    assert mine.asked("reduce")[0]["op"] == "SUM"
    assert (theirs.calls, theirs.variables, theirs.stand_ins) == ((), (), {})
    student.loss_right.distributed(stand_in.batch(X), 4.0, replicas=1, inside=True)
    assert last_call(student) == "Call: strategy of 1 replica: loss_right(batch of 10 examples, 4.0)"


# ---- what depends on the number of replicas ------------------------------------------------------------


@pytest.mark.parametrize("name", ["global_batch", "global_batch_tensor"])
def test_the_global_batch_follows_the_replicas(student: Proxy, reference: Proxy, name: str) -> None:
    assert_follows_replicas(getattr(student, name), reference.global_batch, stand_in.strategy(), 16)


@pytest.mark.parametrize(
    ("name", "diagnosis"),
    [
        ("batch_written_down_size", "Is a batch size written down in the function?"),
        ("replicas_written_down", "strategy.num_replicas_in_sync tells"),
    ],
)
def test_numbers_that_are_written_down_are_told(student: Proxy, reference: Proxy, name: str, diagnosis: str) -> None:
    check = lambda: assert_follows_replicas(  # noqa: E731
        getattr(student, name), reference.global_batch, stand_in.strategy(), 16
    )
    caught = message(check)
    assert diagnosis in caught.diagnosis
    assert "expected" not in caught.got


@pytest.mark.parametrize("name", ["replicas_added", "replicas_divided", "replicas_printed"])
def test_other_numbers_are_not_blamed_on_what_is_written_down(student: Proxy, reference: Proxy, name: str) -> None:
    caught = message(
        lambda: assert_follows_replicas(getattr(student, name), reference.global_batch, stand_in.strategy(), 16)
    )
    assert not caught.diagnosis


@pytest.mark.parametrize("name", ["loss_average", "loss_each_divided", "loss_empty_for_none"])
@pytest.mark.parametrize(("examples", "replicas"), [(8, 4), (7, 2), (3, 8), (1, 2)])
def test_scaled_losses_are_accepted(student: Proxy, reference: Proxy, name: str, examples: int, replicas: int) -> None:
    assert_loss_scaled(
        scaled(getattr(student, name), examples, replicas), scaled(reference.loss_right, examples, replicas)
    )


@pytest.mark.parametrize(
    ("name", "examples", "replicas", "diagnosis"),
    [
        ("loss_mean", 8, 2, "The 2-replica loss is 2.000 times what it should be: divide by the global batch size"),
        ("loss_mean", 8, 4, "The 4-replica loss is 4.000 times"),
        ("loss_mean", 3, 8, "The mean of no examples is nan"),
        ("loss_divided_twice", 8, 2, "is it divided by the number of replicas as well"),
        ("loss_sum", 8, 4, ""),
        ("loss_not_reduced", 7, 2, ""),
        ("loss_none", 8, 2, ""),
    ],
)
def test_unscaled_losses_get_their_diagnosis(
    student: Proxy, reference: Proxy, name: str, examples: int, replicas: int, diagnosis: str
) -> None:
    mine, theirs = (scaled(getattr(s, f), examples, replicas) for s, f in ((student, name), (reference, "loss_right")))
    caught = message(lambda: assert_loss_scaled(mine, theirs))
    assert diagnosis in caught.diagnosis
    assert "expected" not in caught.got


def scaled(name: Any, examples: int, replicas: int) -> Run:
    """A loss on the shares of one batch; the batches are of 8, so that fewer are a last one."""
    values = Draw(3).uniform(examples, low=1.0, high=2.0)
    found = name.distributed(stand_in.batch(values), 8, replicas=replicas, inside=True)
    assert isinstance(found, Run)
    return found


# ---- strategies, variables, data -----------------------------------------------------------------------


@pytest.mark.parametrize("replicas", [1, 2, 4, 8])
def test_the_number_of_replicas(student: Proxy, replicas: int) -> None:
    devices = [f"CPU:{index}" for index in range(replicas)]
    assert_replicas(student.many.distributed(devices), replicas)
    if replicas != 2:
        assert (
            "written down"
            in message(lambda: assert_replicas(student.many_written_down.distributed(devices), replicas)).diagnosis
        )


def test_no_strategy_at_all(student: Proxy) -> None:
    assert message(lambda: assert_replicas(student.no_strategy.distributed(["CPU:0"]), 1)).got


def test_one_device_and_soft_placement(student: Proxy) -> None:
    assert_one_device(student.one.distributed("CPU:3"), "CPU:3", placed="CPU:3")
    # There is no GPU here: the strategy takes the processor and does not say so.
    assert_one_device(student.one.distributed("GPU:0"), "GPU:0", placed="CPU:0")
    assert_one_device(student.kept.distributed(), "/CPU:0")
    message(lambda: assert_one_device(student.one.distributed("GPU:0"), "GPU:0", placed="GPU:0"))
    message(lambda: assert_one_device(student.one_written_down.distributed("CPU:3"), "CPU:3"))
    message(lambda: assert_one_device(student.one_mirrored.distributed("CPU:3"), "CPU:3"))


def test_the_default_strategy_asks_for_no_device(student: Proxy) -> None:
    told = student.default.distributed().result
    assert (told["devices"], told["placed"], told["replicas"]) == ([], ["CPU:0"], 1)


def test_variables_that_are_returned_count_as_well(student: Proxy) -> None:
    assert_in_scope(student.make_variables.distributed(stand_in.strategy()))
    caught = message(lambda: assert_in_scope(student.make_outside.distributed(stand_in.strategy())))
    assert "mean/total" in caught.detail
    assert "Variable" not in caught.detail
    message(lambda: assert_in_scope(student.make_none.distributed(stand_in.strategy())))
    kept = student.kept.distributed(replicas=2)
    message(lambda: assert_in_scope(kept))


def test_one_replica_cannot_tell_what_a_scope_is(student: Proxy) -> None:
    with pytest.raises(TypeError, match="at least two replicas"):
        assert_in_scope(student.make_outside.distributed(stand_in.strategy(), replicas=1))
    with pytest.raises(TypeError, match="at least two numbers"):
        assert_replica_invariant(student.right, *DATA, replicas=(2,))


def test_distributed_data(student: Proxy, reference: Proxy) -> None:
    data = stand_in.strategy(), stand_in.dataset(X, Y, batch=4)
    run = student.distribute.distributed(*data)
    assert_distributed(run)
    assert_close(run.result, reference.distribute.distributed(*data).result)
    first, labels = run.result["distributed dataset"][0]
    assert [share.shape for share in first["per replica"]] == [(2, 2), (2, 2)]
    assert [share.shape for share in labels["per replica"]] == [(2, 1), (2, 1)]
    assert_distributed(student.distribute_by_function.distributed(*data))
    assert_distributed(student.distribute_several.distributed(*data, stand_in.dataset(X, batch=5)))
    message(lambda: assert_distributed(student.distribute_none.distributed(*data)))
    message(lambda: assert_distributed(student.distribute_one_of_two.distributed(*data, stand_in.dataset(X, batch=5))))
    message(lambda: assert_distributed(student.numbers_only.distributed(stand_in.strategy())))


# ---- the steps of the assignment -----------------------------------------------------------------------

PARTS = (
    stand_in.strategy(),
    stand_in.model(KERNEL, np.zeros(1, "float32")),
    stand_in.optimizer(0.1),
    stand_in.loss(),
    stand_in.loss(global_batch=4, name="compute_loss"),
    stand_in.metric("Mean"),
)
BATCHES = [(stand_in.batch(X[:4], Y[:4]),), (stand_in.batch(X[4:7], Y[4:7]),)]


def test_the_steps_of_the_assignment(student: Proxy, reference: Proxy) -> None:
    train = student.steps.distributed(*PARTS, then=BATCHES, pick=0)
    assert_run_on_replicas(train)
    assert_training_flag(train, True)
    assert_optimizer_steps(train, 2, optimizer="optimizer")
    assert_not_called(train, "loss")
    assert_reduced(train, reference.steps.distributed(*PARTS, then=BATCHES, pick=0))
    one = assert_replica_invariant(student.steps, *PARTS, then=BATCHES, pick=0, replicas=(1, 2))
    weights = [run.stand_ins["model"]["weights"] for run in (one, train)]
    assert_close(*weights)
    test = student.steps.distributed(*PARTS, then=BATCHES, pick=1)
    assert_training_flag(test, False)
    assert_updated_on_replicas(test)
    assert_not_called(test, "compute_loss")
    assert_optimizer_steps(test, 0, optimizer="optimizer")
    each = ((X[:7] @ KERNEL - Y[:7]) ** 2)[:, 0]
    assert test.stand_ins["metric"]["result"].array == pytest.approx(each.mean(), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "pick", "check", "words"),
    [
        ("steps_wrong", 0, lambda r: assert_training_flag(r, True), "a train step calls the model"),
        ("steps_wrong", 1, lambda r: assert_training_flag(r, False), "a test step with training=False"),
        ("steps_wrong", 1, assert_updated_on_replicas, "Update it in the step that runs on each replica"),
        ("steps_wrong", 1, lambda r: assert_not_called(r, "compute_loss"), "a test step reports the loss"),
        ("steps_wrong", 0, lambda r: assert_optimizer_steps(r, 2, optimizer="optimizer"), ""),
        ("steps_idle", 0, lambda r: assert_training_flag(r, True), ""),
        ("steps_idle", 1, assert_updated_on_replicas, ""),
    ],
)
def test_wrong_steps_get_their_diagnosis(
    student: Proxy, name: str, pick: int, check: Callable[[Run], None], words: str
) -> None:
    found = getattr(student, name).distributed(*PARTS, then=BATCHES, pick=pick)
    assert words in message(lambda: check(found)).diagnosis


@pytest.mark.parametrize(
    ("pick", "words"), [(0, "nothing resets the metric"), (1, "Each batch is counted once"), (2, "of the same step")]
)
def test_what_a_metric_has_counted(student: Proxy, reference: Proxy, pick: int, words: str) -> None:
    wanted = reference.steps.distributed(*PARTS, then=BATCHES, pick=1, watched=True)
    assert_updated_on_replicas(student.steps.distributed(*PARTS, then=BATCHES, pick=1), wanted)
    found = student.steps_of_metric.distributed(*PARTS, then=BATCHES, pick=pick)
    assert_updated_on_replicas(found)
    assert words in message(lambda: assert_updated_on_replicas(found, wanted)).diagnosis


# ---- how it is done ------------------------------------------------------------------------------------


def test_the_strategy_is_what_it_seems(student: Proxy) -> None:
    found = student.look_around.distributed(stand_in.strategy())
    assert found.result == (False, True, True, "MirroredStrategy")


def test_autograph_works_inside_of_a_run(student: Proxy) -> None:
    found = student.converted.distributed(stand_in.strategy(), stand_in.batch(X))
    assert found.result.array == pytest.approx(X.sum(), rel=1e-5)


def test_too_few_devices_are_told(student: Proxy) -> None:
    with pytest.raises(CallFailed) as caught:
        student.global_batch.distributed(stand_in.strategy(), 4, replicas=16)
    assert "16 replicas need 16 logical devices, and there are 8" in caught.value.failure.evalue


def test_a_failed_collective_costs_its_own_check_only(session: Session) -> None:
    student, x = Proxy(session), np.ones(2, "float32")
    assert student.good_collective(x).array.tolist() == [2, 2]
    with pytest.raises(CallFailed) as caught:
        student.failed_collective(x)
    assert "Collective" in caught.value.failure.evalue
    assert student.good_collective(x).array.tolist() == [2, 2]


def test_a_failed_collective_in_a_student_s_own_notebook_asks_for_a_restart() -> None:
    from tensorflow.errors import InvalidArgumentError

    def fails() -> None:
        raise InvalidArgumentError(None, None, "Collective ops is aborted by: Shape mismatch")

    def raises() -> None:
        raise InvalidArgumentError(None, None, "incompatible shapes")

    for call, told in ((fails, True), (raises, False)):
        with pytest.raises(CallFailed) as caught:
            Proxy(_Live(Responder({"f": call}, {}))).f()
        assert ("Restart the kernel" in caught.value.failure.evalue) is told


def test_a_cell_with_a_failed_collective_is_not_run_again(starter: sandbox.Starter) -> None:
    steps = (Step(0, "a", OTHERS), Step(1, "b", "n = 1\nfailed_collective(1)"), Step(2, "c", "m = n"))
    with Session(starter, steps, Limits(devices=2)) as session:
        session.run()
        error = session.runs[1].error
        assert error is not None
        assert error["ename"] == "InvalidArgumentError"
        assert Proxy(session).good_collective(np.ones(2, "float32")).array.tolist() == [2, 2]


@pytest.mark.parametrize(
    "reply", [None, [], {"replicas": 2}, {"replicas": "x", "on": "CPU", "result": 1}, {"calls": 3, "replicas": 1}]
)
def test_what_is_no_report_of_a_run_is_refused(reply: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        Run.read("f", reply)


def test_a_tpu_is_looked_for_where_no_notebook_ran(starter: sandbox.Starter, student: Proxy) -> None:
    class Liar:
        def ask(self, request: Any) -> Any:
            return {"found": True, "cores": 8, "why": ""}

    with Session(starter, (), Limits()) as clean:
        found = Proxy(Liar(), clean=clean).detect_tpu()
    assert found["found"] is False
    assert found["cores"] == 0
    assert found["why"].startswith("ValueError")
    # Where there is none, the same code runs on logical devices, and says so.
    run = student.global_batch.distributed(stand_in.strategy(), 4, replicas=8, tpu=True)
    assert (run.on, run.replicas, run.result) == ("CPU", 8, 32)


# ---- in grading, and in a student's own notebook -------------------------------------------------------

VISIBLE = '''
import pytest
from autograder.expect import assert_close, assert_replica_invariant, stand_in

@pytest.mark.points(2, hint="Who divides by what?")
def test_square_replicas(student, reference, draw):
    """square gives the same on 1 and on 2 replicas."""
    args = stand_in.strategy(), stand_in.batch(draw.normal(6))
    one = assert_replica_invariant(student.square, *args, replicas=(1, 2))
    assert_close(one.result, reference.square.distributed(*args, replicas=1).result)

@pytest.mark.points(1)
def test_cube_value(student, reference, draw):
    """cube multiplies each element by its square."""
    x = draw.normal(3)
    assert_close(student.cube(x), reference.cube(x))
'''
MEAN_SQUARE = """def square(strategy, x):
    ### BEGIN SOLUTION
    parts = strategy.run(lambda x: tf.reduce_sum(x * x) / 6, args=(x,))
    return strategy.reduce("SUM", parts, axis=None)
    ### END SOLUTION"""
WRONG_SQUARE = MEAN_SQUARE.replace("tf.reduce_sum(x * x) / 6", "tf.reduce_mean(x * x)")
TWO_DEVICES = (
    "cpu = tf.config.list_physical_devices('CPU')[0]\n"
    "tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)"
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course in which square runs under a strategy; its visible check is a hidden one as well."""
    hidden = VISIBLE.replace("square_replicas", "square_hidden").split("@pytest.mark.points(1)")[0]
    course = write_course(tmp_path_factory.mktemp("strategies"), VISIBLE, hidden)
    (course.root / "source/small/powers.ipynb").write_text(json.dumps(notebook(MEAN_SQUARE)))
    (course.root / "tests/graded/small/settings.toml").write_text("devices = 2\n")
    return course


def test_grading_tells_the_diagnosis_and_no_expected_value(course: Course, starter: sandbox.Starter) -> None:
    path = submit(course, "someone", notebook(WRONG_SQUARE))
    with Grader(course, seed=1, start=Shared(starter)) as grader:
        graded = grader.grade_file(path, "small", "powers", "someone").result
        visible, _, hidden = graded.outcomes
    assert (visible.status, hidden.status) == (Status.FAILED, Status.FAILED)
    assert (
        "The 2-replica loss is 2.000 times what the 1-replica one is: divide by the global batch size"
        in visible.message
    )
    assert "Call: square(strategy of 2 replicas, batch of 6 examples)" in visible.message
    assert "expected" not in visible.message
    assert visible.hint == "Who divides by what?"
    assert hidden.message == "The result depends on the number of replicas."


def test_a_release_does_not_tell_how_the_solution_does_it(course: Course, starter: sandbox.Starter) -> None:
    recorded = release.files(course, "small", "powers", Shared(starter))["checks/powers/recorded.json"]
    replies = [wire.unpack(base64.b64decode(text)) for text in json.loads(recorded)["replies"].values()]
    runs = [reply for reply in replies if isinstance(reply, dict)]
    assert [set(run) for run in runs] == [{"on", "replicas", "result"}]


def test_too_few_devices_in_the_settings_are_the_instructor_s_to_mend(
    course: Course, tmp_path: Path, starter: sandbox.Starter
) -> None:
    other = write_course(tmp_path, VISIBLE, "")
    (other.root / "source/small/powers.ipynb").write_text(json.dumps(notebook(MEAN_SQUARE)))
    path = submit(other, "someone", notebook(MEAN_SQUARE))
    with Grader(other, seed=1, start=Shared(starter)) as grader:
        outcomes = grader.grade_file(path, "small", "powers", "someone").result.outcomes
    assert [outcome.status for outcome in outcomes] == [Status.FAULT, Status.PASSED]
    assert "2 replicas need 2 logical devices" in outcomes[0].detail


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (TWO_DEVICES, ("The 2-replica loss is 2.000 times", "2 of 2 points")),
        ("tf.constant(1) + 1", ("not checked", "restart the kernel and run the notebook from its first cell")),
    ],
)
def test_a_student_s_own_notebook(
    course: Course, tmp_path: Path, starter: sandbox.Starter, first: str, words: tuple[str, str]
) -> None:
    for name, data in release.files(course, "small", "powers", Shared(starter)).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    node = notebook(WRONG_SQUARE, extra=[first])
    node["cells"].append(code("right", f"{MEAN_SQUARE}\ncheck('square')\nprint(len(tf.config.list_logical_devices()))"))
    parsed = nbformat.from_dict(node)  # type: ignore[no-untyped-call]
    client = NotebookClient(parsed, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    cells = {cell["id"]: cell["outputs"] for cell in parsed["cells"] if cell["cell_type"] == "code"}
    shown = [_text(cells[name]) for name in ("square", "right")]
    if first == TWO_DEVICES:
        assert words[0] in shown[0]
        assert words[1] in shown[1]
    else:
        assert all(word in text for word in words for text in shown)
    assert all("Using MirroredStrategy" not in text for text in shown)  # what TensorFlow logs about it


def _text(outputs: list[Any]) -> str:
    return "\n".join(str(each.get("text") or each["data"]["text/plain"]) for each in outputs)
