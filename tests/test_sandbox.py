"""Workers and sessions: what is captured, what is limited, what goes on after a crash, and what is left behind."""

from __future__ import annotations

import base64
import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import isolation, sandbox, shell, wire
from autograder.errors import Failure, WireError, WorkerDied, WorkerError, WorkerTimeout, WorkerUnavailable
from autograder.files import remove_tree
from autograder.harden import Cage
from autograder.model import CellRun
from autograder.notebook import Step
from autograder.sandbox import ColdStarter, Limits, Session, Worker, Zygote, cell_run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked and limited on Linux")

HERE = isolation.Machine((isolation.Attempt(isolation.Choice("L0")),))
QUICK = Limits(cell_seconds=20, request_seconds=10)


def steps(*sources: str) -> list[Step]:
    return [Step(index, f"cell-{index}", textwrap.dedent(source)) for index, source in enumerate(sources)]


def call(name: str, *args: Any) -> dict[str, Any]:
    return {"probe": "call", "name": name, "args": args, "kwargs": {}, "options": {}}


def text_of(run: CellRun, name: str = "stdout") -> str:
    return "".join(output["text"] for output in run.outputs if output.get("name") == name)


def ename(run: CellRun) -> str:
    return run.error["ename"] if run.error is not None else ""


@pytest.fixture(scope="module", autouse=True)
def warm(starter: sandbox.Starter) -> None:
    """Start the shared process before a test counts what there is."""
    Worker(starter, QUICK).close()


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the workers of a test get their folders, open to every user, as pytest's is not; empty at its end."""
    folder = Path(tempfile.mkdtemp(prefix="test-sandbox-"))
    folder.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    remove_tree(str(folder))


Runs = Callable[..., list[CellRun]]


@pytest.fixture
def runs(starter: sandbox.Starter, scratch: Path) -> Iterator[Runs]:
    """Run cells in a worker that is gone afterwards."""

    def of(*sources: str, limits: Limits = QUICK) -> list[CellRun]:
        with Session(starter, steps(*sources), limits) as session:
            session.run()
        assert list(scratch.iterdir()) == []
        return [session.runs[index] for index in range(len(sources))]

    return of


# ---- outputs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("print('hé')", "stdout", "hé\n"),
        ("import sys; print('x', file=sys.stderr)", "stderr", "x\n"),
        ("import os; n = os.write(1, b'raw\\n')", "stdout", "raw\n"),
        ("import os; n = os.write(2, b'raw\\n')", "stderr", "raw\n"),
        ("import tensorflow as tf; tf.print('tf', tf.constant([1, 2]))", "stderr", "tf [1 2]\n"),
        ("import tensorflow as tf, sys; tf.print('tf', output_stream=sys.stdout)", "stdout", "tf\n"),
        ("import logging; logging.warning('careful')", "stderr", "WARNING:root:careful\n"),
        ("import sys; n = sys.stdout.write('no newline')", "stdout", "no newline"),
        ("print('\\ud800')", "stdout", "\\ud800\n"),
        ("import os; n = os.write(1, b'\\xff\\n')", "stdout", "\ufffd\n"),
        ("%%time\nx = 1", "stdout", "Wall time"),
        ("%timeit -n 1 -r 1 1 + 1", "stdout", "1 loop each"),
        ("%%capture kept\nprint('taken')", "stdout", ""),
        ("%env HOME", "stdout", ""),
        ("%who", "stdout", "Interactive namespace is empty.\n"),
    ],
)
def test_text_is_captured(runs: Runs, source: str, name: str, text: str) -> None:
    [run] = runs(source)
    assert run.error is None
    if text and not text.endswith("\n") and source.startswith("%"):
        assert text in text_of(run, name)
    else:
        assert text_of(run, name) == text
    assert text_of(run, "stdout" if name == "stderr" else "stderr") == ""


def test_outputs_come_in_order(runs: Runs) -> None:
    [run] = runs("print('a')\ndisplay(1)\nprint('b')\ndisplay(2)\nimport sys\nprint('c', file=sys.stderr)\n3")
    kinds = [output.get("text") or f"{output['output_type']} {output['data']['text/plain']}" for output in run.outputs]
    assert kinds == ["a\n", "display_data 1", "b\n", "display_data 2", "c\n", "execute_result 3"]


def test_each_cell_has_its_own_outputs(runs: Runs) -> None:
    first, second, third = runs("print('a')", "x = 1", "print('c')")
    assert (text_of(first), second.outputs, text_of(third)) == ("a\n", (), "c\n")


