"""What one attack is, and the pieces that many attacks share."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LINES = ("Verdict", "Metadata", "Files", "Processes and kernel", "Network", "Resources", "Crashes", "Hidden inputs")
GOT_OUT = "got" + " out:"  # what an attack prints that came to something
NOTHING = r"nothing came of (\d+) of \1 ways"


@dataclass(frozen=True)
class Work:
    """What a student wrote for the two exercises; what it earns honestly is the baseline of an attack."""

    square: str
    cube: str


RIGHT = Work("def square(x):\n    return x * x", "def cube(x):\n    return x**3")
WRONG = Work("def square(x):\n    return x + x", "def cube(x):\n    return x")
# Passes the visible checks and no hidden one: the hidden inputs reach the student's code.
HALF = Work(
    "def square(x):\n    return tf.stop_gradient(x) * x",
    "def cube(x):\n    return x**3 if x.shape.rank == 2 else x",
)


@dataclass(frozen=True)
class Attack:
    """One attack.

    Args:
        name: What it does, as an identifier.
        line: Line of the threat model that it belongs to, one of :data:`LINES`.
        cells: Code cells that run before the solution cells.
        work: The work that it rides on; it must not earn more than that.
        square: Text of the solution cell of ``square``, where the attack sits in the function itself.
        cube: The same for ``cube``.
        change: What it does to the notebook's JSON besides; it may return another one.
        ends: Names of the errors that code cells end with, in order: an attack with a slip in it proves nothing.
            None where that depends on chance.
        told: Regular expression that some message of a check holds; ``""`` where nothing of the kind is expected.
        shows: Regular expression that the outputs of the cells hold, which proves that the attack ran.
        hides: Regular expression that no output of a cell holds.
        hurry: Grade it under the short limits, because it uses up every second that it gets.
        bare: Grade it without isolation, because isolation would end it before it comes to the point.
        aimed: Let a cell run before the others that names the places of the machine, and tools to try them with.
        error: Kind of the problem for which the notebook is not graded at all, or ``""``.
    """

    name: str
    line: str
    cells: tuple[str, ...] = ()
    work: Work = WRONG
    square: str = ""
    cube: str = ""
    change: Callable[[dict[str, Any]], dict[str, Any] | None] | None = None
    ends: tuple[str, ...] | None = ()
    told: str = ""
    shows: str = ""
    hides: str = ""
    hurry: bool = False
    bare: bool = False
    aimed: bool = False
    error: str = ""

    def __post_init__(self) -> None:
        assert self.line in LINES, self.line
        for name in ("square", "cube"):
            object.__setattr__(self, name, textwrap.dedent(getattr(self, name)).strip() or getattr(self.work, name))
        object.__setattr__(self, "cells", tuple(textwrap.dedent(cell).strip() for cell in self.cells))


_TOOLS = """
import ctypes, errno, glob, mmap, os, resource, shutil, signal, socket, sqlite3, struct, subprocess, sys, tempfile
import threading, time
import numpy as np
from autograder import seccomp

PARENT = os.getppid()
REFUSED = (OSError, sqlite3.Error, tf.errors.OpError)

def try_all(*ways):
    "Each way raises, or comes to something if its value is true."
    nothing = 0
    for number, way in enumerate(ways):
        try:
            found = way()
        except REFUSED as error:
            print("way", number, "refused:", type(error).__name__, str(error)[:200])
            found = None
        if found:
            print("got", "out:", number, way.__name__, repr(found)[:300])
        else:
            nothing += 1
    print("nothing came of", nothing, "of", len(ways), "ways")

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    name: number
    for table in (seccomp.REFUSED, seccomp.RULED, seccomp.ALLOWED)
    for name, number in seccomp.numbers(table, seccomp.machine()).items()
}

def call(name, *arguments):
    "Make a system call; True where the kernel takes it."
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    if libc.syscall(ctypes.c_long(NUMBERS[name]), *words) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True

def done(function, *arguments, **options):
    "True where a function that tells nothing does not raise."
    function(*arguments, **options)
    return True
"""


def aimed(places: Mapping[str, str | int]) -> str:
    """The cell before an aimed attack.

    Args:
        places: Names and values of what it is after.
    """
    return "".join(f"{name} = {value!r}\n" for name, value in places.items()) + _TOOLS


def reach(name: str, cell: str, line: str, **rest: Any) -> Attack:
    """An attack that tries to reach something by all ways that there are; ``try_all`` in its cell tries them.

    Args:
        name: Its name.
        cell: Its cell, which names what :func:`aimed` gave it.
        line: Its line of the threat model.
        **rest: Other fields of :class:`Attack`.
    """
    return Attack(name, line, cells=(cell,), aimed=True, **{"shows": NOTHING, **rest})


# Finds the parts of the worker that serve it, as one does who knows our source.
HIJACK = """
import gc, json, os, socket, struct, sys, threading, time
import numpy as np
from autograder import errors, probes, shell, wire, worker

for depth in range(30):  # f_back does not lead out of IPython's coroutines
    frame = sys._getframe(depth)
    if frame.f_code.co_name == "serve":
        break
channel, setup, names = frame.f_locals["channel"], frame.f_locals["setup"], frame.f_locals["names"]
responder = next(item for item in gc.get_objects() if type(item) is worker.Responder)
really = wire.pack

def raw(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<II", len(text), len(body)) + text + body

def text(value):
    return {"k": "str", "v": value}

def answering(message, node, body=b""):
    "The frame of an answer whose value is a node of our own making."
    return raw({"k": "dict", "v": [[text("id"), text(message["id"])], [text("value"), node]]}, body)

def is_cell(message):
    return type(message["value"]) is dict and "outputs" in message["value"]

def read(count):
    data = b""
    while len(data) < count:
        data += channel.recv(count - len(data))
    return data
"""


def frames(node: str, body: str = 'b""') -> str:
    """A cell after which every answer to a check is a frame with this node as its value (Python expressions)."""
    return (
        f"{HIJACK}\n"
        "def forged(message):\n"
        f"    return really(message) if is_cell(message) else answering(message, {node}, {body})\n"
        "wire.pack = forged"
    )


def values(value: str) -> str:
    """A cell after which every request is answered with this value (a Python expression of ``request``)."""
    return f"{HIJACK}\nworker.Responder.answer = lambda self, request: {value}"


def answers(name: str, body: str, line: str = "Verdict", **rest: Any) -> Attack:
    """An attack that is the body of both functions: what it returns stands in the place of a right answer.

    One that uses up its time is the body of ``square`` alone.

    Args:
        name: Its name.
        body: The body; ``x`` is the argument.
        line: Its line of the threat model.
        **rest: Other fields of :class:`Attack`.
    """
    inner = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    cube = "" if rest.get("hurry") else f"def cube(x):\n{inner}"
    return Attack(name, line, square=f"def square(x):\n{inner}", cube=cube, **rest)


def once(name: str, cell: str, line: str = "Verdict", **rest: Any) -> Attack:
    """An attack that is one cell, run before the solution cells."""
    return Attack(name, line, cells=(cell,), **rest)
