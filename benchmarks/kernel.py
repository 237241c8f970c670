"""What the grade cells of the stock course call: the checks of one exercise, in the student's own kernel."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .checks import FAILED, PASSED, Check, Plan, load, run

SAYS = "checks that passed:"
_outcomes: dict[str, str] = {}


@functools.cache
def _loaded(path: str) -> tuple[Plan, tuple[Check, ...]]:
    plan = Plan.read(Path(path))
    return plan, load(plan)


def grade(exercise: str, names: Mapping[str, Any], plan: str) -> None:
    """Run the checks of one exercise and print how many passed, and of how many.

    Args:
        exercise: Id of the grade cell.
        names: The notebook's globals.
        plan: The file of the :class:`~benchmarks.checks.Plan`.

    Raises:
        AssertionError: A check did not pass, so that nbgrader gives no points.
    """
    loaded, checks = _loaded(plan)
    mine = [check for check in checks if check.exercise == exercise]
    run(mine, names, loaded, _outcomes)
    found = [_outcomes[check.id] for check in mine]
    print(f"{SAYS} {found.count(PASSED)} of {len(found)}")
    assert found.count(PASSED) == len(found), f"{found.count(FAILED)} failed"
