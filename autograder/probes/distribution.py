"""Probes for distribution strategies: what a function does with a strategy of so many replicas.

The strategy that the notebook's code gets is a ``tf.distribute.MirroredStrategy`` (or ``TPUStrategy``) that takes note
of what is asked of it. Its replicas are GPUs where there are enough of them, and logical CPU devices otherwise. It
reduces without collective ops, so that strategies of 1, 2, 4 and 8 replicas can follow each other in one process.
"""

from __future__ import annotations

import contextlib
import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeVar

import tensorflow as tf
from tensorflow.python.autograph.impl.api import autograph_artifact
from tensorflow.python.distribute import values as distributed_values

from .basic import Names
from .stand_ins import Made

MOST_NOTED = 200  # different calls, and variables, of one run
MOST_BATCHES = 64  # of a data set that is described


class FewDevices(RuntimeError):
    """This process has not enough logical devices. The grader knows this class by its name."""


def distributed(
    names: Names,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    replicas: int = 2,
    pick: int | None = None,
    inside: bool = False,
    tpu: bool = False,
    workers: bool = False,
    watch: bool = True,
) -> dict[str, Any]:
    """Call a function with a strategy of some replicas, and what it returns once more.

    Args:
        names: The notebook's names.
        name: A function; a value is only described.
        args: Its arguments, and the arguments of each of the calls that follow, of the function that came back. What
            :mod:`autograder.expect.stand_in` stands for is made here.
        kwargs: Its keyword arguments, likewise.
        replicas: Number of replicas.
        pick: Which one of the functions that come back is called, where several do.
        inside: Whether the function is what runs on each replica: it is called through ``strategy.run``.
        tpu: Whether to use the cores of a TPU where there is one.
        workers: Whether the replicas are the processes of a ``MultiWorkerMirroredStrategy``, of which this is one.
        watch: Whether to tell what was noted; else only the result.

    Returns:
        ``result``, described by :func:`described`; ``on``, ``"CPU"``, ``"GPU"`` or ``"TPU"``; ``replicas``; and where
        it is watched ``calls`` of the strategy, ``variables`` that were made, and ``stand_ins`` as they are afterwards.

    Raises:
        FewDevices: There are fewer logical devices than replicas.
    """
    with _quiet():
        on, strategy = _of_workers() if workers else _strategy(replicas, tpu)
        made = Made(strategy)
        own, following = args
        own, kwargs, following = made.build(own), made.build(kwargs), made.build(following)
        made.finish()
        function = names[name]
        with _hints(strategy), tf.variable_creator_scope(strategy.noted.outside):
            if inside:
                values = strategy.unnoted("run", function, own, kwargs)
                result: Any = {"per replica": list(strategy.unnoted("experimental_local_results", values))}
            else:
                result = function(*own, **kwargs) if callable(function) else function
            if following:
                step = result if pick is None else result[pick]
                result = [step(*each) for each in following]
        calls = list(strategy.noted.calls.values())  # before a look at a data set adds TensorFlow's own
        report = {"on": on, "replicas": strategy.num_replicas_in_sync, "result": described(result)}
        if watch:
            report |= {
                "calls": calls,
                "variables": [_variable(each) for each in strategy.noted.variables],
                "stand_ins": made.states(),
            }
        return report


def tpu() -> dict[str, Any]:
    """Whether there is a TPU: ``found``, and ``cores``, or ``why`` not."""
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu="")
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
        return {"found": True, "cores": len(tf.config.list_logical_devices("TPU")), "why": ""}
    except Exception as error:  # whatever it is: there is none that can be used
        return {"found": False, "cores": 0, "why": f"{type(error).__name__}: {error}"[:300]}


# ---- the strategy ------------------------------------------------------------------------------------


class _Noted:
    """What was seen of one strategy."""

    def __init__(self) -> None:
        self.calls: dict[str, dict[str, Any]] = {}
        self.variables: list[Any] = []
        self.hint = ""  # what an error that comes now is probably due to
        self._in_scope = 0
        self._own_calls = 0  # which a strategy makes of itself

    @contextlib.contextmanager
    def whole_call(self, what: str, **details: Any) -> Iterator[None]:
        """Note a call, and none of those that the strategy makes of itself meanwhile."""
        if not self._own_calls:
            self.call(what, **details)
        self._own_calls += 1
        try:
            yield
        finally:
            self._own_calls -= 1

    def call(self, what: str, **details: Any) -> None:
        """Note a call."""
        details = {"call": what, "graph": not tf.executing_eagerly(), **details}
        key = repr(details)
        if key in self.calls:
            self.calls[key]["times"] += 1
        elif len(self.calls) < MOST_NOTED:
            self.calls[key] = {**details, "times": 1}

    def inside(self, next_creator: Callable[..., Any], **kwargs: Any) -> Any:
        """Make a variable in the strategy's scope, and note it."""
        self._in_scope += 1
        try:
            return self._note(next_creator(**kwargs))
        finally:
            self._in_scope -= 1

    def outside(self, next_creator: Callable[..., Any], **kwargs: Any) -> Any:
        """Make a variable outside of the scope, or one of those that make up one inside."""
        variable = next_creator(**kwargs)
        return variable if self._in_scope else self._note(variable)

    def _note(self, variable: Any) -> Any:
        if len(self.variables) < MOST_NOTED and not any(each is variable for each in self.variables):
            self.variables.append(variable)
        return variable


