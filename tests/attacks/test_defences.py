"""The corpus notices when a defence is gone: each test switches one off and shows the attack that then gets further."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from attacks.arena import Arena, judge_execution, judge_form, judge_secrecy
from attacks.corpus import ATTACKS
from attacks.corpus.attack import Attack, once
from autograder import expect, files, grade, plugin, sandbox, scratch, wire
from autograder import notebook as nb
from autograder.errors import CallFailed

Patch = pytest.MonkeyPatch
NAMED = {attack.name: attack for attack in ATTACKS}


class Everything:
    """Holds everything."""

    def __contains__(self, item: object) -> bool:
        return True


def _numpy_compares(patch: Patch) -> None:
    def compare(actual: Any, desired: Any, *rest: Any) -> None:
        assert np.allclose(actual, desired)

    patch.setattr(expect.tensors, "_compare_tensors", compare)


def _errors_are_faults(patch: Patch) -> None:
    judge = plugin._judge

    def forgiving(check: Any, error: BaseException, *rest: Any) -> Any:
        return plugin._fault(check, "", 0.0) if isinstance(error, CallFailed) else judge(check, error, *rest)

    patch.setattr(plugin, "_judge", forgiving)


@pytest.mark.parametrize(
    ("switch_off", "name"),
    [(_numpy_compares, "empty_that_broadcasts"), (_errors_are_faults, "keyboard_interrupt")],
)
def test_without_it_points_are_earned(
    arena: Arena, monkeypatch: Patch, switch_off: Callable[[Patch], None], name: str
) -> None:
    attack = NAMED[name]
    baseline = arena.baseline(attack.work, "calm")
    assert arena.attack(attack).result.total.score <= baseline
    switch_off(monkeypatch)
    assert arena.attack(attack).result.total.score > baseline


def _hidden_checks_tell_all(patch: Patch) -> None:
    explain = plugin._explain
    patch.setattr(plugin, "_explain", lambda error, hidden, live: explain(error, False, live=True))


def _any_name_of_an_error(patch: Patch) -> None:
    patch.setattr(plugin, "_KNOWN_ERRORS", Everything())


def _any_name_of_a_dtype(patch: Patch) -> None:
    patch.setattr(wire, "DTYPE_NAMES", Everything())


def _any_kind(patch: Patch) -> None:
    patch.setattr(wire, "KINDS", Everything())


def _later_runs_are_shown(patch: Patch) -> None:
    patch.setattr(sandbox.Session, "_ran", property(lambda self: False, lambda self, value: None), raising=False)


def _any_picture(patch: Patch) -> None:
    patch.setattr(sandbox, "_BASE64", re.compile(".*", re.DOTALL))


def _html_outputs(patch: Patch) -> None:
    patch.setattr(sandbox, "_MIMES", (*sandbox._MIMES, "text/html"))
    patch.setattr(sandbox, "_BASE64", re.compile(".*", re.DOTALL))


def _inherited_environment(patch: Patch) -> None:
    clean = sandbox.environment
    patch.setattr(sandbox, "environment", lambda *of, **too: {**os.environ, **clean(*of, **too)})


@pytest.mark.parametrize(
    ("switch_off", "name"),
    [
        (_hidden_checks_tell_all, "told_by_a_message"),
        (_hidden_checks_tell_all, "told_by_a_name_of_a_type"),
        (_any_name_of_an_error, "told_by_a_name_of_a_class_of_tensorflow"),
        (_any_name_of_a_dtype, "told_by_a_forged_dtype"),
        (_later_runs_are_shown, "told_by_the_next_process"),
        (_any_picture, "displayed_html"),
        (_html_outputs, "forged_outputs"),
        (_inherited_environment, "reads_the_environment"),
    ],
)
def test_without_it_secrets_are_told(
    arena: Arena, monkeypatch: Patch, switch_off: Callable[[Patch], None], name: str
) -> None:
    judge_secrecy(arena.attack(NAMED[name]))
    switch_off(monkeypatch)
    with pytest.raises(AssertionError):
        judge_secrecy(arena.attack(NAMED[name]))


def _constant_request_ids(patch: Patch) -> None:
    patch.setattr(sandbox.secrets, "token_hex", lambda size: "0" * 2 * size)


def _any_size_of_a_dict(patch: Patch) -> None:
    patch.setattr(wire, "MAX_OTHER_KEYS", 1 << 30)


def _locked_cells_stay_changed(patch: Patch) -> None:
    steps = nb.steps

    def unlocked(student: nb.Notebook, source: nb.Notebook, **rest: Any) -> Any:
        cells = tuple(dataclasses.replace(cell, locked=False) for cell in source.cells)
        return steps(student, dataclasses.replace(source, cells=cells), **rest)

    patch.setattr(nb, "steps", unlocked)


def _grade_cells_run(patch: Patch) -> None:
    steps = nb.steps

    def all_run(*args: Any, **rest: Any) -> Any:
        return [dataclasses.replace(step, skip=False) for step in steps(*args, **rest)]

    patch.setattr(nb, "steps", all_run)


@pytest.mark.parametrize(
    ("switch_off", "name"),
    [
        (_constant_request_ids, "early_answers_to_checks"),
        (_any_size_of_a_dict, "frame_dict_of_colliding_keys"),
        (_any_kind, "forged_value_kind_of_its_own"),
        (_locked_cells_stay_changed, "code_in_the_locked_cell"),
        (_grade_cells_run, "code_in_grade_cells"),
    ],
)
def test_without_it_the_attack_goes_another_way(
    arena: Arena, monkeypatch: Patch, switch_off: Callable[[Patch], None], name: str
) -> None:
    judge_execution(NAMED[name], arena.attack(NAMED[name]))
    switch_off(monkeypatch)
    with pytest.raises(AssertionError):
        judge_execution(NAMED[name], arena.attack(NAMED[name]))


def test_a_result_that_is_too_large_is_noticed(arena: Arena, monkeypatch: Patch) -> None:
    monkeypatch.setattr(wire, "MAX_HEADER", 1 << 30)
    monkeypatch.setattr(grade, "_cell_errors", lambda session: [{"cell": 0, "ename": "x" * 5_000_000}])
    with pytest.raises(AssertionError):
        judge_form(arena.attack(NAMED["the_argument"]).result)


LINGERING: Attack = once(
    "lingering_child", "import os, time\nif not os.fork():\n    time.sleep(100)", "Resources", bare=True
)


def test_a_process_that_is_left_is_noticed(arena: Arena, monkeypatch: Patch) -> None:
    def leader_only(pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    arena.judge(LINGERING)
    monkeypatch.setattr(sandbox, "_kill_group", leader_only)
    try:
        with pytest.raises(AssertionError, match="processes are left"):
            arena.judge(LINGERING)
    finally:
        arena.recover()


def test_a_folder_that_is_left_is_noticed(arena: Arena, monkeypatch: Patch) -> None:
    arena.judge(NAMED["the_argument"])  # what is kept for all attacks is there then
    left: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(scratch, "remove_tree", left.append)
        with pytest.raises(AssertionError):
            arena.judge(NAMED["the_argument"])
    for path in left:
        files.remove_tree(path)
    arena.judge_remains()
