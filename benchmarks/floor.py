"""The floor: the same cells and the same checks in an already warm, forked process, and nothing else.

``python -m benchmarks.floor PLAN SOURCE NOTEBOOK…`` imports what the grader's warm process imports, records the
reference's replies where the plan has none, then forks once for each notebook. A fork runs the cells in a bare
IPython shell (cells are IPython's language, and AutoGraph needs their source) and then the checks. There is no
isolation, no limit, no determinism, no captured output, no pytest, no second process to talk to, no message for a
student, no gradebook and no autograded notebook.

Prints one JSON object for each notebook: ``{"cpu", "wall", "outcomes"}``, the times in seconds and without the start.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder import notebook as nb
from autograder import zygote

from .checks import Check, Plan, load, record, run


def run_cells(steps: Sequence[nb.Step]) -> dict[str, Any]:
    """Run cells in a new IPython shell of this process, without showing anything.

    Args:
        steps: The code cells.

    Returns:
        The names that they left behind.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from autograder import worker

    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    worker.install_check_stand_in()
    for step in steps:
        if not step.skip:
            shell.run_cell(step.source, store_history=True)
    names: dict[str, Any] = shell.user_ns
    return names


def forked(work: Callable[[], Any]) -> tuple[Any, float]:
    """Do something in a fork of this process.

    Args:
        work: What to do; returns what can be pickled.

    Returns:
        What it returned, and the CPU seconds of the fork.

    Raises:
        RuntimeError: The fork failed.
    """
    zygote.assert_forkable()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            answer = pickle.dumps(work())
            with open(writing, "wb") as pipe:
                pipe.write(answer)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with open(reading, "rb") as pipe:
        answer = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"a fork ended with status {status}")
    return pickle.loads(answer), usage.ru_utime + usage.ru_stime


def _graded(steps: Sequence[nb.Step], checks: Sequence[Check], plan: Plan) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    run(checks, run_cells(steps), plan, outcomes)
    return outcomes


def main() -> None:
    """Entry point of ``python -m benchmarks.floor PLAN SOURCE NOTEBOOK…``."""
    plan_path, source_path, *paths = map(Path, sys.argv[1:])
    zygote.preload()
    plan, source = Plan.read(plan_path), nb.read_source(source_path)
    if not plan.expected:
        expected, _ = forked(lambda: record(plan, run_cells(nb.steps(source, source))))
        plan = dataclasses.replace(plan, expected=expected)
        plan.write(plan_path)
    checks = load(plan)
    for path in paths:
        before, start = _own_cpu(), time.perf_counter()
        steps = nb.steps(nb.read(path), source)
        outcomes, cpu = forked(lambda steps=steps: _graded(steps, checks, plan))  # type: ignore[misc]
        wall = time.perf_counter() - start
        print(json.dumps({"cpu": cpu + _own_cpu() - before, "wall": wall, "outcomes": outcomes}), flush=True)


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