@pytest.mark.parametrize(
    ("source", "shown"),
    [("6 * 7", "42"), ("6 * 7;", None), ("None", None), ("x = 5", None), ("'a'", "'a'"), ("6 * 7\n'last'", "'last'")],
)
def test_the_value_of_the_last_line(runs: Runs, source: str, shown: str | None) -> None:
    [run] = runs(source)
    values = [output["data"]["text/plain"] for output in run.outputs if output["output_type"] == "execute_result"]
    assert values == ([shown] if shown else [])


@pytest.mark.parametrize(
    "source",
    [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nline = plt.plot([1, 2])",
        "from matplotlib.figure import Figure\nfigure = Figure()\nfigure.subplots().plot([1, 2])\ndisplay(figure)",
    ],
)
def test_a_plot_is_a_picture(runs: Runs, source: str) -> None:
    [run] = runs(source)
    assert run.error is None
    [picture] = [output for output in run.outputs if "image/png" in output.get("data", {})]
    assert picture["output_type"] == "display_data"
    assert base64.b64decode(picture["data"]["image/png"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("source", "command"),
    [
        ("!pip install tensorflow", "pip install tensorflow"),
        ("%pip install tensorflow", "pip install tensorflow"),
        ("files = !ls /", "ls /"),
        ("assert get_ipython().getoutput('ls', split=False) == ''", "ls"),
        ("exit()", ""),
        ("get_ipython().system('ls')", "ls"),
    ],
)
def test_a_command_is_not_run_and_its_cell_goes_on(runs: Runs, source: str, command: str) -> None:
    (run,) = runs(f"{source}\nprint('on')")
    assert run.error is None
    texts = {output["name"]: output["text"] for output in run.outputs}
    assert texts["stdout"].endswith("on\n")
    assert (command in texts.get("stderr", "")) and bool(command) == ("not run" in texts.get("stderr", ""))


def test_html_and_javascript_are_left_out(runs: Runs) -> None:
    [run] = runs(
        "from IPython.display import HTML, Javascript\n"
        "display(HTML('<script>alert(1)</script>'), Javascript('alert(1)'))\n"
        "display({'text/html': '<b>x</b>', 'text/plain': 'x'}, raw=True)"
    )
    assert [set(output["data"]) for output in run.outputs] == [{"text/plain"}] * 3
    assert "alert" not in str(run.outputs)


def test_clear_output(runs: Runs) -> None:
    [run] = runs("from IPython.display import clear_output\nprint('a')\ndisplay(1)\nclear_output()\nprint('b')")
    assert [output.get("text") for output in run.outputs] == ["b\n"]


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("def f():\n    return 1 / 0\nf()", "ZeroDivisionError", "return 1 / 0"),
        ("x = = 1", "SyntaxError", "x = = 1"),
        ("  x = 1\n y = 2", "IndentationError", ""),
        ("raise SystemExit(3)", "SystemExit", "3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("raise type('Odd', (BaseException,), {'__str__': lambda self: 1 / 0})()", "ZeroDivisionError", ""),
        ("raise ValueError('\\ud800')", "ValueError", ""),
        ("%no_such_magic", "UsageError", ""),
        ("def f(): f()\nf()", "RecursionError", "maximum recursion depth"),
    ],
)
def test_an_error_is_the_last_output(runs: Runs, source: str, kind: str, words: str) -> None:
    failed, after = runs(f"print('before')\n{source}" if kind.isidentifier() and "Syn" not in kind else source, "1")
    if kind == "UsageError":
        assert "%no_such_magic" in text_of(failed, "stderr")
    else:
        assert ename(failed) == kind
        assert words in failed.error["traceback"]
        assert failed.outputs[-1]["output_type"] == "error"
        str(failed.outputs).encode()
    assert after.outputs[0]["data"]["text/plain"] == "1"


def test_a_flood_of_output_is_cut(runs: Runs) -> None:
    text, values, pictures, mixed = runs(
        "print('x' * 50_000_000)",
        "for i in range(1000): display(i)\n1 / 0",
        "from IPython.display import Image\nImage(data=b'\\x89PNG' + b'x' * 3_000_000, format='png')",
        "for i in range(100):\n    print('y' * 90_000); display(i)",
    )
    assert len(text_of(text)) < shell.MAX_TEXT + 100
    assert text_of(text).endswith("… (the rest of this output was cut)\n")
    assert len(values.outputs) == shell.MAX_OUTPUTS + 1
    assert values.outputs[-1]["ename"] == "ZeroDivisionError"
    assert "image/png" not in str(pictures.outputs)
    assert len(text_of(mixed)) <= shell.MAX_TOTAL


