"""Assertions on what a function does under a distribution strategy, for the runs of ``student.f.distributed(…)``.

Nothing here is a matter of one number of replicas: a right answer gives the same on 1, 2 and 4 of them, and most wrong
ones are off by a factor that names the mistake. Formulas: the loss of a step is the sum of the examples' losses on all
replicas, divided by the global batch size (the guide "Custom training with tf.distribute.Strategy").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from ..wire import Tensor
from .failures import CheckFailed, fail
from .tensors import assert_close
from .words import describe, expected, short, values_text

PER_REPLICA, DATASET, DISTRIBUTED_DATASET = "per replica", "dataset", "distributed dataset"


@dataclass(frozen=True)
class Run:
    """What a function did with a strategy.

    Args:
        name: The function.
        replicas: How many replicas the strategy had.
        on: What they were: ``"CPU"`` (logical devices), ``"GPU"`` or ``"TPU"``.
        result: What it returned. A value that each replica has its own of is ``{"per replica": [...]}``; a strategy is
            a dict with ``strategy``, ``replicas``, ``devices``, ``placed`` and ``adds_up``; a data set
            ``{"dataset": [...]}`` or ``{"distributed dataset": [...]}``; a model, optimizer or metric
            ``{"variables": [...]}``.
        calls: What was asked of the strategy: dicts with ``call`` (``"run"``, ``"reduce"``, ``"distribute dataset"``),
            ``graph`` (whether a graph was being made), ``times``, and details.
        variables: What was made during the call: dicts with ``name``, ``kind`` (``"mirrored"``, ``"one for each
            replica"``, ``"plain"``), ``devices`` and ``values``, one for each copy.
        stand_ins: What each stand-in of :mod:`autograder.expect.stand_in` noted, by its name.
    """

    name: str
    replicas: int
    on: str
    result: Any
    calls: tuple[Mapping[str, Any], ...] = ()
    variables: tuple[Mapping[str, Any], ...] = ()
    stand_ins: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, reply: Any) -> Run:
        """The run that a reply tells of.

        Raises:
            TypeError: It tells of none. (The other side is not trusted.)
        """
        if not isinstance(reply, dict) or not {"replicas", "on", "result"} <= set(reply):
            raise TypeError("this is not the reply of a run under a strategy")
        calls, variables = (tuple(map(dict, reply.get(part, ()))) for part in ("calls", "variables"))
        stand_ins = dict(reply.get("stand_ins", {}))
        return cls(name, int(reply["replicas"]), str(reply["on"]), reply["result"], calls, variables, stand_ins)

    def asked(self, call: str) -> list[Mapping[str, Any]]:
        """The calls of one kind that were made of the strategy."""
        return [each for each in self.calls if each.get("call") == call]


def assert_replicas(run: Run, replicas: int) -> None:
    """The function returned a strategy with so many replicas, each on a device of its own.

    Args:
        run: A run of a function that makes a strategy.
        replicas: How many there should be.

    Raises:
        CheckFailed: It returned something else, or a strategy with another number of replicas.

    Right::

        def make_strategy(devices):
            return tf.distribute.MirroredStrategy(devices)

    Wrong::

        def make_strategy(devices):
            return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

    Check::

        def test_make_strategy_replicas(student, reference, draw):
            \"\"\"There is one replica for each device.\"\"\"
            assert_replicas(student.make_strategy.distributed(["CPU:0", "CPU:1", "CPU:2"]), 3)

    Message::

        The strategy has another number of replicas than expected.
        …
    """
    __tracebackhide__ = True
    strategy = _strategy_of(run)
    if strategy["replicas"] != replicas or len(set(strategy["devices"])) != replicas:
        got = f"got: {strategy['replicas']} on {', '.join(map(str, strategy['devices']))}"
        fail(
            "The strategy has another number of replicas than expected.",
            expected(replicas, got.removeprefix("got: ")),
            "Is the list of devices, or their number, written down where the argument should be used?",
            got,
        )


def assert_one_device(run: Run, device: str, *, placed: str | None = None) -> None:
    """The function returned a ``OneDeviceStrategy`` for a device.

    Args:
        run: A run of a function that makes a strategy.
        device: The device that it should ask for, such as ``"GPU:0"``.
        placed: Where its variables really are; None for anywhere. ``"GPU:0"`` without a GPU gives ``"CPU:0"``: that is
            soft placement.

    Raises:
        CheckFailed: It is another strategy, or one for another device.

    Right::

        def one_device(device):
            return tf.distribute.OneDeviceStrategy(device)

    Wrong::

        def one_device(device):
            return tf.distribute.MirroredStrategy([device])

    Check::

        def test_one_device_kind(student, reference, draw):
            \"\"\"Everything is on the one device that was asked for.\"\"\"
            assert_one_device(student.one_device.distributed("CPU:1"), "CPU:1", placed="CPU:1")

    Message::

        The strategy is not a OneDeviceStrategy.
        …
    """
    __tracebackhide__ = True
    strategy = _strategy_of(run)
    if not str(strategy["strategy"]).startswith("OneDeviceStrategy"):
        fail("The strategy is not a OneDeviceStrategy.", f"got: {strategy['strategy']}")
    for told, wanted, got in (
        ("The strategy asks for another device than expected.", device, strategy["devices"]),
        ("The strategy's variables are on another device than expected.", placed, strategy["placed"]),
    ):
        if wanted is not None and got != [wanted.lstrip("/")]:
            fail(told, expected(wanted, ", ".join(map(str, got))), got=f"got: {', '.join(map(str, got))}")


def assert_in_scope(run: Run) -> None:
    """Every variable that was made has a copy on each replica: it was made in ``strategy.scope()``.

    Of optimizers and metrics, too. What counts are the variables made during the call and those of what it returned.

    Args:
        run: A run with at least two replicas.

    Raises:
        CheckFailed: Some variable is an ordinary one, or there is none.

    Right::

        def make(strategy):
            with strategy.scope():
                return tf.Variable([1.0, 2.0])

    Wrong::

        def make(strategy):
            return tf.Variable([1.0, 2.0])

    Check::

        def test_make_scope(student, reference, draw):
            \"\"\"The variable is made in the scope of the strategy.\"\"\"
            assert_in_scope(student.make.distributed(stand_in.strategy(), replicas=2))

    Message::

        Some variables were made outside of the strategy's scope.
        …
    """
    __tracebackhide__ = True
    _several(run)
    variables = [*run.variables, *_returned_variables(run.result)]
    if not variables:
        fail("No variable was made under the strategy.", diagnosis="What trains has to be made in strategy.scope().")
    names = {str(each["name"]) for each in variables}
    plain = sorted({str(each["name"]) for each in variables if each["kind"] == "plain"})
    if not plain:
        return
    optimizers = tuple(name.removesuffix("iteration") for name in names if _counts_steps(name))
    if len(plain) < len(names) and optimizers and all(name.startswith(optimizers) for name in plain):
        diagnosis = (
            "They belong to an optimizer that was made outside of strategy.scope(): it counts the step of each "
            "replica as one of its own."
        )
    else:
        diagnosis = (
            "Models, optimizers and metrics are made inside “with strategy.scope():”, so that each replica gets its "
            "copy and the copies stay the same."
        )
    fail("Some variables were made outside of the strategy's scope.", short(f"They are: {', '.join(plain)}"), diagnosis)


def assert_distributed(run: Run) -> None:
    """The data was distributed: each replica got its own share of a batch.

    ``experimental_distribute_dataset`` and ``distribute_datasets_from_function`` are both right.

    Args:
        run: A run with at least two replicas, of a function that returns a data set or that trains on one.

    Raises:
        CheckFailed: The data set that came is an ordinary one, or every replica got the same.

    Right::

        def distribute(strategy, dataset):
            return strategy.experimental_distribute_dataset(dataset)

    Wrong::

        def distribute(strategy, dataset):
            return dataset

    Check::

        def test_distribute_kind(student, reference, draw):
            \"\"\"Each replica gets its share of a batch.\"\"\"
            data = stand_in.dataset(draw.normal(10, 2), batch=4)
            assert_distributed(student.distribute.distributed(stand_in.strategy(), data, replicas=2))

    Message::

        The data is not distributed over the replicas.
        …
    """
    __tracebackhide__ = True
    _several(run)
    told = "The data is not distributed over the replicas."
    kinds = set(_kinds(run.result))
    if DATASET in kinds:
        fail(told, "An ordinary tf.data.Dataset came back.", _NOT_DISTRIBUTED)
    if _same_data(run):
        fail(told, "strategy.run was given one and the same batch for all replicas.", _NOT_DISTRIBUTED)
    if DISTRIBUTED_DATASET not in kinds and not any(each.get("inputs") == PER_REPLICA for each in run.asked("run")):
        fail(told, "Neither was a distributed data set made, nor did a replica get a share of one.", _NOT_DISTRIBUTED)


def assert_run_on_replicas(run: Run, *, graph: bool = True) -> None:
    """The step ran on each replica, by ``strategy.run``.

    Args:
        run: A run with at least two replicas.
        graph: Whether it has to be in a ``tf.function``.

    Raises:
        CheckFailed: ``strategy.run`` was not called, or not from within a graph.

    Right::

        def make_step(strategy):
            @tf.function
            def step(x):
                return strategy.reduce("SUM", strategy.run(tf.reduce_sum, args=(x,)), axis=None)
            return step

    Wrong::

        def make_step(strategy):
            @tf.function
            def step(x):
                return tf.reduce_sum(x)
            return step

    Check::

        def test_make_step_run(student, reference, draw):
            \"\"\"The step runs on each replica.\"\"\"
            batches = [(draw.normal(4),)]
            assert_run_on_replicas(student.make_step.distributed(stand_in.strategy(), replicas=2, then=batches))

    Message::

        strategy.run was never called.
        …
    """
    __tracebackhide__ = True
    _several(run)
    calls = run.asked("run")
    if not calls:
        fail(
            "strategy.run was never called.",
            diagnosis="A step that is called directly runs once, not once on each replica: strategy.run(step, "
            "args=(…,)).",
        )
    if graph and not all(each.get("graph") for each in calls):
        fail(
            "strategy.run is called eagerly, not from a graph.",
            diagnosis="Without tf.function around it every op of every step waits for Python: decorate the function "
            "that calls strategy.run.",
        )


def assert_loss_scaled(run: Run, desired: Any, *, rtol: float = 1e-4, atol: float = 1e-5) -> None:
    """The losses of the replicas add up to the average over the global batch.

    The last batch of an epoch is the one to try: there some replicas get fewer examples, or none.

    Args:
        run: A run whose result is a loss, or one for each replica.
        desired: The reference's run, or its number.
        rtol: Relative tolerance.
        atol: Absolute tolerance.

    Raises:
        CheckFailed: They add up to something else; the factor names the mistake where it is a known one.

    Right::

        def compute_loss(each, global_batch):
            return tf.reduce_sum(each) / global_batch

    Wrong::

        def compute_loss(each, global_batch):
            return tf.reduce_mean(each)

    Check::

        def test_compute_loss_scaled(student, reference, draw):
            \"\"\"The replicas' losses add up to the average over the global batch.\"\"\"
            each = stand_in.batch(draw.uniform(8))
            ask = dict(replicas=2, inside=True)
            assert_loss_scaled(student.compute_loss.distributed(each, 8.0, **ask),
                               reference.compute_loss.distributed(each, 8.0, **ask))

    Message::

        The loss of the replicas together is not the average over the global batch.
        …
    """
    __tracebackhide__ = True
    told = "The loss of the replicas together is not the average over the global batch."
    mine, theirs = _total(run.result), _total(desired.result if isinstance(desired, Run) else desired)
    if theirs is None:
        raise TypeError("the reference's loss is no number")
    if mine is None:
        fail("A loss, or one for each replica, is expected here, and something else came.", f"got: {_told(run.result)}")
    if np.shape(mine) == np.shape(theirs) and np.allclose(mine, theirs, rtol=rtol, atol=atol):
        return
    got = f"got: {values_text(np.asarray(mine))}"
    fail(
        told, f"expected: {values_text(np.asarray(theirs))}\n     {got}", _scale(run, mine, theirs, "it should be"), got
    )


def assert_reduced(run: Run, desired: Any, *, rtol: float = 1e-4, atol: float = 1e-5) -> None:
    """What the replicas returned was put together, into what the reference has.

    ``ReduceOp.SUM``, the string ``"SUM"`` and a sum of ``experimental_local_results`` are all right: the value counts.

    Args:
        run: A run of a function that returns reduced values.
        desired: The reference's run, or its result.
        rtol: Relative tolerance.
        atol: Absolute tolerance.

    Raises:
        CheckFailed: There is still one value for each replica, or another value came.

    Right::

        def total(strategy, x):
            return strategy.reduce("SUM", strategy.run(tf.reduce_sum, args=(x,)), axis=None)

    Wrong::

        def total(strategy, x):
            return strategy.reduce("MEAN", strategy.run(tf.reduce_sum, args=(x,)), axis=None)

    Check::

        def test_total_reduced(student, reference, draw):
            \"\"\"The parts of the replicas are added.\"\"\"
            args = stand_in.strategy(), stand_in.batch(draw.uniform(8))
            assert_reduced(student.total.distributed(*args, replicas=2), reference.total.distributed(*args, replicas=2))

    Message::

        The reduced value is not the expected one.
        …
    """
    __tracebackhide__ = True
    theirs = desired.result if isinstance(desired, Run) else desired
    if PER_REPLICA in set(_kinds(run.result)) - set(_kinds(theirs)):
        fail(
            "There is still one value for each replica.",
            f"got: {_told(run.result)}",
            "strategy.reduce puts the values of the replicas together into one.",
        )
    try:
        assert_close(run.result, theirs, rtol=rtol, atol=atol)
    except CheckFailed as failure:
        if not failure.detail:  # of another kind or dtype, which its summary says
            raise
        first, wanted = _first(run.result), _first(theirs)
        diagnosis = "" if first is None or wanted is None else _scale(run, first, wanted, "it should be")
        fail("The reduced value is not the expected one.", failure.detail, diagnosis, failure.got)


def assert_replica_invariant(
    call: Any,
    *args: Any,
    replicas: Sequence[int] = (1, 2, 4),
    rtol: float = 1e-5,
    atol: float = 1e-5,
    **kwargs: Any,
) -> Run:
    """A function gives the same on every number of replicas. N replicas of a right answer differ from one by 5e-7.

    Args:
        call: Such as ``student.train``.
        *args: Its arguments, as for ``student.train.distributed``; :func:`stand_in.strategy` among them.
        replicas: The numbers of replicas.
        rtol: Relative tolerance.
        atol: Absolute tolerance.
        **kwargs: Its keyword arguments, and options of ``distributed``.

    Returns:
        The run with the first number of replicas, to be compared with the reference's.

    Raises:
        CheckFailed: Some value depends on the number of replicas; the factor names the mistake where it is a known one.

    Right::

        def train(strategy, dataset, batch):
            with strategy.scope():
                w = tf.Variable(1.0)
            def step(x):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum((w * x - 1.0) ** 2) / batch
                gradient = tape.gradient(loss, w)
                total = tf.distribute.get_replica_context().all_reduce("SUM", gradient)
                w.assign_sub(0.1 * total)
                return loss
            @tf.function
            def whole_step(x):
                return strategy.reduce("SUM", strategy.run(step, args=(x,)), axis=None)
            return [whole_step(x) for x in strategy.experimental_distribute_dataset(dataset)]

    Wrong::

        def train(strategy, dataset, batch):
            with strategy.scope():
                w = tf.Variable(1.0)
            def step(x):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean((w * x - 1.0) ** 2)
                gradient = tape.gradient(loss, w)
                total = tf.distribute.get_replica_context().all_reduce("SUM", gradient)
                w.assign_sub(0.1 * total)
                return loss
            @tf.function
            def whole_step(x):
                return strategy.reduce("SUM", strategy.run(step, args=(x,)), axis=None)
            return [whole_step(x) for x in strategy.experimental_distribute_dataset(dataset)]

    Check::

        def test_train_invariant(student, reference, draw):
            \"\"\"Training gives the same losses on 1 and on 2 replicas.\"\"\"
            args = stand_in.strategy(), stand_in.dataset(draw.normal(10), batch=4), 4.0
            one = assert_replica_invariant(student.train, *args, replicas=(1, 2))
            assert_close(one.result, reference.train.distributed(*args, replicas=1).result)

    Message::

        The result depends on the number of replicas.
        …
    """
    __tracebackhide__ = True
    runs: list[Run] = [call.distributed(*args, replicas=count, **kwargs) for count in _increasing(replicas)]
    first, *others = runs
    for run in others:
        _assert_same(run, first, rtol, atol)
    return first


def assert_follows_replicas(
    call: Any, desired: Any, *args: Any, replicas: Sequence[int] = (1, 2, 4, 8), **kwargs: Any
) -> None:
    """A function gives what the reference gives for each number of replicas, such as the global batch size.

    Args:
        call: Such as ``student.global_batch_size``.
        desired: The same function of the reference.
        *args: Its arguments, as for ``student.f.distributed``.
        replicas: The numbers of replicas.
        **kwargs: Its keyword arguments, and options of ``distributed``.

    Raises:
        CheckFailed: For some number of replicas it gives something else.

    Right::

        def global_batch_size(strategy, batch_size):
            return batch_size * strategy.num_replicas_in_sync

    Wrong::

        def global_batch_size(strategy, batch_size):
            return 64 * strategy.num_replicas_in_sync

    Check::

        def test_global_batch_size_value(student, reference, draw):
            \"\"\"The global batch is the batches of all replicas together.\"\"\"
            args = stand_in.strategy(), draw.size(3, 30)
            assert_follows_replicas(student.global_batch_size, reference.global_batch_size, *args, replicas=(1, 2))

    Message::

        The result is not the expected one for every number of replicas.
        …
    """
    __tracebackhide__ = True
    mine = [call.distributed(*args, replicas=count, **kwargs) for count in replicas]
    theirs = [desired.distributed(*args, replicas=count, **kwargs) for count in replicas]
    for run, wanted in zip(mine, theirs, strict=True):
        try:
            assert_close(run.result, wanted.result)
        except CheckFailed as failure:
            fail(
                "The result is not the expected one for every number of replicas.",
                f"With {_count(run)}: {failure.detail or failure.summary}",
                _hard_coded(mine, theirs),
                f"With {_count(run)}: {failure.got or failure.summary}",
            )


def assert_training_flag(run: Run, training: bool, *, model: str = "model") -> None:
    """The model was called with ``training=True``, or without.

    Args:
        run: A run in which the stand-in :func:`stand_in.model` was used.
        training: What it should be called with. None counts as False.
        model: Name of the stand-in.

    Raises:
        CheckFailed: It was called otherwise, or not at all.

    Right::

        def make_train_step(model):
            return lambda x: model(x, training=True)

    Wrong::

        def make_train_step(model):
            return lambda x: model(x, training=False)

    Check::

        def test_make_train_step_flag(student, reference, draw):
            \"\"\"The train step calls the model in training mode.\"\"\"
            model = stand_in.model(draw.normal(3, 1), draw.normal(1))
            run = student.make_train_step.distributed(model, then=[(draw.normal(4, 3),)])
            assert_training_flag(run, True)

    Message::

        The model is called with another value of training than expected.
        …
    """
    __tracebackhide__ = True
    flags = run.stand_ins[model]["training"]
    if not flags:
        fail("The model is never called.")
    if any(bool(flag) is not training for flag in flags):
        got = ", ".join(sorted({f"training={flag}" for flag in flags}))
        fail(
            "The model is called with another value of training than expected.",
            expected(f"training={training}", got),
            "Layers such as dropout and batch normalization do something else in training: a train step calls the "
            "model with training=True, a test step with training=False.",
            f"got: {got}",
        )


def assert_updated_on_replicas(run: Run, desired: Run | None = None, *, metric: str = "metric") -> None:
    """The metric was updated in the step that runs on each replica.

    Args:
        run: A run with at least two replicas in which the stand-in :func:`stand_in.metric` was used.
        desired: The reference's run, watched, whose metric tells what should be counted; None where it does not matter.
        metric: Name of the stand-in.

    Raises:
        CheckFailed: It was updated elsewhere, not at all, or with something else.

    Right::

        def step(strategy, metric, x):
            strategy.run(metric.update_state, args=(x,))

    Wrong::

        def step(strategy, metric, x):
            metric.update_state(strategy.reduce("SUM", x, axis=0))

    Check::

        def test_step_metric(student, reference, draw):
            \"\"\"The metric is updated on each replica.\"\"\"
            args = stand_in.strategy(), stand_in.metric(), stand_in.batch(draw.uniform(4))
            run, wanted = (who.step.distributed(*args, replicas=2, watched=True) for who in (student, reference))
            assert_updated_on_replicas(run, wanted)

    Message::

        The metric is updated outside of strategy.run.
        …
    """
    __tracebackhide__ = True
    _several(run)
    updates = run.stand_ins[metric]
    if updates["outside"]:
        fail(
            "The metric is updated outside of strategy.run.",
            diagnosis="There it sees values that were put together already, and not each replica's examples. Update "
            "it in the step that runs on each replica.",
        )
    if not updates["inside"]:
        fail("The metric is never updated.")
    if desired is None:
        return
    wanted = desired.stand_ins[metric]
    if updates["count"] != wanted["count"]:
        fail(
            "The metric has not counted each example once.",
            expected(wanted["count"], updates["count"]),
            "Each batch is counted once, and what was counted before it stays: nothing resets the metric in a step.",
            f"got: {updates['count']}",
        )
    try:
        assert_close(updates["result"], wanted["result"])
    except CheckFailed as failure:
        fail(
            "The metric was updated with something else than expected.",
            failure.detail,
            "It gets the labels first, then what the loss was computed from, of the same step.",
            failure.got,
        )


def assert_not_called(run: Run, loss: str = "loss", *, diagnosis: str = "") -> None:
    """A loss function was not called.

    Args:
        run: A run in which the stand-in :func:`stand_in.loss` was used.
        loss: Name of the stand-in.
        diagnosis: What is told in place of the usual cause: the scaled training loss in a test step.

    Raises:
        CheckFailed: It was called.

    Right::

        def make_test_step(loss, compute_loss):
            return lambda y, p: tf.reduce_mean(loss(y, p))

    Wrong::

        def make_test_step(loss, compute_loss):
            return compute_loss

    Check::

        def test_make_test_step_loss(student, reference, draw):
            \"\"\"The test step uses the plain loss.\"\"\"
            scaled = stand_in.loss(global_batch=8, name="compute_loss")
            y = draw.normal(4, 1)
            run = student.make_test_step.distributed(stand_in.loss(), scaled, then=[(y, y)])
            assert_not_called(run, "compute_loss")

    Message::

        A function is called here that should not be.
        …
    """
    __tracebackhide__ = True
    if run.stand_ins[loss]["calls"]:
        fail(
            "A function is called here that should not be.",
            f"It is: {loss}",
            diagnosis
            or "The loss that is divided by the global batch size is for training; a test step reports the loss of "
            "its examples as it is, and leaves the averaging to a metric.",
        )


def assert_optimizer_steps(run: Run, steps: int, *, optimizer: str = "") -> None:
    """The optimizer counted so many steps.

    Args:
        run: A run of a function that trains.
        steps: How many batches it trained on.
        optimizer: Name of the stand-in :func:`stand_in.optimizer`; else the one that was made during the run is meant.

    Raises:
        CheckFailed: It counted another number; N times as many say that it was made outside of the scope.

    Right::

        def train(strategy, dataset):
            with strategy.scope():
                w = tf.Variable(1.0)
                optimizer = tf.keras.optimizers.SGD(0.1)
                optimizer.build([w])
            def step(x):
                optimizer.apply_gradients([(tf.reduce_sum(x), w)])
            @tf.function
            def whole_step(x):
                strategy.run(step, args=(x,))
            for x in strategy.experimental_distribute_dataset(dataset):
                whole_step(x)

    Wrong::

        def train(strategy, dataset):
            with strategy.scope():
                w = tf.Variable(1.0)
                optimizer = tf.keras.optimizers.SGD(0.1)
                optimizer.build([w])
            def step(x):
                optimizer.apply_gradients([(tf.reduce_sum(x), w)])
            @tf.function
            def whole_step(x):
                strategy.run(step, args=(x,))
            for x in strategy.experimental_distribute_dataset(dataset):
                whole_step(x)
                break

    Check::

        def test_train_steps(student, reference, draw):
            \"\"\"There is one step for each batch.\"\"\"
            data = stand_in.dataset(draw.normal(8), batch=4)
            assert_optimizer_steps(student.train.distributed(stand_in.strategy(), data, replicas=2), 2)

    Message::

        The optimizer counted another number of steps than there are batches.
        …
    """
    __tracebackhide__ = True
    if optimizer:
        counted = int(run.stand_ins[optimizer]["iterations"])
    else:
        found = [each for each in run.variables if _counts_steps(str(each["name"]))]
        if not found:
            fail("No optimizer was made.")
        counted = int(found[-1]["values"][0].array)
    if counted != steps:
        outside = run.replicas > 1 and counted == run.replicas * steps
        fail(
            "The optimizer counted another number of steps than there are batches.",
            expected(steps, counted),
            f"It counted {run.replicas} steps for each batch, one for each replica: it was made outside of "
            f"strategy.scope()."
            if outside
            else "",
            f"got: {counted}",
        )


# ---- values ------------------------------------------------------------------------------------------

_NOT_DISTRIBUTED = (
    "strategy.experimental_distribute_dataset(dataset) splits each batch among the replicas; an ordinary data set "
    "gives every replica the whole batch, and the gradients of all of them are added."
)


def _several(run: Run) -> None:
    if run.replicas < 2:
        raise TypeError("this can be told with at least two replicas; ask with replicas=2")


def _count(run: Run) -> str:
    return f"{run.replicas} replica{'s' * (run.replicas > 1)}"


def _increasing(replicas: Sequence[int]) -> Sequence[int]:
    if len(replicas) < 2:
        raise TypeError("at least two numbers of replicas are compared")
    return sorted(replicas)


def _strategy_of(run: Run) -> Mapping[str, Any]:
    __tracebackhide__ = True
    if not isinstance(run.result, dict) or "strategy" not in run.result:
        fail("A strategy is expected here, and something else came.", f"got: {_told(run.result)}")
    return run.result


def _counts_steps(name: str) -> bool:
    """Whether a variable is an optimizer's own count of its steps, by the name that Keras gives it."""
    return name.rpartition("/")[2] == "iteration"


def _told(value: Any) -> str:
    if isinstance(value, (tuple, list)) and value and PER_REPLICA in set(_kinds(value)):
        return f"{len(value)} results; the first is {_told(value[0])}"
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), list):
        (kind, items), *_ = value.items()
        return {PER_REPLICA: f"a value for each of {len(items)} replicas", DATASET: "a tf.data.Dataset"}.get(
            str(kind), f"something with {kind}"
        )
    return short(describe(value))


