"""Checks of Keras layers, models, losses and metrics, on right answers of many forms and wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from courses import Shared

from autograder import sandbox
from autograder.draw import Draw
from autograder.errors import CallFailed
from autograder.expect import (
    CheckFailed,
    assert_close,
    assert_config,
    assert_heads,
    assert_loss,
    assert_metric,
    assert_outputs,
    assert_weights,
)
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Proxy, last_call

SETUP = "import numpy as np, tensorflow as tf, keras"
REFERENCE = '''
class Quadratic(keras.layers.Layer):
    """x² a + x b + c, and an activation."""

    def __init__(self, units=3, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, shape):
        self.a = self.add_weight(shape=(shape[-1], self.units), name="a")
        self.b = self.add_weight(shape=(shape[-1], self.units), name="b")
        self.c = self.add_weight(shape=(self.units,), initializer="zeros", name="c")

    def call(self, x):
        return self.activation(x**2 @ self.a + x @ self.b + self.c)

    def get_config(self):
        return super().get_config() | {"units": self.units, "activation": keras.activations.serialize(self.activation)}

def two_heads():
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(3, activation="relu")(inputs)
    price = keras.layers.Dense(1, name="price")(hidden)
    kind = keras.layers.Dense(2, activation="softmax", name="kind")(hidden)
    return keras.Model(inputs, [price, kind])

def siamese():
    one, other = keras.Input((4,)), keras.Input((4,))
    base = keras.layers.Dense(3, activation="tanh")
    return keras.Model([one, other], keras.layers.subtract([base(one), base(other)]))

class Huber(keras.losses.Loss):
    def __init__(self, delta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.delta = delta

    def call(self, y_true, y_pred):
        error = y_true - y_pred
        small = tf.abs(error) <= self.delta
        return tf.reduce_mean(tf.where(small, error**2 / 2, self.delta * (tf.abs(error) - self.delta / 2)), -1)

def rmse(y_true, y_pred):
    return tf.sqrt(tf.reduce_mean((y_true - y_pred) ** 2))

def over(y_true, y_pred):
    return tf.reduce_mean(tf.nn.relu(y_pred - y_true) + tf.nn.relu(y_true - y_pred) / 4)

def total(y_true, y_pred):
    return tf.reduce_sum((y_true - y_pred) ** 2)

class F1(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.hits = self.add_weight(name="hits", initializer="zeros")
        self.claimed = self.add_weight(name="claimed", initializer="zeros")
        self.there = self.add_weight(name="there", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        claimed = tf.cast(y_pred > self.threshold, tf.float32)
        there = tf.cast(y_true, tf.float32)
        self.hits.assign_add(tf.reduce_sum(claimed * there))
        self.claimed.assign_add(tf.reduce_sum(claimed))
        self.there.assign_add(tf.reduce_sum(there))

    def result(self):
        return tf.math.divide_no_nan(2 * self.hits, self.claimed + self.there)
'''
LAYER = """
class {name}(keras.layers.Layer):
    def __init__(self, units=3, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        {init}
    def build(self, shape):
        {build}
    def call(self, x):
        {call}
    def get_config(self):
        return {config}
"""
INIT = "self.ready = True"
BUILD = """self.a = self.add_weight(shape=(shape[-1], self.units), name="a")
        self.b = self.add_weight(shape=(shape[-1], self.units), name="b")
        self.c = self.add_weight(shape=(self.units,), name="c")"""
CALL = "return self.activation(x**2 @ self.a + x @ self.b + self.c)"
CONFIG = 'super().get_config() | {"units": self.units, "activation": keras.activations.serialize(self.activation)}'


def layer(name: str, **parts: str) -> str:
    parts = {"init": INIT, "build": BUILD, "call": CALL, "config": CONFIG, **parts}
    return LAYER.format(name=name, **parts)


LAYERS = {
    "right": {},
    "bias_first": {
        "build": """self.c = self.add_weight(shape=(self.units,), name="offset")
        self.a, self.b = (self.add_weight(shape=(shape[-1], self.units), name=name) for name in "ab")"""
    },
    "einsum": {
        "call": """square = tf.einsum('...i,ij->...j', x * x, self.a)
        return self.activation(square + tf.tensordot(x, self.b, 1) + self.c)"""
    },
    "weights_in_a_list": {
        "build": """self.all = [self.add_weight(shape=(shape[-1], self.units), name=name) for name in "ab"]
        self.all.append(self.add_weight(shape=(self.units,)))""",
        "call": "return self.activation(x**2 @ self.all[0] + x @ self.all[1] + self.all[2])",
    },
    "dense_inside": {
        "init": "self.square, self.line = (keras.layers.Dense(units, use_bias=not i) for i in range(2))",
        "build": "self.square.build(shape); self.line.build(shape)",
        "call": "return self.activation(self.square(x**2) + self.line(x))",
    },
    # wrong
    "variables": {
        "build": """self.a = tf.Variable(tf.random.normal((shape[-1], self.units)))
        self.b = tf.Variable(tf.random.normal((shape[-1], self.units)))
        self.c = tf.Variable(tf.zeros(self.units))"""
    },
    "made_in_call": {
        "build": "pass",
        "call": """a, b = (self.add_weight(shape=(x.shape[-1], self.units)) for _ in range(2))
        return self.activation(x**2 @ a + x @ b + self.add_weight(shape=(self.units,)))""",
    },
    "layer_in_call": {
        "build": BUILD.split("\n")[0],
        "call": "return self.activation(x**2 @ self.a + keras.layers.Dense(self.units)(x))",
    },
    "no_bias": {
        "build": BUILD.rsplit("\n", 1)[0],
        "call": "return self.activation(x**2 @ self.a + x @ self.b)",
    },
    "no_weights": {"build": "pass", "call": "return tf.tile(x[..., :1], (*[1] * (len(x.shape) - 1), self.units))"},
    "other_shape": {
        "build": BUILD.replace("(self.units,)", "(1, self.units)"),
    },
    "frozen": {"build": BUILD.replace('name="c")', 'name="c", trainable=False)')},
    "bias_not_used": {"call": "return self.activation(x**2 @ self.a + x @ self.b)"},
    "numpy_inside": {"call": "return self.activation(x**2 @ self.a + x @ tf.constant(self.b.numpy()) + self.c)"},
    "no_square": {"call": "return self.activation(x @ self.a + x @ self.b + self.c)"},
    "no_activation": {"call": "return x**2 @ self.a + x @ self.b + self.c"},
    "always_relu": {"call": "return tf.nn.relu(x**2 @ self.a + x @ self.b + self.c)"},
    "fixed_batch": {"call": "return tf.reshape(self.activation(x**2 @ self.a + x @ self.b + self.c), (4, self.units))"},
    "config_without_units": {"config": 'super().get_config() | {"activation": "relu"}'},
    "config_unknown": {"config": 'super().get_config() | {"unit": self.units}'},
    "float64": {"call": "return tf.cast(self.activation(x**2 @ self.a + x @ self.b + self.c), tf.float64)"},
}
ANSWERS = (
    "\n".join(layer(name, **parts) for name, parts in LAYERS.items())
    + """
def makes_none(units, activation=None):
    Quadratic(units)

def heads_right():
    inputs = keras.layers.Input(shape=(4,))
    trunk = keras.Sequential([keras.layers.Dense(3), keras.layers.ReLU()])
    price = keras.layers.Dense(1, name="price")(trunk(inputs))
    kind = keras.layers.Dense(2, "softmax", name="kind")(trunk(inputs))
    return keras.Model(inputs=inputs, outputs=[price, kind])

class HeadsSubclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(3, activation="relu")
        self.price = keras.layers.Dense(1)
        self.kind = keras.layers.Dense(2, activation="softmax")

    def call(self, x):
        hidden = self.hidden(x)
        return [self.price(hidden), self.kind(hidden)]

def heads_model(order=1, names=("price", "kind"), activation="softmax", shared=True, sizes=(1, 2)):
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(3, activation="relu")(inputs)
    other = hidden if shared else keras.layers.Dense(3, activation="relu")(inputs)
    price = keras.layers.Dense(sizes[0], name=names[0])(hidden)
    kind = keras.layers.Dense(sizes[1], activation=activation, name=names[1])(other)
    return keras.Model(inputs, [price, kind][::order])

def heads_swapped(): return heads_model(-1)
def heads_unnamed(): return heads_model(names=("a", "b"))
def heads_logits(): return heads_model(activation=None)
def heads_apart(): return heads_model(shared=False)
def heads_sizes(): return heads_model(sizes=(1, 3))
def heads_one(): return keras.Model((m := heads_model()).inputs, m.outputs[0])
def heads_none(): heads_model()
def heads_tensor(): return tf.zeros(3)

def siamese_right():
    one, other = keras.Input((4,)), keras.Input((4,))
    base = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="tanh")])
    return keras.Model([one, other], base(one) - base(other))