def test_a_long_error_is_cut(runs: Runs) -> None:
    [run] = runs("raise ValueError('x' * 10_000_000)")
    assert len(run.error["evalue"]) <= 2000
    assert len(str(run.outputs)) < 2 * shell.MAX_TEXT


def test_the_outputs_are_what_nbformat_takes(runs: Runs) -> None:
    run, failed = runs("print('a')\ndisplay(1)\n2", "1 / 0")
    node = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("x", outputs=[nbformat.from_dict(dict(output)) for output in each.outputs])
            for each in (run, failed)
        ]
    )
    nbformat.validate(node)


def test_skipped_cells_are_not_run(starter: sandbox.Starter) -> None:
    cells = [Step(3, "a", "1 / 0", skip=True), Step(7, "b", "x = 5")]
    with Session(starter, cells, QUICK) as session:
        session.run()
        assert session.runs == {3: CellRun(3, skipped=True), 7: CellRun(7)}
        assert session.cell_id(7) == "b"
        assert session.ask({"probe": "value", "name": "x"}) == 5


def test_what_a_request_prints_is_not_in_the_next_cell(starter: sandbox.Starter) -> None:
    with Session(starter, steps("def f():\n    print('loud'); display(1)\n    return 2"), QUICK) as session:
        assert session.ask(call("f")) == 2
        assert session.runs[0].outputs == ()


# ---- what a worker has -------------------------------------------------------------------------------

SURROUNDINGS = """
import os, sys, resource, tempfile
import tensorflow as tf
def surroundings():
    return {
        "environment": dict(os.environ),
        "descriptors": [os.readlink(file) for fd in range(100) if os.path.exists(file := f"/proc/self/fd/{fd}")],
        "stdin": sys.stdin.read() + repr(os.read(0, 10)),
        "folders": {os.getcwd(), tempfile.gettempdir(), os.environ["HOME"], os.path.expanduser("~")},
        "devices": len(tf.config.list_logical_devices("CPU")),
        "gpus": len(tf.config.list_physical_devices("GPU")),
        "hash": hash("a"),
        "path": sys.path,
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "session": os.getsid(0) == os.getpid() != os.getppid(),
    }
"""


@pytest.mark.parametrize("make", [ColdStarter, Zygote])
def test_a_worker_starts_from_nothing(
    make: Callable[[], sandbox.Starter], scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "sings")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    monkeypatch.chdir(tmp_path)
    inherited = os.open(secret, os.O_RDONLY)
    os.set_inheritable(inherited, True)
    start = make()
    try:
        with Session(start, steps(SURROUNDINGS, "print('out')", "input('?')"), Limits(devices=4)) as session:
            found = session.ask(call("surroundings"))
            [folder] = found["folders"]
            assert Path(folder).parent.parent == scratch
            assert Path(folder).stat().st_mode & 0o777 == 0o700
            assert text_of(session.runs[1]) == "out\n"
            assert ename(session.runs[2]) in ("EOFError", "StdinNotImplementedError")
        assert [path.name for path in scratch.iterdir() if not path.name.startswith("autograder-zygote-")] == []
    finally:
        start.close()
        os.close(inherited)
    assert list(scratch.iterdir()) == []
    assert found["environment"].items() >= sandbox.environment(folder).items()
    assert not {"CANARY", "PYTHONPATH", "PYTEST_CURRENT_TEST", "USER"} & set(found["environment"])
    assert str(secret) not in found["descriptors"]
    assert found["stdin"] == "b''"
    assert (found["devices"], found["gpus"]) == (4, 0)
    assert found["core"] == (0, 0)
    assert found["session"]
    assert not {"", str(tmp_path), folder} & set(found["path"])
    hashed = subprocess.run(
        [sys.executable, "-c", "print(hash('a'))"], env={"PYTHONHASHSEED": "0"}, capture_output=True, check=True
    )
    assert found["hash"] == int(hashed.stdout)  # sets of strings have one order in every worker


def test_one_device_is_the_default(starter: sandbox.Starter) -> None:
    with Session(starter, steps(SURROUNDINGS), Limits()) as session:
        assert session.ask(call("surroundings"))["devices"] == 1


def test_two_workers_share_nothing(starter: sandbox.Starter) -> None:
    leave = (
        "import os, tensorflow as tf\ntf.marked = os.marked = 1\nopen('left', 'w').close()\nos.environ['LEFT'] = '1'"
    )
    look = """
    import os, tensorflow as tf
    found = [hasattr(tf, 'marked'), hasattr(os, 'marked'), os.listdir(), 'LEFT' in os.environ]
    """
    with Session(starter, steps(leave), QUICK) as one, Session(starter, steps(look), QUICK) as other:
        one.run()
        marked_tf, marked_os, files, variable = other.ask({"probe": "value", "name": "found"})
    assert (marked_tf, marked_os, variable) == (False, False, False)
    assert "left" not in files


