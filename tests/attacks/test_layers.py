"""The corpus notices when a layer of isolation is gone: each test leaves layers out and shows who gets through.

The measuring of workers, which would end one that is held too little, is left out with each; the tests of isolation
are about that. Where two layers stop the same attack, each is shown to do so alone.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attacks.arena import Arena
from attacks.corpus import ATTACKS
from attacks.corpus.attack import Attack, reach
from attacks.outside import CANARY
from autograder import budget, sandbox
from autograder.errors import WorkerDied
from autograder.isolation import Attempt, Choice, Machine

Patch = pytest.MonkeyPatch
NAMED = {attack.name: attack for attack in ATTACKS}

_WEAK = """
import os, sys
from autograder import budget, harden, landlock, linux, locks, seccomp, worker, zygote

begin = worker.begin

def weakly(channel, cage):
    for name in os.environ.pop("WITHOUT", "").split():
        name, _, value = name.partition("=")
        module, name = name.split(".")
        assert hasattr(globals()[module], name)
        setattr(globals()[module], name, int(value) if value else lambda *ignored, **too: None)
    begin(channel, cage)

worker.begin = weakly
forgotten = open({forgotten!r})
zygote.main()
"""


class Weak(sandbox.Zygote):
    """A zygote whose workers leave out what ``WITHOUT`` in their environment names; it left a file open."""

    def __init__(self, forgotten: Path) -> None:
        super().__init__()
        self.command = (sys.executable, "-P", "-s", "-c", _WEAK.format(forgotten=str(forgotten)))


class At:
    """A starter whose workers are held in one way, whatever else the machine gives."""

    def __init__(self, start: sandbox.Starter, choice: Choice) -> None:
        self.start = start.start
        self.prepare, self.warm_up = start.prepare, start.warm_up
        self.machine = Machine((Attempt(choice),))

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weak]:
    """The zygote of all these tests."""
    forgotten = tmp_path_factory.mktemp("weak") / "forgotten"
    forgotten.write_text(f"{CANARY}-forgotten")
    start = Weak(forgotten)
    yield start
    start.close()


class Layers:
    """An arena in which layers can be left out."""

    def __init__(self, arena: Arena, patch: Patch) -> None:
        self.arena = arena
        self._patch = patch

    def without(self, *names: str) -> None:
        """Leave these out from now on; without measuring."""
        clean = sandbox.environment
        self._patch.setattr(
            sandbox, "environment", lambda *of, **too: {**clean(*of, **too), "WITHOUT": " ".join(names)}
        )


def _unmeasured(worker: Any, cage: Any) -> str:
    worker.ask({"needed": [], "forbidden": []}, 60)
    return str(cage.level)


@pytest.fixture
def layers(
    request: pytest.FixtureRequest, weak: Weak, starter: sandbox.Starter, folder: Path, monkeypatch: Patch
) -> Iterator[Layers]:
    """An arena whose workers are held in the way of the test's parameter ``choice``."""
    choice = request.getfixturevalue("choice")
    given = starter.machine.choice
    if given.level < choice.level or (choice.own_user and not given.own_user):
        pytest.skip(f"this machine gives {given}")
    monkeypatch.setattr(sandbox.Worker, "_measure", _unmeasured)
    start = At(weak, choice)
    arena = Arena(folder, start, start)
    yield Layers(arena, monkeypatch)
    arena.recover()
    arena.close()


L2, L3, OWN = Choice("L2"), Choice("L3"), Choice("L1", own_user=True)

GOT_OUT, LEFT, ENDED, SHOWED = "it got out", "left outside of scratch", "cells ended with", "no cell showed"

