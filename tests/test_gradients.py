"""Checks on derivatives: causes of None, gradients against differences, higher orders, Jacobians."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from courses import Shared

from autograder import sandbox
from autograder.draw import Draw
from autograder.expect import (
    CheckFailed,
    assert_close,
    assert_connected,
    assert_jacobian,
    assert_rows_sum,
    assert_slopes,
)
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Proxy, as_variable
from autograder.wire import Tensor

NOTEBOOK = """
import numpy as np
import tensorflow as tf
from tensorflow import keras

w, b = tf.Variable([2.0, -1.0, 0.5]), tf.Variable(1.0)
both = [w, b]
counter = tf.Variable(0)
def energy(x): return tf.reduce_sum(w * x ** 2 + b)
def energy_without_b(x): return tf.reduce_sum(w * x ** 2)

# ---- functions with tapes of their own: why is it None?
def fine(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x ** 2)
    return tape.gradient(y, x)
def no_watch(x):
    with tf.GradientTape() as tape: y = tf.reduce_sum(x ** 2)
    return tape.gradient(y, x)
@tf.function
def no_watch_in_a_graph(x):
    with tf.GradientTape() as tape: y = tf.reduce_sum(x ** 2)
    return tape.gradient(y, x)
def watch_late(x):
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x ** 2)
        tape.watch(x)
    return tape.gradient(y, x)
def outside_before(x):
    square = x ** 2
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(square)
    return tape.gradient(y, x)
