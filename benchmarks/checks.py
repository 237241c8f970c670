"""The checks of a notebook as plain functions: the same code as in grading, without pytest, wire or second process.

Stock nbgrader's grade cells and the floor run these. The reference's replies are recorded once and then looked up,
as the expected values are that an instructor writes into an assertion cell.
"""

from __future__ import annotations

import pickle
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autograder.draw import Draw
from autograder.errors import CallFailed

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class Plan:
    """What it takes to check one notebook. It is written to a file, which a kernel reads.

    Args:
        folder: Where ``visible.py`` and ``hidden.py`` are.
        exercises: Ids of the notebook's grade cells.
        seed: Seed of the inputs that checks draw.
        probes: Source text of the assignment's own probes.
        expected: For each check, the reference's replies in the order in which the check asks for them.
    """

    folder: Path
    exercises: tuple[str, ...]
    seed: int
    probes: str = ""
    expected: Mapping[str, list[Any]] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the plan to a file (our own, so that pickle may read it)."""
        path.write_bytes(pickle.dumps(self))

    @classmethod
    def read(cls, path: Path) -> Plan:
        """The plan that :meth:`write` wrote."""
        plan: Plan = pickle.loads(path.read_bytes())
        return plan


@dataclass(frozen=True)
class Check:
    """A check function with what its mark declares.

    Args:
        id: Its name.
        exercise: The grade cell that it belongs to.
        needs: Checks that must pass first.
        function: The function.
        takes: Names of its parameters: ``student``, ``reference``, ``draw``.
    """

    id: str
    exercise: str
    needs: tuple[str, ...]
    function: Callable[..., None]
    takes: tuple[str, ...]


def load(plan: Plan) -> tuple[Check, ...]:
    """The checks of a notebook, in an order in which needed ones come first.

    Raises:
        ValueError: A check belongs to no exercise.
    """
    declared: dict[str, Check] = {}
    for name in ("visible.py", "hidden.py"):
        path = plan.folder / name
        if path.is_file():
            declared |= {check.id: check for check in _declared(path, plan.exercises)}
    ordered: dict[str, Check] = {}

    def put(check: Check) -> None:
        for need in check.needs:
            put(declared[need])
        ordered.setdefault(check.id, check)

    for check in declared.values():
        put(check)
    return tuple(ordered.values())


def _declared(path: Path, exercises: Sequence[str]) -> Iterator[Check]:
    names: dict[str, Any] = {"__name__": f"checks_{path.stem}"}
    kept = sys.modules.get("pytest")
    sys.modules["pytest"] = _only_marks()  # pytest itself would be a cost that neither side needs to have
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    finally:
        del sys.modules["pytest"]
        if kept is not None:
            sys.modules["pytest"] = kept
    for name, function in names.items():
        if name.startswith("test_"):
            needs, group = function.declared
            fitting = [each for each in exercises if f"{name}_".startswith(f"test_{each.replace('-', '_')}_")]
            exercise = group or max(fitting, key=len, default="")
            if not exercise:
                raise ValueError(f"{path.name}: {name} belongs to no exercise")
            code = function.__code__
            takes = code.co_varnames[: code.co_argcount]
            yield Check(name, exercise, (needs,) if isinstance(needs, str) else tuple(needs), function, takes)


def _only_marks() -> types.ModuleType:
    """A module with the one part of pytest that check files use."""

    def points(_: float, needs: Any = (), group: str | None = None, hint: str = "") -> Callable[[Any], Any]:
        def declare(function: Any) -> Any:
            function.declared = needs, group
            return function

        return declare

    module = types.ModuleType("pytest")
    vars(module)["mark"] = types.SimpleNamespace(points=points)
    return module


# ---- who is asked ------------------------------------------------------------------------------------


class Names:
    """A notebook's names as checks see them, called right here.

    Args:
        names: The notebook's names.
        probes: Source text of the assignment's own probes.
    """

    def __init__(self, names: Mapping[str, Any], probes: str = "") -> None:
        from autograder.worker import load_probes

        self._names = names
        self._own = load_probes(probes)
        self._kept: dict[str, Any] = {}

    @property
    def once(self) -> _Once:
        """See :attr:`autograder.student.Proxy.once`."""
        return _Once(self)

    def __getattr__(self, name: str) -> _Name:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Name(self, name)

    def probe(self, probe: str, *args: Any, **options: Any) -> Any:
        """Run a probe of the assignment's own."""
        return self._answer(probe, lambda: self._own[probe](self._names, *_given(args), **_given(options)))

    def _ask(self, probe: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], options: Any) -> Any:
        from autograder import probes

        if probe == "value":
            return self._answer(name, lambda: self._names[name])
        run = probes.BUILTIN[probe]
        return self._answer(name, lambda: run(self._names, name, _given(args), _given(kwargs), **options))

    def _answer(self, name: str, call: Callable[[], Any]) -> Any:
        from autograder.worker import export, failure

        try:
            return export(call())
        except Exception as error:
            raise CallFailed(name, failure(error), reference=False) from None


