"""Probes of this assignment: they run beside the notebook and hold no answers.

Each has the name of the exercise that it asks about. Models, steps and data sets cannot be sent, so they are built here
from numbers that a check has drawn. What is handed to the notebook counts how often its Python code runs: in a graph it
runs while it is traced, and never again.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import time
import timeit
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow import keras

as_it_is = tf.autograph.experimental.do_not_convert  # there is no source to convert
TOO_MANY = 200  # passes over a data set end here, if it does not end by itself


# ---- pictures ------------------------------------------------------------------------------------------


def prepare_picture(notebook: Mapping[str, Any], pictures: list[tf.Tensor], labels: list[tf.Tensor]) -> dict[str, Any]:
    """What ``prepare_picture`` gives in a graph that knows no sizes, as in ``map``.

    Args:
        notebook: The notebook's names.
        pictures: uint8 tensors of shape (height, width, 3), of several sizes.
        labels: As many int64 tensors of shape ().

    Returns:
        What it gives for each (``"prepared"``); see :func:`_watched` for the rest.
    """
    signature = [tf.TensorSpec((None, None, 3), tf.uint8), tf.TensorSpec((), tf.int64)]
    graph = tf.function(notebook["prepare_picture"], input_signature=signature)
    with _watched() as seen:
        prepared = [graph(picture, label) for picture, label in zip(pictures, labels, strict=True)]
    return seen | {"prepared": prepared}


def make_batches(notebook: Mapping[str, Any], count: int, batch_size: int, training: bool) -> dict[str, Any]:
    """Go twice through what ``make_batches`` makes of ``count`` numbered pictures, whose labels are their numbers.

    Returns:
        ``"endless"``: whether a pass does not end; ``"sizes"`` of the batches of the first pass; ``"labels"`` of each
        pass, without training; for training whether there are ``"doubles"`` in a pass, whether the two passes have the
        ``"same_order"``, whether no picture moves far to the front (``"stays_near"``), whether all are
        ``"unmoved"``, whether batches hold ``"neighbours_only"``; whether all are ``"prepared"``; how often
        ``prepare`` ``"ran"``.
    """
    ran = []

    def note(number: Any) -> Any:
        ran.append(number)
        return number

    @as_it_is
    def prepare(picture: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        label = tf.ensure_shape(tf.numpy_function(note, [label], tf.int64), ())
        return tf.cast(picture, tf.float32) * 2.0 + 0.5, label

    pictures = tf.repeat(tf.range(count)[:, tf.newaxis], 3, axis=1)
    examples = tf.data.Dataset.from_tensor_slices((pictures, tf.range(count, dtype=tf.int64)))
    batches = notebook["make_batches"](examples, prepare, batch_size, training)
    passes = [list(itertools.islice(batches.as_numpy_iterator(), TOO_MANY)) for _ in range(2)]
    labels = [[batch[1].ravel().tolist() for batch in one] for one in passes]
    flat = [[label for batch in one for label in batch] for one in labels]
    found: dict[str, Any] = {
        "endless": any(len(one) == TOO_MANY for one in passes),
        "sizes": [len(batch) for batch in labels[0]],
        "prepared": all(
            np.ndim(batch[1]) == 1
            and np.array_equal(batch[0], np.repeat(np.float32(batch[1])[:, np.newaxis] * 2 + 0.5, 3, axis=1))
            for one in passes
            for batch in one
        ),
        "ran": len(ran),
    }
    if not training:
        return found | {"labels": flat}
    return found | {
        "doubles": any(len(set(one)) < len(one) for one in flat),
        "same_order": flat[0] == flat[1],
        "stays_near": all(
            max((number - place for place, number in enumerate(one)), default=0) < 0.8 * count for one in flat
        ),
        "unmoved": all(one == sorted(one) for one in flat),
        "neighbours_only": all(
            sum(after == before + 1 for before, after in itertools.pairwise(one)) > len(one) // 2 for one in flat
        ),
    }


# ---- what a step needs ---------------------------------------------------------------------------------


class _Classifier(keras.Model):
    """A dense layer and a softmax, with a weight that is not trained; its outputs depend on ``training``.

    Args:
        kernel: Weights, shape (inputs, classes).
        log: Where it notes how often its Python code runs, and with which ``training``.
    """

    def __init__(self, kernel: tf.Tensor, log: Any) -> None:
        super().__init__(name="classifier")
        self.head = head = keras.layers.Layer(name="head")  # so that the model has a layer that holds its weights
        head.kernel = head.add_weight(shape=kernel.shape, name="kernel")
        head.frozen = head.add_weight(shape=(kernel.shape[1],), initializer="ones", name="frozen", trainable=False)
        head.bias = head.add_weight(shape=(kernel.shape[1],), initializer="zeros", name="bias")
        head.kernel.assign(kernel)
        head.built = self.built = True
        self.log = log

    def call(self, pictures: tf.Tensor, training: Any = False) -> tf.Tensor:
        """Probabilities of the classes."""
        self.log.runs += 1
        rows = tf.reshape(pictures, (tf.shape(pictures)[0], -1))
        strength = 1.5 if training else 1.0
        head = self.head
        return tf.nn.softmax(strength * tf.matmul(rows, head.kernel) + head.frozen * head.bias)


def _log() -> Any:
    return types.SimpleNamespace(runs=0)


def _weights(model: keras.Model) -> dict[str, tf.Tensor]:
    return {name: tf.identity(getattr(model.head, name)) for name in ("kernel", "bias", "frozen")}


def make_optimizer(
    notebook: Mapping[str, Any], kernel: tf.Tensor, gradients: list[list[tf.Tensor]], learning_rate: float
) -> dict[str, Any]:
    """Use three optimizers that ``make_optimizer`` makes for three models, by turns.

    Args:
        notebook: The notebook's names.
        kernel: Weights of all models.
        gradients: For each step the gradients of kernel and bias.
        learning_rate: Of the first optimizer and the last; the second has twice as much.

    Returns:
        How many Variables there are (``"kept"``) before, and how many are ``"made"`` by the steps; the ``"weights"`` of
        all models afterwards; their learning ``"rates"``.
    """
    models = [_Classifier(kernel, _log()) for _ in range(3)]
    rates = [learning_rate, 2 * learning_rate, learning_rate]
    optimizers = [notebook["make_optimizer"](model, rate) for model, rate in zip(models, rates, strict=True)]
    kept = [len(optimizer.variables) for optimizer in optimizers]
    for step in gradients:
        for optimizer, model in zip(optimizers, models, strict=True):
            optimizer.apply(step, model.trainable_variables)
    return {
        "kept": kept,
        "made": sum(len(optimizer.variables) for optimizer in optimizers) - sum(kept),
        "weights": [_weights(model) for model in models],
        "rates": [float(optimizer.learning_rate) for optimizer in optimizers],
    }


def _made(notebook: Mapping[str, Any]) -> tuple[Any, ...]:
    """What ``make_measures`` makes; one thing where it is no tuple and no list."""
    made = notebook["make_measures"]()
    return tuple(made) if isinstance(made, (tuple, list)) else (made,)


def make_measures(
    notebook: Mapping[str, Any], asked: str, labels: tf.Tensor, probabilities: tf.Tensor, other_labels: tf.Tensor
) -> dict[str, Any]:
    """Ask what ``make_measures`` makes about two batches: the loss, or the metrics.

    Args:
        notebook: The notebook's names.
        asked: "loss" or "metrics".
        labels: Whole numbers of shape (batch,).
        probabilities: Of shape (batch, classes).
        other_labels: As ``labels``; of the metrics, the test one sees them first.

    Returns:
        How many things it makes (``"parts"``). Of the loss: the ``"losses"`` of both batches. Of the metrics: the
        results of both after the training one has seen the first batch (``"train"``), after the test one has seen the
        other (``"test"``), after the training one has seen that as well (``"both"``), and after its ``"reset"``; what
        the metrics of a second call say, which nobody has updated (``"new"``).
    """
    made = _made(notebook)
    if len(made) != 3:
        return {"parts": len(made)}
    loss, train, test = made
    if asked == "loss":
        return {"parts": 3, "losses": [loss(one, probabilities) for one in (labels, other_labels)]}
    found: dict[str, Any] = {"parts": 3}
    train.update_state(labels, probabilities)
    found["train"] = [train.result(), test.result()]
    test.update_state(other_labels, probabilities)
    found["test"] = [train.result(), test.result()]
    train.update_state(other_labels, probabilities)
    found["both"] = [train.result(), test.result()]
    found["new"] = [metric.result() for metric in _made(notebook)[1:]]
    train.reset_state()
    found["reset"] = [train.result(), test.result()]
    return found


# ---- the loop ------------------------------------------------------------------------------------------


def make_train_step(
    notebook: Mapping[str, Any],
    kernel: tf.Tensor,
    batches: list[tuple[tf.Tensor, tf.Tensor]],
    learning_rate: float,
    factor: float,
) -> dict[str, Any]:
    """Take a step with each batch, then two more with the last batch, of which the last is asked for in a graph.

    Args:
        notebook: The notebook's names.
        kernel: Weights of the model.
        batches: Pictures and labels.
        learning_rate: Of the optimizer.
        factor: The loss is this times the cross-entropy.

    Returns:
        The ``"losses"``, the ``"accuracy"`` and the ``"weights"``; how often Python code of the model ran in the
        ``"first"`` step and in ``"all"``, and that of the model or the loss in the steps with the batch that had come
        before (``"again"``); whether Python calls graphs ``"piecewise"``; see :func:`_watched` for the rest.
    """
    log, log_of_losses = _log(), _log()
    model = _Classifier(kernel, log)
    optimizer = keras.optimizers.SGD(learning_rate)
    weights = model.trainable_variables
    optimizer.build(weights)
    entropy = keras.losses.SparseCategoricalCrossentropy()

    @as_it_is
    def loss(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        log_of_losses.runs += 1
        return factor * entropy(labels, probabilities)

    accuracy = keras.metrics.SparseCategoricalAccuracy()
    with _watched() as seen:
        step = notebook["make_train_step"](model, optimizer, loss, accuracy)
        losses, first = [], 0
        for place, (pictures, labels) in enumerate(batches):
            losses.append(step(pictures, labels))
            first = first if place else log.runs
        before = log.runs + log_of_losses.runs
        losses.append(step(*batches[-1]))
        in_a_graph = tf.function(as_it_is(lambda pictures, labels: step(pictures, labels)))
        losses.append(in_a_graph(*batches[-1]))
    return seen | {
        "piecewise": seen["calls"] > len(losses),
        "losses": losses,
        "accuracy": accuracy.result(),
        "weights": _weights(model),
        "steps": int(optimizer.iterations),
        "first": first,
        "again": log.runs + log_of_losses.runs - before,
        "all": log.runs,
    }


def make_evaluate(
    notebook: Mapping[str, Any],
    kernel: tf.Tensor,
    data: list[tuple[tf.Tensor, tf.Tensor]],
    batch_size: int,
    factor: float,
) -> dict[str, Any]:
    """Evaluate one data set after the other.

    Args:
        notebook: The notebook's names.
        kernel: Weights of the model.
        data: For each data set its pictures and labels.
        batch_size: Of the batches; the last one may be smaller.
        factor: The loss is this times the cross-entropy.

    Returns:
        The ``"results"``; the ``"weights"`` afterwards; how often Python code of the model ran in the ``"first"`` call,
        and in all later ones (``"again"``); whether Python calls graphs ``"piecewise"``; see :func:`_watched` for the
        rest.
    """
    log = _log()
    model = _Classifier(kernel, log)
    entropy = keras.losses.SparseCategoricalCrossentropy()

    @as_it_is
    def loss(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        return factor * entropy(labels, probabilities)

    sets = [tf.data.Dataset.from_tensor_slices(one).batch(batch_size) for one in data]
    accuracy = keras.metrics.SparseCategoricalAccuracy()
    accuracy.update_state([0, 0], [[0.0, 0.3, 0.7]] * 2)  # what it has collected before
    with _watched() as seen:
        evaluate = notebook["make_evaluate"](model, loss, accuracy)
        results = [evaluate(sets[0])]
        first = log.runs
        results += [evaluate(one) for one in sets[1:]]
    return seen | {
        "piecewise": seen["calls"] > len(results),
        "results": results,
        "weights": _weights(model),
        "first": first,
        "again": log.runs - first,
    }


def make_train(
    notebook: Mapping[str, Any],
    weights: tf.Tensor,
    data: list[tuple[tf.Tensor, ...]],
    batch_size: int,
    epochs: list[int],
) -> dict[str, Any]:
    """Train a linear model a few times; the steps that are handed in are plain Python functions.

    Args:
        notebook: The notebook's names.
        weights: Of the model, shape (inputs,).
        data: For each run: training pictures, training labels, test pictures, test labels.
        batch_size: Of all batches.
        epochs: Of each run; the last two runs have the same number.

    Returns:
        The ``"histories"``, the ``"weights"`` after the runs; how often the evaluation has ``"evaluated"`` after each
        run; how often the Python code of the training step ran in the ``"first"`` run, and in the last one
        (``"again"``); likewise of the evaluation (``"evaluations"`` and ``"evaluations_again"``); whether Python calls
        graphs ``"piecewise"``; see :func:`_watched` for the rest.
    """
    log, log_of_tests = _log(), _log()
    variable, evaluated = tf.Variable(weights), tf.Variable(0)
    accuracy, measure = keras.metrics.Mean(), keras.metrics.Mean()
    accuracy.update_state(3.0)  # what it has collected before

    @as_it_is
    def train_step(pictures: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        log.runs += 1
        errors = tf.linalg.matvec(pictures, variable) - labels
        loss = tf.reduce_mean(tf.square(errors))
        accuracy.update_state(tf.sigmoid(errors))  # moves with every step, as an accuracy does not
        variable.assign_sub(0.05 * tf.linalg.matvec(pictures, errors, transpose_a=True) / batch_size)
        return loss

    @as_it_is
    def evaluate(batches: tf.data.Dataset) -> tuple[tf.Tensor, tf.Tensor]:
        log_of_tests.runs += 1
        evaluated.assign_add(1)
        measure.reset_state()

        @as_it_is
        def add(total: tf.Tensor, batch: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
            return total + tf.reduce_sum(tf.linalg.matvec(batch[0], variable) * batch[1])

        result = batches.reduce(tf.constant(0.0), add)
        return 1.0 + tf.abs(result), tf.sigmoid(result / 10.0)

    sets = [
        [tf.data.Dataset.from_tensor_slices((x, y)).batch(batch_size) for x, y in (one[:2], one[2:])] for one in data
    ]
    with _watched() as seen:
        train = notebook["make_train"](train_step, evaluate, accuracy)
        histories, after, times, runs = [], [], [], []
        for (train_batches, test_batches), number in zip(sets, epochs, strict=True):
            history = train(train_batches, test_batches, number)
            histories.append({key: history[key] for key in sorted(history)} if isinstance(history, dict) else history)
            after.append(tf.identity(variable))
            times.append(int(evaluated))
            runs.append((log.runs, log_of_tests.runs))
    return seen | {
        "piecewise": seen["calls"] > len(histories),
        "histories": histories,
        "weights": after,
        "evaluated": times,
        "first": runs[0][0],
        "again": runs[-1][0] - runs[-2][0],
        "evaluations": runs[0][1],
        "evaluations_again": runs[-1][1] - runs[-2][1],
    }


@contextlib.contextmanager
def _watched() -> Iterator[dict[str, Any]]:
    """Watch a run.

    Yields:
        What tells afterwards whether functions run ``"eagerly"``, whether Python ``"printed"``, how many ``"calls"`` of
        a tf.function Python has made, and whether a graph has a part that is asked of Python (``"asks_python"``).
    """
    seen: dict[str, Any] = {"calls": 0, "asks_python": False}
    written = io.StringIO()
    kind: Any = type(tf.function(lambda: 0))
    call = kind.__call__
    ways = {name: getattr(tf, name) for name in ("py_function", "numpy_function")}

    @as_it_is
    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen["calls"] += tf.executing_eagerly()
        return call(self, *args, **kwargs)

    def noted(way: Callable[..., Any]) -> Callable[..., Any]:
        @as_it_is
        def ask(*args: Any, **kwargs: Any) -> Any:
            seen["asks_python"] = True
            return way(*args, **kwargs)

        return ask

    try:
        kind.__call__ = counted
        for name, way in ways.items():
            setattr(tf, name, noted(way))
        with contextlib.redirect_stdout(written):
            yield seen
    finally:
        kind.__call__ = call
        for name, way in ways.items():
            setattr(tf, name, way)
    seen["eagerly"] = bool(tf.config.functions_run_eagerly())
    seen["printed"] = bool(written.getvalue())


# ---- counting and measuring ----------------------------------------------------------------------------


def count_traces(notebook: Mapping[str, Any], calls: list[tuple[Any, ...]]) -> Any:
    """What ``count_traces`` says of a function that only hands on its arguments."""

    @as_it_is
    def same(*values: Any) -> list[tf.Tensor]:
        return [tf.identity(value) for value in values]

    return notebook["count_traces"](same, calls)


def speed_up(
    notebook: Mapping[str, Any], eager: list[float], graph: list[float], tracing: float, x: tf.Tensor, repeats: int
) -> dict[str, Any]:
    """What ``speed_up`` says of a function, by a clock that only that function moves.

    Args:
        notebook: The notebook's names.
        eager: Seconds that an eager call takes, one after the other, over and over.
        graph: Seconds that a call of the graph takes, likewise.
        tracing: Seconds that a trace takes.
        x: Argument of the function.
        repeats: How many calls are asked.

    Returns:
        The ``"ratio"``, and whether there were enough ``"eager"`` calls and enough calls of the ``"graph"``.
    """
    now = 1000.0
    times = {"eager": itertools.cycle(eager), "graph": itertools.cycle(graph)}
    calls = {"eager": 0, "graph": 0}

    def tick(kind: str) -> None:
        nonlocal now
        now += next(times[kind])
        calls[kind] += 1

    def run(value: Any) -> Any:
        tick("graph")
        return value

    @as_it_is
    def work(value: tf.Tensor) -> tf.Tensor:
        nonlocal now
        if tf.executing_eagerly():
            tick("eager")
            return value + 0.0
        now += tracing
        return tf.ensure_shape(tf.numpy_function(run, [value], value.dtype), value.shape)

    with _clock(lambda: now, getattr(notebook["speed_up"], "__globals__", {})):
        ratio = notebook["speed_up"](work, x, repeats)
    return {"ratio": ratio, "eager": calls["eager"] >= repeats, "graph": calls["graph"] >= repeats}


@contextlib.contextmanager
def _clock(now: Callable[[], float], names: dict[str, Any]) -> Iterator[None]:
    """Put a clock of our own in the place of Python's, for the time of a call; also where one of ``names`` is one."""
    clocks: dict[str, Callable[[], float]] = {
        "perf_counter": now,
        "time": now,
        "monotonic": now,
        "process_time": now,
        "perf_counter_ns": lambda: int(now() * 1e9),
        "time_ns": lambda: int(now() * 1e9),
    }
    kept = {name: getattr(time, name) for name in clocks}
    imported = {mine: name for mine, value in names.items() for name, clock in kept.items() if value is clock}
    functions: list[Any] = [timeit.timeit, timeit.repeat, timeit.Timer.__init__]
    defaults = [function.__defaults__ for function in functions]
    timer = timeit.default_timer
    try:
        for name, clock in clocks.items():
            setattr(time, name, clock)
        names.update({mine: clocks[name] for mine, name in imported.items()})
        timeit.default_timer = now
        for function in functions:
            function.__defaults__ = tuple(now if value is timer else value for value in function.__defaults__)
        yield
    finally:
        for name, clock in kept.items():
            setattr(time, name, clock)
        names.update({mine: kept[name] for mine, name in imported.items()})
        timeit.default_timer = timer
        for function, default in zip(functions, defaults, strict=True):
            function.__defaults__ = default