# What is left out, one worker's layer for each word; an attack of the corpus that then gets further; and what the
# oracle says of it.
GONE = {
    "Landlock, reading": (L2, "landlock.restrict", "hidden_checks_read", GOT_OUT),
    "Landlock, writing": (L2, "landlock.restrict", "gradebook_changed", GOT_OUT),
    "Landlock, adding": (L2, "landlock.restrict", "a_submission_in_the_name_of_another", GOT_OUT),
    "Landlock, processes": (L2, "landlock.restrict", "proc_of_every_process", GOT_OUT),
    "system calls, fork": (L2, "seccomp.install", "fork", GOT_OUT),
    "system calls, fork in namespaces": (L3, "seccomp.install", "fork", GOT_OUT),
    "system calls, daemon": (L2, "seccomp.install", "daemon", GOT_OUT),
    "system calls, modes of files": (L2, "seccomp.install", "another_submission_changed", GOT_OUT),
    "system calls, memory that stays": (L2, "seccomp.install", "memory_that_outlives_it", GOT_OUT),
    "system calls, watching": (L2, "seccomp.install", "watching_others", GOT_OUT),
    "system calls, sockets": (L2, "seccomp.install", "udp_to_the_grader", GOT_OUT),
    "system calls, unix sockets": (L2, "seccomp.install", "unix_to_the_grader", GOT_OUT),
    "system calls and Landlock, signals": (L2, "seccomp.install landlock.restrict", "signals_to_others", GOT_OUT),
    "system calls and Landlock, tcp": (L2, "seccomp.install landlock.restrict", "tcp_to_the_grader", GOT_OUT),
    "mounts, shared memory": (L3, "linux.mount", "shared_memory_left", LEFT),
    "mounts, size of the scratch folder": (L3, "linux.mount", "many_files", SHOWED),
    "limits, descriptors": (L2, "harden.limit_process", "descriptors", ENDED),
    "limits, one big file": (L2, "harden.limit_process", "one_big_hole", ENDED),
    "limits, memory": (L2, "harden.limit_memory", "memory_that_is_private", ENDED),
    "capabilities": (L2, "linux.drop_capabilities", "rights_and_users", GOT_OUT),
    "no new privileges": (
        L2,
        "linux.PR_SET_NO_NEW_PRIVS=4 seccomp.install landlock.restrict",  # those two need them to be given up
        "rights_and_users",
        GOT_OUT,
    ),
    "closed descriptors": (L2, "harden.close_descriptors", "descriptors_of_the_grader", GOT_OUT),
}


@pytest.mark.parametrize(("choice", "names", "attack", "words"), GONE.values(), ids=GONE)
def test_without_a_layer_an_attack_gets_through(
    layers: Layers, choice: Choice, names: str, attack: str, words: str
) -> None:
    if names == "linux.drop_capabilities" and os.getuid() != 0:
        pytest.skip("an ordinary user has no capabilities to lose")
    layers.without(*names.split())
    with pytest.raises(AssertionError, match=words):
        layers.arena.judge(NAMED[attack])


def test_with_all_layers_none_gets_through(weak: Weak, starter: sandbox.Starter, folder: Path) -> None:
    if starter.machine.choice.level < "L3":
        pytest.skip("this machine does not give it")
    arena = Arena(folder, At(weak, L3))
    names = {attack for _, _, attack, _ in GONE.values()}
    try:
        verdicts = dict(arena.judge_class([NAMED[name] for name in sorted(names)], "calm"))
    finally:
        arena.close()
    assert {name: told for name, told in verdicts.items() if told} == {}


# ---- two layers, each of which would do ----------------------------------------------------------------

PACKET = reach(
    "packet",
    """
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"word", ("127.0.0.1", UDP))
    except OSError:
        pass
    """,
    "Network",
    shows="",
)
SEGMENT = reach("segment", "print(libc.shmget(KEY, ctypes.c_size_t(4096), 0o1666))", "Resources", shows="")
READER = reach(
    "reader",
    """
    try:
        print(open(HOME + "/private").read())
    except OSError:
        pass
    """,
    "Files",
    shows="",
    bare=True,
)


@pytest.mark.parametrize("choice", [L3], ids=str)
@pytest.mark.parametrize(("attack", "words"), [(PACKET, "reached over the network"), (SEGMENT, "left outside")])
def test_namespaces_and_system_calls_each_stop_it(layers: Layers, choice: Choice, attack: Attack, words: str) -> None:
    layers.without("seccomp.install")
    layers.arena.judge(attack)
    layers.without("harden.enter_namespaces")
    layers.arena.judge(attack)
    layers.without("seccomp.install", "harden.enter_namespaces")
    with pytest.raises(AssertionError, match=words):
        layers.arena.judge(attack)


