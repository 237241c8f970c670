"""How well a worker is held, as the grader sees it: levels, measuring, and what an assignment may ask for.

A level is never taken on a worker's word. What ``/proc`` says of the process, and what its start-up probes
could and could not do before any code of a notebook ran, decide which level it reached. docs/threats.md says
what each level stops.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import CourseError, IsolationRefused

LEVELS = ("L0", "L1", "L2", "L3")  # each compares as more than the one before it
DEFAULT = "L2"
NAMESPACES = ("user", "mnt", "net", "ipc", "uts")

MEANING = {
    "L3": "user, network, mount, ipc and uts namespaces; scratch space of a fixed size in memory; and all of L2",
    "L2": "Landlock, an allow-list of system calls, no new privileges, resource limits",
    "L1": "a user of its own, an allow-list of system calls, resource limits",
    "L0": "resource limits only: a notebook can read your files and use your network",
}


@dataclass(frozen=True)
class Choice:
    """How workers are to be held.

    Args:
        level: ``"L0"`` to ``"L3"``.
        own_user: Whether each becomes a user of its own as well.
    """

    level: str
    own_user: bool = False

    def __str__(self) -> str:
        return f"{self.level} with a user of its own" if self.own_user else self.level


def candidates(most: str = "L3") -> tuple[Choice, ...]:
    """What can be tried on this system, the best first.

    Args:
        most: Nothing above this level.
    """
    if sys.platform != "linux":
        return (Choice("L0"),)
    ways = [Choice("L3"), Choice("L2"), Choice("L0")]
    if os.getuid() == 0:
        own = [Choice("L3", own_user=True), Choice("L2", own_user=True), Choice("L1", own_user=True)]
        ways = [own[0], ways[0], own[1], ways[1], own[2], ways[2]]
    return tuple(way for way in ways if way.level <= most)


# ---- measuring -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What the kernel says of a process.

    Args:
        filters: Number of seccomp filters; -1 where the kernel only says that there are some.
        no_new_privileges: Whether it can never gain privileges.
        capable: Whether it has any capability.
        users: Its real, effective, saved and file system user ids, each once.
        namespaces: Identity of each of its namespaces; empty where that may not be seen.
    """

    filters: int
    no_new_privileges: bool
    capable: bool
    users: frozenset[int]
    namespaces: Mapping[str, str]


def facts(pid: int | str) -> Facts:
    """What the kernel says of a process.

    Args:
        pid: Its id, or ``"self"``.

    Raises:
        OSError: There is no such process.
    """
    with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    filtered = status.get("Seccomp") == "2"
    namespaces = {}
    for name in NAMESPACES:
        try:
            namespaces[name] = os.readlink(f"/proc/{pid}/ns/{name}")
        except OSError:  # not ours to see
            continue
    return Facts(
        filters=int(status.get("Seccomp_filters", "-1")) if filtered else 0,
        no_new_privileges=status.get("NoNewPrivs") == "1",
        capable=any(int(status.get(kind, "0"), 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb")),
        users=frozenset(map(int, status["Uid"].split())),
        namespaces=namespaces,
    )


def level(worker: Facts, grader: Facts, *, landlocked: bool, own_scratch: bool) -> tuple[str, str]:
    """The level that a worker reached, and what it lacks for the next one.

    Args:
        worker: What the kernel says of the worker.
        grader: What it says of the grader, who may be in a container, and so under a filter, itself.
        landlocked: Whether a file that every user may read and write was out of the worker's reach.
        own_scratch: Whether its scratch folder is a file system of its own.
    """
    filtered = worker.filters > max(grader.filters, 0) or (worker.filters == -1 and grader.filters == 0)
    if not filtered:
        return "L0", "its system calls are not filtered"
    if not worker.no_new_privileges:
        return "L0", "it could gain privileges"
    if worker.capable:
        return "L0", "it has kept capabilities"
    if not landlocked:
        apart = len(worker.users) == 1 and not worker.users & (grader.users | {0})
        return "L1" if apart else "L0", "it can open files outside of its folder"
    shared = [name for name in NAMESPACES if worker.namespaces.get(name, "") in ("", grader.namespaces.get(name))]
    if shared:
        return "L2", f"it shares namespaces with the grader ({', '.join(shared)})"
    if not own_scratch:
        return "L2", "its scratch space has no size of its own"
    return "L3", ""


def own_scratch(pid: int, scratch: str) -> bool:
    """Whether a folder is another file system for a worker than it is for us."""
    try:
        return os.stat(f"/proc/{pid}/root{scratch}").st_dev != os.stat(scratch).st_dev
    except OSError:
        return False


def interfaces(pid: int) -> frozenset[str]:
    """The network interfaces that a process sees."""
    with open(f"/proc/{pid}/net/dev", encoding="utf-8", errors="replace") as file:
        return frozenset(line.partition(":")[0].strip() for line in file if ":" in line)


# ---- what a machine gives -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """A way to hold workers that was really tried.

    Args:
        choice: The way.
        failed: Why it is not to be had; empty where it is.
    """

    choice: Choice
    failed: str = ""


@dataclass(frozen=True)
class Machine:
    """What this machine gives.

    Args:
        attempts: What was tried, the best first; the last one is what workers get.
    """

    attempts: tuple[Attempt, ...]

    @property
    def choice(self) -> Choice:
        """How workers are held here."""
        return self.attempts[-1].choice

    def why_not_more(self) -> str:
        """Why the levels above are not to be had; empty for the highest."""
        failed = {attempt.choice.level: attempt.failed for attempt in self.attempts if attempt.failed}
        return "; ".join(f"{level}: {why}" for level, why in failed.items() if level > self.choice.level)


ADVICE = {
    "unshare": "this kernel or container forbids user namespaces to you (in a container: allow unshare in its "
    "seccomp profile; on Debian: sysctl kernel.unprivileged_userns_clone=1; on Ubuntu: sysctl "
    "kernel.apparmor_restrict_unprivileged_userns=0)",
    "mount": "user namespaces give no mounts here (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0)",
    "landlock": "this kernel has no Landlock (Linux 5.13 or later, with landlock in its lsm= list)",
    "system calls": "there is a list of system calls for x86-64 and aarch64 only",
    "cannot be used": "another user cannot get there; keep Python and the temporary folder (TMPDIR) out of private "
    "folders such as /root",
}


def advice(failed: str) -> str:
    """What to do about the reason of a failed attempt; empty where nothing is known."""
    return next((told for word, told in ADVICE.items() if word in failed.lower()), "")


def known_level(value: object, where: str) -> str:
    """A level that an instructor wrote down.

    Args:
        value: What was written.
        where: The file, for the error.

    Raises:
        CourseError: It is no level that can be asked for.
    """
    if value not in LEVELS[1:]:
        raise CourseError(f"{where}: isolation is one of {', '.join(map(repr, LEVELS[1:]))}, not {value!r}")
    return str(value)


def require(demand: str, machine: Machine, *, unsafe: bool = False) -> None:
    """Refuse to go on where a machine gives less than is asked for.

    Args:
        demand: The level that is asked for.
        machine: What there is.
        unsafe: Whether the instructor said in so many words that less will do.

    Raises:
        IsolationRefused: It gives less.
    """
    if unsafe or machine.choice.level >= demand:
        return
    raise IsolationRefused(
        f"submissions are graded at isolation {demand} or better, and this machine gives {machine.choice.level} "
        f"({MEANING[machine.choice.level]}). {machine.why_not_more()}. See `autograder doctor`, grade on another "
        "machine, or, for notebooks that you trust as your own, grade with --unsafe"
    )