class _Once:
    """The one way in which checks use it: a function that is called."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            key = repr((name, args, kwargs))
            if key not in self._names._kept:
                self._names._kept[key] = getattr(self._names, name)(*args, **kwargs)
            return self._names._kept[key]

        return call


class _Name:
    def __init__(self, names: Names, name: str) -> None:
        self._names = names
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._names._ask("call", self._name, args, kwargs, {})

    def gradient(self, *args: Any, wrt: Any = 0, persistent: bool = False, **kwargs: Any) -> Any:
        return self._names._ask("gradient", self._name, args, kwargs, {"wrt": wrt, "persistent": persistent})

    def arguments_after(self, *args: Any, **kwargs: Any) -> Any:
        return self._names._ask("arguments_after", self._name, args, kwargs, {})

    def ops(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(self._names._ask("ops", self._name, args, kwargs, {}))

    @property
    def value(self) -> Any:
        return self._names._ask("value", self._name, (), {}, {})

    def answers(self, *cases: str) -> Any:
        from autograder.expect.predictions import Answers

        reply = self._names._ask("answers", self._name, cases, {}, {})
        return Answers(reply["given"], tuple(reply["others"]))


def _given(value: Any) -> Any:
    """What a check sends, as the notebook's code gets it."""
    import tensorflow as tf

    from autograder.worker import localize

    if isinstance(value, (np.ndarray, np.generic)):
        return tf.constant(value)
    if isinstance(value, (tuple, list)):
        return type(value)(_given(item) for item in value)
    if isinstance(value, dict):
        return {key: _given(item) for key, item in value.items()}
    return localize(value)


class Recording(Names):
    """The reference, whose replies are kept in the order in which they were asked for."""

    def __init__(self, names: Mapping[str, Any], probes: str = "") -> None:
        super().__init__(names, probes)
        self.replies: list[Any] = []

    def _answer(self, name: str, call: Callable[[], Any]) -> Any:
        self.replies.append(super()._answer(name, call))
        return self.replies[-1]


class Expected(Names):
    """The replies that a reference gave to one check before."""

    def __init__(self, replies: Iterable[Any]) -> None:
        self._replies = iter(replies)

    def probe(self, probe: str, *args: Any, **options: Any) -> Any:
        """The next reply."""
        return next(self._replies)

    def _ask(self, *request: Any) -> Any:
        return next(self._replies)


# ---- running -----------------------------------------------------------------------------------------


def record(plan: Plan, names: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The reference's replies to everything that the checks ask.

    Args:
        plan: What to check with.
        names: What the instructor's notebook left behind.

    Raises:
        AssertionError: The reference does not pass a check.
    """
    found = {}
    for check in load(plan):
        reference = Recording(names, plan.probes)
        _call(check, Names(names, plan.probes), reference, plan.seed)
        found[check.id] = reference.replies
    return found


def run(checks: Iterable[Check], names: Mapping[str, Any], plan: Plan, outcomes: dict[str, str]) -> None:
    """Run checks on a notebook.

    Args:
        checks: Which ones.
        names: What the notebook left behind.
        plan: With the expected replies.
        outcomes: Gets one of ``"passed"``, ``"failed"``, ``"skipped"`` for each check; says what ran before.
    """
    student = Names(names, plan.probes)
    for check in checks:
        if any(outcomes[need] != PASSED for need in check.needs):
            outcomes[check.id] = SKIPPED
            continue
        try:
            _call(check, student, Expected(plan.expected[check.id]), plan.seed)
            outcomes[check.id] = PASSED
        except Exception:  # a message is made by the assertion; a traceback is not needed
            outcomes[check.id] = FAILED


def _call(check: Check, student: Names, reference: Names, seed: int) -> None:
    fixtures = {"student": student, "reference": reference, "draw": Draw(seed, check.id)}
    check.function(*(fixtures[name] for name in check.takes))
