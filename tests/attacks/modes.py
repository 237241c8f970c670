"""The corpus as classes of submissions, graded in processes of other users and in restricted containers.

``python -m attacks.modes FOLDER LEVEL WHERE NAMES`` grades these attacks in two lanes at a time: one for those that
use up all their time, one for the others. It writes one JSON line for each to a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import containment
import pytest
from courses import REPO

from attacks.arena import Arena, pace_of
from attacks.corpus import ATTACKS
from attacks.corpus.attack import Attack
from attacks.corpus.threats import THREATS
from autograder import harden, sandbox

LANES = ("calm", "hurried")

# What an attack on a verdict, on metadata or on the wire does, it does in its own process, and what uses up its time
# does so however it is held. All attacks in all modes take twice as long as what is graded here: every attack in two
# modes; in the others one in four of those, the first for each phrase of what uses up time, and every one that
# isolation is for. TEST_ATTACKS=all is for every attack in every mode.
INSIDE = ("Verdict", "Metadata", "Hidden inputs")
_HELD = tuple(attack for attack in ATTACKS if not attack.bare)
_FIRST = {rows[0] for line in THREATS if line not in INSIDE for rows in THREATS[line].values()}
_SOME = tuple(
    attack
    for index, attack in enumerate(_HELD)
    if attack.name in _FIRST or not (attack.hurry or (attack.line in INSIDE and index % 4))
)


@dataclass(frozen=True)
class Mode:
    """How a corpus is graded.

    Args:
        level: The level of isolation.
        user: ``"root"`` or ``"an ordinary user"``.
        where: ``"here"``, or ``"contained"`` where namespaces and mounts are forbidden.
        whole: Whether every attack is graded, or only some of those that isolation is not for.
    """

    level: str
    user: str
    where: str = "here"
    whole: bool = False

    @property
    def attacks(self) -> tuple[Attack, ...]:
        """The attacks that are graded."""
        return _HELD if self.whole or os.environ.get("TEST_ATTACKS") == "all" else _SOME

    def grade(self, folder: Path) -> dict[str, str]:
        """What is wrong, for each attack by its name; empty where it came to nothing.

        Args:
            folder: An empty folder that everyone may look into.
        """
        options: dict[str, Any] = {}
        if self.user == "root" and not containment.ROOT:
            pytest.skip("only root is root")
        if self.user != "root" and containment.ROOT:
            options = containment.user_options(self.user)
            os.chown(folder, containment.NOBODY, containment.NOBODY)
        names = [attack.name for attack in self.attacks]
        command = [sys.executable, "-m", "attacks.modes", str(folder), self.level, self.where, *names]
        environment = {"PATH": os.defpath, "HOME": str(folder), "PYTHONPATH": str(REPO / "tests")}
        environment |= {"AUTOGRADER_SECRET": "C4N4RY-environment", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        if told["level"] < self.level:
            pytest.skip(f"this machine does not give {self.level}: {told['why']}")
        lines = [line for lane in LANES for line in (folder / f"{lane}.jsonl").read_text().splitlines()]
        return dict(json.loads(line) for line in lines)


class EveryAttack:
    """The tests of one mode; a class of tests names the mode, and ``conftest.py`` gives it the rest."""

    mode: ClassVar[Mode]

    def test_attack(self, verdicts: dict[str, str], attack: Attack) -> None:
        assert not verdicts[attack.name], verdicts[attack.name]

    def test_work_between_attacks_is_graded_right(self, verdicts: dict[str, str]) -> None:
        wrong = {name: told for name, told in verdicts.items() if name.startswith("right_work") and told}
        assert len(verdicts) > len(self.mode.attacks) * 7 // 6
        assert not wrong


def main() -> None:
    """Grade the corpus as this user."""
    folder, level, where, *names = sys.argv[1:]
    harden.die_with(os.getppid())
    if where == "contained":
        containment.contain()
    tempfile.tempdir = folder
    start = sandbox.starter(level)
    try:
        machine = start.machine
        if machine.choice.level == level:
            lanes = [_fork(_lane, Path(folder), lane, names, start) for lane in LANES]
            statuses = [os.waitpid(pid, 0)[1] for pid in lanes]
            assert statuses == [0] * len(LANES), statuses
    finally:
        start.close()
    print(json.dumps({"level": machine.choice.level, "why": machine.why_not_more()}))


def _fork(work: Callable[..., None], *arguments: Any) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        harden.die_with(parent)
        work(*arguments)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def _lane(folder: Path, lane: str, names: list[str], start: sandbox.Starter) -> None:
    root = folder / lane
    root.mkdir()
    arena = Arena(root, start)
    attacks = [attack for attack in ATTACKS if attack.name in names and pace_of(attack) == lane]
    try:
        with (folder / f"{lane}.jsonl").open("w") as file:
            for line in arena.judge_class(attacks, lane):
                file.write(json.dumps(line) + "\n")
    finally:
        arena.close()


if __name__ == "__main__":
    main()