@pytest.mark.parametrize("choice", [L2], ids=str)
def test_the_limit_and_the_watch_of_threads_each_stop_it(layers: Layers, choice: Choice, monkeypatch: Patch) -> None:
    threads = NAMED["threads"]
    layers.without("harden._limit", "harden.limit_memory")
    layers.arena.judge(threads)
    monkeypatch.setattr(budget, "threads", lambda pid: 0)
    with pytest.raises(AssertionError, match=SHOWED):
        layers.arena.judge(threads)


@pytest.mark.parametrize("choice", [OWN], ids=str)
def test_a_user_of_its_own_keeps_from_private_files(layers: Layers, choice: Choice) -> None:
    private = layers.arena.outside.home / "private"
    private.write_text(f"{CANARY}-private")
    private.chmod(0o600)
    layers.arena.outside.remember()
    layers.arena.judge(READER)
    layers.without("harden.become")
    with pytest.raises(AssertionError, match=f"{CANARY} was shown"):
        layers.arena.judge(READER)


@pytest.mark.parametrize("choice", [OWN], ids=str)
def test_no_new_privileges_keep_from_the_rights_of_programs(layers: Layers, choice: Choice) -> None:
    program = layers.arena.outside.common / "setuid-id"
    shutil.copy(str(shutil.which("id")), program)
    program.chmod(0o4755)
    if os.statvfs(program).f_flag & os.ST_NOSUID:
        pytest.skip("programs give no rights on this file system")
    layers.arena.outside.remember()
    attack = dataclasses.replace(NAMED["setuid_programs"], bare=True)
    layers.without("seccomp.install")
    layers.arena.judge(attack)
    layers.without("seccomp.install", "linux.PR_SET_NO_NEW_PRIVS=4")
    with pytest.raises(AssertionError, match="it got out"):
        layers.arena.judge(attack)


# ---- what the grader does from outside -----------------------------------------------------------------


def _no_watch_of_the_disk(patch: Patch) -> None:
    patch.setattr(budget.Budget, "check", lambda self: None)


def _no_limit_of_time(patch: Patch) -> None:
    ask = sandbox.Worker.ask
    patch.setattr(sandbox.Worker, "ask", lambda self, request, seconds: ask(self, request, 60))


def _inherited_environment(patch: Patch) -> None:
    clean = sandbox.environment
    patch.setattr(sandbox, "environment", lambda *of, **too: {**os.environ, **clean(*of, **too)})


@pytest.mark.parametrize("choice", [L2], ids=str)
@pytest.mark.parametrize(
    ("switch_off", "attack", "words"),
    [
        (_no_watch_of_the_disk, "many_files", SHOWED),
        (_no_watch_of_the_disk, "many_big_files_that_are_deleted", SHOWED),
        (_no_limit_of_time, "sleep_in_a_cell", ENDED),
        (_inherited_environment, "environment_of_the_grader", GOT_OUT),
    ],
)
def test_without_the_grader_s_own_care(
    layers: Layers, choice: Choice, monkeypatch: Patch, switch_off: Any, attack: str, words: str
) -> None:
    switch_off(monkeypatch)
    with pytest.raises(AssertionError, match=words):
        layers.arena.judge(NAMED[attack])


@pytest.mark.parametrize("choice", [L2], ids=str)
def test_without_its_parent_no_worker_goes_on(layers: Layers, weak: Weak, choice: Choice) -> None:
    def orphan() -> sandbox.Worker:
        worker = sandbox.Worker(layers.arena.starter("calm"), sandbox.Limits())
        assert weak._process is not None
        weak._process.kill()
        weak._process.wait()
        return worker

    layers.arena.right_work_earns_everything()
    held = orphan()
    with pytest.raises(WorkerDied):
        held.ask({"devices": 1, "gpus": False, "memory_bytes": 1 << 30, "probes": ""}, 60)
    held.close()
    layers.arena.judge_remains()
    layers.without("harden.die_with")
    left = orphan()
    assert left.ask({"devices": 1, "gpus": False, "memory_bytes": 1 << 30, "probes": ""}, 60) is None
    with pytest.raises(AssertionError, match="processes are left"):
        layers.arena.judge_remains()
    left.close()
