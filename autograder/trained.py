"""What a training run left behind, as a check sees it: parsed from the reply of a worker, which is not trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .wire import Tensor

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class ModelRecord:
    """A model.

    Args:
        before: Its weights before the first call.
        after: Its weights after the last call.
        modes: How it was called: ``"training"``, ``"inference"``, ``"unknown"``.
        calls: How often it was called from Python (a ``tf.function`` calls it once for each trace).
    """

    before: tuple[Array, ...]
    after: tuple[Array, ...]
    modes: frozenset[str]
    calls: int

    @property
    def changed(self) -> bool:
        """Whether any weight has another value than at first."""
        return any(not np.array_equal(a, b) for a, b in zip(self.before, self.after, strict=True))


@dataclass(frozen=True)
class OptimizerRecord:
    """An optimizer.

    Args:
        steps: How many steps it took.
        gradients: For each weight, the gradients that it was given, steps along the first axis.
        weights: For each weight, its values after each step, likewise.
    """

    steps: int
    gradients: tuple[Array, ...]
    weights: tuple[Array, ...]


@dataclass(frozen=True)
class UseRecord:
    """A loss or a metric.

    Args:
        calls: How often it was called or updated from Python.
        swapped: Whether it was given a model's output for the labels.
        resets: How often a metric was reset.
        value: The result of a metric after the last call; None where it is no number.
    """

    calls: int
    swapped: bool
    resets: int = 0
    value: Any = None


@dataclass(frozen=True)
class Training:
    """What :meth:`autograder.student.Name.training` gives: results of the calls, and what they did.

    Args:
        results: What each call returned.
        events: For each call, ``"loss"`` and ``"step"`` in the order in which Python came to them.
        models: The models among the arguments, in order; then those of ``watch``.
        optimizers: The optimizers, likewise.
        losses: The losses, likewise.
        metrics: The metrics, likewise.
        datasets: For each data set, how many batches were taken from it.
        unconnected: Names of the variables whose gradient was None.
        foreign: Whether an optimizer was given the variables of another model.
        error: What was raised where the optimizer could do nothing with what it was given; ``""`` else.
    """

    results: tuple[Any, ...]
    events: tuple[tuple[str, ...], ...]
    models: tuple[ModelRecord, ...]
    optimizers: tuple[OptimizerRecord, ...]
    losses: tuple[UseRecord, ...]
    metrics: tuple[UseRecord, ...]
    datasets: tuple[int, ...]
    unconnected: tuple[str, ...] = ()
    foreign: bool = False
    error: str = ""

    @classmethod
    def parse(cls, reply: Any) -> Training:
        """A worker's reply, with every part of it checked.

        Raises:
            ValueError: It is not what the probe returns.
        """
        return cls(
            results=tuple(_part(reply, "results", list)),
            events=tuple(tuple(str(event) for event in _items(events)) for events in _part(reply, "events", list)),
            models=tuple(map(_model, _part(reply, "models", list))),
            optimizers=tuple(map(_optimizer, _part(reply, "optimizers", list))),
            losses=tuple(map(_use, _part(reply, "losses", list))),
            metrics=tuple(map(_use, _part(reply, "metrics", list))),
            datasets=tuple(_whole(count) for count in _part(reply, "datasets", list)),
            unconnected=tuple(str(name) for name in _part(reply, "unconnected", list)),
            foreign=bool(_part(reply, "foreign", bool)),
            error=str(reply.get("error") or ""),
        )

    @property
    def steps(self) -> int:
        """The steps of all optimizers."""
        return sum(record.steps for record in self.optimizers)


@dataclass(frozen=True)
class Curves:
    """What :meth:`autograder.student.Name.convergence` gives: learning curves of several runs.

    Args:
        losses: For each run, the loss on the check's data, from before the first step to after the last.
        steps: For each run, the steps of the optimizer; -1 where none was given.
        more: Gives the curves of so many other runs of the same function.
    """

    losses: tuple[tuple[float, ...], ...]
    steps: tuple[int, ...]
    more: Callable[[int], Curves] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def parse(cls, steps: Any, losses: Any, more: Callable[[int], Curves] | None = None) -> Curves:
        """Two parts of replies, checked.

        Raises:
            ValueError: They are not what the probe returns.
        """
        curves = tuple(tuple(_number(loss) for loss in _items(curve)) for curve in _items(losses))
        counts = tuple(_whole(count, -1) for count in _items(steps))
        if len(curves) != len(counts) or any(len(curve) < 2 for curve in curves):
            raise ValueError("the parts of a learning curve do not belong together")
        return cls(curves, counts, more)

    @property
    def final(self) -> Array:
        """The last loss of each run."""
        return np.array([curve[-1] for curve in self.losses])

    @property
    def slopes(self) -> Array:
        """The slope of each run's log loss over the share of its steps that is done: -2.3 is a tenth at the end.

        A straight line fitted by least squares; nan where a loss is not a positive number.
        """
        return np.array([_slope(curve) for curve in self.losses])


def _slope(curve: Sequence[float]) -> float:
    values = np.array(curve)
    if not (np.isfinite(values) & (values > 0)).all():
        return float("nan")
    return float(np.polyfit(np.linspace(0, 1, len(values)), np.log(values), 1)[0])


def _model(record: Any) -> ModelRecord:
    before, after = _arrays(record, "before"), _arrays(record, "after")
    if [item.shape for item in before] != [item.shape for item in after]:
        raise ValueError("the weights of a model changed their shapes")
    modes = frozenset(str(mode) for mode in _part(record, "modes", list))
    return ModelRecord(before, after, modes, _whole(record.get("calls")))


def _optimizer(record: Any) -> OptimizerRecord:
    gradients, weights = _arrays(record, "gradients"), _arrays(record, "weights")
    return OptimizerRecord(_whole(_part(record, "steps", int)), gradients, weights)


def _use(record: Any) -> UseRecord:
    calls, swapped = _whole(_part(record, "calls", int)), _part(record, "swapped", bool)
    return UseRecord(calls, swapped, _whole(record.get("resets", 0)), record.get("value"))


def _part(record: Any, name: str, kind: type) -> Any:
    value = record.get(name) if isinstance(record, Mapping) else None
    if type(value) is not kind:
        raise ValueError(f"a record of a training run has no {name}")
    return value


def _items(value: Any) -> Any:
    if type(value) not in (list, tuple):
        raise ValueError("a record of a training run is malformed")
    return value


def _whole(value: Any, least: int = 0) -> int:
    if type(value) is not int or value < least:
        raise ValueError("a count of a training run is malformed")
    return value


def _number(value: Any) -> float:
    if type(value) is not float:
        raise ValueError("a loss of a training run is malformed")
    return value


def _arrays(record: Any, name: str) -> tuple[Array, ...]:
    items = _part(record, name, list)
    if not all(isinstance(item, Tensor) and item.array.dtype.kind in "fiub" for item in items):
        raise ValueError(f"the {name} of a training run are not arrays")
    return tuple(item.array for item in items)
