"""The zygote: a process that has imported TensorFlow once and forks a worker for each notebook.

Started by exec as ``python -m autograder.zygote FD FOLDER``, so that it holds nothing of the grader's. It runs no
TensorFlow op, because a fork of a process whose TensorFlow runtime has started hangs; before every fork it
proves that it has one thread and an uninitialised TensorFlow context, and ends with an error otherwise.

Commands arrive as one JSON message each: ``{"fork": {...}}`` with the worker's socket attached, answered by
``{"pid": n}``; ``{"reap": pid}``, answered by ``{"status": n, "cpu_seconds": s}``; ``{"prepare": names, "folder":
path}``, which prepares data sets, answered by ``{"failed": "…"}``. Every command has a ``token``, which its answer
repeats. When the grader has closed its end, however that came about, the zygote ends what is left of its workers,
removes their folders and its own, and ends.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import tempfile
import traceback
import types
from typing import Any

from . import files, harden, linux
from .errors import DataError

MAX_COMMAND = 65_536
MAX_FAILED = 2_000  # bytes; an answer has 4,096


def preload() -> None:
    """Import what notebooks use, and warm nothing that starts a thread or a TensorFlow runtime."""
    import IPython.core.application
    import IPython.core.completer
    import IPython.core.completerlib
    import IPython.core.magics
    import IPython.core.oinspect  # noqa: F401
    import keras  # noqa: F401
    import matplotlib.figure
    import matplotlib.pyplot  # noqa: F401
    import matplotlib_inline.backend_inline  # noqa: F401
    import numpy.random  # noqa: F401
    import tensorflow as tf
    from tensorflow.python.framework import kernels, op_def_registry
    from tensorflow.python.util import pywrap_xla_ops

    from . import probes, shell, worker  # noqa: F401

    # TensorFlow and Keras load these lazily, at a notebook's cost each time.
    for lazy in (tf.GradientTape, tf.Variable, tf.data.Dataset, tf.keras.layers.Dense, tf.random.normal):
        getattr(lazy, "__name__", None)
    # C++ tables that are made at the first look, which is otherwise a notebook's first op or its first graph: of all
    # kernels, of the ops (once when a name is missing), of the kernels for XLA. None of it starts the runtime.
    kernels.get_registered_kernels_for_op("MatMul")
    op_def_registry.get("NoSuchOp")
    pywrap_xla_ops.get_cpu_kernel_names()
    tf.autograph.to_graph(_converted)  # the first conversion of code to a graph takes twice as long as the next
    _convert_vectorization()
    gc.collect()


def _convert_vectorization() -> None:
    """Convert to graph code what every ``tape.jacobian`` would convert anew in its worker.

    TensorFlow keeps converted functions by their code, and here that is a function inside of ``pfor``.
    """
    from tensorflow.python.autograph.core import converter
    from tensorflow.python.autograph.impl import api
    from tensorflow.python.ops.parallel_for import control_flow_ops

    within = control_flow_ops.pfor.__code__.co_consts
    code = next((part for part in within if isinstance(part, types.CodeType) and part.co_name == "f"), None)
    if code is not None:  # other versions of TensorFlow may name it otherwise: workers then convert it themselves
        closure = tuple(types.CellType(None) for _ in code.co_freevars)
        function = types.FunctionType(code, vars(control_flow_ops), "f", None, closure)
        options = converter.ConversionOptions(recursive=True, user_requested=True, optional_features=None)
        api._convert_actual(function, converter.ProgramContext(options=options))


def _converted(x: Any) -> Any:
    for _ in range(2):
        if x > 1:
            x = x + 1
    return x


def assert_forkable() -> None:
    """Prove that a fork is safe now.

    Raises:
        RuntimeError: There is more than one thread, or TensorFlow's runtime has started.
    """
    from tensorflow.python.eager import context

    threads = os.listdir("/proc/self/task")
    if len(threads) != 1:
        raise RuntimeError(f"the zygote has {len(threads)} threads; a fork of it would not be safe")
    state = context.context_safe()
    if state is not None and state._context_handle is not None:
        raise RuntimeError("TensorFlow's runtime has started in the zygote; a fork of it would hang")


def child(channel: socket.socket, cage: harden.Cage, environment: dict[str, str]) -> None:
    """Become the worker of one notebook. Does not return."""
    status = 1
    try:
        os.setsid()
        os.chdir(cage.scratch)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = cage.scratch  # cached from the zygote's own environment
        if (constants := sys.modules.get("tensorflow_datasets.core.constants")) is not None:
            vars(constants)["DATA_DIR"] = constants.get_default_data_dir()  # likewise
        from . import worker

        worker.begin(channel, cage)
        status = 0
    except BaseException:
        traceback.print_exc()  # into the zygote's file of messages, or to where the notebook's output goes
    finally:
        os._exit(status)


def prepare(names: list[str], folder: str) -> str:
    """Prepare data sets in a fork.

    TensorFlow Datasets is imported here, where it stays, because the notebooks that are to come will need it.

    Args:
        names: Names of data sets of :mod:`autograder.datasets`.
        folder: Where to prepare them.

    Returns:
        What went wrong, or ``""``.
    """
    from . import datasets

    assert_forkable()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        failed = "it ended without a message"
        try:
            datasets.prepare(names, folder)
            failed = ""
        except BaseException as error:
            failed = f"{error}" if isinstance(error, (DataError, OSError)) else f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, failed.encode()[:MAX_FAILED])
            os._exit(0 if not failed else 1)
    os.close(writing)
    with os.fdopen(reading, "rb") as messages:
        failed = messages.read().decode(errors="replace")
    _, status = os.waitpid(pid, 0)
    return failed if failed or not status else "the process that prepared them ended"


def serve(control: socket.socket) -> None:
    """Take commands until every process of the grader has closed its end, and then leave nothing of workers behind."""
    running: set[int] = set()
    folders: list[str] = []
    try:
        while _obey(control, running, folders):
            pass
    finally:  # what is left is of a grader that was killed, or of one of its processes
        for pid in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        for folder in filter(None, folders):
            files.remove_tree(folder)


def _obey(control: socket.socket, running: set[int], folders: list[str]) -> bool:
    """Take one command; False where none will come any more."""
    try:
        message, fds, _, _ = socket.recv_fds(control, MAX_COMMAND, 1)
    except OSError:
        return False
    if not message:
        return False
    command: dict[str, Any] = json.loads(message)
    if "fork" in command:
        order = command["fork"]
        assert_forkable()
        gc.freeze()  # what is here now outlives every worker: their collections need not walk, and so copy, it
        pid = os.fork()
        if pid == 0:
            try:
                control.close()
                child(socket.socket(fileno=fds[0]), harden.Cage.from_json(order["cage"]), order["environment"])
            finally:
                os._exit(1)
        os.close(fds[0])
        running.add(pid)
        folders.append(order["cage"]["folder"])
        answer: dict[str, Any] = {"pid": pid}
    elif "prepare" in command:
        answer = {"failed": prepare(command["prepare"], command["folder"])}
    else:
        try:
            _, status, usage = os.wait4(command["reap"], 0)
            running.discard(command["reap"])
            answer = {"status": status, "cpu_seconds": usage.ru_utime + usage.ru_stime}
        except ChildProcessError:  # a fork of the zygote that was here before this one
            answer = {"status": None, "cpu_seconds": 0.0}
    try:
        control.sendall(json.dumps({**answer, "token": command["token"]}).encode())
    except OSError:
        return False
    return True


def main() -> None:
    """Entry point of ``python -m autograder.zygote FD FOLDER``; the folder was made for it and goes with it."""
    control, folder = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    preload()
    harden.prepare()
    if sys.platform == "linux":
        linux.prctl(linux.PR_SET_DUMPABLE, 0)  # nothing of the same user may look into it
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)  # the second of two workers is its to reap, too
    with contextlib.suppress(OSError):  # the grader has ended meanwhile
        control.sendall(b'{"ready": true}')
    serve(control)
    files.remove_tree(folder)
    os._exit(0)


if __name__ == "__main__":
    main()