class _Scope:
    """The scope of a strategy, in which the variables that are made are noted."""

    def __init__(self, scope: Any, noted: _Noted) -> None:
        self._scopes = scope, tf.variable_creator_scope(noted.inside)

    def __enter__(self) -> Any:
        strategy = self._scopes[0].__enter__()
        self._scopes[1].__enter__()
        return strategy

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scopes[1].__exit__(kind, error, trace)
        self._scopes[0].__exit__(kind, error, trace)


Method = TypeVar("Method", bound=Callable[..., Any])


def _as_it_is(method: Method) -> Method:
    """Keep AutoGraph from converting a method, though not from converting what it is given."""
    autograph_artifact(method)
    return method


class _Noting:
    """What makes a strategy note how it is used."""

    noted: _Noted
    num_replicas_in_sync: int
    extended: Any

    def unnoted(self, method: str, *args: Any) -> Any:
        """Call a method of the strategy, and note nothing."""
        return getattr(super(), method)(*args)

    @_as_it_is
    def scope(self) -> Any:
        return _Scope(super().scope(), self.noted)  # type: ignore[misc]

    @_as_it_is
    def run(self, fn: Any, args: Any = (), kwargs: Any = None, options: Any = None) -> Any:
        self.noted.call("run", **_inputs(args, kwargs))
        if not isinstance(args, (tuple, list)):
            raise TypeError(f"strategy.run: args is a tuple of arguments, not one {type(args).__name__}. {_COMMA}")
        if len(args) != 1 and not _takes(fn, tuple(args), kwargs) and _takes(fn, (args,), kwargs):
            self.noted.hint = _COMMA
        return super().run(fn, args, kwargs, options)  # type: ignore[misc]

    @_as_it_is
    def reduce(self, reduce_op: Any, value: Any, axis: Any) -> Any:
        op = str(getattr(reduce_op, "name", reduce_op)).upper()
        with self.noted.whole_call("reduce", op=op, axis=None if axis is None else str(axis)):
            return super().reduce(reduce_op, value, axis)  # type: ignore[misc]

    @_as_it_is
    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        with self.noted.whole_call("distribute dataset"):
            return super().experimental_distribute_dataset(dataset, options)  # type: ignore[misc]

    @_as_it_is
    def distribute_datasets_from_function(self, dataset_fn: Any, options: Any = None) -> Any:
        with self.noted.whole_call("distribute dataset"):
            return super().distribute_datasets_from_function(dataset_fn, options)  # type: ignore[misc]


_COMMA = "Did you write args=(batch) where args=(batch,) is meant?"


_SCOPE = "Some variables were made outside of strategy.scope(); what trains is made inside of it."
_BUNDLE = (
    "A PerReplica value is a bundle with a part for each replica: strategy.run(step, args=(…,)) hands each replica its "
    "own, strategy.reduce makes one value of all."
)


@contextlib.contextmanager
def _hints(strategy: Any) -> Iterator[None]:
    """Say of an error what the usual cause is: TensorFlow's own words, if there are any, seldom do."""
    try:
        yield
    except Exception as error:
        hint = strategy.noted.hint or _cause(strategy, error)
        if hint and hint not in str(error):
            error.add_note(hint)
        raise


def _cause(strategy: Any, error: Exception) -> str:
    """What an error is probably due to; ``""`` where nothing is known."""
    outside = not all(isinstance(each, tf.distribute.DistributedValues) for each in strategy.noted.variables)
    # Keras's optimizer asserts that it is not within run when it meets an ordinary variable; on one replica as well.
    if outside and (strategy.num_replicas_in_sync > 1 or isinstance(error, AssertionError)):
        return _SCOPE
    told = str(error)  # a call with too few arguments lists those that came
    return _BUNDLE if "PerReplica" in told and not told.startswith("Binding inputs") else ""


def _takes(fn: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any] | None) -> bool:
    try:
        inspect.signature(fn).bind(*args, **(kwargs or {}))
    except (TypeError, ValueError):
        return False
    return True


def _inputs(args: Any, kwargs: Any) -> dict[str, Any]:
    """What a step gets: ``"per replica"`` with the number of examples of each share, ``"same"`` for all, ``"none"``."""
    leaves = tf.nest.flatten((args, kwargs or {}))
    shares = [leaf for leaf in leaves if isinstance(leaf, tf.distribute.DistributedValues)]
    if shares:
        shapes = [value.shape for value in getattr(shares[0], "values", ()) if hasattr(value, "shape")]
        return {"inputs": "per replica", "sizes": [shape[0] if shape.rank else None for shape in shapes]}
    return {"inputs": "same" if any(tf.is_tensor(leaf) for leaf in leaves) else "none", "sizes": []}


_classes: dict[str, Any] = {}  # made when they are asked for: TensorFlow loads its strategies lazily