# ---- limits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "import time; time.sleep(1000)",
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\ntime.sleep(1000)",
        "try:\n    while True: pass\nexcept BaseException: pass",
        "import os\nos.read(os.pipe()[0], 1)",
    ],
)
def test_the_time_of_a_cell_is_limited(runs: Runs, source: str) -> None:
    before, endless, after = runs("x = 1", source, "x + 1", limits=Limits(cell_seconds=1))
    assert before.error is None
    assert ename(endless) == "TimeLimit"
    assert endless.error["evalue"] == "The cell did not finish within 1 seconds."
    assert after.outputs[0]["data"]["text/plain"] == "2"


def test_the_time_of_a_request_is_limited(starter: sandbox.Starter) -> None:
    cells = steps("def f():\n    while True: pass\ndef g(): return 5")
    with Session(starter, cells, Limits(request_seconds=0.5)) as session:
        told = session.ask(call("f"))
        assert told == Failure("TimeLimit", "it did not finish within 0.5 seconds", builtin=True)
        assert session.ask(call("g")) == 5


def test_the_time_of_a_notebook_is_limited(starter: sandbox.Starter) -> None:
    cells = steps("def f():\n    import time\n    time.sleep(1000)")
    limits = Limits(request_seconds=60, submission_seconds=2)
    with Session(starter, cells, limits) as session:
        session.run()
        assert session.ask(call("f")).ename == "TimeLimit"
        for use in (session.run, lambda: session.ask(call("f"))):
            with pytest.raises(WorkerTimeout, match=r"longer than the 2 seconds that it has in all"):
                use()


def test_cells_share_the_time_of_the_notebook(starter: sandbox.Starter) -> None:
    with Session(starter, steps("import time; time.sleep(1000)", "x = 1"), Limits(submission_seconds=2)) as session:
        with pytest.raises(WorkerTimeout, match="in all"):
            session.run()
        assert ename(session.runs[0]) == "TimeLimit"


def test_restarts_are_limited(starter: sandbox.Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_RESTARTS", 2)
    with Session(starter, steps("import os\ndef f(): os._exit(0)\ndef g(): return 5"), QUICK) as session:
        for _ in range(3):
            assert session.ask(call("f")).ename == "ProcessEnded"
        with pytest.raises(WorkerDied, match="ended 2 processes"):
            session.ask(call("g"))


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nx = np.ones(1_000_000_000)",
        "x = [bytearray(1 << 20) for _ in range(8000)]",
        "import mmap\nx = mmap.mmap(-1, 16 << 30)\nfor i in range(0, 16 << 30, 4096): x[i] = 1",
    ],
)
def test_memory_is_limited(runs: Runs, source: str) -> None:
    limits = Limits(memory_mb=256, cell_seconds=20)
    greedy, after = runs(source, "import numpy as np\nfloat(np.ones(1000).sum())", limits=limits)
    assert ename(greedy) in ("MemoryError", "ArrayMemoryError", "_ArrayMemoryError", "ProcessEnded", "OSError")
    assert after.outputs[0]["data"]["text/plain"] == "1000.0"


def test_the_size_of_a_file_is_limited(runs: Runs) -> None:
    source = "with open('big', 'wb') as file:\n    for _ in range(10): file.write(bytes(1 << 20)); file.flush()"
    big, size, after = runs(source, "import os\nos.path.getsize('big')", "print('z' * 100)", limits=Limits(file_mb=2))
    assert (ename(big), size.outputs[0]["data"]["text/plain"]) == ("OSError", str(2 << 20))
    assert text_of(after) == "z" * 100 + "\n"


def test_limits_cannot_be_raised_by_a_user(runs: Runs) -> None:
    source = """
    import resource
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    (soft == hard != resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE))
    """
    [run] = runs(source, limits=Limits(file_mb=3))
    assert run.outputs[0]["data"]["text/plain"] == f"(True, ({3 << 20}, {3 << 20}))"


# ---- crashes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(0)",
    ],
)
def test_a_cell_that_ends_the_process_is_left_out(runs: Runs, source: str) -> None:
    before, crash, after = runs("x = 20\nprint('once')", source, "x + 1")
    assert text_of(before) == "once\n"
    assert ename(crash) == "ProcessEnded"
    assert crash.outputs[-1]["output_type"] == "error"
    assert after.outputs[0]["data"]["text/plain"] == "21"