def siamese_apart():
    one, other = keras.Input((4,)), keras.Input((4,))
    ends = keras.layers.Dense(3, activation="tanh")(one), keras.layers.Dense(3, activation="tanh")(other)
    return keras.Model([one, other], ends[0] - ends[1])

# ---- losses

def huber_function(delta=1.0):
    def loss(y_true, y_pred):
        error = tf.abs(y_pred - y_true)
        return tf.reduce_mean(tf.minimum(error, delta) * (error - tf.minimum(error, delta) / 2))
    return loss

def huber_keras(delta=1.0): return keras.losses.Huber(delta=delta)
def huber_sum(delta=1.0): return keras.losses.Huber(delta=delta, reduction="sum")
def huber_each(delta=1.0): return keras.losses.Huber(delta=delta, reduction=None)
def huber_default(delta=1.0): return keras.losses.Huber()
def huber_numpy(delta=1.0):
    return lambda y_true, y_pred: tf.constant(huber_keras(delta)(y_true, y_pred).numpy())

def rmse_power(y_true, y_pred): return tf.reduce_mean(tf.square(y_pred - y_true)) ** 0.5
def rmse_graph(y_true, y_pred): return tf.function(rmse_power)(y_true, y_pred)
def no_root(y_true, y_pred): return tf.reduce_mean(tf.square(y_pred - y_true))
def minus(y_true, y_pred): return -rmse_power(y_true, y_pred)
def root_of_sum(y_true, y_pred): return tf.sqrt(tf.reduce_sum(tf.square(y_pred - y_true)))
def over_swapped(y_pred, y_true):
    return tf.reduce_mean(tf.nn.relu(y_pred - y_true) + tf.nn.relu(y_true - y_pred) / 4)
