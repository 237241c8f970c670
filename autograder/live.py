"""``check("…")`` in a student's own notebook: the visible checks on the live kernel.

The same request handler that serves a worker answers here from the notebook's own names, and the
reference's replies are the ones recorded when the release was made. Nothing here counts for a grade.
"""

from __future__ import annotations

import _thread
import contextlib
import dataclasses
import inspect
import io
import linecache
import logging
import os
import sys
import textwrap
import threading
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import notebook as nb
from . import plugin, report, wire
from .errors import CourseError, Failure, NotCheckable, UsageError, WireError, WorkerUnavailable
from .model import Outcome, Status
from .release import FOLDER, MANIFEST, Release
from .worker import Responder, load_probes

SECONDS = 30  # for one call that a check makes
_OPEN = (Status.FAILED, Status.NOT_ATTEMPTED)
_SPENT = "after a collective op has failed, all that follow in the same process fail as well"


def check(*exercises: str, notebook: str | None = None) -> None:
    """Check exercises of this notebook and show what passed, what did not, and why.

    Args:
        *exercises: Ids of the exercises, as the notebook's check cells name them; all of them where none is given.
        notebook: Name of the notebook, needed only where two notebooks have an exercise of that name.

    Raises:
        UsageError: There is no such exercise.
        CourseError: The files beside the notebook are missing or damaged.
    """
    release = _find(exercises, notebook)
    names = _names()
    wanted = exercises or release.exercises
    found = _run(release, names, wanted)
    for exercise, outcomes in found.items():
        _show(exercise, outcomes)
    open_ = [name for name in found if any(outcome.status in _OPEN for outcome in found[name])]
    if open_ and os.environ.get("NBGRADER_EXECUTION") == "validate":  # nbgrader's Validate button wants an error
        raise AssertionError(f"not right yet: {', '.join(open_)}")


def _run(release: Release, names: Mapping[str, Any], wanted: tuple[str, ...]) -> dict[str, tuple[Outcome, ...]]:
    probes = release.folder / "probes.py"
    own = load_probes(probes.read_text(encoding="utf-8")) if probes.is_file() else {}
    untouched = nb.untouched(_definitions(names, release.stubs), release.stubs)
    subject = plugin.Subject(_Live(Responder(names, own)), release.recorded, release.seed, untouched, live=True)
    found: dict[str, tuple[Outcome, ...]] = {}

    def finished(_: plugin.Subject, outcomes: tuple[Outcome, ...] | WorkerUnavailable) -> None:
        assert isinstance(outcomes, tuple)  # there is no worker here
        for exercise in wanted:
            found[exercise] = tuple(outcome for outcome in outcomes if outcome.check.group == exercise)

    with _muted():
        plugin.run(release.folder, release.exercises, [subject], finished, hidden=False, only=wanted)
    return found


class _Nowhere(io.TextIOBase):
    """Takes text and drops it."""

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def _muted() -> Iterator[None]:
    """Drop warnings, log messages and what goes to standard error, as while a submission is graded.

    A check calls a function more often than its author does, and with other inputs. Whatever it warns of then would
    stand under the card as if something were wrong. Its author's own calls warn as they did before.
    """
    logger = logging.getLogger()
    level, handlers = logging.root.manager.disable, logger.handlers[:]
    # What has been shown once, Python does not show again: but for filters that changed, as they do with this.
    with warnings.catch_warnings(), contextlib.redirect_stderr(_Nowhere()):
        logging.disable()  # a handler writes to the standard error that there was when it was made
        try:
            yield
        finally:
            logging.disable(level)
            logger.handlers[:] = handlers  # the first message would leave one that writes to nowhere for ever