def test_a_crash_in_a_request_costs_that_request(starter: sandbox.Starter) -> None:
    cells = steps("import os\nos._exit(0)", "import os\ndef f(): os._exit(0)\ndef g(): return 5", "kept = 7")
    with Session(starter, cells, QUICK) as session:
        assert session.ask(call("g")) == 5
        assert session.ask(call("f")) == Failure("ProcessEnded", "it ended the notebook's process", builtin=True)
        assert session.ask(call("g")) == 5
        assert session.ask({"probe": "value", "name": "kept"}) == 7
        assert [ename(run) for run in session.runs.values()] == ["ProcessEnded", "", ""]


def test_closing_a_session_twice_is_fine_and_it_can_go_on(starter: sandbox.Starter) -> None:
    session = Session(starter, steps("x = 1"), QUICK)
    session.close()
    assert session.ask({"probe": "value", "name": "x"}) == 1
    session.close()
    session.close()
    assert session.ask({"probe": "value", "name": "x"}) == 1
    session.close()


# ---- what is left behind -----------------------------------------------------------------------------


def children() -> set[int]:
    """Processes whose parent this one is, zombies too."""
    found = set()
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            fields = Path(f"/proc/{int(name)}/stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                found.add(int(name))
    return found


def gone(pid: int, seconds: float = 20) -> bool:
    """Whether a process ends within some seconds; that nobody has taken note of its end does not count."""
    try:
        watch = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watch], [], [], seconds)[0])
    finally:
        os.close(watch)


def test_nothing_is_left_of_a_worker(starter: sandbox.Starter, scratch: Path) -> None:
    source = """
    import os, threading, time
    threading.Thread(target=time.sleep, args=(1000,), daemon=False).start()
    pid = os.getpid()
    """
    with Session(starter, steps("pass"), QUICK) as session:
        session.run()
    before = children()
    with Session(starter, steps(source), QUICK) as session:
        pid = session.ask({"probe": "value", "name": "pid"})
    assert gone(pid)
    assert children() == before
    assert list(scratch.iterdir()) == []


def test_many_workers_leave_no_descriptors(starter: sandbox.Starter) -> None:
    counts = []
    for source in ["x = 1", "import os; os._exit(0)"] * 4:
        with Session(starter, steps(source), QUICK) as session:
            session.run()
        counts.append(len(os.listdir("/proc/self/fd")))
    assert len(set(counts)) == 1


def test_a_worker_that_cannot_start_leaves_nothing(scratch: Path) -> None:
    class Refusing:
        machine = HERE

        def start(self, channel: socket.socket, cage: Cage) -> sandbox.Process:
            raise OSError("no more processes")

        def close(self) -> None:
            pass

    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(WorkerUnavailable, match="no worker process can be started: no more processes"):
            Worker(Refusing(), QUICK)
    assert len(os.listdir("/proc/self/fd")) == before
    assert list(scratch.iterdir()) == []