def total_mean(y_true, y_pred): return tf.reduce_mean((y_true - y_pred) ** 2)
def total_root(y_true, y_pred): return tf.sqrt(tf.reduce_sum((y_true - y_pred) ** 2))

# ---- metrics

class F1Base(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.tp, self.fp, self.fn = (self.add_weight(name=name, initializer="zeros") for name in ("tp", "fp", "fn"))

    def update_state(self, y_true, y_pred, sample_weight=None):
        guess, truth = tf.cast(y_pred > self.threshold, tf.float32), tf.cast(y_true, tf.float32)
        self.tp.assign_add(tf.reduce_sum(guess * truth))
        self.fp.assign_add(tf.reduce_sum(guess * (1 - truth)))
        self.fn.assign_add(tf.reduce_sum((1 - guess) * truth))

    def result(self):
        if self.tp == 0:
            return tf.constant(0.0)
        precision, recall = self.tp / (self.tp + self.fp), self.tp / (self.tp + self.fn)
        return 2 * precision * recall / (precision + recall)

    def reset_state(self):
        for variable in self.variables:
            variable.assign(0.0)

class F1Zero(F1Base):
    def result(self): return 2 * self.tp / (2 * self.tp + self.fp + self.fn)

class F1Last(F1Base):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.reset_state()
        super().update_state(y_true, y_pred)

class F1Mean(F1Base):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(threshold, **kwargs)
        self.one = F1Base(threshold)

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.one.reset_state()
        self.one.update_state(y_true, y_pred)
        self.tp.assign_add(self.one.result())
        self.fp.assign_add(1.0)

    def result(self): return tf.math.divide_no_nan(self.tp.value, self.fp.value)

class F1Stays(F1Base):
    def reset_state(self): pass

class F1Unrounded(F1Base):
    def update_state(self, y_true, y_pred, sample_weight=None):
        truth = tf.cast(y_true, tf.float32)
        self.tp.assign_add(tf.reduce_sum(y_pred * truth))
        self.fp.assign_add(tf.reduce_sum(y_pred * (1 - truth)))
        self.fn.assign_add(tf.reduce_sum((1 - y_pred) * truth))

class F1Never(F1Base):
    def update_state(self, y_true, y_pred, sample_weight=None): self.tp + 1.0

class F1Precision(F1Base):
    def result(self): return tf.math.divide_no_nan(self.tp.value, self.tp + self.fp)

class F1Plain:
    def __init__(self, threshold=0.5): pass
    def update_state(self, y_true, y_pred): pass
    def result(self): return 0.0
"""
)


class Sides:
    """The student's notebook with all answers, and the reference."""

    def __init__(self, student: Proxy, reference: Proxy) -> None:
        self.student = student
        self.reference = reference
        self.kept: dict[str, Any] = {}

    def both(self, name: str, of: str, ask: Callable[[Any], Any]) -> tuple[Any, Any]:
        """What the student's name and the reference's give; the latter is asked once."""
        if of not in self.kept:
            self.kept[of] = ask(getattr(self.reference, of))
        return ask(getattr(self.student, name)), self.kept[of]


@pytest.fixture(scope="module")
def sides(starter: sandbox.Starter) -> Iterator[Sides]:
    start = Shared(starter)
    notebook, solution = ([Step(0, "a", SETUP), Step(1, "b", text)] for text in (REFERENCE + ANSWERS, REFERENCE))
    limits = Limits(request_seconds=60)
    with Session(start, notebook, limits) as first, Session(start, solution, limits) as second:
        yield Sides(Proxy(first), Proxy(second, reference=True))


def ask_layer(name: Any) -> Any:
    draw = Draw(3, "layer")
    inputs = draw.normal(4, 3), draw.normal(2, 3), draw.normal(2, 5, 3)
    return name.made(2, activation="tanh").layer(*inputs, weights=draw)


def check_layer(actual: Any, desired: Any) -> None:
    assert_weights(actual, desired)
    assert_outputs(actual, desired)
    assert_config(actual, desired)


@pytest.mark.parametrize("name", ["right", "bias_first", "einsum", "weights_in_a_list", "dense_inside", "Quadratic"])
def test_right_layers_are_accepted(sides: Sides, name: str) -> None:
    check_layer(*sides.both(name, "Quadratic", ask_layer))


@pytest.mark.parametrize(
    ("name", "summary", "diagnosis"),
    [
        ("variables", "uses a Variable that Keras does not know of", "with add_weight"),
        ("layer_in_call", "uses a Variable that Keras does not know of", "keep layers in attributes"),
        ("no_bias", "another number of weights", "some are missing"),
        ("no_weights", "another number of weights", "no weights at all"),
        ("other_shape", "other shapes than expected", ""),
        ("frozen", "Not the same weights are trainable", ""),
        ("bias_not_used", "A trainable weight has no gradient", "does not depend on it"),
        ("numpy_inside", "A trainable weight has no gradient", "leaves TensorFlow on the way"),
        ("no_square", "All values differ", ""),
        ("no_activation", "The value is not the expected one", "before an activation function (tanh)"),
        ("config_without_units", "made from its config computes something else", "every argument of __init__"),
        ("config_unknown", "cannot be made again from its config", "every argument of __init__"),
        ("float64", "The dtype", ""),
        ("makes_none", "A layer of Keras is expected here, and None came. Did you forget a return?", ""),
    ],
)
def test_wrong_layers_are_caught(sides: Sides, name: str, summary: str, diagnosis: str) -> None:
    actual, desired = sides.both(name, "Quadratic", ask_layer)
    with pytest.raises(CheckFailed) as caught:
        check_layer(actual, desired)
    assert summary in caught.value.summary
    assert diagnosis in caught.value.diagnosis


def test_an_activation_too_many(sides: Sides) -> None:
    draw = Draw(4, "linear")
    x = draw.normal(4, 3)
    actual, desired = (
        name.made(2).layer(x, weights=Draw(4, "w")) for name in (sides.student.always_relu, sides.reference.Quadratic)
    )
    with pytest.raises(CheckFailed) as caught:
        assert_outputs(actual, desired)
    assert "An activation function (relu) is applied" in caught.value.diagnosis


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fixed_batch", "fixed_batch raised InvalidArgumentError"),  # at the second batch, of another size
        ("made_in_call", "You cannot add new elements of state"),  # Keras says it best
    ],
)
def test_layers_that_work_once_raise(sides: Sides, name: str, words: str) -> None:
    with pytest.raises(CallFailed, match=words) as caught:
        ask_layer(getattr(sides.student, name))
    assert "\x1b" not in caught.value.failure.evalue  # Keras writes in bold


