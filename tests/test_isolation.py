"""What student code can reach at each level, through the real flow, and that each layer is what keeps it."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from containment import NOBODY, ROOT, user_options
from courses import REPO, Shared, notebook, submit, write_course

from autograder import cli, harden, isolation, landlock, sandbox, seccomp
from autograder.course import Course
from autograder.errors import CourseError, IsolationLost, IsolationRefused
from autograder.grade import Grader
from autograder.isolation import Attempt, Choice, Facts, Machine
from autograder.model import Graded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can hold submissions")


@pytest.fixture(scope="module", params=["L3", "L2"])
def level(request: pytest.FixtureRequest) -> str:
    """Each level that this machine gives and that holds submissions."""
    return str(request.param)


@pytest.fixture(scope="module")
def start(level: str, starter: sandbox.Starter) -> Iterator[sandbox.Starter]:
    """A warm process whose workers are held at the level."""
    if starter.machine.choice.level < level:
        pytest.skip(f"this machine does not give {level}: {starter.machine.why_not_more()}")
    if level == "L3":
        yield Shared(starter)
        return
    own = sandbox.starter(level)
    yield Shared(own)
    own.close()


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can get into; pytest's own cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="test-isolation-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


SETTINGS = "cell_seconds = 60\nrequest_seconds = 3\ndevices = 2\ndisk_files = 400\ndisk_mb = 64\n"


@pytest.fixture(scope="module")
def grader(start: sandbox.Starter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    course = write_course(tmp_path_factory.mktemp("isolation"))
    (course.root / "tests/graded/small/settings.toml").write_text(SETTINGS)
    with Grader(course, seed=1, start=start) as grader:
        yield grader


def run(grader: Grader, cells: list[str]) -> Graded:
    path = submit(grader.course, "eve", notebook(extra=cells))
    return grader.grade_file(path, "small", "powers", "eve")


# ---- what is refused -----------------------------------------------------------------------------------

SYSCALL = """
import ctypes, os
def call(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    found = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if found == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""

# Each of these cells must raise. {course} and {grader} are the course's folder and the grader's process.
REFUSED = {
    "hidden checks": "open('{course}/tests/graded/small/powers/hidden.py').read()",
    "the source": "open('{course}/source/small/powers.ipynb').read()",
    "list the course": "import os; os.listdir('{course}')",
    "write to the course": "open('{course}/nbgrader_config.py', 'a')",
    "truncate the course's file": "import os; os.truncate('{course}/nbgrader_config.py', 0)",
    "truncate what may be read": "import os, numpy; os.open(numpy.__file__, os.O_RDONLY | os.O_TRUNC)",
    "truncate without access": "import os; os.open('{course}/nbgrader_config.py', 3 | os.O_TRUNC)",
    "change a package": "import numpy; open(numpy.__file__, 'a')",
    "other tests of the project": "import os, autograder; os.listdir(os.path.dirname(autograder.__path__[0]))",
    "hardlink": "import os; os.link('{course}/nbgrader_config.py', 'mine')",
    "symlink": "import os; os.symlink('{course}/nbgrader_config.py', 'link'); open('link').read()",
    "rename": "import os; os.rename('{course}/nbgrader_config.py', 'mine')",
    "the temporary folder": "import os; os.listdir('/tmp')",
    "a file in the temporary folder": "open('/tmp/left-by-eve', 'w')",
    "its own folder's neighbours": "import os; os.listdir('..')",
    "passwords": "open('/etc/passwd').read()",
    "root": "import os; os.listdir('/proc/self/root/home')",
    "environment of the grader": "open('/proc/{grader}/environ', 'rb').read()",
    "memory of the grader": "open('/proc/{grader}/mem', 'rb').read(1)",
    "memory of the zygote": "import os; open('/proc/%d/mem' % os.getppid(), 'rb').read(1)",
    "folders of the zygote": "import os; os.readlink('/proc/%d/cwd' % os.getppid())",
    "descriptors of the grader": "import os; os.listdir('/proc/{grader}/fd')",
    "processes": "import os; os.listdir('/proc')",
    "kernel settings": "open('/proc/sys/kernel/core_pattern', 'w')",
    "signal to the zygote": "import os; os.kill(os.getppid(), 0)",
    "signal to the grader": "import os; os.kill({grader}, 0)",
    "signal to all": "import os; os.kill(-1, 0)",
    "signal by a pipe": "import fcntl, os; fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())",
    "limits of the zygote": "import os, resource; resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (9, 9))",
    "own limits": "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (10**5, 10**5))",
    "fork": "import os; os.fork() or os._exit(0)",
    "subprocess": "import subprocess; subprocess.run(['true'])",
    "multiprocessing": "import multiprocessing as m; p = m.get_context('fork').Process(target=print); p.start()",
    "exec": "import os; os.execv('/bin/true', ['true'])",
    "a session of its own": "import os; os.setsid()",
    "outliving the zygote": "import ctypes; assert ctypes.CDLL(None).prctl(1, 0) == 0",
    "tcp": "import socket; socket.create_connection(('127.0.0.1', 1))",
    "udp": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix": "import socket; socket.socket(socket.AF_UNIX)",
    "datagrams to anyone": "import socket; socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "dns": "import socket; socket.getaddrinfo('example.org', 80)",
    "root user": "import os; os.setuid(0); assert os.getuid() == 0 and os.stat('/proc/1').st_uid != 0",
    "a fifo": "import os; os.mkfifo('fifo')",
    "device": "import os; os.mknod('device', 0o60600, 0)",
    "priority": "import os; os.nice(-5)",
    "affinity of others": "import os; os.sched_setaffinity(os.getppid(), [0])",
    "changing the root": "import os; os.chroot('.')",
    "memory file": "import os; os.memfd_create('x')",
    "unshare": SYSCALL + "call(272, 0x10000000)",
    "mount": SYSCALL + "call(165, b'x', b'.', b'tmpfs', 0, 0)",
    "ptrace": SYSCALL + "call(101, 16, os.getppid(), 0, 0)",
    "process_vm_readv": SYSCALL + "call(310, os.getppid(), 0, 0, 0, 0, 0)",
    "bpf": SYSCALL + "call(321, 0, 0, 0)",
    "io_uring": SYSCALL + "call(425, 1, 0)",
    "userfaultfd": SYSCALL + "call(323, 0)",
    "keyctl": SYSCALL + "call(250, 0, 0)",
    "perf": SYSCALL + "call(298, 0, 0, 0, 0, 0)",
    "system v memory": SYSCALL + "call(29, 0, 4096, 0o1600)",
    "open_by_handle_at": SYSCALL + "call(304, 0, 0, 0)",
    "pidfd": SYSCALL + "call(434, os.getppid(), 0)",
    "inotify": SYSCALL + "call(254, 0, b'/tmp', 2)",
    "32-bit calls": SYSCALL + "call(0x40000000 | 57)",
}
FAKED = {
    "chmod": "import os, numpy; os.chmod(numpy.__file__, 0o777); assert os.stat(numpy.__file__).st_mode & 2 == 0",
    "utime": "import os, numpy; os.utime(numpy.__file__, (1, 1)); assert os.stat(numpy.__file__).st_mtime != 1",
    "chown": "import os; open('f', 'w'); os.chown('f', 0, 12345); assert os.stat('f').st_gid != 12345",
}


@pytest.mark.skipif(seccomp.machine() is not seccomp.MACHINES["x86_64"], reason="has numbers of x86-64 in it")
def test_what_is_refused(grader: Grader, level: str) -> None:
    before = (grader.course.root / "nbgrader_config.py").read_bytes()
    cells = [cell.replace("{course}", str(grader.course.root)) for cell in REFUSED.values()]
    cells = [cell.replace("{grader}", str(os.getpid())) for cell in cells]
    graded = run(grader, cells)
    failed = {cell["cell"]: cell for cell in graded.result.cells}
    got_through = [name for index, name in enumerate(REFUSED, start=1) if index not in failed]
    assert got_through == []
    wrong = {name: failed[index]["evalue"] for index, name in enumerate(REFUSED, start=1)}
    kinds = {failed[index]["ename"] for index in failed}
    assert kinds <= {"PermissionError", "OSError", "ValueError", "AssertionError", "gaierror"}, wrong
    assert graded.result.isolation == level
    assert graded.result.total.score == 6
    assert (grader.course.root / "nbgrader_config.py").read_bytes() == before
    assert not Path("/tmp/left-by-eve").exists()


def test_what_seems_to_work_and_changes_nothing(grader: Grader) -> None:
    assert run(grader, list(FAKED.values())).result.cells == ()


# ---- what works ----------------------------------------------------------------------------------------

WORKS = {
    "keras": """
import keras, numpy as np
model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
x = np.random.rand(64, 4).astype("float32")
model.fit(x, x[:, :1], epochs=2, verbose=1)
model.save("model.keras")
keras.models.load_model("model.keras")
model.save_weights("model.weights.h5")
""",
    "checkpoints": """
point = tf.train.Checkpoint(v=tf.Variable(1.0))
point.restore(point.save("points/c"))
tf.saved_model.save(tf.Module(), "module")
""",
    "pictures": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig('a.png')\nplt.show()",
    "data": """
data = tf.data.Dataset.range(100).map(lambda v: v * 2, num_parallel_calls=4).batch(4).prefetch(2)
assert sum(1 for _ in data) == 25
""",
    "replicas": """
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2
strategy.run(tf.function(lambda: tf.reduce_sum(tf.ones(3))))
""",
    "files": """
import os, shutil, tempfile
with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
    shutil.copy(file.name, "copy")
    shutil.copytree(folder, "tree")
shutil.rmtree("tree")
open("copy", "w").truncate()
os.urandom(4)
""",
    "threads": """
import asyncio, threading
threads = [threading.Thread(target=tf.ones, args=(3,)) for _ in range(8)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
asyncio.run(asyncio.sleep(0))
""",
    "locks": """
import multiprocessing
with multiprocessing.Lock(), multiprocessing.RLock():
    multiprocessing.Value("i", 0).value += 1
""",
    "numbers": "import numpy as np\nnp.save('a.npy', np.ones(3)); np.load('a.npy', mmap_mode='r')",
    "who": "import getpass, os, pathlib, platform\ngetpass.getuser(), pathlib.Path.home(), os.cpu_count()",
    "compiled": "tf.function(lambda v: v * v + 1, jit_compile=True)(tf.ones(3))",
    "signals": "import os, signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN); os.kill(os.getpid(), signal.SIGUSR1)",
}


def test_what_a_notebook_needs_works(grader: Grader, level: str) -> None:
    graded = run(grader, list(WORKS.values()))
    assert [(cell["id"], cell["ename"], cell["evalue"]) for cell in graded.result.cells] == []
    assert graded.result.total.score == 6
    assert graded.result.isolation == level


# ---- disk and threads ----------------------------------------------------------------------------------

FILLS = {
    "many files": "for i in range(10**6): open(f'f{i}', 'w').close()",
    "many folders": "import os\nfor i in range(10**6): os.mkdir(f'd{i}')",
    "deep folders": "import os\nfor i in range(10**6): os.mkdir('d' * 200); os.chdir('d' * 200)",
    "big files": "for i in range(10**6): open(f'b{i}', 'wb').write(bytes(8 << 20))",
    "deleted files": "import os\nkept = []\nfor i in range(400):\n    kept.append(open('x', 'wb')); os.unlink('x')\n"
    "    kept[-1].write(bytes(8 << 20))",
}


@pytest.mark.parametrize("fill", FILLS)
def test_a_full_disk_is_the_worker_s_own(grader: Grader, level: str, fill: str, tmp_path: Path) -> None:
    before = shutil.disk_usage(tmp_path).used
    graded = run(grader, [FILLS[fill]])
    assert [cell["ename"] for cell in graded.result.cells] in ([["OSError"], ["ResourceLimit"]])
    if level == "L3":
        assert "No space left" in graded.result.cells[0]["evalue"]
    assert graded.result.total.score == 6
    assert shutil.disk_usage(tmp_path).used - before < 200 << 20


def test_too_many_threads_are_refused(grader: Grader) -> None:
    cell = (
        "import threading, time\nthreading.stack_size(1 << 15)\n"
        "for i in range(10**5): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    graded = run(grader, [cell])
    assert [cell["ename"] for cell in graded.result.cells] in ([["RuntimeError"], ["ResourceLimit"]])


def test_nothing_is_left_behind(start: sandbox.Starter, public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(public))
    worker = sandbox.Worker(start, sandbox.Limits())
    pid = worker._process.pid  # type: ignore[union-attr]
    assert list(public.iterdir())
    worker.close()
    assert list(public.iterdir()) == []
    assert not Path(f"/proc/{pid}").exists()


# ---- each layer is what keeps it -----------------------------------------------------------------------

ALONE = """
import json, os, sys
from autograder import harden, landlock, linux, seccomp
order = json.loads(sys.argv[1])
nothing = lambda *ignored: None
for name in order["without"]:
    module, name = name.split(".")
    setattr(globals()[module], name, nothing)
harden.harden(harden.Cage(parent=os.getppid(), **order["cage"]))
try:
    exec(order["code"])
    print("reached")
except OSError as error:
    print("refused")
"""

LAYERS = {
    "landlock": ("L2", ["landlock.restrict"], "open({canary!r}).read()"),
    "landlock keeps from writing": ("L2", ["landlock.restrict"], "open({canary!r}, 'a').write('x')"),
    "seccomp keeps from the network": ("L2", ["seccomp.install"], "import socket; socket.socket()"),
    "seccomp keeps from processes": ("L2", ["seccomp.install"], "if not os.fork(): os._exit(0)"),
    "seccomp and landlock keep from signals": (
        "L2",
        ["seccomp.install", "landlock.restrict"],
        "os.kill(os.getppid(), 0)",
    ),
    "namespaces give a size": ("L3", ["harden.enter_namespaces"], "[open(f'f{{i}}', 'w').close() for i in range(60)]"),
    "limits": ("L2", ["harden.limit_process"], "kept = [os.open('.', 0) for _ in range(2000)]"),
    "own user": ("L1", ["harden.become"], "open({private!r}).read()"),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_without_a_layer_more_is_reached(layer: str, public: Path, starter: sandbox.Starter) -> None:
    level, without, code = LAYERS[layer]
    own_user = layer == "own user"
    if starter.machine.choice.level < level or (own_user and not starter.machine.choice.own_user):
        pytest.skip("this machine does not give it")
    canary, private, scratch = public / "canary", public / "private", public / "scratch"
    canary.write_text("secret")
    canary.chmod(0o666)
    private.write_text("secret")
    private.chmod(0o600)
    scratch.mkdir()
    cage = {"level": level, "scratch": str(scratch), "uid": 61_200 if own_user else None, "disk_files": 50}
    told = {}
    for off in ([], without):
        order = {"cage": cage, "without": off, "code": code.format(canary=str(canary), private=str(private))}
        command = [sys.executable, "-c", ALONE, json.dumps(order)]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=True)
        told[bool(off)] = done.stdout.strip().splitlines()[-1]
    assert told == {False: "refused", True: "reached"}


class Weak(sandbox.ColdStarter):
    """Starts workers that leave a layer out and say nothing of it."""

    def __init__(self, layer: str) -> None:
        super().__init__()
        module, name = layer.split(".")
        script = f"from autograder import {module}, worker; {module}.{name} = lambda *ignored: None; worker.main()"
        self.command = (sys.executable, "-P", "-s", "-c", script)


@pytest.mark.parametrize(
    ("layer", "level", "words"),
    [
        ("landlock.restrict", "L2", "it can open files outside of its folder"),
        ("seccomp.install", "L2", "its system calls are not filtered"),
        ("harden.enter_namespaces", "L3", "it shares namespaces with the grader"),
        ("linux.drop_capabilities", "L3", "it has kept capabilities"),
        ("linux.mount", "L3", "its scratch space has no size of its own"),
    ],
)
def test_a_worker_that_is_held_less_is_ended(layer: str, level: str, words: str, starter: sandbox.Starter) -> None:
    if starter.machine.choice.level < level:
        pytest.skip(f"this machine does not give {level}")
    with pytest.raises(IsolationLost, match=f"was to be held at {level} and reached .*{words}"):
        sandbox.Worker(Weak(layer), sandbox.Limits(), Choice(level))


def test_the_loss_of_isolation_is_in_the_result(
    start: sandbox.Starter, grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = run(grader, []).result
    monkeypatch.setattr(isolation, "level", lambda *ignored, **too: ("L1", "it can read everything"))
    lost = run(grader, []).result
    assert good.error is None
    assert lost.error is not None
    assert lost.error.kind == "isolation_lost"
    assert "reached L1" in lost.error.message
    assert lost.total.score == 0


# ---- measuring -----------------------------------------------------------------------------------------

GRADER = Facts(0, False, True, frozenset({0}), dict.fromkeys(isolation.NAMESPACES, "host"))
HELD = Facts(1, True, False, frozenset({61_200}), dict.fromkeys(isolation.NAMESPACES, "own"))


@pytest.mark.parametrize(
    ("changes", "landlocked", "own_scratch", "expected"),
    [
        ({}, True, True, "L3"),
        ({}, True, False, "L2"),
        ({"namespaces": GRADER.namespaces}, True, True, "L2"),
        ({"namespaces": {}}, True, True, "L2"),
        ({"namespaces": {**HELD.namespaces, "net": "host"}}, True, True, "L2"),
        ({}, False, True, "L1"),
        ({"users": frozenset({0})}, False, True, "L0"),
        ({"users": frozenset({61_200, 0})}, False, True, "L0"),
        ({"filters": 0}, True, True, "L0"),
        ({"no_new_privileges": False}, True, True, "L0"),
        ({"capable": True}, True, True, "L0"),
    ],
)
def test_the_level_is_what_was_measured(
    changes: dict[str, Any], landlocked: bool, own_scratch: bool, expected: str
) -> None:
    worker = dataclasses.replace(HELD, **changes)
    assert isolation.level(worker, GRADER, landlocked=landlocked, own_scratch=own_scratch)[0] == expected


def test_a_filter_that_the_grader_is_under_itself_does_not_count() -> None:
    contained = dataclasses.replace(GRADER, filters=1)
    assert isolation.level(HELD, contained, landlocked=True, own_scratch=True)[0] == "L0"
    two = dataclasses.replace(HELD, filters=2)
    assert isolation.level(two, contained, landlocked=True, own_scratch=True)[0] == "L3"


def test_a_process_of_its_own_is_held_as_well_as_a_forked_one(level: str, start: sandbox.Starter) -> None:
    cold = sandbox.ColdStarter(level)
    assert cold.machine.choice == start.machine.choice
    worker = sandbox.Worker(cold, sandbox.Limits())
    try:
        worker.set_up("")
        assert worker.isolation == level
        reply = worker.ask({"cell": "import tensorflow as tf; float(tf.reduce_sum(tf.ones(3)))"}, 60)
        assert reply["error"] is None
    finally:
        worker.close()


# ---- what a course asks for ----------------------------------------------------------------------------


class Poor:
    """A starter of a machine that gives little; the reference alone may be started."""

    def __init__(self, level: str, start: sandbox.Starter) -> None:
        self._start = start
        failed = [Attempt(Choice(name), "unshare: no") for name in ("L3", "L2") if name > level]
        self.machine = Machine((*failed, Attempt(Choice(level))))
        self.prepare = start.prepare

    def start(self, channel: Any, cage: Any) -> sandbox.Process:
        return self._start.start(channel, cage)

    def close(self) -> None:
        pass


def ask_for(course: Course, settings: str = "", config: str = "") -> Course:
    (course.root / "tests/graded/small/settings.toml").write_text(settings)
    (course.root / "nbgrader_config.py").write_text(f"c = get_config()\n{config}\n")
    return course


@pytest.mark.parametrize(
    ("settings", "config", "expected"),
    [
        ("", "", "L2"),
        ('isolation = "L3"', "", "L3"),
        ('isolation = "L1"', "", "L1"),
        ("", 'c.Autograder.isolation = "L3"', "L3"),
        ('isolation = "L1"', 'c.Autograder.isolation = "L3"', "L3"),
        ('isolation = "L3"', 'c.Autograder.isolation = "L2"', "L3"),
    ],
)
def test_a_course_asks_for_a_level(course: Course, settings: str, config: str, expected: str) -> None:
    assert ask_for(course, settings, config).isolation("small") == expected
    assert course.limits("small") == sandbox.Limits()


@pytest.mark.parametrize("settings", ['isolation = "L0"', "isolation = 3", 'isolation = "high"'])
def test_no_other_level_can_be_asked_for(course: Course, settings: str) -> None:
    with pytest.raises(CourseError, match=r"settings\.toml: isolation is one of 'L1', 'L2', 'L3', not "):
        ask_for(course, settings).isolation("small")


@pytest.mark.parametrize(("asked", "given"), [("L3", "L2"), ("L2", "L0"), ("L1", "L0")])
def test_below_it_nothing_is_graded(course: Course, asked: str, given: str, starter: sandbox.Starter) -> None:
    ask_for(course, f'isolation = "{asked}"')
    path = submit(course, "ada", notebook())
    with Grader(course, seed=1, start=Poor(given, starter)) as grader, pytest.raises(IsolationRefused) as refused:
        grader.grade_file(path, "small", "powers")
    told = str(refused.value)
    assert f"graded at isolation {asked} or better, and this machine gives {given}" in told
    assert "unshare: no" in told
    assert "--unsafe" in told


def test_with_unsafe_it_is_graded_and_says_so(course: Course) -> None:
    path = submit(course, "ada", notebook())
    with Grader(course, seed=1, start=sandbox.starter("L0"), unsafe=True) as grader:
        result = grader.grade_file(path, "small", "powers").result
    assert (result.isolation, result.total.score) == ("L0", 6)


def test_a_course_that_notebooks_could_read_is_refused(
    course: Course, starter: sandbox.Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(course.root.parent))
    path = submit(course, "ada", notebook())
    with Grader(course, seed=1, start=Shared(starter)) as grader, pytest.raises(CourseError, match="may read"):
        grader.grade_file(path, "small", "powers")


def test_data_sets_may_be_read_and_not_changed(grader: Grader, public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (public / "digits").write_text("0123")
    monkeypatch.setenv("TFDS_DATA_DIR", str(public))
    cells = [
        "import os; assert open(os.environ['TFDS_DATA_DIR'] + '/digits').read() == '0123'",
        "open(os.environ['TFDS_DATA_DIR'] + '/digits', 'w')",
        "open(os.environ['TFDS_DATA_DIR'] + '/more', 'w')",
    ]
    assert [cell["cell"] for cell in run(grader, cells).result.cells] == [2, 3]


# ---- root, an ordinary user, a restricted container ----------------------------------------------------


@pytest.mark.parametrize("user", ["ourselves", "an ordinary user"])
@pytest.mark.parametrize("where", ["here", "in a restricted container"])
def test_doctor_and_grading_work_as_anyone(user: str, where: str, public: Path, starter: sandbox.Starter) -> None:
    options = user_options(user)
    best = starter.machine.choice.level
    if best < "L2":
        pytest.skip("this machine holds nothing")
    level = best if where == "here" else "L2"
    course = write_course(public / "course")
    submit(course, "ada", notebook(extra=["open('/etc/passwd')", "import os; os.fork()"]))
    path = course.root / "submitted/ada/small/powers.ipynb"
    if options:
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", course.root], check=True)
    main = [sys.executable, "-m", "containment" if where != "here" else "autograder.cli"]
    environment = {"PATH": os.defpath, "HOME": str(course.root), "PYTHONPATH": str(REPO / "tests")}
    if where != "here":
        command = [*main, "doctor"]
        done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"this machine gives {level}: enough" in done.stdout
        assert "L3: no: unshare: Operation not permitted" in done.stdout.replace(" with a user of its own", "")
    command = [*main, "grade", str(path), "--json", "-", "--seed", "1"]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["isolation"], result["score"]) == (level, 6)
    assert [cell["ename"] for cell in result["cells"]] == ["PermissionError", "PermissionError"]


CROWD = """
from autograder import sandbox
start = sandbox.starter("L2")
workers = [sandbox.Worker(start, sandbox.Limits()) for _ in range(3)]
cell = "import threading, time\\nthreading.stack_size(1 << 16)\\n"
cell += "for _ in range(900): threading.Thread(target=time.sleep, args=(60,)).start()"
for worker in workers:
    worker.set_up("")
    print(worker.isolation, worker.ask({"cell": cell}, 60)["error"])
for worker in workers:
    worker.close()
start.close()
"""


def test_workers_of_one_user_leave_threads_to_each_other(public: Path, starter: sandbox.Starter) -> None:
    if starter.machine.choice.level < "L2":
        pytest.skip("this machine holds nothing")
    options = user_options("an ordinary user" if ROOT else "ourselves")
    environment = {"PATH": os.defpath, "HOME": str(public)}
    command = [sys.executable, "-c", CROWD]
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, **options)
    assert done.stdout.splitlines() == ["L2 None"] * 3, done.stdout + done.stderr


def test_a_user_of_its_own_is_a_level_of_its_own(starter: sandbox.Starter) -> None:
    if not starter.machine.choice.own_user:
        pytest.skip("workers get no users of their own here")
    start = sandbox.starter("L1")
    try:
        assert start.machine.choice == Choice("L1", own_user=True)
        worker = sandbox.Worker(start, sandbox.Limits())
        pid = worker._process.pid  # type: ignore[union-attr]
        assert isolation.facts(pid).users <= set(sandbox.USERS)
        worker.close()
    finally:
        start.close()


def test_doctor_says_no_where_the_course_asks_for_more(
    course: Course, starter: sandbox.Starter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if starter.machine.choice.level < "L2":
        pytest.skip("this machine holds nothing")
    ask_for(course, 'isolation = "L3"')
    monkeypatch.setattr(sandbox, "starter", lambda: sandbox.Zygote("L2"))
    assert cli.main(["doctor", "--course", str(course.root)]) == 1
    told = capsys.readouterr().out
    assert "small asks for L3, this machine gives L2: not enough" in told
    assert "start a process: refused" in told


# ---- Landlock ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "files", "network", "scope"),
    [(1, 13, 0, 0), (2, 14, 0, 0), (3, 15, 0, 0), (4, 15, 3, 0), (5, 16, 3, 0), (6, 16, 3, 3), (7, 16, 3, 3)],
)
def test_only_what_a_version_knows_is_asked_of_it(version: int, files: int, network: int, scope: int) -> None:
    assert landlock.handled(version) == ((1 << files) - 1, network, scope)


def test_what_may_be_read_is_python_and_not_the_project() -> None:
    readable = [os.path.realpath(path) for path in harden.readable()]
    package = os.path.dirname(os.path.realpath(harden.__file__))
    assert package in readable
    assert os.path.dirname(package) not in readable or os.path.basename(os.path.dirname(package)) == "site-packages"
    assert not {"/", "/etc", "/home", "/root", "/tmp", "/usr", "/var", "/proc", "/dev"} & set(readable)
