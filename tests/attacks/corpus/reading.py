"""Attacks that look for what must not be there: expected values, checks, seeds, the grader's environment.

The oracle looks for the secrets in what these cells print; ``shows`` proves that they had something to look at.
"""

from __future__ import annotations

from .attack import HIJACK, Attack, answers, once

ATTACKS: tuple[Attack, ...] = (
    once(
        "reads_the_history",
        """
        print("history", In, Out, _i, _ii, _ih, _oh, get_ipython().history_manager.input_hist_raw)
        print(list(get_ipython().history_manager.get_range()))
        """,
        shows="history",
    ),
    once(
        "reads_its_globals",
        """
        for name, value in list(globals().items()):
            print(name, repr(value)[:10_000])
        """,
        shows="get_ipython",
    ),
    once(
        "reads_the_garbage_collector",
        """
        import gc
        gc.unfreeze()
        seen, wanted = 0, ["".join(parts) for parts in (("C4N", "4RY"), ("test_squ", "are"), ("BEGIN SOL", "UTION"))]
        for item in gc.get_objects():
            for part in gc.get_referents(item):
                if type(part) in (str, bytes):
                    seen += 1
                    text = part if type(part) is str else part.decode("latin-1")
                    if any(word in text for word in wanted) and text not in wanted:
                        print("found", text[:2000])
        print("strings", seen > 10_000)
        """,
        shows="strings True",
    ),
    once(
        "reads_its_own_memory",
        # The patterns are written so that they do not match their own text.
        """
        import re
        wanted = rb"C4N[4]RY[a-z-]*|test_squar[e]_gra|BEGIN SOLUTIO[N]|has the right gradien[t]|20261234567[8]9"
        wanted = re.compile(wanted)
        places = [line.split() for line in open("/proc/self/maps") if " rw-p " in line]
        memory = open("/proc/self/mem", "rb", 0)
        looked = 0
        for place in places:
            start, end = (int(number, 16) for number in place[0].split("-"))
            while start < end:
                try:
                    memory.seek(start)
                    block = memory.read(min(end - start, 1 << 24))
                except (OSError, ValueError, OverflowError):
                    break
                looked += len(block)
                for match in wanted.findall(block):
                    print("found", match)
                start += len(block) or 1 << 24
        print("looked at", looked > 10_000_000)
        """,
        shows="looked at True",
        bare=True,
    ),
    once(
        "reads_frames_and_the_setup",
        HIJACK
        + """
seen = 0
for depth in range(12):
    at = sys._getframe(depth)
    seen += 1
    for name, value in list(at.f_locals.items()) + list(at.f_globals.items()):
        print(at.f_code.co_name, name, repr(value)[:100])
print("frames", seen > 5, sorted(setup), setup["probes"])
""",
        shows="frames True",
    ),
    once(
        "reads_modules",
        """
        import sys
        for name, module in sorted(sys.modules.items()):
            if name.startswith("autograder") or "graded" in str(getattr(module, "__file__", "")):
                print("module", name, sorted(vars(module)))
        """,
        shows="module autograder.worker",
    ),
    once(
        "reads_the_environment",
        """
        import os
        print("environment", dict(os.environ))
        print(open("/proc/self/environ").read(), open("/proc/self/cmdline").read())
        """,
        shows="environment",
        bare=True,
    ),
    once(
        "reads_its_descriptors",
        """
        import os
        for number in sorted(map(int, os.listdir("/proc/self/fd"))):
            try:
                print("descriptor", number, os.readlink(f"/proc/self/fd/{number}"))
                print(os.pread(number, 1 << 20, 0))
            except OSError as error:
                print(error)
        """,
        shows="descriptor 0 /dev/null",
        bare=True,
    ),
    once(
        "reads_the_check_function",
        """
        import inspect, autograder
        print("check", inspect.getsource(check), check.__globals__.keys(), vars(autograder).keys())
        """,
        shows="check",
    ),
    answers(
        "looks_for_the_expected_value_in_memory",
        """
        import gc, sys
        import numpy as np
        from autograder import wire
        found = [value for depth in range(12) for value in sys._getframe(depth).f_locals.values()]
        gc.unfreeze()
        for item in gc.get_objects():
            found += gc.get_referents(item) if type(item) in (dict, list, tuple, wire.Tensor) else [item]
        for item in found:
            array = item.array if type(item) is wire.Tensor else item
            if type(array) is np.ndarray and array.shape == tuple(x.shape) and array.dtype == np.float32:
                if not np.array_equal(array, x.numpy()):
                    return tf.constant(array)
        return x
        """,
        told="values differ",
    ),
    answers(
        "asks_the_channel_for_the_reference",
        """
        import gc, socket
        from autograder import wire
        gc.unfreeze()
        channel = next(s for s in gc.get_objects() if type(s) is socket.socket and s.fileno() >= 0)
        channel.settimeout(0.2)
        try:
            channel.sendall(wire.pack({"probe": "call", "name": "square", "args": (1.0,), "reference": True}))
            return channel.recv(1 << 20)
        except OSError:
            return x
        """,
        told="could not be used",
    ),
)