def test_a_notebooks_wild_folders_are_removed(starter: sandbox.Starter, scratch: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir(mode=0o755)
    (target / "file").write_text("kept")
    source = f"""
    import os
    os.symlink({str(target)!r}, "to-folder")
    os.symlink({str(target / "file")!r}, "to-file")
    os.makedirs("locked/inner"); open("locked/inner/file", "w").close()
    os.chmod("locked/inner/file", 0); os.chmod("locked/inner", 0); os.chmod("locked", 0)
    here = os.getcwd()
    for _ in range(1600):  # shutil.rmtree dies of 1,500
        os.mkdir("d"); os.chdir("d")
    os.chdir(here)
    os.chmod(here, 0)
    """
    with Session(starter, steps(source), QUICK) as session:
        session.run()
        assert session.runs[0].error is None
        assert len(list(scratch.iterdir())) == 1
    assert list(scratch.iterdir()) == []
    assert (target / "file").read_text() == "kept"
    assert target.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("depth", [0, 1, 300])
def test_remove_tree_of_any_depth(tmp_path: Path, depth: int) -> None:
    top = tmp_path / "top"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for level in range(depth):
        with contextlib.suppress(FileExistsError):
            os.mkdir("d", dir_fd=here)
        with open(os.open(f"f{level}", os.O_CREAT | os.O_WRONLY, dir_fd=here), "w") as file:
            file.write("x")
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    before = len(os.listdir("/proc/self/fd"))
    remove_tree(str(top))
    assert [path.name for path in tmp_path.iterdir()] == []
    assert len(os.listdir("/proc/self/fd")) == before


def test_remove_tree_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    remove_tree(str(tmp_path / "link"))
    remove_tree(str(tmp_path / "missing"))
    remove_tree(str(tmp_path / "missing" / "deeper"))
    remove_tree(str(tmp_path / "target" / "file"))
    assert (tmp_path / "target" / "file").exists()


# ---- the zygote --------------------------------------------------------------------------------------


def test_a_zygote_that_was_killed_is_replaced(scratch: Path) -> None:
    start = Zygote()
    pids = {"probe": "value", "name": "pids"}
    try:
        with Session(start, steps("import os\npids = os.getpid(), os.getppid()"), QUICK) as session:
            worker, zygote = session.ask(pids)
            os.kill(zygote, signal.SIGKILL)
            assert gone(worker)
            second, another = session.ask(pids)  # the worker has ended with it, which costs the notebook nothing
            assert {second, another}.isdisjoint((worker, zygote))
            os.kill(another, signal.SIGKILL)
            assert gone(second)
            told = session.ask(pids)  # once
            assert isinstance(told, Failure)
            assert told.ename == "ProcessEnded"
            with Session(start, steps("import os\npid = os.getppid()"), QUICK) as other:
                assert other.ask({"probe": "value", "name": "pid"}) != zygote
        assert gone(worker)
        assert gone(zygote)
        with Session(start, steps("import os\nz = os.getppid()"), QUICK) as other:  # the new one has not suffered
            again = other.ask({"probe": "value", "name": "z"})
        assert not gone(again, 0)
    finally:
        start.close()
    assert gone(again)
    assert list(scratch.iterdir()) == []


def test_a_jacobian_finds_its_code_converted(starter: sandbox.Starter) -> None:
    source = """
    import tensorflow as tf
    from tensorflow.python.autograph.impl import api
    def converted(): return sum(len(kinds) for kinds in api._TRANSPILER._cache._cache.values())
    before = converted()
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x * x
    tape.jacobian(y, x)
    more = before, converted() - before
    """
    with Session(starter, steps(source), QUICK) as session:
        before, more = session.ask({"probe": "value", "name": "more"})
    assert (before > 0, more) == (True, 0)  # where TensorFlow came to name it otherwise: zygote._convert_vectorization


def test_a_notebook_that_ends_itself_is_asked_no_second_time(starter: sandbox.Starter) -> None:
    source = """
    import os, signal
    pid = os.getpid()
    def end(): os.kill(pid, signal.SIGKILL)
    def exit(): os._exit(0)
    """
    with Session(starter, steps(source), QUICK) as session:
        pids = set()
        for name in ("end", "exit"):
            pids.add(session.ask({"probe": "value", "name": "pid"}))
            told = session.ask(call(name))
            assert isinstance(told, Failure) and told.ename == "ProcessEnded"
        assert len(pids) == 2  # each call has ended one worker


def test_a_notebook_that_is_not_held_could_end_the_zygote_itself(scratch: Path) -> None:
    start = Zygote("L0")
    try:
        source = "import os, signal\ndef end(): os.kill(os.getppid(), signal.SIGKILL); os._exit(0)"
        with Session(start, steps(source), QUICK) as session:
            for _ in range(2):
                told = session.ask(call("end"))
                assert isinstance(told, Failure) and told.ename == "ProcessEnded"
    finally:
        start.close()
    assert list(scratch.iterdir()) == []


def test_a_worker_whose_zygote_has_ended_is_waited_for(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Zygote()
    try:
        worker = Worker(start, QUICK, isolation.Choice("L2"))
        pid = worker._process.pid  # type: ignore[union-attr]
        monkeypatch.setattr(start, "reap", lambda pid: None)  # as one that has ended does
        worker.close()
        assert gone(pid, 0)
    finally:
        start.close()


def test_a_worker_may_outlive_its_zygote_and_starts_no_other(scratch: Path) -> None:
    reaper = Zygote()
    reaper.reap(os.getpid())  # nothing is running: nothing is started to be asked
    assert list(scratch.iterdir()) == []
    reaper.close()


def test_a_zygote_that_cannot_start_says_why(scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keras.py").write_text("raise ImportError('no Keras on this machine')")
    monkeypatch.setattr(sandbox, "environment", lambda scratch, **options: {"PYTHONPATH": str(tmp_path)})
    start = Zygote()
    with pytest.raises(WorkerUnavailable, match="the process that starts workers ended: ImportError: no Keras on"):
        Worker(start, QUICK)
    start.close()
    assert list(scratch.iterdir()) == []


def test_a_fork_is_refused_where_it_would_hang(scratch: Path) -> None:
    script = """
    import os
    import threading
    from autograder import zygote

    def told():
        try:
            zygote.assert_forkable()
        except RuntimeError as error:
            return str(error)
        return "forkable"

    zygote.preload()
    print(told())
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    print(told())
    stop.set()
    thread.join()
    while len(os.listdir("/proc/self/task")) > 1:  # a thread that was joined takes a moment to be gone
        pass
    print(told())
    import tensorflow as tf
    tf.constant(1) + 1
    threads, zygote.os.listdir = zygote.os.listdir, lambda path: ["1"]
    print(told())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env=sandbox.environment(str(scratch)),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "forkable",
        "the zygote has 2 threads; a fork of it would not be safe",
        "forkable",
        "TensorFlow's runtime has started in the zygote; a fork of it would hang",
    ]
    remove_tree(str(scratch / ".matplotlib"))


# ---- replies that are none ---------------------------------------------------------------------------


class Scripted:
    """A starter whose worker is a thread of the test: it gets the requests' bytes and says what it likes."""

    machine = HERE
    pid = os.getpid()

    def __init__(self, script: Callable[[socket.socket], None]) -> None:
        self._script = script
        self._thread = threading.Thread(target=lambda: None)
        self._theirs: socket.socket | None = None

    def start(self, channel: socket.socket, cage: Cage) -> Scripted:
        self._theirs = channel.dup()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self) -> None:
        assert self._theirs is not None
        with self._theirs as channel, contextlib.suppress(OSError):
            answer(channel, {"failed": "", "missing": [], "open": []})  # how it is held
            self._script(channel)

    def end(self) -> None:
        self._thread.join()

    def close(self) -> None:
        pass


def read_request(channel: socket.socket) -> Any:
    return wire.read_frame(lambda count: channel.recv(count, socket.MSG_WAITALL))


def answer(channel: socket.socket, value: Any, **changes: Any) -> None:
    request = read_request(channel)
    channel.sendall(wire.pack({"id": request["id"], "value": value} | changes))


def raw(data: bytes) -> Callable[[socket.socket], None]:
    def script(channel: socket.socket) -> None:
        read_request(channel)
        channel.sendall(data)

    return script


def replay(channel: socket.socket) -> None:
    """Answers the second request with the answer to the first."""
    first = read_request(channel)
    channel.sendall(wire.pack({"id": first["id"], "value": 1}))
    read_request(channel)
    channel.sendall(wire.pack({"id": first["id"], "value": 1}))


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (lambda channel: answer(channel, 1, id="0" * 32), WireError),
        (lambda channel: answer(channel, 1, id=None), WireError),
        (raw(wire.pack([1, 2])), WireError),
        (raw(wire.pack({"value": 1})), WireError),
        (raw(wire.pack(None)), WireError),
        (raw(b"\xff" * 8), WireError),
        (raw(struct.pack("<II", 4, 0) + b"null"), WireError),
        (raw(struct.pack("<II", 1, wire.MAX_BODY + 1)), WireError),
        (raw(b"\x00" * 3), WorkerDied),
        (raw(struct.pack("<II", 100, 0) + b"{"), WorkerDied),
        (raw(b""), WorkerDied),
    ],
)
def test_what_is_no_answer_is_an_error(script: Callable[[socket.socket], None], error: type[Exception]) -> None:
    worker = Worker(Scripted(script), QUICK)
    try:
        with pytest.raises(error):
            worker.ask(call("f"), 10)
    finally:
        worker.close()


