"""Other places to grade in: as an ordinary user, and in a restricted container.

``python -m containment ARGUMENTS`` is ``autograder ARGUMENTS`` in such a container.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder import cli, linux, seccomp

NOBODY = 65_534
ROOT = sys.platform == "linux" and os.getuid() == 0

# The numbers of unshare, setns, mount, pivot_root and chroot.
_REFUSED = {"x86_64": (272, 308, 165, 155, 161), "aarch64": (97, 268, 40, 41, 51)}


def contain() -> None:
    """Put this process under a filter that forbids unshare, mount and new namespaces, as containers do."""
    calls = seccomp.numbers(seccomp.RULED, seccomp.machine() or seccomp.MACHINES["x86_64"])
    steps = [seccomp.Step(seccomp.LOAD, 0)]
    for number in _REFUSED[os.uname().machine]:
        steps += [seccomp.Step(seccomp.JUMP_EQUAL, number, otherwise=1), seccomp.Step(seccomp.RETURN, 0x50001)]
    steps += [seccomp.Step(seccomp.JUMP_EQUAL, calls["clone3"], otherwise=1), seccomp.Step(seccomp.RETURN, 0x50026)]
    steps += [
        seccomp.Step(seccomp.JUMP_EQUAL, calls["clone"], otherwise=4),
        seccomp.Step(seccomp.LOAD, 16),
        seccomp.Step(seccomp.AND, 0x7E02_0080),
        seccomp.Step(seccomp.JUMP_EQUAL, 0, then=1),
        seccomp.Step(seccomp.RETURN, 0x50001),
        seccomp.Step(seccomp.RETURN, seccomp.ALLOW),
    ]
    program, seccomp.program = seccomp.program, lambda: b"".join(step.pack() for step in steps)  # type: ignore[assignment]
    try:
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.install(os.getpid())
    finally:
        seccomp.program = program
    try:
        linux.unshare(linux.CLONE_NEWUSER)
    except PermissionError:
        return
    raise AssertionError("this container gives namespaces")


@functools.cache
def _why_not_nobody() -> str:
    """Why an ordinary user cannot run this Python and these tests; empty where one can."""
    script = "import tensorflow.version, autograder, courses"
    environment = {"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", script]
    try:
        done = subprocess.run(
            command, user=NOBODY, group=NOBODY, extra_groups=[], env=environment, cwd="/", capture_output=True
        )
    except PermissionError:
        return "another user cannot run this Python: it lies in a private folder"
    return "another user cannot import TensorFlow, autograder and its tests" if done.returncode else ""


def user_options(user: str) -> dict[str, Any]:
    """Arguments of ``subprocess.run`` that make it run as a user.

    Args:
        user: ``"ourselves"``, or ``"an ordinary user"``.
    """
    if user == "ourselves":
        return {}
    if not ROOT:
        pytest.skip("only root can become another user")
    if _why_not_nobody():
        pytest.skip(_why_not_nobody())
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


if __name__ == "__main__":
    contain()
    sys.exit(cli.main(sys.argv[1:]))
