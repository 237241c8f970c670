"""A probe that finds out why a gradient is None.

The function runs again while every op and every use of a tape is written down. Then the way from the source to
the target is looked for among the ops, and what cut it.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from .basic import Names
from .tensors import recorded

# Ops through which no gradient goes, as TensorFlow registers them.
_STOPS = frozenset(
    (
        *("ArgMax", "ArgMin", "Bucketize", "Ceil", "Floor", "FloorDiv", "OneHot", "Rank", "Rint", "Round", "Shape"),
        *("Size", "StopGradient", "Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"),
        *("LogicalAnd", "LogicalOr", "LogicalNot", "ZerosLike", "OnesLike"),
    )
)
_ASSIGNS = frozenset(("AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp"))


@dataclass
class _Op:
    type: str
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    tapes: frozenset[int]  # that were recording when it ran


@dataclass
class _Asked:
    """One use of ``tape.gradient`` and its like."""

    tape: int
    target: list[Any]
    sources: list[Any]
    results: list[Any]


@dataclass
class _Story:
    """What happened during one call."""

    ops: list[_Op] = field(default_factory=list)
    recording: list[int] = field(default_factory=list)
    watched: dict[int, list[tuple[Any, int]]] = field(default_factory=dict)  # tape → (tensor, number of ops before)
    asked: list[_Asked] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)  # so that no id is given to another object


def why_none(
    names: Names, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], wrt: int | tuple[int, ...] | None = None
) -> str:
    """Why a gradient is None, as a short word; the notebook's Variables have their values back afterwards.

    Args:
        names: The notebook's names.
        name: A function.
        args: Its arguments.
        kwargs: Its keyword arguments.
        wrt: Positions of the arguments with respect to which a tape around the call gives None. None: the function
            uses tapes of its own.

    Returns:
        ``"integer"``, ``"not_watched"``, ``"watched_late"``, ``"outside"``, ``"inner_outside"``, ``"other_source"``,
        ``"variable"``, ``"numpy"``, ``"independent"``, ``"no_tensor"``, ``"stops:<op type>"``, or ``""`` where none of
        them is found.
    """

    def run(sent: tuple[Any, ...]) -> None:
        if wrt is None:
            names[name](*sent, **kwargs)
            return
        sources = [sent[place] for place in ((wrt,) if isinstance(wrt, int) else wrt)]
        with tf.GradientTape() as tape:
            for source in sources:
                tape.watch(source)
            target = names[name](*sent, **kwargs)
        tape.gradient(target, sources)

    with _as_it_was(names, args) as variables, _eagerly():
        story = _watch(lambda: run(args))
        found = next(_nones(story), None)
        if found is None:
            return ""
        asked, source, number = found
        if any(source is variable for variable in variables):  # elsewhere: does the target change at all?
            source.assign(_moved(tf.identity(source)))
            other = _watch(lambda: run(args))
            elsewhere = True
        else:
            other = _watch(lambda: run(_moved_to_move(args, source, story)))
            elsewhere = False
    try:
        target, there = _again(asked, source, other, number)
        changes = None if target is None or not (elsewhere or there) else not _same(asked.target, target)
        return _cause(story, asked, source, changes)
    except Exception:  # of an odd tensor: then nothing is told, and the check goes on
        return ""


def _nones(story: _Story) -> Iterator[tuple[_Asked, Any, int]]:
    for place, asked in enumerate(story.asked):
        for source, result in zip(asked.sources, asked.results, strict=True):
            if result is None:
                yield asked, source, place


def _moved_to_move(args: tuple[Any, ...], source: Any, story: _Story) -> tuple[Any, ...]:
    """The arguments, a little elsewhere where that moves the source too, and only there if that can be told."""
    wanted = [arg is source or (_is_tensor(arg) and id(source) in _reached(story, [arg])) for arg in args]
    return tuple(_moved(arg) if here or not any(wanted) else arg for arg, here in zip(args, wanted, strict=True))


def _again(asked: _Asked, source: Any, other: _Story, number: int) -> tuple[list[Any] | None, bool]:
    """The target of the same use of a tape in another run, and whether the source had another value there."""
    if number >= len(other.asked):
        return None, False
    again = other.asked[number]
    place = next(place for place, part in enumerate(asked.sources) if part is source)
    return again.target, place < len(again.sources) and not _same([source], [again.sources[place]])


def _is_tensor(value: Any) -> bool:
    return bool(tf.is_tensor(value)) or isinstance(value, tf.Variable)


def _cause(story: _Story, asked: _Asked, source: Any, changes: bool | None) -> str:
    """Why the source has no gradient; ``changes``: whether the target changes with it, None for unknown."""
    tensors = [part for part in asked.target if tf.is_tensor(part)]
    if not tensors:
        return "no_tensor"
    if not _is_tensor(source):
        return "other_source"
    if not (source.dtype.is_floating or source.dtype.is_complex):
        return "integer"
    reached = _reached(story, [source])
    way = _way(story, reached, tensors)
    watched = story.watched.get(asked.tape, [])
    if way is None:
        if any(_way(story, _reached(story, [item]), tensors) is not None for item, _ in watched if item is not source):
            return "other_source"
        assigned = (part for op in story.ops if op.type in _ASSIGNS for part in op.inputs)
        if changes is not False and any(id(part) in reached for part in assigned):
            return "variable"
        return {True: "numpy", False: "independent", None: ""}[changes]
    since = [count for item, count in watched if item is source]
    if not isinstance(source, tf.Variable) and not since:
        made = any(source is part for op in story.ops for part in op.outputs if asked.tape in op.tapes)
        if not made or not watched:
            return "not_watched"
    outside = [op for _, op in way if asked.tape not in op.tapes]
    if outside:
        slopes = {id(part) for other in story.asked if other.tape != asked.tape for part in other.results}
        return "inner_outside" if any(id(part) in slopes for op in outside for part in op.outputs) else "outside"
    if since and way and min(since) > way[0][0]:
        return "watched_late"
    for _, op in way:
        if op.type in _STOPS or (op.type == "Cast" and not _float(op.outputs[0])):
            return f"stops:{op.type}"
    return ""


def _float(tensor: Any) -> bool:
    return bool(tensor.dtype.is_floating or tensor.dtype.is_complex)


def _reached(story: _Story, sources: list[Any]) -> set[int]:
    """The ids of everything that was computed from some tensors or Variables."""
    reached = {id(source) for source in sources}
    # An op that reads a Variable gets its value, not the Variable: told by being made by no op and having that value.
    variables = [source for source in sources if isinstance(source, tf.Variable)]
    made = {id(part) for op in story.ops for part in op.outputs}
    for op in story.ops:
        for part in op.inputs:
            if id(part) not in made and any(_is_value(part, variable) for variable in variables):
                reached.add(id(part))
        if any(id(part) in reached for part in op.inputs):
            reached.update(id(part) for part in op.outputs)
    return reached


def _is_value(tensor: Any, variable: Any) -> bool:
    if getattr(variable, "handle", None) is tensor:
        return True
    if tensor.dtype != variable.dtype or tensor.shape != variable.shape:
        return False
    return np.array_equal(tensor.numpy(), variable.numpy())


def _way(story: _Story, reached: set[int], targets: list[Any]) -> list[tuple[int, _Op]] | None:
    """The ops on the way to the targets, with their places; None where there is no way."""
    needed = {id(target) for target in targets}
    if not needed & reached:
        return None
    way = []
    for place, op in reversed(list(enumerate(story.ops))):
        if any(id(part) in needed for part in op.outputs) and any(id(part) in reached for part in op.inputs):
            way.append((place, op))
            needed.update(id(part) for part in op.inputs if id(part) in reached)
    return way[::-1]


def _same(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(np.asarray(a), np.asarray(b)) for a, b in zip(one, other, strict=True)
    )


def _moved(value: Any) -> Any:
    """A float tensor or Variable a little elsewhere; anything else as it is."""
    if isinstance(value, (tf.Variable, tf.Tensor)) and value.dtype.is_floating:
        there = tf.convert_to_tensor(value) * tf.cast(1.1, value.dtype) + tf.cast(0.01, value.dtype)
        return tf.Variable(there) if isinstance(value, tf.Variable) else there
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value * 1.1 + 0.01
    return value


# ---- watching ----------------------------------------------------------------------------------------


def _watch(run: Callable[[], None]) -> _Story:
    """What a call does with ops and tapes; what it raises is let go."""
    story = _Story()

    def op(op_type: str, inputs: tuple[Any, ...], attrs: tuple[Any, ...], outputs: tuple[Any, ...]) -> None:
        story.kept += [*inputs, *outputs]
        story.ops.append(_Op(op_type, inputs, outputs, frozenset(story.recording)))

    with _tapes_told(story), recorded(op), contextlib.suppress(Exception):
        run()
    return story


@contextlib.contextmanager
def _tapes_told(story: _Story) -> Iterator[None]:
    """Write down what is done with tapes."""
    kind = tf.GradientTape
    kept = {name: getattr(kind, name) for name in ("__enter__", "__exit__", "watch", "gradient", "jacobian")}

    def enter(tape: Any) -> Any:
        story.kept.append(tape)
        story.recording.append(id(tape))
        return kept["__enter__"](tape)

    def leave(tape: Any, *error: Any) -> Any:
        if id(tape) in story.recording:
            story.recording.remove(id(tape))
        return kept["__exit__"](tape, *error)

    def watch(tape: Any, tensor: Any) -> Any:
        flat = [*map(_plain, tf.nest.flatten(tensor))]
        story.kept += flat
        story.watched.setdefault(id(tape), []).extend((item, len(story.ops)) for item in flat)
        return kept["watch"](tape, tensor)

    def asking(name: str) -> Callable[..., Any]:
        def ask(tape: Any, target: Any, sources: Any, *rest: Any, **options: Any) -> Any:
            if id(tape) in story.recording and not getattr(tape, "_persistent", False):
                story.recording.remove(id(tape))  # it ends here, in its block too
            found = kept[name](tape, target, sources, *rest, **options)
            parts = tf.nest.flatten(target), [*map(_plain, tf.nest.flatten(sources))], tf.nest.flatten(found)
            story.kept += itertools.chain(*parts)
            if len(parts[1]) == len(parts[2]):
                story.asked.append(_Asked(id(tape), *parts))
            return found

        return ask

    told: Mapping[str, Any] = {"__enter__": enter, "__exit__": leave, "watch": watch}
    try:
        for name in kept:
            setattr(kind, name, told.get(name) or asking(name))
        yield
    finally:
        for name, method in kept.items():
            setattr(kind, name, method)


@contextlib.contextmanager
def _eagerly() -> Iterator[None]:
    """Run tf.functions as plain Python, so that their ops and tapes can be watched."""
    kept = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(kept)


def _variables(value: Any, depth: int = 0) -> list[Any]:
    """The Variables of one of the notebook's values."""
    value = _plain(value)
    if isinstance(value, tf.Variable):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    elif any(base is tf.Module or base.__module__.startswith("keras.") for base in type(value).__mro__):
        try:
            value = value.variables
        except Exception:  # of a model that is not built, or of a student's own class
            return []
    if not isinstance(value, (list, tuple)) or depth > 3 or len(value) > 10_000:
        return []
    return [variable for item in value for variable in _variables(item, depth + 1)]


def _plain(value: Any) -> Any:
    """Of a Variable of Keras the one of TensorFlow in it; anything else as it is."""
    if type(value).__module__.startswith("keras."):
        inner = getattr(value, "_value", None)
        return inner if isinstance(inner, tf.Variable) else value
    return value


@contextlib.contextmanager
def _as_it_was(names: Names, args: tuple[Any, ...]) -> Iterator[list[Any]]:
    """Give the Variables of the notebook and the arguments, which are yielded, their values back.

    Of the notebook: those that have a name, are in a list or dict with one, or belong to a model or an optimizer with
    one. The student's process alone is asked for causes, so what it kept would part it from the reference.
    """
    variables = [variable for value in (*names.values(), *args) for variable in _variables(value)]
    kept = [(variable, tf.identity(variable)) for variable in variables]
    try:
        yield variables
    finally:
        for variable, value in kept:
            variable.assign(value)