def test_an_answer_cannot_be_replayed() -> None:
    worker = Worker(Scripted(replay), QUICK)
    assert worker.ask(call("f"), 10) == 1
    with pytest.raises(WireError):
        worker.ask(call("f"), 10)
    worker.close()


def test_a_reply_that_trickles_in_does_not_stretch_the_time() -> None:
    stop = threading.Event()

    def script(channel: socket.socket) -> None:
        request = read_request(channel)
        for byte in wire.pack({"id": request["id"], "value": "x" * 200}):
            channel.sendall(bytes([byte]))
            if stop.wait(0.05):
                return

    worker = Worker(Scripted(script), QUICK)
    with pytest.raises(WorkerTimeout, match=r"no answer within 0\.3 seconds"):
        worker.ask(call("f"), 0.3)
    stop.set()
    worker.close()


def test_a_session_takes_a_false_reply_for_a_failure() -> None:
    def script(channel: socket.socket) -> None:
        answer(channel, {"outputs": [], "error": None})
        raw(wire.pack(7))(channel)

    with Session(Scripted(script), steps("x = 1"), QUICK) as session:
        told = session.ask(call("f"))
    assert (told.ename, told.builtin) == ("ProtocolError", True)


GOOD = {"outputs": [], "error": None}
ERROR = {"ename": "E", "evalue": "v", "traceback": ["t", "u"]}


