"""Probes for training loops: what a function does to the models, optimizers and metrics that it is called with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from . import building
from .basic import Names

RUN_SEED = 30_000  # of the random state of runs beyond those of a check; nothing secret
POINTS = 9  # of a learning curve: the beginning, the end, and those between
MAX_SENT = 4_000_000  # weights in the evidence of all runs; larger models have fewer points


def training(
    names: Names,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    times: int = 1,
    watch: Sequence[Any] = (),
    capacity: int = 32,
) -> dict[str, Any]:
    """What ``name(*args, **kwargs)`` returns and does to the objects that the specs among its arguments are built as.

    Args:
        names: The notebook's names.
        name: A function that trains or validates.
        args: Its arguments, with specs.
        kwargs: Its keyword arguments, with specs.
        times: How often it is called, with the same objects. Where an argument is ``spec.each``, once for each item.
        watch: Specs of models and metrics that it uses without being given them.
        capacity: Steps of which gradients and weights are kept.

    Returns:
        ``results``: of each call; ``events``: of each call, ``"loss"`` and ``"step"`` in their order; for each object
        by kind what happened to it; and ``error`` where the optimizer was given nothing that it could use.
    """
    from .instruments import Notes

    notes = Notes(capacity)
    built, settings, _ = building.build(names, (args, kwargs, list(watch)), notes)
    building.connect(notes)
    before = [_values(model.weights) for model in notes.models]
    results, events, error = [], [], None
    try:
        for place in range(_calls(built, settings, times)):
            given, named = _at(built, place), _at(settings, place)
            start = len(notes.events)
            results.append(names[name](*given, **named))
            events.append(notes.events[start:])
    except Exception as failure:
        if not (notes.unconnected or notes.foreign):
            raise
        error = f"{type(failure).__name__}: {failure}"[:500]
    return {
        "results": results,
        "events": events,
        "error": error,
        "foreign": notes.foreign,
        "unconnected": sorted(notes.unconnected),
        "models": [_model(notes, model, first) for model, first in zip(notes.models, before, strict=True)],
        "optimizers": [_optimizer(notes, place) for place in range(len(notes.optimizers))],
        "losses": [_used(notes, loss, "call") for loss in notes.losses],
        "metrics": [_metric(notes, metric) for metric in notes.metrics],
        "datasets": [int(count.numpy()) for count in notes.datasets],
    }


def convergence(
    names: Names,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    data: tuple[Any, Any],
    loss: Mapping[str, Any],
    runs: int = 5,
    first: int = 0,
    evidence: bool = False,
) -> dict[str, Any]:
    """Learning curves of several runs of a function that trains the first model among its arguments.

    Args:
        names: The notebook's names.
        name: The function.
        args: Its arguments, with specs. Each run has drawn weights and an order of examples of its own, and goes on
            with the random state where the last one left it.
        kwargs: Its keyword arguments, with specs.
        data: Inputs and labels that the model is evaluated on.
        loss: Spec of the loss that it is evaluated with.
        runs: How many runs.
        first: Number of the first one.
        evidence: Return the weights at the points of each curve, for :func:`curves`, and not their losses.

    Returns:
        ``steps``: for each run, the steps of the optimizer (-1 where there is none); ``curves``: for each run, losses
        at up to nine points from the beginning to the end; or ``weights``: the arrays there.
    """
    import keras

    from .instruments import Notes

    steps, weights, losses = [], [], []
    if first:  # not for every run: TensorFlow forgets all prepared ops when it gets a seed
        keras.utils.set_random_seed(RUN_SEED + first)
    for run in range(first, first + runs):
        notes = Notes(256)
        built, settings = building.build(names, (args, kwargs), notes, run)
        building.connect(notes)
        if not notes.models:
            raise ValueError("there is no model among the arguments")
        model = notes.models[0]
        before = _values(model.weights)
        names[name](*built, **settings)
        taken = int(notes.optimizers[0].iterations.numpy()) if notes.optimizers else -1
        points = _points(notes, model, before, runs)
        losses += [] if evidence else [_losses(model, points, data, loss)]
        steps.append(taken)
        weights.append(points)
        building.restore()
    return {"steps": steps, "weights": weights} if evidence else {"steps": steps, "curves": losses}


def curves(model: Mapping[str, Any], data: tuple[Any, Any], loss: Mapping[str, Any], weights: Any) -> list[Any]:
    """The losses of a model with the weights that :func:`convergence` gave, in a process that ran no notebook.

    Args:
        model: Spec of the model.
        data: Inputs and labels.
        loss: Spec of the loss.
        weights: For each run, for each point: the model's weights.

    Returns:
        For each run, the loss at each point.
    """
    from .instruments import Notes

    built = building.build({}, model, Notes())
    return [_losses(built, points, data, loss) for points in weights]


def _losses(model: Any, points: Any, data: tuple[Any, Any], loss: Mapping[str, Any]) -> list[float]:
    from .instruments import Notes

    measure = building.build({}, loss, Notes())
    kept, found = model.get_weights(), []
    for weights in points:
        model.set_weights([np.asarray(weight) for weight in weights])
        found.append(float(measure(data[1], model(data[0], training=False))))
    model.set_weights(kept)
    return found


def _points(notes: Any, model: Any, before: list[Any], runs: int) -> list[list[Any]]:
    """A model's weights at some steps, from the first to the last, evenly spread."""
    rows: list[Any] = []
    if notes.histories and notes.histories[0] is not None:
        steps = int(notes.optimizers[0].iterations.numpy())
        _, after = notes.histories[0].rows(steps)
        kept = [array[: len(after[0])] for array in after[: len(before)]]
        rows = [list(step) for step in zip(*kept, strict=True)]
    curve = [before, *rows[:-1], _values(model.weights)]
    size = sum(array.size for array in before)
    most = max(2, min(POINTS, MAX_SENT // max(1, size * runs)))
    chosen = np.unique(np.linspace(0, len(curve) - 1, min(most, len(curve))).round().astype(int))
    return [curve[place] for place in chosen]


def _calls(built: Any, settings: Any, times: int) -> int:
    counts = {len(item.items) for item in (*built, *settings.values()) if isinstance(item, building.Each)}
    if len(counts) > 1:
        raise ValueError(f"the arguments are for different numbers of calls: {sorted(counts)}")
    return counts.pop() if counts else times


def _at(built: Any, place: int) -> Any:
    if isinstance(built, dict):
        return {key: _at(item, place) for key, item in built.items()}
    if isinstance(built, tuple):
        return tuple(item.items[place] if isinstance(item, building.Each) else item for item in built)
    return built.items[place] if isinstance(built, building.Each) else built


def _values(variables: Sequence[Any]) -> list[Any]:
    return [np.array(variable.numpy()) for variable in variables]


def _model(notes: Any, model: Any, before: list[Any]) -> dict[str, Any]:
    modes = sorted(set(notes.modes.get(id(model), ())))
    return {"before": before, "after": _values(model.weights), "modes": modes, "calls": notes.counted(model, "call")}


def _optimizer(notes: Any, place: int) -> dict[str, Any]:
    optimizer, history = notes.optimizers[place], notes.histories[place]
    steps = int(optimizer.iterations.numpy())
    gradients, weights = history.rows(steps) if history is not None else ([], [])
    return {"steps": steps, "gradients": gradients, "weights": weights}


def _used(notes: Any, item: Any, what: str) -> dict[str, Any]:
    return {"calls": notes.counted(item, what), "swapped": id(item) in notes.swapped}


def _metric(notes: Any, metric: Any) -> dict[str, Any]:
    result = metric.result()
    value = result if tf.is_tensor(result) or isinstance(result, (int, float)) else None
    return {**_used(notes, metric, "update"), "resets": notes.counted(metric, "reset"), "value": value}
