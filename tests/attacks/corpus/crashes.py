"""Attacks that end the process from below: what they cost is their own check, and the next one goes on."""

from __future__ import annotations

from .attack import Attack, answers, once
from .verdict import ENDS

LINE = "Crashes"

ATTACKS: tuple[Attack, ...] = (
    once("segfault_in_a_cell", "import ctypes; ctypes.string_at(0)", LINE, ends=("ProcessEnded",)),
    answers("segfault_in_a_function", "import ctypes; ctypes.string_at(0)", LINE, told=ENDS),
    once("abort_in_a_cell", "import os; os.abort()", LINE, ends=("ProcessEnded",)),
    answers("abort_in_a_function", "import os; os.abort()", LINE, told=ENDS),
    answers("killed_by_itself", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", LINE, told=ENDS),
    answers("killed_by_its_group", "import os, signal; os.killpg(0, signal.SIGKILL)", LINE, told=ENDS, bare=True),
    answers("broken_byte_code", "exec((lambda: 0).__code__.replace(co_code=b'\\x64\\xff' * 50, co_stacksize=1))", LINE),
    answers(
        "tensorflow_fatal_check",
        # TensorFlow checks fatally that it can start the threads of a pool.
        """
        import resource
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 22), resource.getrlimit(resource.RLIMIT_AS)[1]))
        options = tf.data.Options()
        options.threading.private_threadpool_size = 64
        return next(iter(tf.data.Dataset.range(3).map(lambda v: v).with_options(options)))
        """,
        LINE,
        told=ENDS,
    ),
    Attack(
        "crash_in_the_collector",
        LINE,
        cells=("import gc, os\ngc.callbacks.append(lambda *args: os._exit(0))\ngc.collect()",),
        ends=("ProcessEnded",),
    ),
)
