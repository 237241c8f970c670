"""Checks of training loops: right answers of many forms, wrong ones that learners write, and the convergence gate."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from courses import Shared, notebook, write_course

from autograder import sandbox, spec
from autograder.draw import Draw
from autograder.errors import CallFailed
from autograder.expect import (
    CheckFailed,
    Gate,
    assert_converges,
    assert_metrics,
    assert_no_training,
    assert_results,
    assert_steps,
    assert_trajectory,
    flake_rate,
    measuring_flakes,
)
from autograder.grade import Grader
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Proxy, last_call
from autograder.trained import Curves, Training
from autograder.worker import Responder

SETUP = """
import numpy as np, tensorflow as tf, keras
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
optimizer = keras.optimizers.SGD(0.3)
loss_object = keras.losses.BinaryCrossentropy(from_logits=True)
metric = keras.metrics.BinaryAccuracy(threshold=0.0)
"""
REFERENCE = """
def apply_gradient(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

def train_epoch(dataset, optimizer, loss_object, model, metric):
    metric.reset_state()
    losses = []
    for x, y in dataset:
        logits, loss = apply_gradient(optimizer, loss_object, model, x, y)
        metric.update_state(y, logits)
        losses.append(loss)
    return losses

def fit(train_data, valid_data, optimizer, loss_object, model):
    for x, y in train_data:
        apply_gradient(optimizer, loss_object, model, x, y)
    return [float(loss_object(y, model(x, training=False))) for x, y in valid_data]

def validate(dataset, loss_object, model):
    return [loss_object(y, model(x, training=False)) for x, y in dataset]

def train(dataset, optimizer, loss_object, model):
    for epoch in range(3):
        for x, y in dataset:
            apply_gradient(optimizer, loss_object, model, x, y)

def use_globals(x, y):
    return apply_gradient(optimizer, loss_object, model, x, y)[1]
"""
# Answers of students; each function's name is its row in the tables below.
ANSWERS = """
def step_apply(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y_true=y, y_pred=logits)
    optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    return [logits, loss]

def step_apply_alone(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    optimizer.apply(tape.gradient(loss, model.trainable_variables))
    return logits, loss

def step_inside(optimizer, loss_object, model, x, y):
    with tf.GradientTape(persistent=True) as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
        gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

def step_persistent(optimizer, loss_object, model, x, y):
    with tf.GradientTape(persistent=True) as tape:
        logits = model(x, training=tf.constant(True))
        loss = loss_object(y, logits)
    gradients = [tape.gradient(loss, weight) for weight in model.weights]
    optimizer.apply_gradients(list(zip(gradients, model.weights))[::-1])
    return logits, float(loss)

@tf.function
def step_graph(optimizer, loss_object, model, x, y):
    return step_apply(optimizer, loss_object, model, x, y)

@tf.function(jit_compile=False, reduce_retracing=True)
def step_graph_again(optimizer, loss_object, model, x, y):
    return step_inside(optimizer, loss_object, model, x, y)

step_jit = tf.function(step_apply, jit_compile=True)

def no_tape(optimizer, loss_object, model, x, y):
    logits = model(x, training=True)
    loss = loss_object(y, logits)
    with tf.GradientTape() as tape:
        pass
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

def no_tape_apply(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
    loss = loss_object(y, logits)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return logits, loss

def left_tensorflow(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, tf.constant(logits.numpy()))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return logits, loss

def part_of_them(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip([None] + gradients[1:], model.trainable_variables))
    return logits, loss

def swapped(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(logits, y)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

swapped_graph = tf.function(swapped)

def never_applied(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    return logits, loss

def twice(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

twice_graph = tf.function(twice)

def own_rate(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    for weight, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
        weight.assign_sub(0.01 * gradient)
    return logits, loss

def own_optimizer(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    keras.optimizers.SGD(0.1).apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

def scaled(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = [2 * gradient for gradient in tape.gradient(loss, model.trainable_variables)]
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

def uphill(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_object(y, logits)
    gradients = [-gradient for gradient in tape.gradient(loss, model.trainable_variables)]
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

def late(optimizer, loss_object, model, x, y):
    step_apply(optimizer, loss_object, model, x, y)
    logits = model(x, training=True)
    return logits, loss_object(y, logits)

late_graph = tf.function(late)

def other_order(optimizer, loss_object, model, x, y):
    logits, loss = step_apply(optimizer, loss_object, model, x, y)
    return loss, logits

def nothing(optimizer, loss_object, model, x, y):
    step_apply(optimizer, loss_object, model, x, y)

def loss_alone(optimizer, loss_object, model, x, y):
    return step_apply(optimizer, loss_object, model, x, y)[1]

global_model = model
def another_model(optimizer, loss_object, model, x, y):
    return step_apply(optimizer, loss_object, global_model, x, y)

global_loss = keras.losses.MeanSquaredError()
def another_loss(optimizer, loss_object, model, x, y):
    return step_apply(optimizer, global_loss, model, x, y)

def inference(optimizer, loss_object, model, x, y):
    with tf.GradientTape() as tape:
        logits = model(x)
        loss = loss_object(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return logits, loss

# ---- epochs

def epoch_array(dataset, optimizer, loss_object, model, metric):
    metric.reset_state()
    losses = []
    for x, y in dataset:
        logits, loss = step_graph(optimizer, loss_object, model, x, y)
        metric.update_state(y, logits)
        losses.append(loss.numpy())
    return np.array(losses)

@tf.function
def epoch_graph(dataset, optimizer, loss_object, model, metric):
    metric.reset_state()
    losses = tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=())
    for x, y in dataset:
        logits, loss = step_apply(optimizer, loss_object, model, x, y)
        metric(y, logits)
        losses = losses.write(losses.size(), loss)
    return losses.stack()

def epoch_enumerated(dataset, optimizer, loss_object, model, metric):
    for variable in metric.variables:
        variable.assign(tf.zeros_like(variable))
    def one(batch):
        logits, loss = step_apply(optimizer, loss_object, model, *batch)
        metric.update_state(batch[1], logits)
        return float(loss)
    return tuple(one(batch) for number, batch in enumerate(dataset))

def epoch_last(dataset, optimizer, loss_object, model, metric):
    return epoch_array(dataset, optimizer, loss_object, model, metric)[-1]

def epoch_no_metric(dataset, optimizer, loss_object, model, metric):
    metric.reset_state()
    return [step_apply(optimizer, loss_object, model, x, y)[1] for x, y in dataset]

def epoch_no_reset(dataset, optimizer, loss_object, model, metric):
    losses = []
    for x, y in dataset:
        logits, loss = step_apply(optimizer, loss_object, model, x, y)
        metric.update_state(y, logits)
        losses.append(loss)
    return losses

def epoch_swapped_metric(dataset, optimizer, loss_object, model, metric):
    metric.reset_state()
    losses = []
    for x, y in dataset:
        logits, loss = step_apply(optimizer, loss_object, model, x, y)
        metric.update_state(logits, y)
        losses.append(loss)
    return losses

global_metric = metric
def epoch_global_metric(dataset, optimizer, loss_object, model, metric):
    return epoch_array(dataset, optimizer, loss_object, model, global_metric)

global_dataset = tf.data.Dataset.from_tensor_slices((tf.ones((10, 3)), tf.ones((10, 1)))).batch(4)
def epoch_global_dataset(dataset, optimizer, loss_object, model, metric):
    return epoch_array(global_dataset, optimizer, loss_object, model, metric)

def epoch_one_step(dataset, optimizer, loss_object, model, metric):
    metric.reset_state()
    losses = []
    for x, y in dataset:
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = loss_object(y, logits)
        metric.update_state(y, logits)
        losses.append(loss)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return losses

def fit_trains_on_both(train_data, valid_data, optimizer, loss_object, model):
    for x, y in train_data:
        step_apply(optimizer, loss_object, model, x, y)
    return [float(step_apply(optimizer, loss_object, model, x, y)[1]) for x, y in valid_data]

def fit_wrong_mode(train_data, valid_data, optimizer, loss_object, model):
    for x, y in train_data:
        step_apply(optimizer, loss_object, model, x, y)
    return [float(loss_object(y, model(x, training=True))) for x, y in valid_data]

# ---- validation

def validate_array(dataset, loss_object, model):
    return np.array([loss_object(y, model(x)) for x, y in dataset])

def validate_trains(dataset, loss_object, model):
    losses = []
    for x, y in dataset:
        with tf.GradientTape() as tape:
            loss = loss_object(y, model(x, training=False))
        for weight, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
            weight.assign_sub(0.1 * gradient)
        losses.append(loss)
    return losses

def validate_in_training_mode(dataset, loss_object, model):
    return [loss_object(y, model(x, training=True)) for x, y in dataset]

# ---- whole trainings

def train_shuffled(dataset, optimizer, loss_object, model):
    for epoch in range(3):
        for x, y in dataset.unbatch().shuffle(40).batch(8):
            step_apply(optimizer, loss_object, model, x, y)

def train_never(dataset, optimizer, loss_object, model):
    for epoch in range(3):
        for x, y in dataset:
            never_applied(optimizer, loss_object, model, x, y)

def train_uphill(dataset, optimizer, loss_object, model):
    for epoch in range(3):
        for x, y in dataset:
            uphill(optimizer, loss_object, model, x, y)

def train_little(dataset, optimizer, loss_object, model):
    optimizer.learning_rate = 0.01
    for epoch in range(3):
        for x, y in dataset:
            step_apply(optimizer, loss_object, model, x, y)

def train_longer(dataset, optimizer, loss_object, model):
    for epoch in range(6):
        for x, y in dataset:
            step_apply(optimizer, loss_object, model, x, y)

def train_one_epoch(dataset, optimizer, loss_object, model):
    for x, y in dataset:
        step_apply(optimizer, loss_object, model, x, y)

def forge_curves(dataset, optimizer, loss_object, model):
    from autograder.probes import loops
    loops._losses = lambda model, points, data, loss: [0.7 / (1 + place) for place in range(len(points))]

def raises(optimizer, loss_object, model, x, y):
    raise RuntimeError("not yet")
"""

Ask = Callable[[Proxy], Any]


class Sides:
    """The student's notebook with all answers, and the reference."""

    def __init__(self, student: Proxy, reference: Proxy) -> None:
        self.student = student
        self.reference = reference


@pytest.fixture(scope="module")
def sides(starter: sandbox.Starter) -> Iterator[Sides]:
    start = Shared(starter)
    answers, solution = ([Step(0, "a", SETUP), Step(1, "b", text)] for text in (ANSWERS, REFERENCE))
    limits = Limits(request_seconds=60)
    with (
        Session(start, answers, limits) as first,
        Session(start, solution, limits) as second,
        Session(start, [], limits) as clean,
    ):
        yield Sides(Proxy(first, clean=clean), Proxy(second, reference=True))


def step(name: str, layers: Any = None, rate: float = 0.1) -> Ask:
    """Three calls of a function that takes one step."""

    def ask(side: Proxy) -> Any:
        draw = Draw(5, "step")
        x, y = draw.normal(3, 8, 3), draw.integers(3, 8, 1, high=2).astype("float32")
        model = spec.model(layers or [spec.dense(4, "tanh"), spec.dense(1)], 3, draw)
        loss = spec.loss("bce", from_logits=True)
        asked = getattr(side, "apply_gradient" if side._reference else name)
        return asked.training(spec.sgd(rate), loss, model, spec.each(x), spec.each(y))

    return ask


def epoch(name: str, times: int = 1) -> Ask:
    """Some calls of a function that trains for an epoch of three batches, the last of them smaller."""

    def ask(side: Proxy) -> Any:
        draw = Draw(6, "epoch")
        x = draw.normal(10, 3)
        y = (x[:, :1] > 0).astype("float32")
        model = spec.model([spec.dense(1)], 3, draw)
        parts = spec.dataset(x, y, batch=4), spec.sgd(0.5), spec.loss("bce", from_logits=True), model
        asked = getattr(side, "train_epoch" if side._reference else name)
        return asked.training(*parts, spec.metric("BinaryCrossentropy", from_logits=True), times=times)

    return ask


def fit(name: str) -> Ask:
    """A function that trains on one data set and validates on another."""

    def ask(side: Proxy) -> Any:
        draw = Draw(7, "fit")
        x, y = draw.normal(12, 3), draw.normal(12, 1)
        sets = spec.dataset(x[:8], y[:8], batch=4), spec.dataset(x[8:], y[8:], batch=2)
        model = spec.model([spec.dense(4), spec.mode(), spec.dense(1)], 3, draw)
        asked = getattr(side, "fit" if side._reference else name)
        return asked.training(*sets, spec.sgd(0.1), spec.loss("mse"), model)

    return ask


def validation(name: str) -> Ask:
    """A function that validates."""

    def ask(side: Proxy) -> Any:
        draw = Draw(8, "validate")
        model = spec.model([spec.dense(4), spec.mode(), spec.dense(1)], 3, draw)
        data = spec.dataset(draw.normal(6, 3), draw.normal(6, 1), batch=2)
        asked = getattr(side, "validate" if side._reference else name)
        return asked.training(data, spec.loss("mse"), model)

    return ask


def whole(name: str) -> Ask:
    """Runs of a function that trains for three epochs of three batches."""

    def ask(side: Proxy) -> Any:
        draw = Draw(9, "whole")
        x = draw.normal(24, 3)
        y = (x[:, :1] - x[:, 1:2] > 0).astype("float32")
        model, loss = spec.model([spec.dense(1)], 3, draw), spec.loss("bce", from_logits=True)
        data = spec.dataset(x, y, batch=8, shuffle=draw)
        asked = getattr(side, "train" if side._reference else name)
        return asked.convergence(data, spec.sgd(0.3), loss, model, data=(x, y), loss=loss, runs=3)

    return ask


@pytest.fixture(scope="module")
def converged(sides: Sides) -> Any:
    """The curves of the reference."""
    return whole("")(sides.reference)


def training(actual: Training, desired: Training) -> None:
    """Everything that is asked of a loop that trains."""
    assert_trajectory(actual, desired)
    assert_metrics(actual, desired)
    assert_results(actual, desired)


RIGHT = [
    *(step(name) for name in ("step_apply", "step_apply_alone", "step_inside", "step_persistent")),
    *(step(name) for name in ("step_graph", "step_graph", "step_graph_again", "step_jit", "inference")),
    *(step(name, [spec.dense(4), spec.mode(), spec.dense(1)]) for name in ("step_persistent", "step_graph")),
    step("step_apply", [spec.layer("BatchNormalization"), spec.dense(1)]),
    *(epoch(name, times) for name in ("epoch_array", "epoch_graph", "epoch_enumerated") for times in (1, 2)),
    validation("validate_array"),
]


@pytest.mark.parametrize("ask", RIGHT)
def test_right_answers_are_accepted(sides: Sides, ask: Ask) -> None:
    actual, desired = ask(sides.student), ask(sides.reference)
    training(actual, desired)


MODE = [spec.dense(4), spec.mode(), spec.dense(1)]
NO_PATH = "The tape saw no path from the weights to the loss."
WRONG: list[tuple[Ask, str, str]] = [
    (step("no_tape"), "The optimizer got None", NO_PATH),
    (step("no_tape_apply"), "The optimizer got None", NO_PATH),
    (step("left_tensorflow"), "The optimizer got None", NO_PATH),
    (step("part_of_them"), "Some gradients that reach the optimizer are None.", NO_PATH),
    (step("swapped"), "The gradients of step 1", "The loss is given the predictions for the labels"),
    (step("swapped_graph"), "The gradients of step 1", "The loss is given the predictions for the labels"),
    (step("never_applied"), "another number of steps", "The gradients are never applied"),
    (step("twice"), "another number of steps", "The gradients are applied twice"),
    (step("twice_graph"), "another number of steps", "The gradients are applied twice"),
    (step("own_rate"), "another number of steps", "not through the optimizer that the function is given"),
    (step("own_optimizer"), "another number of steps", "not through the optimizer that the function is given"),
    (step("scaled"), "The gradients of step 1", "the same multiple of the expected one"),
    (step("uphill"), "The gradients of step 1", "the wrong sign"),
    (step("late"), "The result of call 1", "computed once more after the step"),
    (step("late_graph"), "The result of call 1", "computed once more after the step"),
    (step("other_order"), "The parts of the result of call 1 are in another order", "Every part is right"),
    (step("nothing"), "The result of call 1 is None. Did you forget a return?", ""),
    (step("loss_alone"), "The result of call 1 has other parts than expected.", ""),
    (step("another_model"), "The optimizer got the gradients of variables", "the weights of another model"),
    (step("another_loss"), "The gradients of step 1", "The loss that the function is given is never called"),
    (step("inference", MODE), "The gradients of step 1", "without training=True"),
    (epoch("epoch_last"), "is not of the expected form", "is each loss appended to a list"),
    (epoch("epoch_no_metric"), "The result of metric is not", "never updated"),
    (epoch("epoch_no_reset", 2), "The result of metric is not", "The metric is never reset"),
    (epoch("epoch_swapped_metric"), "The result of metric is not", "update_state(y_true, y_pred)"),
    (epoch("epoch_global_metric"), "The result of metric is not", "never updated"),
    (epoch("epoch_global_dataset"), "The gradients of step 1", "No batch is taken from a data set"),
    (epoch("epoch_one_step"), "another number of steps", "is the step inside of the loop over the batches?"),
    (fit("fit_trains_on_both"), "another number of steps", "validation must not train"),
    (validation("validate_in_training_mode"), "The result", "training=True where it should not be"),
    (validation("validate_trains"), "The weights at the end", ""),
]


@pytest.mark.parametrize(("ask", "summary", "diagnosis"), WRONG)
def test_wrong_answers_are_caught_and_diagnosed(sides: Sides, ask: Ask, summary: str, diagnosis: str) -> None:
    actual, desired = ask(sides.student), ask(sides.reference)
    with pytest.raises(CheckFailed) as caught:
        training(actual, desired)
    told = caught.value.summary
    assert summary in told
    assert diagnosis in caught.value.diagnosis
    assert not any(f"{number:.6g}" in told for number in np.ravel(numbers(desired.results)) if number)


def numbers(value: Any) -> list[float]:
    """All numbers of a result."""
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in numbers(item)]
    return [] if value is None else [float(number) for number in np.ravel(np.asarray(value))]


def test_a_loss_of_validation_after_the_last_step_is_not_a_mistake(sides: Sides) -> None:
    desired = fit("")(sides.reference)
    training(desired, desired)
    with pytest.raises(CheckFailed, match=r"training=True where it should not be|The result is not"):
        training(fit("fit_wrong_mode")(sides.student), desired)


def test_what_is_graded_tells_nothing_of_what_was_expected(sides: Sides) -> None:
    actual, desired = step("scaled")(sides.student), step("")(sides.reference)
    with pytest.raises(CheckFailed) as caught:
        assert_trajectory(actual, desired)
    assert "expected: " in caught.value.detail
    assert "expected" not in caught.value.got
    assert caught.value.got.startswith("got: ")


def test_steps_alone(sides: Sides) -> None:
    desired = step("")(sides.reference)
    assert_steps(step("scaled")(sides.student), desired)
    with pytest.raises(CheckFailed, match="3 steps"):
        assert_steps(step("twice")(sides.student), desired)


def test_an_error_of_the_answer_is_told(sides: Sides) -> None:
    with pytest.raises(CallFailed, match="not yet"):
        step("raises")(sides.student)


def test_the_call_reads_as_the_student_would_write_it(sides: Sides) -> None:
    step("step_apply")(sides.student)
    assert last_call(sides.student) == (
        "Call: step_apply(SGD(learning_rate=0.1), BinaryCrossentropy(from_logits=True), "
        "Sequential([Dense(units=4, activation='tanh'), Dense(units=1)]), <another one in each of 3 calls>, "
        "<another one in each of 3 calls>)"
    )


# ---- validation --------------------------------------------------------------------------------------


def test_validation_does_not_train(sides: Sides) -> None:
    assert_no_training(validation("validate_array")(sides.student))


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (validation("validate_trains"), "Weights of the model have other values"),
        (validation("validate_in_training_mode"), "called with training=True"),
        (fit("fit_trains_on_both"), "takes steps here"),
    ],
)
def test_validation_that_trains_is_caught(sides: Sides, ask: Ask, words: str) -> None:
    with pytest.raises(CheckFailed, match=words) as caught:
        assert_no_training(ask(sides.student))
    assert caught.value.diagnosis


# ---- names of the notebook ---------------------------------------------------------------------------


def test_models_of_the_notebook_get_their_values_back(sides: Sides) -> None:
    def weights() -> list[Any]:
        return [item.tolist() for item in sides.reference.use_globals.training(x, y, watch=watched).models[0].before]

    draw = Draw(1, "globals")
    x, y = draw.normal(4, 3), draw.normal(4, 1)
    watched = [spec.notebook("model")]
    first = sides.reference.use_globals.training(x, y, watch=watched, times=2)
    assert first.models[0].changed
    assert weights() == [item.tolist() for item in first.models[0].before]


def test_a_live_notebook_is_left_as_it_was() -> None:
    import keras
    import tensorflow as tf

    model, optimizer = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]), keras.optimizers.SGD(0.1)

    def own(x: Any, y: Any) -> Any:
        return steps(optimizer, keras.losses.MeanSquaredError(), model, x, y)

    def steps(optimizer: Any, loss: Any, model: Any, x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return value

    names = {"own": own, "steps": steps, "model": model, "optimizer": optimizer, "call": lambda model, x: model(x)}
    live = Proxy(InProcess(names))
    draw = Draw(2, "live")
    x, y = draw.normal(4, 3), draw.normal(4, 1)
    before = [weight.tolist() for weight in model.get_weights()]
    tf.random.set_seed(7)
    tf.random.normal(())
    watched = [spec.notebook("model", weights=draw), spec.notebook("optimizer")]
    for ask in (
        lambda: live.own.training(x, y, watch=watched, times=3),
        lambda: live.own.convergence(x, y, watch=watched, data=(x, y), loss=spec.loss("mse"), runs=2),
        lambda: live.model.layer(x, weights=draw),
        lambda: live.call(spec.notebook("model", weights=draw), x),
        lambda: live.call.training(spec.notebook("model", weights=draw), 3),
    ):
        with contextlib.suppress(CallFailed):
            ask()
        assert [weight.tolist() for weight in model.get_weights()] == before
        assert optimizer.iterations.numpy() == 0
    given = spec.sgd(0.1), spec.loss("mse"), spec.model([spec.dense(1)], 3, draw)
    recorded = live.steps.training(*given, x, y, times=3)
    assert_trajectory(recorded, recorded)
    assert (recorded.steps, len(recorded.results)) == (3, 3)
    drawn = live.steps.convergence(*given, x, y, data=(x, y), loss=spec.loss("mse"), runs=2)
    assert [len(curve) for curve in drawn.losses] == [2, 2]
    after = float(tf.random.normal(()))
    tf.random.set_seed(7)
    tf.random.normal(())
    assert after == float(tf.random.normal(()))  # the random state went on where it was


def test_the_same_weights_for_a_model_of_the_notebook() -> None:
    names = {"build": lambda units: __import__("keras").layers.Dense(units), "call": lambda model, x: model(x)}
    side = Proxy(InProcess(names))
    outputs = [
        np.asarray(side.call(spec.notebook("build", 2, weights=Draw(seed, "w"), inputs=3), Draw(1).normal(4, 3)))
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(outputs[0], outputs[1])
    assert not np.array_equal(outputs[0], outputs[2])


class InProcess:
    """A student's own kernel: it answers from live names."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._responder = Responder(names, {})

    def ask(self, request: Mapping[str, Any]) -> Any:
        from autograder import wire

        return wire.unpack(wire.pack(self._responder.answer(wire.unpack(wire.pack(dict(request))))))


# ---- convergence -------------------------------------------------------------------------------------


def test_training_that_is_random_is_accepted(sides: Sides, converged: Curves) -> None:
    actual = whole("train_shuffled")(sides.student)
    assert actual.losses != converged.losses
    assert_converges(actual, converged)


@pytest.mark.parametrize(
    ("name", "summary", "diagnosis"),
    [
        ("train_never", "The final loss is too large", "not trained at all"),
        ("train_uphill", "The final loss is too large", "The loss grows"),
        ("train_little", "The final loss is too large", ""),
        ("train_longer", "more steps than it may", "applied more than once"),
        ("train_one_epoch", "The final loss is too large", "fewer steps than batches"),
        ("forge_curves", "The final loss is too large", "not trained at all"),
    ],
)
def test_training_that_does_not_converge_is_caught(
    sides: Sides, converged: Curves, name: str, summary: str, diagnosis: str
) -> None:
    actual = whole(name)(sides.student)
    with pytest.raises(CheckFailed) as caught:
        assert_converges(actual, converged)
    assert summary in caught.value.summary
    assert diagnosis in caught.value.diagnosis


def test_the_flake_rate_is_measured_on_the_reference(converged: Curves) -> None:
    desired = converged
    with measuring_flakes() as found:
        assert_converges(desired, desired)
    [rate] = found
    assert (rate.runs, rate.group, rate.comparisons) == (12, 3, 400)
    assert rate.rate <= 0.01
    assert "of 400 comparisons of 3 with 3 other runs, of 12 runs of the solution" in str(rate)
    strict = flake_rate(desired, Gate(slack=0.0))
    assert strict.rate > 0.1
    assert_converges(desired, desired)
    assert found == [rate]  # nothing is measured outside of the context


CONVERGES = """
import pytest
from autograder import spec
from autograder.expect import assert_converges

@pytest.mark.points(1)
def test_square_converges(student, reference, draw):
    \"\"\"The training converges.\"\"\"
    x = draw.normal(12, 2)
    call = spec.dataset(x, x[:, :1], batch=4, shuffle=draw), spec.sgd(0.2), spec.model([spec.dense(1)], 2, draw)
    asked = {"data": (x, x[:, :1]), "loss": spec.loss("mse"), "runs": 2}
    assert_converges(student.square.convergence(*call, **asked), reference.square.convergence(*call, **asked))

@pytest.mark.points(1)
def test_cube_value(student):
    \"\"\"There is something.\"\"\"
    student.cube(2)
"""
TRAINS = """
def square(dataset, optimizer, model):
    ### BEGIN SOLUTION
    for x, y in dataset:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    ### END SOLUTION
"""


def test_the_flake_rates_of_a_course_are_measured_when_its_reference_is_proven(
    starter: sandbox.Starter, tmp_path: Path
) -> None:
    course = write_course(tmp_path, CONVERGES, "")
    (tmp_path / "source/small/powers.ipynb").write_text(json.dumps(notebook(square=TRAINS)))
    with measuring_flakes() as found, Grader(course, seed=1, start=Shared(starter)) as grader:
        assert [check.id for check in grader.checks("small", "powers")] == ["test_square_converges", "test_cube_value"]
    assert [(rate.check, rate.group, rate.runs) for rate in found] == [("test_square_converges", 2, 8)]
    with Grader(course, seed=1, start=Shared(starter)) as grader:  # and with evidence, in grading
        path = tmp_path / "powers.ipynb"
        path.write_text(json.dumps(notebook(square=TRAINS.replace("- y", "+ y"))))
        outcomes = grader.grade_file(path, "small", "powers", "someone").result.outcomes
    assert [str(outcome.status) for outcome in outcomes] == ["failed", "passed"]
    assert "The final loss is too large" in outcomes[0].message


def curves(*finals: float, steps: int = 10, first: float = 1.0) -> Curves:
    return Curves(tuple((first, (first * final) ** 0.5, final) for final in finals), (steps,) * len(finals))


@pytest.mark.parametrize(
    ("actual", "gate", "reasons"),
    [
        (curves(0.1, 0.1, 0.1, 0.1), Gate(), 0),
        (curves(0.14, 0.1, 0.1, 0.1), Gate(), 0),
        (curves(0.9, 0.1, 0.1, 0.1, 0.1), Gate(), 0),  # one run of five may fail
        (curves(0.9, 0.9, 0.1, 0.1, 0.1), Gate(), 1),
        (curves(0.2, 0.2, 0.2), Gate(), 1),
        (curves(0.2, 0.2, 0.2), Gate(slack=1.1), 0),
        (curves(0.1, 0.1, first=0.15), Gate(), 1),  # it began near the end and hardly fell
        (curves(0.1, 0.1, steps=11), Gate(), 1),
        (curves(0.1, 0.1, steps=11), Gate(budget=20), 0),
        (curves(0.1, float("nan")), Gate(), 1),
        (curves(0.1, float("inf")), Gate(), 1),
    ],
)
def test_the_gate(actual: Curves, gate: Gate, reasons: int) -> None:
    assert len(gate.reasons(actual, curves(0.1, 0.1, 0.1, 0.1))) == reasons


@pytest.mark.parametrize("desired", [curves(0.99, 0.99), curves(float("nan"), 0.1)])
def test_a_reference_that_does_not_converge_is_the_instructors_to_mend(desired: Curves) -> None:
    with pytest.raises(ValueError, match="the reference does not converge"):
        assert_converges(curves(0.1), desired)


def test_curves_that_cannot_make_more_runs_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="cannot make further runs"):
        flake_rate(curves(0.1), Gate())


# ---- replies that are not what the probe sends ---------------------------------------------------------

EMPTY: dict[str, Any] = {
    name: [] for name in ("results", "events", "unconnected", "models", "optimizers", "losses", "metrics", "datasets")
}


@pytest.mark.parametrize(
    "reply",
    [
        None,
        3,
        {},
        EMPTY,
        {**EMPTY, "foreign": 1},
        {**EMPTY, "foreign": False, "models": [{}]},
        {**EMPTY, "foreign": False, "datasets": [-1]},
        {**EMPTY, "foreign": False, "datasets": [True]},
        {**EMPTY, "foreign": False, "optimizers": [{"steps": 1, "gradients": [3], "weights": []}]},
        {**EMPTY, "foreign": False, "events": [3]},
    ],
)
def test_a_malformed_record_is_refused(reply: Any) -> None:
    with pytest.raises(ValueError, match="training run"):
        Training.parse(reply)


@pytest.mark.parametrize(
    ("steps", "losses"), [(None, None), ([1], []), ([1], [[0.5]]), ([1.0], [[0.5, 0.1]]), ([1], [[0.5, 1]])]
)
def test_malformed_curves_are_refused(steps: Any, losses: Any) -> None:
    with pytest.raises(ValueError, match=r"training run|learning curve"):
        Curves.parse(steps, losses)


def test_records_of_other_calls_are_not_compared(sides: Sides) -> None:
    with pytest.raises(ValueError, match="not of the same calls"):
        assert_results(Training.parse({**EMPTY, "foreign": False, "error": None}), step("")(sides.reference))