def _kinds(value: Any) -> Iterator[str]:
    """What of a strategy's is in a result: the keys by which it is described."""
    if isinstance(value, dict):
        if len(value) == 1:
            yield from (key for key in value if key in (PER_REPLICA, DATASET, DISTRIBUTED_DATASET))
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _kinds(item)


def _returned_variables(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        if set(value) == {"variables"}:
            yield from value["variables"]
            return
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _returned_variables(item)


def _same_data(run: Run) -> bool:
    """Whether every replica was given one and the same batch."""
    inputs = {each.get("inputs") for each in run.asked("run")}
    return "same" in inputs and PER_REPLICA not in inputs


def _numbers(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Every number and numeric array in a result, in order."""
    if isinstance(value, Tensor) and value.array.dtype.kind in "fiuc":
        yield value.array
    elif type(value) in (int, float):
        yield np.asarray(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _numbers(item)


def _first(value: Any) -> Any:
    """The first number in a result; None where there is none."""
    return next((array.ravel()[0] for array in _numbers(value) if array.size), None)


def _total(value: Any) -> Any:
    """The sum of a loss over the replicas; None where it is no loss."""
    numbers = list(_numbers(value))
    if isinstance(value, dict) and set(value) == {PER_REPLICA} and len(numbers) == len(value[PER_REPLICA]):
        # A loss object that adds up (reduction="sum") gives an empty vector for an empty share: nothing is added.
        parts = [array for array in numbers if array.size]
        return np.sum(parts, axis=0) if len({array.shape for array in parts}) == 1 else None
    return numbers[0] if isinstance(value, (Tensor, int, float)) and numbers else None


def _scale(run: Run, mine: Any, theirs: Any, than: str) -> str:
    """What a value that is N times, or an N-th of, what it should be says about an answer; ``""`` for nothing."""
    mine, theirs, count = np.asarray(mine, float), np.asarray(theirs, float), run.replicas
    if np.isnan(mine).any() and np.isfinite(theirs).all():
        return (
            "The mean of no examples is nan: where a batch has fewer examples than there are replicas, some replica "
            "gets none. Add up, and divide by the global batch size."
        )
    if count < 2 or mine.shape != theirs.shape or not np.all(np.abs(theirs) > 1e-6):
        return ""
    means = any(each.get("op") == "MEAN" for each in run.asked("reduce"))
    if np.allclose(mine, count * theirs, rtol=1e-3):
        factor = float(np.median(mine / theirs))
        if _same_data(run):
            return (
                f"With {count} replicas it is {factor:.3f} times what {than}: every replica got the whole batch. "
                + (_NOT_DISTRIBUTED)
            )
        return (
            f"The {count}-replica loss is {factor:.3f} times what {than}: divide by the global batch size, not by the "
            "number of examples that one replica got."
        )
    if np.allclose(count * mine, theirs, rtol=1e-3):
        told = f"It is 1/{count} of what {than}"
        if means:
            return f"{told}: ReduceOp.MEAN averages the replicas' parts; ReduceOp.SUM adds them."
        if PER_REPLICA not in set(_kinds(run.result)) and not run.asked("reduce"):
            return f"{told}: are the parts of all replicas put together? strategy.reduce adds them."
        return f"{told}: is it divided by the number of replicas as well as by the global batch size?"
    if means:
        return "ReduceOp.MEAN averages the replicas' parts; ReduceOp.SUM adds them."
    return ""


def _assert_same(run: Run, first: Run, rtol: float, atol: float) -> None:
    """Fail unless a run gave what the run on fewer replicas gave."""
    __tracebackhide__ = True
    told = "The result depends on the number of replicas."
    if PER_REPLICA in set(_kinds(run.result)):
        fail(
            told,
            f"With {run.replicas} replicas there is still one value for each of them.",
            "strategy.reduce puts the values of the replicas together into one.",
        )
    mine, theirs = list(_numbers(run.result)), list(_numbers(first.result))
    if not theirs:
        fail("There is no number in the result that could be compared.", f"got: {_told(first.result)}")
    if [array.shape for array in mine] != [array.shape for array in theirs]:
        fail(told, f"With {run.replicas} replicas it has other parts, or other shapes, than with {first.replicas}.")
    wrong = [not np.allclose(a, b, rtol=rtol, atol=atol) for a, b in zip(mine, theirs, strict=True)]
    if any(wrong):
        _depends(told, run, first, mine[wrong.index(True)], theirs[wrong.index(True)], first_wrong=wrong[0])


def _depends(told: str, run: Run, first: Run, mine: Any, theirs: Any, *, first_wrong: bool) -> NoReturn:
    __tracebackhide__ = True
    lines = [f"with {each.replicas}: {values_text(array)}" for each, array in ((first, theirs), (run, mine))]
    if np.size(mine) > 1:  # one array with all losses: look where it begins to differ
        first_wrong = first_wrong and not np.isclose(np.ravel(mine)[0], np.ravel(theirs)[0], rtol=1e-4)
    diagnosis = ""
    if first_wrong or np.isnan(mine).any():
        a, b = (mine, theirs) if np.isnan(mine).any() else (np.ravel(mine)[:1], np.ravel(theirs)[:1])
        diagnosis = _scale(run, a, b, f"the {first.replicas}-replica one is")
    elif any(each.get("op") == "MEAN" for each in run.asked("reduce")):
        diagnosis = (
            "The first value is the same and a later one is not. ReduceOp.MEAN can hide a loss that each replica "
            "divides by its own number of examples: the gradients are added all the same. Divide by the global batch "
            "size, and reduce with SUM."
        )
    elif _same_data(run):
        diagnosis = _NOT_DISTRIBUTED
    else:
        diagnosis = (
            "The first value is the same and a later one is not: look at how a last, smaller batch is scaled, where "
            "replicas get different numbers of examples, and at what is applied to the variables."
        )
    fail(told, "\n".join(lines), diagnosis)


def _hard_coded(mine: Sequence[Run], theirs: Sequence[Run]) -> str:
    same = {_told(run.result) for run in mine}
    if any(_first(run.result) is None for run in mine):  # None, or something else than a number
        return ""
    if len(mine) > 1 and len(same) == 1 and len({_told(run.result) for run in theirs}) > 1:
        return (
            "It is the same for every number of replicas. Is that number written down? "
            "strategy.num_replicas_in_sync tells."
        )
    given, wanted = ([_first(run.result) for run in runs] for runs in (mine, theirs))
    if (
        len(same) > 1
        and None not in wanted
        and np.allclose(np.multiply(given, wanted[0]), np.multiply(wanted, given[0]))
    ):
        return (
            "It grows with the number of replicas, but from another start. Is a batch size written down in the "
            "function?"
        )
    return ""
