"""What ``autograder doctor`` finds out: how well this machine can hold submissions, and whether that holds.

The levels are tried with real workers; then a worker runs student code that tries to get out.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import isolation, landlock, sandbox, seccomp
from .notebook import Step


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Args:
        what: What it is.
        good: Whether it is as it should be.
        told: What was found.
    """

    what: str
    good: bool
    told: str


@dataclass(frozen=True)
class Report:
    """What was found out about this machine.

    Args:
        layers: What the kernel gives, layer by layer.
        machine: Which levels were tried, and what came of it.
        escapes: What a worker tried, and whether it was kept from it.
    """

    layers: tuple[Finding, ...]
    machine: isolation.Machine
    escapes: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        """Whether nothing got out."""
        return all(finding.good for finding in self.escapes)


def examine(start: sandbox.Starter | None = None) -> Report:
    """Look at everything; takes a few seconds.

    Args:
        start: How to start workers; the fastest way that this machine has where None.

    Raises:
        WorkerUnavailable: No worker can be started.
    """
    own = start or sandbox.starter()
    try:
        machine = own.machine
        return Report(tuple(_layers(machine)), machine, tuple(_escapes(own)))
    finally:
        if start is None:
            own.close()


def _layers(machine: isolation.Machine) -> list[Finding]:
    system = f"{platform.system()} {platform.release()} on {platform.machine()}"
    if sys.platform != "linux":
        told = f"{system}: only Linux can hold submissions safely; use it in a container or a virtual machine"
        return [Finding("system", False, told)]
    version = landlock.version()
    reached = {attempt.choice.level for attempt in machine.attempts if not attempt.failed}
    listed = seccomp.machine() is not None
    root = os.getuid() == 0
    separate = machine.choice.own_user
    return [
        Finding("system", True, system),
        Finding(
            "namespaces", "L3" in reached, "own user, network, mounts, ipc" if "L3" in reached else "not to be had"
        ),
        Finding("Landlock", version > 0, f"version {version}" if version else "this kernel has none"),
        Finding("system calls", listed, "an allow-list" if listed else f"no list for {platform.machine()}"),
        Finding("own user", separate, _of_users(root, separate)),
    ]


def _of_users(root: bool, separate: bool) -> str:
    if separate:
        return "each worker becomes a user of its own"
    return "another user cannot read this Python" if root else "only root can give workers users of their own"


# What student code tries, as a cell that raises when it is refused.
ESCAPES = {
    "read a file beside its folder": "open({canary!r}).read()",
    "write to it": "open({canary!r}, 'a').write('x')",
    "list the files of the system": "import os; os.listdir('/etc')",
    "read the grader's memory": "open('/proc/{grader}/mem', 'rb').read(1)",
    "open a socket": "import socket; socket.socket()",
    "start a process": "import os\nif os.fork() == 0: os._exit(0)",
    "run a program": "import os; os.execv('/bin/true', ['true'])",
    "signal the process that started it": "import os; os.kill(os.getppid(), 0)",
    "signal the grader": "import os; os.kill({grader}, 0)",
}


def _escapes(start: sandbox.Starter) -> list[Finding]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        canary = Path(folder, "canary")
        canary.write_text("secret")
        canary.chmod(0o666)
        cells = [code.format(canary=str(canary), grader=os.getpid()) for code in ESCAPES.values()]
        steps = [Step(index, f"escape-{index}", cell, skip=False) for index, cell in enumerate(cells)]
        with sandbox.Session(start, steps, sandbox.Limits()) as session:
            session.run()
            for index, what in enumerate(ESCAPES):
                error = session.runs[index].error
                refused = error is not None and error["ename"] in ("PermissionError", "OSError")
                told = "refused" if refused else error["ename"] if error else "it could"
                found.append(Finding(what, refused, told))
        found.append(Finding("leave the file as it was", canary.read_text() == "secret", "looked at from outside"))
    return found


def as_text(report: Report, demands: Mapping[str, str]) -> str:
    """A report for people.

    Args:
        report: The report.
        demands: The level that is asked for, by the name of who asks for it.
    """
    machine = report.machine
    lines = ["What this machine gives"]
    lines += [f"  {_mark(finding.good)} {finding.what:<14} {finding.told}" for finding in report.layers]
    lines += ["", "Levels, the best first"]
    for attempt in machine.attempts:
        told = isolation.MEANING[attempt.choice.level] if not attempt.failed else f"no: {attempt.failed}"
        lines.append(f"  {_mark(not attempt.failed)} {attempt.choice}: {told}")
        advice = isolation.advice(attempt.failed) if attempt.failed else ""
        if advice:
            lines.append(f"      {advice}")
    lines += ["", "What student code tried, and was kept from"]
    lines += [f"  {_mark(finding.good)} {finding.what}: {finding.told}" for finding in report.escapes]
    lines.append("")
    for who, demand in demands.items():
        enough = machine.choice.level >= demand
        verdict = "enough" if enough else "not enough: grading refuses, except with --unsafe"
        lines.append(f"{_mark(enough)} {who} asks for {demand}, this machine gives {machine.choice.level}: {verdict}")
    if not report.well:
        lines.append("✗ student code got out: do not grade submissions of others here")
    return "\n".join(lines)


def _mark(good: bool) -> str:
    return "✓" if good else "✗"
