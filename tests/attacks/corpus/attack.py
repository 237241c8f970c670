"""What one attack is, and the pieces that many attacks share."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LINES = ("Verdict", "Metadata", "Resources", "Crashes", "Hidden inputs")


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
    error: str = ""

    def __post_init__(self) -> None:
        assert self.line in LINES, self.line
        for name in ("square", "cube"):
            object.__setattr__(self, name, textwrap.dedent(getattr(self, name)).strip() or getattr(self.work, name))
        object.__setattr__(self, "cells", tuple(textwrap.dedent(cell).strip() for cell in self.cells))


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