def outside_after(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x ** 2
    return tape.gradient(tf.reduce_sum(y), x)
def second_outside(x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = x ** 3
    slope = inner.gradient(y, x)
    return outer.gradient(slope, x)
def second_summed_outside(x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = x ** 3
    return outer.gradient(tf.reduce_sum(inner.gradient(y, x)), x)
def second_watched_once(x):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = x ** 3
        slope = inner.gradient(y, x)
    return outer.gradient(slope, x)
def by_numpy(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.constant(np.square(x)))
    return tape.gradient(y, x)
def by_method(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.constant([v.numpy() ** 2 for v in x]))
    return tape.gradient(y, x)
def by_float(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.constant(float(tf.reduce_sum(x ** 2)))
    return tape.gradient(y, x)
def copied_inside(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        v = tf.Variable(x)
        y = tf.reduce_sum(v * v)
    return tape.gradient(y, x)
def other_source(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x * x)
    x = tf.identity(x)
    return tape.gradient(y, x)
def whole_numbers(x):
    x = tf.cast(x, tf.int32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x * x)
    return tape.gradient(y, x)
def cast_on_the_way(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.cast(tf.cast(x, tf.int32), tf.float32) * 2.0)
    return tape.gradient(y, x)
def rounded(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.round(x * 3))
    return tape.gradient(y, x)
def stopped(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.stop_gradient(x ** 2))
    return tape.gradient(y, x)
def counted(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.cast(x > 0, tf.float32))
    return tape.gradient(y, x)
def independent(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.ones(3) * 2)
    return tape.gradient(y, x)
def one_of_two(x):
    with tf.GradientTape() as tape: y = tf.reduce_sum(w * x)
    return tape.gradient(y, [w, b])
def reassigned(x):
    v = tf.Variable(x)
    for _ in range(2):
        with tf.GradientTape() as tape: y = tf.reduce_sum(v ** 2)
        slope = tape.gradient(y, v)
        if slope is None: return None
        v = v - 0.1 * slope
def variable_outside(x):
    y = tf.reduce_sum(w * x)
    with tf.GradientTape() as tape: z = y * 2
    return tape.gradient(z, w)
def counts_up(x):
    counter.assign_add(1)
    w.assign_add(tf.ones(3))
    with tf.GradientTape() as tape: y = tf.reduce_sum(x ** 2)
    return tape.gradient(y, x)
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="tanh"), keras.layers.Dense(1)])
optimizer = keras.optimizers.SGD(0.1)
def train_outside(x):
    y = tf.reduce_mean(model(x[None]) ** 2)
    with tf.GradientTape() as tape: loss = y * 2
    return tape.gradient(loss, model.trainable_variables)
def train_numpy(x):
    with tf.GradientTape() as tape: loss = tf.constant(float(tf.reduce_sum(model(x[None]) ** 2)))
    return tape.gradient(loss, model.trainable_variables)
def train_nothing(x):
    with tf.GradientTape() as tape: loss = tf.reduce_sum(model(x[None]) ** 2)
    found = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(found, model.trainable_variables))
    with tf.GradientTape() as tape: loss = tf.reduce_sum(x ** 2)
    return tape.gradient(loss, model.trainable_variables)
def nothing(x): return None
def own_constant(x):
    c = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(c)
        y = tf.constant(float(c)) * x
    return tape.gradient(y, c)
def of_second(a, x):
    with tf.GradientTape() as tape:
        tape.watch(a)
        y = tf.constant(x.numpy() ** 2)
    return tape.gradient(y, a)
def of_shifted(a, x):
    with tf.GradientTape() as tape:
        shifted = a + 1
        tape.watch(shifted)
        y = tf.constant(x.numpy() * a.numpy())
    return tape.gradient(y, shifted)
def of_numpy_variable(x):
    with tf.GradientTape() as tape: y = tf.constant(w.numpy() ** 2)
    return tape.gradient(y, w)
def persistent(x):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x ** 3
        slope = tape.gradient(y, x)
    return tape.gradient(slope, x)

# ---- functions that a probe's tape differentiates
def numpy_inside(x): return tf.constant(x.numpy() ** 2)
def numpy_returned(x): return (x ** 2).numpy()
def argmax(x): return tf.cast(tf.argmax(x), tf.float32)
def constant(x): return tf.constant([1.0, 2.0, 3.0])

# ---- slopes
def soft(x): return x / (1 + tf.abs(x))
def soft_by_where(x): return tf.where(x > 0, x / (1 + x), x / (1 - x))
soft_in_a_graph = tf.function(soft)
@tf.custom_gradient
def soft_by_hand(x):
    return x / (1 + tf.abs(x)), lambda above: above / (1 + tf.abs(x)) ** 2
def soft_of_a_variable(x):
    return tf.convert_to_tensor(x) * (1 / (1 + tf.abs(x)))
@tf.custom_gradient
def soft_ignores_above(x):
    return x / (1 + tf.abs(x)), lambda above: 1 / (1 + tf.abs(x)) ** 2
@tf.custom_gradient
def soft_negative(x):
    return x / (1 + tf.abs(x)), lambda above: -above / (1 + tf.abs(x)) ** 2
@tf.custom_gradient
def soft_double(x):
    return x / (1 + tf.abs(x)), lambda above: 2 * above / (1 + tf.abs(x)) ** 2
@tf.custom_gradient
def soft_of_another(x):
    return x / (1 + tf.abs(x)), lambda above: above * (1 - tf.tanh(x) ** 2)
@tf.custom_gradient
def soft_nearly(x):
    return x / (1 + tf.abs(x)), lambda above: above / (1 + tf.abs(x)) ** 2 * (1 + 1e-5)
@tf.custom_gradient
def soft_flat(x):
    return x / (1 + tf.abs(x)), lambda above: tf.zeros_like(x)
@tf.custom_gradient
def soft_of_another_shape(x):
    return x / (1 + tf.abs(x)), lambda above: tf.reduce_sum(above / (1 + tf.abs(x)) ** 2, keepdims=True)
def soft_partly(x): return x / (1 + tf.abs(tf.stop_gradient(x)))
def soft_stopped(x): return tf.stop_gradient(soft(x))
def soft_by_numpy(x): return tf.constant(x.numpy() / (1 + np.abs(x.numpy())))
def soft_squared(x): return soft(x) ** 2
first_seen = []
def soft_remembered(x):
    if not first_seen: first_seen.append(x)
    return soft(first_seen[0]) + 0 * x
def soft_breaks(x):
    if first_seen and not bool(tf.reduce_all(first_seen[0] == x)): raise RuntimeError
    return soft(x)

def relu(x): return tf.nn.relu(x)
def relu_by_hand(x): return tf.maximum(x, 0)
def relu_leaky(x): return tf.nn.leaky_relu(x)
def steps(x): return tf.floor(x * 1e6) * 1e-6 + 0 * x
def loss(x, y, scale=1.0): return {"mean": tf.reduce_mean(scale * (x * y - y ** 2) ** 2), "parts": [tf.sin(x)]}
def loss_without_y(x, y, scale=1.0):
    y = tf.stop_gradient(y)
    return loss(x, y, scale)
def product(x): return tf.reduce_prod(x) * tf.exp(tf.reduce_sum(x)) * 1e3
def layer(x):
    return tf.tanh(tf.reshape(x, (1, -1)) @ tf.cast(tf.reshape(tf.range(12), (-1, 4)), x.dtype)) / 12

# ---- higher orders and Jacobians
def wave(x): return tf.sin(2 * x)
def line(x): return 3 * x
def quartic(x): return tf.reduce_sum(x ** 2) ** 2
def vector(x): return tf.stack([x[0] * x[1], tf.sin(x[2]), x[0] ** 2, x[1] - x[2]])
"""
X = np.array([0.7, -1.3, 2.2])
X32 = X.astype("float32")


@pytest.fixture(scope="module")
def student(starter: sandbox.Starter) -> Iterator[Proxy]:
    """A notebook with right and wrong answers."""
    with Session(Shared(starter), [Step(0, "answers", NOTEBOOK)], Limits()) as session:
        yield Proxy(session)


def told(action: Callable[[], Any]) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        action()
    return caught.value


# ---- why a gradient is None --------------------------------------------------------------------------


def test_a_gradient_that_is_there_is_not_asked_about(student: Proxy) -> None:
    def never() -> str:
        raise AssertionError

    assert_connected(student.fine(X32), diagnosis=never)
    assert student.fine.why_none(X32)() == ""


CAUSES = {
    "no_watch": "The tape does not watch the source",
    "no_watch_in_a_graph": "The tape does not watch the source",
    "watch_late": "The tape watches the source only after it was used",
    "outside_before": "A step between source and result is computed outside of the tape's with block",
    "outside_after": "A step between source and result is computed outside of the tape's with block",
    "second_outside": "The inner gradient is computed outside of the outer tape's with block",
    "second_summed_outside": "The inner gradient is computed outside of the outer tape's with block",
    "second_watched_once": "The tape does not watch the source",
    "by_numpy": "The computation leaves TensorFlow on the way",
    "by_method": "The computation leaves TensorFlow on the way",
    "by_float": "The computation leaves TensorFlow on the way",
    "copied_inside": "A value is copied into a Variable on the way",
    "other_source": "The tape is asked about another tensor",
    "whole_numbers": "The source has a whole-number dtype",
    "cast_on_the_way": "No gradient goes through a cast to whole numbers",
    "rounded": "No gradient goes through tf.round",
    "stopped": "No gradient goes through tf.stop_gradient",
    "counted": "No gradient goes through a comparison",
    "independent": "The result does not depend on the source.",
    "one_of_two": "The result does not depend on the source.",
    "reassigned": "The tape does not watch the source",
    "variable_outside": "A step between source and result is computed outside of the tape's with block",
    "train_outside": "A step between source and result is computed outside of the tape's with block",
    "train_numpy": "The computation leaves TensorFlow on the way",
    "train_nothing": "The result does not depend on the source.",
    "nothing": "The usual causes: ",
    "own_constant": "The usual causes: ",
}


@pytest.mark.parametrize("name", CAUSES)
def test_the_cause_of_none_is_told(student: Proxy, name: str) -> None:
    function = getattr(student, name)
    failed = told(lambda: assert_connected(function(X32), diagnosis=function.why_none(X32)))
    assert failed.summary == "The gradient is None: the tape saw no path from the argument to the result."
    assert failed.diagnosis.startswith(CAUSES[name])


@pytest.mark.parametrize(
    ("name", "x", "cause"),
    [
        ("numpy_inside", X32, "The computation leaves TensorFlow on the way"),
        ("argmax", X32, "No gradient goes through tf.argmax"),
        ("constant", X32, "The result does not depend on the source."),
        ("constant", as_variable(X32), "The result does not depend on the source."),
        ("numpy_inside", as_variable(X32), "The computation leaves TensorFlow on the way"),
        ("soft_stopped", as_variable(X32), "No gradient goes through tf.stop_gradient"),
    ],
)
def test_the_cause_is_told_of_functions_without_tapes_too(student: Proxy, name: str, x: Any, cause: str) -> None:
    function = getattr(student, name)
    failed = told(lambda: assert_connected(function.gradient(x), diagnosis=function.why_none(x, wrt=0)))
    assert failed.diagnosis.startswith(cause)


@pytest.mark.parametrize(
    ("name", "args", "cause"),
    [
        ("of_second", (X32, X32), "The result does not depend on the source."),
        ("of_shifted", (X32, X32), "The computation leaves TensorFlow on the way"),
        ("of_numpy_variable", (X32,), "The computation leaves TensorFlow on the way"),
    ],
)
def test_only_the_source_counts(student: Proxy, name: str, args: Any, cause: str) -> None:
    assert getattr(student, name).why_none(*args)().startswith(cause)


def test_asking_for_the_cause_changes_nothing(student: Proxy) -> None:
    before = student.counter.value, student.w.value
    assert "does not watch" in student.counts_up.why_none(X32)()
    assert_close((student.counter.value, student.w.value), before)
    x = np.ones((1, 3), "float32")
    weights = student.model(x)
    assert "does not depend" in student.train_nothing.why_none(X32)()
    assert_close(student.model(x), weights)


def test_asking_for_the_cause_leaves_a_live_kernel_as_it_was() -> None:
    """As `check` does it in a student's own notebook: in this very process."""
    import tensorflow as tf
    from tensorflow.python.framework import op_callbacks

    from autograder.worker import Responder

    names: dict[str, Any] = {}
    exec(NOTEBOOK, names)
    tape = tf.GradientTape
    methods = {name: getattr(tape, name) for name in ("__enter__", "__exit__", "watch", "gradient", "jacobian")}
    names["broken"] = lambda x: 1 / 0
    for name, cause in (("no_watch_in_a_graph", "not_watched"), ("counts_up", "not_watched"), ("broken", "")):
        request = {"probe": "why_none", "name": name, "args": (Tensor(X32),), "kwargs": {}}
        assert Responder(names, {}).answer(request) == cause
    assert {name: getattr(tape, name) for name in methods} == methods
    assert not tf.config.functions_run_eagerly()
    assert not op_callbacks.should_invoke_op_callbacks()
    assert int(names["counter"]) == 0


@pytest.mark.parametrize("reply", ["", "unheard of", "stops:Evil", 3, None, ["numpy"]])
def test_a_cause_that_is_none_leaves_the_usual_ones(reply: Any) -> None:
    class Liar:
        def ask(self, request: Any) -> Any:
            return reply

    failed = told(lambda: assert_connected(None, diagnosis=Proxy(Liar()).f.why_none(X32)))
    assert failed.diagnosis.startswith("The usual causes: ")


def test_gradients_of_the_notebooks_own_variables(student: Proxy) -> None:
    x = np.array([1.0, 2.0, 3.0], "float32")
    assert_close(student.energy.gradient(x, wrt="w"), Tensor(x**2))
    of_both = student.energy.gradient(x, wrt="both")
    assert_connected(of_both)
    assert_close(of_both, [Tensor(x**2), Tensor(np.array(3.0, "float32"))])
    assert_close(student.energy.gradient(x, wrt=(0, "b"))[1], of_both[1])
    told(lambda: assert_connected(student.energy_without_b.gradient(x, wrt="both")))


# ---- gradients and differences -----------------------------------------------------------------------


def slopes(student: Proxy, name: str, *args: Any, seed: int = 3, **options: Any) -> Any:
    return getattr(student, name).slopes(*(args or (X,)), draw=Draw(seed, "check"), **options)


@pytest.mark.parametrize("name", ["soft", "soft_by_where", "soft_in_a_graph", "soft_by_hand", "soft_of_a_variable"])
@pytest.mark.parametrize("x", [X, X32, as_variable(X), X.reshape(3, 1), np.array(0.4)], ids=str)
def test_right_gradients_pass(student: Proxy, name: str, x: Any) -> None:
    assert_slopes(slopes(student, name, x), slopes(student, "soft", x))
    assert_slopes(slopes(student, name, x))


VALUES = "The value is not the expected one"
GRADIENT = "The gradient is not the expected one."
SLOPE = "The gradient is not the slope of the function."
NONE = "The gradient is None: the tape saw no path from the argument to the result."


@pytest.mark.parametrize(
    ("name", "with_reference", "alone", "diagnosis"),
    [
        ("soft_ignores_above", GRADIENT, SLOPE, "does not change with what comes from above"),
        ("soft_negative", GRADIENT, SLOPE, "The sign is the opposite one everywhere."),
        ("soft_double", GRADIENT, SLOPE, "times a whole number"),
        ("soft_of_another", GRADIENT, SLOPE, ""),
        ("soft_nearly", GRADIENT, SLOPE, ""),
        ("soft_flat", GRADIENT, SLOPE, ""),
        ("soft_partly", GRADIENT, SLOPE, ""),
        ("soft_of_another_shape", "The shape of part [0]", "The gradient has another shape", ""),
        ("soft_stopped", NONE, NONE, "No gradient goes through tf.stop_gradient"),
        ("soft_by_numpy", NONE, NONE, "The computation leaves TensorFlow"),
        ("soft_squared", f"{VALUES}. All values differ", None, "These are the squares of the expected values."),
    ],
)
def test_wrong_gradients_fail(
    student: Proxy, name: str, with_reference: str, alone: str | None, diagnosis: str
) -> None:
    failed = told(lambda: assert_slopes(slopes(student, name), slopes(student, "soft")))
    assert failed.summary.startswith(with_reference)
    assert diagnosis in failed.diagnosis
    if alone is None:
        assert_slopes(slopes(student, name))
    else:
        assert told(lambda: assert_slopes(slopes(student, name))).summary.startswith(alone)


def test_a_value_that_is_remembered_is_right_at_one_point_only(student: Proxy) -> None:
    failed = told(lambda: assert_slopes(slopes(student, "soft_remembered"), slopes(student, "soft")))
    assert failed.summary == "The value is not the expected one near the input."
    assert "right at the input itself" in failed.diagnosis


def test_the_expected_slope_stands_in_the_students_own_notebook_alone(student: Proxy) -> None:
    failed = told(lambda: assert_slopes(slopes(student, "soft_of_another")))
    assert "the function rises by" in failed.detail
    assert "rises by" not in failed.got
    assert not any(character.isdigit() for character in failed.summary)


@pytest.mark.parametrize("seed", range(5))
def test_kinks_are_gone_around(student: Proxy, seed: int) -> None:
    x = Draw(seed, "inputs").normal(200, dtype="float64")
    x[0] = 0.0  # right on the kink: the tape's slope there is no wrong one
    near = slopes(student, "relu", x, seed=seed, directions=6)
    try:
        assert_slopes(slopes(student, "relu_by_hand", x[1:], seed=seed), slopes(student, "relu", x[1:], seed=seed))
    except ValueError:
        pytest.fail("a kink on every direction of a smooth surrounding")
    with pytest.raises(ValueError, match="draw another"):
        assert_slopes(near)
    told(lambda: assert_slopes(slopes(student, "relu_leaky", x[1:]), slopes(student, "relu", x[1:])))


def test_some_directions_may_have_a_kink(student: Proxy) -> None:
    """A point 3e-5 away from the kink: whether it is crossed depends on the direction."""
    x = np.array([3e-5, 1.0, -1.0, 2.0, 3.0])
    usable = slopes(student, "relu", x, directions=12)
    crossed = [abs(vectors[0][0]) > 0.3 for vectors in usable["directions"]]
    assert any(crossed) and not all(crossed)
    assert_slopes(usable)


def test_what_is_nowhere_smooth_is_an_error_of_the_check(student: Proxy) -> None:
    with pytest.raises(ValueError, match="draw another"):
        assert_slopes(slopes(student, "steps"))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_several_arguments_and_results(student: Proxy, dtype: str) -> None:
    draw = Draw(1, "inputs")
    x, y = draw.normal(4, dtype=dtype), draw.normal(4, dtype=dtype)
    right = slopes(student, "loss", x, y, wrt=(0, 1), scale=2.0)
    assert_slopes(right, right)
    failed = told(lambda: assert_slopes(slopes(student, "loss_without_y", x, y, wrt=(0, 1), scale=2.0), right))
    assert (failed.summary, "tf.stop_gradient" in failed.diagnosis) == (NONE, True)
    assert_slopes(slopes(student, "loss_without_y", x, y, scale=2.0), slopes(student, "loss", x, y, scale=2.0))


@pytest.mark.parametrize("name", ["soft", "product", "layer", "wave", "vector", "quartic"])
@pytest.mark.parametrize("seed", range(4))
def test_differences_agree_far_better_than_is_asked(student: Proxy, name: str, seed: int) -> None:
    """The tolerance comes from measurement: smooth functions of usual sizes stay a tenth below it."""
    x = Draw(seed, "inputs").normal(3, dtype="float64", scale=1.5)
    assert_slopes(slopes(student, name, x, seed=seed, directions=5))
    reply = slopes(student, name, x, seed=seed, directions=5)
    along = np.asarray(reply["along"])[:, 1]
    differences = (along[:, 0] - along[:, 1]) / (2 * reply["steps"][1])
    tape = [np.sum(np.asarray(reply["gradient"][0]) * vectors[0]) for vectors in reply["directions"]]
    assert np.abs(differences - tape).max() <= 3e-7 * np.abs(differences).max() + 1e-11


@pytest.mark.parametrize(
    "change",
    [
        {"along": Tensor(np.zeros((1, 1, 2)))},
        {"along": "x"},
        {"along": None},
        {"at": None},
        {"at": Tensor(np.zeros(2))},
        {"gradient": None},
        {"along": Tensor(np.full((3, 2, 2), np.nan))},
    ],
)
def test_a_forged_reply_is_no_pass(student: Proxy, change: dict[str, Any]) -> None:
    right = slopes(student, "soft")
    with pytest.raises((CheckFailed, TypeError, ValueError)):
        assert_slopes({**right, **change}, right)


@pytest.mark.parametrize("reply", [None, 3, [], {}, {"value": 1}])
def test_no_reply_of_the_right_form_is_no_pass(student: Proxy, reply: Any) -> None:
    class Liar:
        def ask(self, request: Any) -> Any:
            return reply

    told(lambda: assert_slopes(slopes(Proxy(Liar()), "soft"), slopes(student, "soft")))


def test_student_and_reference_get_the_same_directions(student: Proxy) -> None:
    one, other, third = (slopes(student, "soft", seed=seed)["directions"] for seed in (1, 1, 2))
    assert np.array_equal(one, other)
    assert not np.array_equal(one, third)
    assert np.allclose([np.linalg.norm(vectors) for vectors in one], 1)


# ---- higher orders, Jacobians ------------------------------------------------------------------------


def test_derivatives(student: Proxy) -> None:
    first, second, third = student.wave.derivatives(X, order=3)
    assert_close(first, Tensor(2 * np.cos(2 * X)))
    assert_close(second, Tensor(-4 * np.sin(2 * X)))
    assert_close(third, Tensor(-8 * np.cos(2 * X)))
    assert student.line.derivatives(X)[1:] == [None]
    assert student.constant.derivatives(X, order=3) == [None, None, None]
    assert_close(student.persistent(X32), Tensor(6 * X32))


def test_hessian_vector(student: Proxy) -> None:
    v = np.array([0.3, -1.0, 0.5])
    hessian = 8 * np.outer(X, X) + 4 * (X @ X) * np.eye(3)
    assert_close(student.quartic.hessian_vector(X, vector=v), Tensor(hessian @ v))
    assert_close(student.quartic.hessian_vector(as_variable(X), vector=v), Tensor(hessian @ v))
    assert student.line.hessian_vector(X, vector=v) is None
    assert student.constant.hessian_vector(X, vector=v) is None


JACOBIAN = np.array([[X[1], X[0], 0], [0, 0, np.cos(X[2])], [2 * X[0], 0, 0], [0, 1, -1]])


def test_jacobian(student: Proxy) -> None:
    found = student.vector.jacobian(X)
    assert_jacobian(found, Tensor(JACOBIAN))
    assert_rows_sum(found, student.vector.gradient(X))
    assert student.layer.jacobian(X.reshape(3, 1)).shape == (1, 4, 3, 1)
    assert_rows_sum(student.layer.jacobian(X.reshape(3, 1)), student.layer.gradient(X.reshape(3, 1)))
    assert student.constant.jacobian(X) is None


@pytest.mark.parametrize(
    ("actual", "summary", "diagnosis"),
    [
        (JACOBIAN.sum(0), "The shape is not the expected one.", "This is a gradient"),
        (JACOBIAN.T, "The shape is not the expected one.", "Rows and columns are swapped"),
        (-JACOBIAN, f"{VALUES}. Some values differ", "The sign is the opposite one"),
        (JACOBIAN[:3], "The shape is not the expected one.", ""),
        (None, NONE, "The usual causes"),
    ],
)
def test_a_wrong_jacobian_fails(actual: Any, summary: str, diagnosis: str) -> None:
    sent = actual if actual is None else Tensor(actual)
    failed = told(lambda: assert_jacobian(sent, Tensor(JACOBIAN)))
    assert failed.summary.startswith(summary)
    assert diagnosis in failed.diagnosis
    assert told(lambda: assert_jacobian(sent, Tensor(JACOBIAN), diagnosis="Mine.")).diagnosis == "Mine."


@pytest.mark.parametrize(
    ("jacobian", "gradient", "summary"),
    [
        (Tensor(JACOBIAN), Tensor(JACOBIAN.mean(0)), "The rows of the Jacobian do not sum to the gradient."),
        (Tensor(JACOBIAN), Tensor(JACOBIAN.sum(1)), "The shapes of Jacobian and gradient do not fit together."),
        (Tensor(JACOBIAN.sum(0)), Tensor(JACOBIAN), "The shapes of Jacobian and gradient do not fit together."),
        (None, Tensor(JACOBIAN), "A tensor is expected as the Jacobian, and None came."),
        (Tensor(JACOBIAN), 3.0, "A tensor is expected as the gradient, and a Python number came."),
    ],
)
def test_rows_that_do_not_sum_to_the_gradient_fail(jacobian: Any, gradient: Any, summary: str) -> None:
    assert told(lambda: assert_rows_sum(jacobian, gradient)).summary == summary
