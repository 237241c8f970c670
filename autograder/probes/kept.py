"""Leave a notebook's process as it was: what a call changes in its names, containers and Variables is put back.

Tracing runs a function's Python code, and a training step moves weights. Neither may stay behind in a student's own
kernel, nor make what one check sees depend on which ran before it.
"""

from __future__ import annotations

import collections
import contextlib
import operator
import types
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager.polymorphic_function.polymorphic_function import Function

_COPIED = (list, dict, set, collections.deque)
_LARGEST_ARRAY = 1 << 20  # bytes; larger arrays are not copied, so a change inside of one is not undone
_DEEPEST = 4
_MOST = 2_000  # things that are looked at inside of one container


@contextlib.contextmanager
def as_it_was(function: Any) -> Iterator[Kept]:
    """Put back at the end what a call of a function changes in the notebook.

    The notebook's tf.functions are replaced by fresh ones meanwhile, so that the student's own keep their traces.

    Args:
        function: A function of the notebook, or something that can be called.

    Yields:
        What is kept; it can tell what has changed.
    """
    kept = Kept(function)
    try:
        kept.begin()
        yield kept
    finally:
        kept.restore()


def fresh(function: Any) -> Any:
    """A tf.function of the same Python function and options that has not been traced yet."""
    return _CLONE(function, None)


# As they were before any notebook ran here: what a notebook puts in their place is not asked.
_CLONE: Callable[..., Any] = Function._clone


def namespace(function: Any) -> MutableMapping[str, Any]:
    """The global names that a function sees; an empty dict for what is no Python function."""
    if isinstance(function, Function):
        function = function.python_function
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    if not hasattr(function, "__globals__"):  # an object that can be called
        function = vars(type(function)).get("__call__")
    found = getattr(function, "__globals__", None)
    return found if isinstance(found, dict) else {}