def _strategy(replicas: int, on_tpu: bool) -> tuple[str, Any]:
    """Where replicas are, and a strategy of them that notes what is asked of it."""
    arguments: tuple[Any, ...] = ()
    if on_tpu and tpu()["found"]:
        kind, base = "TPU", tf.distribute.TPUStrategy
    else:
        kind, devices = _devices(replicas)
        base, arguments = tf.distribute.MirroredStrategy, (devices, tf.distribute.ReductionToOneDevice())
    if kind not in _classes:
        # It goes by the name of what it is, for whoever looks.
        _classes[kind] = type(base.__name__, (_Noting, base), {"__module__": base.__module__})
    strategy = _classes[kind](*arguments)
    strategy.noted = _Noted()
    return kind, strategy


def join_workers() -> None:
    """Make the strategy of this process and the other ones that ``TF_CONFIG`` names; before TensorFlow's first op."""
    base = tf.distribute.MultiWorkerMirroredStrategy
    with _quiet():
        _classes["workers"] = type(base.__name__, (_Noting, base), {"__module__": base.__module__, "noted": _Noted()})()


def _of_workers() -> tuple[str, Any]:
    strategy = _classes["workers"]
    strategy.noted = _Noted()
    return "CPU", strategy


def _devices(replicas: int) -> tuple[str, list[str]]:
    for kind in ("GPU", "CPU"):
        found = [device.name for device in tf.config.list_logical_devices(kind)]
        if len(found) >= replicas:
            return kind, found[:replicas]
    raise FewDevices(
        f"{replicas} replicas need {replicas} logical devices, and there are {len(found)}: they are made before the "
        "first op of a notebook"
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the lines that TensorFlow logs about strategies, which a student did not ask for."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


# ---- what came of it ---------------------------------------------------------------------------------


def described(value: Any) -> Any:
    """A value with what belongs to a strategy in plain words.

    Returns:
        A strategy as a dict with ``strategy``, ``replicas``, ``devices`` (as asked for), ``placed`` (where a variable
        really is) and ``adds_up`` (the class of its ``cross_device_ops``); a value of each replica as
        ``{"per replica": [...]}``; a data set as ``{"dataset": [...]}`` and a distributed one as ``{"distributed
        dataset": [...]}``, with its first batches; what has variables (a model, an optimizer, a metric) as
        ``{"variables": [...]}``; tuples, lists and dicts of these; all else as it is.
    """
    if isinstance(value, tf.distribute.Strategy):
        return _described_strategy(value)
    if isinstance(value, tf.distribute.DistributedDataset):
        batches = [described(batch) for batch, _ in zip(value, range(MOST_BATCHES), strict=False)]
        return {"distributed dataset": batches}
    if isinstance(value, tf.data.Dataset):
        return {"dataset": list(value.take(MOST_BATCHES))}
    if isinstance(value, tf.distribute.DistributedValues) and not isinstance(value, tf.Variable):
        return {"per replica": list(getattr(value, "values", ()))}
    if isinstance(value, (tuple, list)):
        return type(value)(map(described, value)) if type(value) in (tuple, list) else tuple(map(described, value))
    if type(value) is dict:
        return {key: described(item) for key, item in value.items()}
    variables = getattr(value, "variables", None)
    if isinstance(variables, (list, tuple)):
        return {"variables": [_variable(getattr(each, "value", each)) for each in variables]}
    return value


def _described_strategy(strategy: Any) -> dict[str, Any]:
    with strategy.scope():
        variable = tf.Variable(0.0, trainable=False)
    try:
        asked = strategy.extended.worker_devices
    except RuntimeError:  # the default strategy, which asks for none
        asked = ()
    return {
        "strategy": type(strategy).__name__,
        "replicas": strategy.num_replicas_in_sync,
        "devices": [_short(device) for device in asked],
        "placed": _placed(variable),
        "adds_up": type(getattr(strategy.extended, "_cross_device_ops", None)).__name__.removesuffix("Type"),
    }


def _variable(variable: Any) -> dict[str, Any]:
    """Name, kind, devices and value of a variable."""
    if isinstance(variable, distributed_values.SyncOnReadVariable):
        kind = "one for each replica"
    elif isinstance(variable, distributed_values.DistributedVariable):
        kind = "mirrored"
    else:
        kind = "plain"
    name = str(getattr(variable, "name", "")).split(":")[0]
    return {"name": name, "kind": kind, "devices": _placed(variable), "values": _copies(variable)}


def _copies(variable: Any) -> list[Any]:
    """The value of each copy of a variable."""
    copies = variable.values if isinstance(variable, tf.distribute.DistributedValues) else [variable]
    return [tf.convert_to_tensor(copy) for copy in copies]


def _placed(variable: Any) -> list[str]:
    copies = variable.values if isinstance(variable, tf.distribute.DistributedValues) else [variable]
    return [_short(copy.device) for copy in copies]


def _short(device: Any) -> str:
    """``GPU:0`` for ``/job:localhost/replica:0/task:0/device:GPU:0``."""
    return str(device).rpartition("device:")[2]