class _Limit:
    """Interrupts what runs in its ``with`` block when the time is up, as the Kernel menu does.

    Args:
        seconds: The time.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._ended = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():  # no other one can be interrupted
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._ended = True
        self._timer.cancel()

    def _end(self) -> None:
        with self._lock:
            if not self._ended:
                self.over = True
                _thread.interrupt_main()


class _Live:
    """Asks the live kernel."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    def ask(self, request: Mapping[str, Any]) -> Any:
        if "workers" in request:
            raise NotCheckable("two workers are there when you hand in, and not in a notebook of your own")
        limit = _Limit(SECONDS)
        try:
            with limit:
                # Through bytes and back, as with a worker: a check gets copies, and sees what it would see in grading.
                answer = self._responder.answer(wire.unpack(wire.pack(dict(request))))
            if isinstance(answer, Failure) and answer.ename == "KeyboardInterrupt":
                raise KeyboardInterrupt  # the student stopped the check, from the Kernel menu; or it took too long
        except KeyboardInterrupt:
            if not limit.over:
                raise
            told = f"it did not finish within {SECONDS} seconds; look for a loop that never ends"
            return Failure("TimeLimit", told, builtin=True)
        if isinstance(answer, Failure) and self._responder.spent:  # in grading, the next check gets a new process
            answer = dataclasses.replace(answer, evalue=f"{answer.evalue}\nRestart the kernel: {_SPENT}.")
        try:
            return wire.unpack(wire.pack(answer))
        except WireError as error:
            return Failure("ValueTooLarge", str(error), builtin=True)


def _find(exercises: tuple[str, ...], notebook: str | None) -> Release:
    """The release whose notebook has the exercises."""
    folders = sorted(path.parent for path in (Path.cwd() / FOLDER).glob(f"*/{MANIFEST}"))
    if not folders:
        raise CourseError(
            f"there is no folder {FOLDER!r} beside this notebook ({Path.cwd()}); keep it where the assignment put it"
        )
    # Jupyter says which notebook a kernel belongs to; other front ends do not, and one match is enough then.
    named = notebook or Path(os.environ.get("JPY_SESSION_NAME", "")).stem
    releases = [Release.read(folder) for folder in folders]
    mine = [release for release in releases if release.notebook == named]
    if notebook is not None and not mine:
        raise UsageError(f"no notebook {notebook!r} here; there are {', '.join(r.notebook for r in releases)}")
    fitting = [release for release in mine or releases if set(exercises) <= set(release.exercises)]
    if not fitting:
        fitting = [release for release in releases if set(exercises) <= set(release.exercises)]
    if not fitting:
        known = ", ".join(name for release in mine or releases for name in release.exercises)
        raise UsageError(f"there is no exercise {', '.join(map(repr, exercises))} (there are: {known})")
    if len(fitting) > 1:
        several = ", ".join(release.notebook for release in fitting)
        raise UsageError(
            f"several notebooks have it ({several}); say which: check(…, notebook='{fitting[0].notebook}')"
        )
    return fitting[0]


def _names() -> Mapping[str, Any]:
    """The notebook's names: IPython's, or the globals of the caller outside of IPython."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None:
        names: Mapping[str, Any] = shell.user_ns
        return names
    return sys._getframe(2).f_globals


def _definitions(names: Mapping[str, Any], stubs: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the live notebook defines of the names to be written, as :func:`notebook.definitions` would say it."""
    found = {}
    for name in (name for names_of_exercise in stubs.values() for name in names_of_exercise if name in names):
        try:
            found[name] = nb.definitions(_source(names[name])).get(name, "written")
        except (TypeError, OSError, IndentationError):
            found[name] = "written"  # a value: there is no source to compare
    return found


def _source(item: Any) -> str:
    """The source of a function, or of the cell that defines a class; ``inspect`` finds no class in a notebook."""
    if inspect.isclass(item):
        methods = [part for part in vars(item).values() if inspect.isfunction(part)]
        if methods:
            return "".join(linecache.getlines(methods[0].__code__.co_filename))
    return textwrap.dedent(inspect.getsource(inspect.unwrap(item)))


def _show(exercise: str, outcomes: tuple[Outcome, ...]) -> None:
    from IPython.display import display

    text, card = report.card_text(exercise, outcomes), report.card_html(exercise, outcomes)
    display({"text/plain": text, "text/html": card}, raw=True)  # type: ignore[no-untyped-call]