class Kept:
    """The state of a notebook's names.

    Args:
        function: One of its functions.
    """

    def __init__(self, function: Any) -> None:
        self._names = namespace(function)
        self._bindings: dict[str, Any] = {}
        self._contents: dict[int, tuple[str, Any, Any]] = {}
        self._variables: dict[int, tuple[Any, Any]] = {}
        self._cells: dict[int, tuple[str, Any, Any]] = {}
        self._replaced: dict[str, Any] = {}
        self._last: dict[str, Any] = {}
        self._last_contents: dict[int, Any] = {}
        self._function = function

    def begin(self) -> None:
        """Note the state, and replace the tf.functions."""
        self._bindings = dict(self._names)
        self._note("", self._function, 0)
        for name, value in self._bindings.items():
            if not _private(name):
                self._note(name, value, 0)
        for name, value in self._bindings.items():
            if type(value) is Function:
                self._replaced[name] = fresh(value)
        self._names.update(self._replaced)
        self._look()

    def changed(self) -> list[str]:
        """The names that stand for something else, or hold something else, than when this was last asked.

        Variables do not count: they are TensorFlow's own way to keep something.
        """
        found = {
            name
            for name in {*self._last, *self._names}
            if not _private(name) and not _kept_by_tensorflow(self._last.get(name, self), self._names.get(name, self))
        }
        for key, (name, value, _) in self._contents.items():
            if name and not _same(value, self._last_contents[key], _kept_by_tensorflow):
                found.add(name)
        for key, (name, cell, _) in self._cells.items():
            if not _kept_by_tensorflow(self._last_contents[key], _content(cell)):
                found.add(name or "a name of the function around it")
        self._look()
        return sorted(found)

    def _look(self) -> None:
        self._last = dict(self._names)
        self._last_contents = {key: _copy(value) for key, (_, value, _) in self._contents.items()}
        self._last_contents |= {key: _content(cell) for key, (_, cell, _) in self._cells.items()}

    def variables(self, more: Any) -> None:
        """Keep the values of more Variables, such as those that a graph captured."""
        for variable in more:
            self._note("", variable, 0)

    def restore(self) -> None:
        """Put everything back."""
        for _, cell, content in self._cells.values():
            if _content(cell) is not content:
                cell.cell_contents = content
        for _, value, copy in self._contents.values():
            if not _same(value, copy):
                _refill(value, copy)
        for name in set(self._names) - set(self._bindings):
            del self._names[name]
        for name, value in self._bindings.items():
            if self._names.get(name, self) is not value:
                self._names[name] = value
        for variable, value in self._variables.values():
            variable.assign(value)

    def _note(self, name: str, value: Any, depth: int) -> None:
        if depth > _DEEPEST or id(value) in self._contents or id(value) in self._variables:
            return
        variable = getattr(value, "_value", value)  # Keras wraps them
        if isinstance(variable, tf.Variable):
            with contextlib.suppress(Exception):  # one without a value yet
                self._variables[id(value)] = variable, variable.read_value()
        elif isinstance(value, Function):
            self._note(name, value.python_function, depth)
        elif isinstance(value, types.FunctionType):
            for cell in value.__closure__ or ():
                if id(cell) not in self._cells:
                    self._cells[id(cell)] = name, cell, _content(cell)
                    self._note(name, _content(cell), depth + 1)
            if hasattr(value, "__wrapped__"):
                self._note(name, value.__wrapped__, depth + 1)
        elif isinstance(value, types.MethodType):
            self._note(name, value.__self__, depth + 1)
        elif isinstance(value, _COPIED):
            self._contents[id(value)] = name, value, _copy(value)
            inside = list(value.values() if isinstance(value, dict) else value)
            for item in inside[:_MOST]:
                self._note(name, item, depth + 1)
        elif isinstance(value, np.ndarray):
            if value.nbytes <= _LARGEST_ARRAY:
                self._contents[id(value)] = name, value, _copy(value)
        elif isinstance(value, tuple):
            for item in value[:_MOST]:
                self._note(name, item, depth + 1)
        elif isinstance(value, type):
            return
        elif hasattr(type(value), "variables"):  # modules, layers, models, optimizers, metrics
            with contextlib.suppress(Exception):
                for item in value.variables:
                    self._note("", item, depth + 1)
        elif type(value).__module__ == self._names.get("__name__") and hasattr(value, "__dict__"):
            self._note(name, vars(value), depth + 1)


def _kept_by_tensorflow(before: Any, now: Any) -> bool:
    """Whether nothing but a Variable has come in the place of something."""
    return before is now or isinstance(getattr(now, "_value", now), tf.Variable)


def _private(name: str) -> bool:
    """Whether a name is Python's or IPython's own."""
    return name.startswith("_") or name in ("In", "Out", "get_ipython", "exit", "quit")


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return None


def _copy(value: Any) -> Any:
    """The contents of a container as they are, whatever its class says of copying."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return dict(dict.items(value))
    return list(value) if not isinstance(value, set) else set(value)


def _same(value: Any, copy: Any, same: Callable[[Any, Any], bool] = operator.is_) -> bool:
    if isinstance(value, np.ndarray):  # of objects it compares which they are
        return bool(value.shape == copy.shape and value.tobytes() == copy.tobytes())
    if isinstance(value, dict):
        missing = object()
        return copy.keys() <= value.keys() and all(same(copy.get(key, missing), value[key]) for key in value)
    if isinstance(value, set):
        return set.__eq__(value, copy) is True
    return len(value) == len(copy) and all(same(other, one) for one, other in zip(value, copy, strict=True))


def _refill(value: Any, copy: Any) -> None:
    if isinstance(value, np.ndarray):
        value[...] = copy
    elif isinstance(value, dict):
        dict.clear(value)
        dict.update(value, copy)
    elif isinstance(value, set):
        set.clear(value)
        set.update(value, copy)
    else:
        value.clear()
        value.extend(copy)