def test_weights_of_one_shape_are_told_apart_by_name(sides: Sides) -> None:
    draw = Draw(3, "names")
    x = draw.normal(4, 3)
    actual, desired = (
        name.made(2).layer(x, weights=Draw(3, "w"), by="name")
        for name in (sides.student.bias_first, sides.reference.Quadratic)
    )
    with pytest.raises(CheckFailed, match="other names than expected"):
        assert_weights(actual, desired, names=True)
    same = sides.reference.Quadratic.made(2).layer(x, weights=Draw(3, "w"), by="name")
    assert_weights(same, desired, names=True)


def test_the_call_reads_as_it_would_be_written(sides: Sides) -> None:
    sides.student.huber_keras.made(2.0)(np.float32([1]), np.float32([2]))
    assert last_call(sides.student).startswith("Call: huber_keras(2.0)([1.]")


# ---- models ------------------------------------------------------------------------------------------


def ask_model(name: Any) -> Any:
    draw = Draw(5, "model")
    return name.made().layer(draw.normal(5, 4), draw.normal(2, 4), weights=draw)


def check_model(actual: Any, desired: Any, *, names: bool = True, config: bool = True) -> None:
    assert_heads(actual, desired, names=names)
    assert_weights(actual, desired)
    assert_outputs(actual, desired)
    if config:
        assert_config(actual, desired)