@pytest.mark.parametrize(
    "reply",
    [
        None,
        5,
        [],
        {},
        {"outputs": []},
        {"outputs": None, "error": None},
        {"outputs": [5], "error": None},
        {"outputs": ["stream"], "error": None},
        {"outputs": {"output_type": "stream"}, "error": None},
        {"outputs": [{"output_type": "stream", "name": "stdout"}], "error": None},
        {"outputs": [{"output_type": "stream", "name": "stdout", "text": 5}], "error": None},
        {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["a"]}], "error": None},
        {"outputs": [{"output_type": "display_data"}], "error": None},
        {"outputs": [{"output_type": "display_data", "data": "text/plain"}], "error": None},
        {"outputs": [{"output_type": "display_data", "data": {"text/plain": 5}}], "error": None},
        {"outputs": [{"output_type": "error", "ename": "E"}], "error": None},
        {"outputs": [{"output_type": "error", "ename": "E", "evalue": "", "traceback": [5]}], "error": None},
        {"outputs": [], "error": "E"},
        {"outputs": [], "error": {"ename": "E"}},
        Failure("E"),
    ],
)
def test_what_are_no_outputs_of_a_cell(reply: Any) -> None:
    with pytest.raises(WireError, match="not a cell's outputs"):
        cell_run(0, reply)


@pytest.mark.parametrize(
    ("output", "kept"),
    [
        (
            {"output_type": "stream", "name": "stdlog", "text": "a", "metadata": {"x": 1}},
            {"output_type": "stream", "name": "stdout", "text": "a"},
        ),
        (
            {"output_type": "stream", "name": "stderr", "text": "\ud800"},
            {"output_type": "stream", "name": "stderr", "text": "?"},
        ),
        (
            {"output_type": "display_data", "data": {"text/html": "abc", "text/plain": "a"}, "metadata": {"x": 1}},
            {"output_type": "display_data", "data": {"text/plain": "a"}, "metadata": {}},
        ),
        (
            {"output_type": "execute_result", "data": {"image/png": "YQ=="}, "execution_count": 7},
            {"output_type": "execute_result", "data": {"image/png": "YQ=="}, "metadata": {}, "execution_count": None},
        ),
        (
            {"output_type": "update_display_data", "data": {"application/javascript": "x"}},
            {"output_type": "display_data", "data": {}, "metadata": {}},
        ),
        (
            {"output_type": "error", **ERROR, "more": 1},
            {"output_type": "error", **ERROR},
        ),
    ],
)
def test_only_known_parts_of_an_output_are_kept(output: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    assert cell_run(4, {"outputs": [output], "error": None}) == CellRun(4, (kept,))


def test_the_error_of_a_cell() -> None:
    assert cell_run(4, GOOD | {"error": ERROR}).error == {"ename": "E", "evalue": "v", "traceback": "t\nu"}


def test_every_error_of_a_worker_is_a_worker_error() -> None:
    assert issubclass(WorkerDied, WorkerError)
    assert issubclass(WorkerTimeout, WorkerError)
    assert not issubclass(WorkerUnavailable, WorkerError)  # not the notebook's fault


def test_the_outputs_of_all_cells_are_bounded_together(
    starter: sandbox.Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MAX_SHOWN", 25_000)
    steps = [Step(index, str(index), "print('x' * 10_000)") for index in range(5)]
    with Session(starter, steps, QUICK) as session:
        session.run()
    texts = ["".join(output["text"] for output in session.runs[index].outputs) for index in range(5)]
    assert [len(text) for text in texts[:2]] == [10_001, 10_001]
    assert all("were cut from here on" in text for text in texts[2:])


@pytest.mark.skipif(sys.platform != "linux", reason="a zygote runs on Linux only")
def test_a_warm_process_that_cannot_be_started_leaves_nothing(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    start = Zygote()
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", refuse)
        with pytest.raises(OSError, match="temporarily unavailable"):
            start.warm_up()
        assert list(scratch.iterdir()) == []
    start.warm_up()  # the next time it is tried anew
    assert len(list(scratch.iterdir())) == 1
    start.close()
    assert list(scratch.iterdir()) == []


def test_a_worker_costs_no_more_than_it_has_to(runs: Runs, starter: sandbox.Starter) -> None:
    """Its threads sleep when they wait; and what it shares with the zygote, its collections leave alone."""
    threads, shared = runs(
        "from tensorflow.python.eager import context\n"
        "print(context.context().config.experimental.disable_thread_spinning)",
        "import gc\nprint(gc.get_freeze_count() > len(gc.get_objects()))",
    )
    assert text_of(threads) == "True\n"
    assert text_of(shared) == f"{isinstance(starter, Zygote)}\n"
