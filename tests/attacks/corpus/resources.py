"""Attacks on time, memory and size, as far as the limits of one process stop them."""

from __future__ import annotations

from .attack import Attack, answers, once

LINE = "Resources"
LATE = "did not finish within"
FULL = "OSError|ResourceLimit"  # by the file system's own size, or by the grader's watch

ATTACKS: tuple[Attack, ...] = (
    once("endless_cell", "while True: pass", LINE, ends=("TimeLimit",), hurry=True),
    answers("endless_function", "while True: pass", LINE, told=LATE, hurry=True),
    once("endless_cell_in_c", "sum(range(10**15))", LINE, ends=("TimeLimit",), hurry=True),
    answers("endless_function_that_holds_the_lock", "return 10**10**9 % 7", LINE, told=LATE, hurry=True),
    answers(
        "endless_regular_expression",
        'import re\nreturn re.match("(a*)*(a*)*b", "a" * 50)',
        LINE,
        told=LATE,
        hurry=True,
    ),
    once(
        "endless_cell_that_ignores_signals",
        """
        import signal
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            try:
                while True: pass
            except BaseException:
                pass
        """,
        LINE,
        ends=("TimeLimit",),
        hurry=True,
    ),
    answers(
        "endless_graph",
        """
        @tf.function
        def turn(value):
            while tf.reduce_sum(value) < 1e30:
                value = value * 1.0
            return value
        return turn(x)
        """,
        LINE,
        told=LATE,
        hurry=True,
    ),
    answers("endless_sleep", "import time\ntime.sleep(10_000)", LINE, told=LATE, hurry=True),
    answers("almost_the_limit_in_every_call", "import time\ntime.sleep(1.3)\nreturn x", LINE, hurry=True),
    Attack(
        "almost_the_limit_in_every_cell",
        LINE,
        cells=("import time\ntime.sleep(1.8)",) * 8,
        ends=("TimeLimit",),
        told="could not go on|not defined",
        hurry=True,
    ),
    Attack(
        "slow_cells_and_calls_that_end_the_process",
        LINE,
        cells=("import time\ntime.sleep(1.5)",),
        square="import os\ndef square(x):\n    os._exit(1)",
        cube="import os, time\ndef cube(x):\n    time.sleep(1)\n    os._exit(1)",
        hurry=True,
    ),
    Attack(
        "more_crashes_than_processes",
        LINE,
        cells=tuple(f"import os; os._exit({number})" for number in range(25)),
        ends=("ProcessEnded",) * 21,
        told="no more are started for it",
    ),
    once("input", "input('Your verdict?')", LINE, ends=("EOFError",)),
    answers("input_in_a_function", "return float(input())", LINE, told="square raised EOFError"),
    answers("stdin", "import sys\nreturn sys.stdin.read()", LINE, told="and a string came"),
    answers(
        "runaway_recursion",
        """
        def deeper(): return deeper()
        return deeper()
        """,
        LINE,
        told="RecursionError",
    ),
    answers(
        "runaway_recursion_without_a_limit",
        """
        import sys
        sys.setrecursionlimit(2**31 - 1)
        class Deep:
            def __repr__(self): return "%r" % self
        return repr(Deep())
        """,
        LINE,
        hurry=True,
    ),
    once("memory_of_numpy", 'import numpy as np\nnp.ones(1 << 40, "uint8")', LINE, ends=("MemoryError",)),
    once("memory_of_python", "hoard = []\nwhile True: hoard.append(bytearray(1 << 24))", LINE, ends=None),
    answers("memory_of_tensorflow", "return tf.zeros((1 << 36,))", LINE, hurry=True),
    answers("memory_of_a_map", "import mmap\nreturn len(mmap.mmap(-1, 1 << 40))", LINE, told="square raised"),
    once(
        "flood_of_text",
        'for number in range(200_000): print("6 of 6 points", number)',
        LINE,
        shows="the rest of this output was cut",
    ),
    once(
        "flood_of_200_MB",
        """
        import os
        for _ in range(200):
            try:
                os.write(1, b"x" * (1 << 20))
            except OSError:
                pass
        """,
        LINE,
        shows="the rest of this output was cut",
    ),
    once("flood_of_200_MB_by_print", 'print("x" * 200_000_000)', LINE, ends=("OSError",)),
    answers("flood_in_a_function", 'for _ in range(60): print("x" * (1 << 20))\nreturn x', LINE),
    once("flood_of_outputs", "for number in range(5_000): display(number)", LINE, shows="199"),
    once("flood_of_pictures", 'display({"image/png": "A" * 900_000}, raw=True)\n' * 10, LINE),
    once("flood_of_wide_characters", 'for _ in range(20): display({"text/plain": "━" * 99_000}, raw=True)', LINE,
         shows="━"),
    once("flood_of_control_characters", 'for _ in range(20): display({"text/plain": "\\x1b" * 99_000}, raw=True)',
         LINE, shows="\x1b"),
    once("flood_of_one_result", '"x" * 50_000_000', LINE),
    once(
        "one_big_file",
        """
        with open("big", "wb") as file:
            for _ in range(300):
                file.write(bytes(1 << 20))
        """,
        LINE,
        ends=("OSError",),
    ),
    once("one_big_hole", 'open("hole", "wb").truncate(1 << 40)', LINE, ends=("OSError",)),
    once(
        "deep_folders",
        """
        import os
        for _ in range(1500):
            os.mkdir("d"); os.chdir("d")
        open("f", "w").close()
        os.chmod(".", 0)
        """,
        LINE,
    ),
    once("deep_folders_without_end", """
        import os
        for _ in range(10**6): os.mkdir("d" * 200); os.chdir("d" * 200)
        """, LINE, ends=None, told="values differ|not defined"),
    once("many_files", 'for number in range(5000): open("f%d" % number, "w").close()', LINE, ends=None, shows=FULL),
    once("many_folders", 'import os\nfor number in range(5000): os.mkdir("d%d" % number)', LINE, ends=None, shows=FULL),
    once("many_links", 'import os\nfor number in range(5000): os.symlink("x", "l%d" % number)', LINE, ends=None,
         shows=FULL),
    once("many_big_files", """
        for number in range(12):
            with open("b%d" % number, "wb") as file:
                for _ in range(20):
                    file.write(bytes(1 << 20))
        """, LINE, ends=None, shows=FULL),
    once("many_big_files_that_are_deleted", """
        import os
        kept = []
        for number in range(12):
            kept.append(open("b", "wb"))
            os.unlink("b")
            for _ in range(20):
                kept[-1].write(bytes(1 << 20))
            kept[-1].flush()
        """, LINE, ends=None, shows=FULL),
    answers("files_of_a_function", """
        for number in range(2500):
            open("%d-%d" % (id(x), number), "w").close()
        return x
        """, LINE, told="square raised OSError|it was ended|more than 2,000 files|square did not finish"),
    once("threads", """
        import threading, time
        threading.stack_size(1 << 15)
        for _ in range(5000):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        """, LINE, ends=None, shows="RuntimeError|ResourceLimit"),
    once("descriptors", 'import os\nkept = [os.open(".", os.O_RDONLY) for _ in range(2000)]', LINE, ends=("OSError",)),
    once("descriptors_of_pipes", "import os\nkept = [os.pipe() for _ in range(2000)]", LINE, ends=("OSError",)),
    once("descriptors_of_sockets", """
        import socket
        kept = [socket.socketpair() for _ in range(2000)]
        """, LINE, ends=("OSError",)),
    once("descriptors_of_timers", """
        import select
        kept = [select.epoll() for _ in range(2000)]
        """, LINE, ends=("OSError",)),
    once("shared_memory_filled", """
        for number in range(200):
            with open("/dev/shm/left-%d" % number, "wb") as file:
                file.write(bytes(1 << 20))
        """, LINE, ends=None, shows="OSError|PermissionError"),
    once("shared_memory_of_a_map", "import mmap\nlen(mmap.mmap(-1, 8 << 30))", LINE, ends=("OSError",)),
    once("memory_that_is_private", "import numpy as np\nhoard = np.empty(3 << 30, 'uint8')", LINE,
         ends=("MemoryError",)),
    once("memory_that_is_locked", """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        block = ctypes.create_string_buffer(1 << 20)
        if libc.mlock(block, 1 << 20):
            raise OSError(ctypes.get_errno(), "mlock")
        """, LINE, ends=("OSError",)),
    answers("memory_of_a_function", """
        import numpy as np
        return tf.constant(np.ones(1 << 30, "float32"))
        """, LINE, told="square raised MemoryError"),
    answers("memory_of_text", 'return "x" * (1 << 40)', LINE, told="square raised MemoryError"),
    once("endless_import", """
        with open("endless.py", "w") as file:
            file.write("while True: pass")
        import sys
        sys.path.insert(0, ".")
        import endless
        """, LINE, ends=("TimeLimit",), hurry=True),
    answers("endless_wait_for_itself", """
        import threading
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()
        """, LINE, told=LATE, hurry=True),
    answers("endless_wait_for_nothing", "import select\nreturn select.select([], [], [])", LINE, told=LATE, hurry=True),
    answers("endless_wait_for_a_thread", """
        import threading, time
        thread = threading.Thread(target=time.sleep, args=(10_000,))
        thread.start()
        thread.join()
        """, LINE, told=LATE, hurry=True),
    once("endless_destructor", """
        class Endless:
            def __del__(self):
                while True: pass
        Endless()
        del _
        """, LINE, ends=None, shows="TimeLimit", hurry=True),
    once("endless_display", """
        class Endless:
            def __repr__(self):
                while True: pass
        Endless()
        """, LINE, ends=("TimeLimit",), hurry=True),
    once("endless_printing", 'while True: print("x" * 1000)', LINE, ends=None, shows="OSError|TimeLimit", hurry=True),
    once("endless_event", """
        def wait(*args):
            while True: pass
        get_ipython().events.register("post_run_cell", wait)
        """, LINE, ends=("TimeLimit",), hurry=True),
    once("endless_threads", """
        import threading
        def turn():
            while True: pass
        for _ in range(50):
            threading.Thread(target=turn, daemon=True).start()
        """, LINE, ends=None, hurry=True),
    once("sleep_in_a_cell", "import time\ntime.sleep(3)", LINE, ends=("TimeLimit",), hurry=True),
)  # fmt: skip