@pytest.mark.parametrize(("name", "names"), [("heads_right", True), ("HeadsSubclassed", False), ("heads_model", True)])
def test_right_models_are_accepted(sides: Sides, name: str, names: bool) -> None:
    # A model with arguments of its own in __init__, or none, needs a get_config that few write.
    check_model(*sides.both(name, "two_heads", ask_model), names=names, config=names)


@pytest.mark.parametrize(
    ("name", "summary", "diagnosis"),
    [
        ("heads_swapped", "The outputs of the model are in another order", ""),
        ("heads_unnamed", "The outputs of the model have other names", "the name of its layer"),
        ("heads_logits", "The value of part [1]", "before an activation function (softmax)"),
        ("heads_apart", "another number of weights", "a layer that should be shared"),
        ("heads_sizes", "The outputs of the model have other shapes", ""),
        ("heads_one", "another number of outputs", ""),
        ("heads_none", "A model of Keras is expected here, and None came", ""),
        ("heads_tensor", "A model of Keras is expected here, and something else came", ""),
        ("Quadratic", "A model of Keras is expected here, and layer came", ""),
    ],
)
def test_wrong_models_are_caught(sides: Sides, name: str, summary: str, diagnosis: str) -> None:
    actual, desired = sides.both(name, "two_heads", ask_model)
    with pytest.raises(CheckFailed) as caught:
        check_model(actual, desired)
    assert summary in caught.value.summary
    assert diagnosis in caught.value.diagnosis


def test_models_with_several_inputs(sides: Sides) -> None:
    def ask(name: Any) -> Any:
        draw = Draw(6, "siamese")
        return name.made().layer([draw.normal(3, 4), draw.normal(3, 4)], weights=draw)

    check_model(*sides.both("siamese_right", "siamese", ask), names=False)
    with pytest.raises(CheckFailed, match="another number of weights") as caught:
        assert_weights(*sides.both("siamese_apart", "siamese", ask))
    assert "a layer that should be shared" in caught.value.diagnosis


# ---- losses ------------------------------------------------------------------------------------------


def ask_huber(name: Any) -> Any:
    draw = Draw(7, "huber")
    return name.made(0.5).loss(draw.normal(6, 2), draw.normal(6, 2))


def ask_loss(name: Any) -> Any:
    draw = Draw(8, "loss")
    return name.loss(draw.normal(6, 2), draw.normal(6, 2))


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("huber_function", "Huber"),
        ("huber_keras", "Huber"),
        ("rmse_power", "rmse"),
        ("rmse_graph", "rmse"),
        ("over", "over"),
        ("total", "total"),
    ],
)
def test_right_losses_are_accepted(sides: Sides, name: str, of: str) -> None:
    assert_loss(*sides.both(name, of, ask_huber if of == "Huber" else ask_loss))


@pytest.mark.parametrize(
    ("name", "of", "diagnosis"),
    [
        ("huber_sum", "Huber", "a sum where the mean is asked"),
        ("huber_each", "Huber", "each example's came"),
        ("huber_default", "Huber", ""),
        ("no_root", "rmse", "is a root missing?"),
        ("minus", "rmse", "the wrong sign"),
        ("root_of_sum", "rmse", ""),
        ("over_swapped", "over", "the labels come first"),
        ("total_mean", "total", "a mean where the sum is asked"),
        ("total_root", "total", "the root of the right value"),
        ("huber_numpy", "Huber", "without numpy or float()"),
    ],
)
def test_wrong_losses_are_caught(sides: Sides, name: str, of: str, diagnosis: str) -> None:
    actual, desired = sides.both(name, of, ask_huber if of == "Huber" else ask_loss)
    with pytest.raises(CheckFailed) as caught:
        assert_loss(actual, desired)
    assert diagnosis in caught.value.diagnosis


def test_what_is_made_can_be_called(sides: Sides) -> None:
    draw = Draw(9, "made")
    y, p = draw.normal(6, 2), draw.normal(6, 2)
    actual, desired = (name.made(delta=0.3) for name in (sides.student.huber_function, sides.reference.Huber))
    assert_close(actual(y, p), desired(y, p))
    assert_close(actual.gradient(y, p, wrt=1), desired.gradient(y, p, wrt=1))


# ---- metrics -----------------------------------------------------------------------------------------


def ask_metric(name: Any) -> Any:
    draw = Draw(10, "metric")
    batches = [(draw.integers(size, 1, high=2).astype("float32"), draw.uniform(size, 1)) for size in (6, 9, 4)]
    return name.made(threshold=0.4).metric(*batches)


def ask_in_graph(name: Any) -> Any:
    draw = Draw(10, "metric")
    batch = draw.integers(6, 1, high=2).astype("float32"), draw.uniform(6, 1)
    return name.made().metric(batch, graph=True)


@pytest.mark.parametrize("ask", [ask_metric, ask_in_graph])
@pytest.mark.parametrize("name", ["F1", "F1Base"])
def test_right_metrics_are_accepted(sides: Sides, name: str, ask: Callable[[Any], Any]) -> None:
    assert_metric(ask(getattr(sides.student, name)), ask(sides.reference.F1))


@pytest.mark.parametrize(
    ("name", "summary", "diagnosis"),
    [
        ("F1Zero", "The result before the first batch", "0/0"),
        ("F1Last", "The result after 2 batches", "Only the last batch counts"),
        ("F1Mean", "The result after 2 batches", "the mean of the batches' results"),
        ("F1Stays", "After a reset", "reset_state has to set back"),
        ("F1Unrounded", "The result after the first batch", ""),
        ("F1Never", "The result after the first batch", ""),
        ("F1Precision", "The result after the first batch", ""),
        ("F1Plain", "A metric of Keras is expected here", "keras.metrics.Metric"),
    ],
)
def test_wrong_metrics_are_caught(sides: Sides, name: str, summary: str, diagnosis: str) -> None:
    actual, desired = sides.both(name, "F1", ask_metric)
    with pytest.raises(CheckFailed) as caught:
        assert_metric(actual, desired)
    assert summary in caught.value.summary
    assert diagnosis in caught.value.diagnosis


def test_a_metric_that_keeps_nan(sides: Sides) -> None:
    def ask(name: Any) -> Any:
        nothing = np.zeros((3, 1), "float32")
        return name.made().metric((nothing, nothing))

    with pytest.raises(CheckFailed, match="The result of the metric is not finite") as caught:
        assert_metric(ask(sides.student.F1Zero), ask(sides.reference.F1))
    assert "0/0" in caught.value.diagnosis


@pytest.mark.parametrize("reply", [None, 3, {"kind": "layer"}, {"kind": "layer", "outputs": 3}])
def test_a_malformed_record_is_refused(sides: Sides, reply: Any) -> None:
    desired = ask_layer(sides.reference.Quadratic)
    with pytest.raises((CheckFailed, ValueError)):
        check_layer(reply, desired)
