"""Which names a cell defines for later cells, and which names of other cells it uses."""

from __future__ import annotations

import functools
import re
import types
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from dis import get_instructions

MAX_PARSED = 100_000  # characters of one cell; a longer one is not taken apart: a syntax tree is 1,000 times as large

_WORD = re.compile(r"[^\W\d]\w*")
# Code that may name a variable in a string.
_INDIRECT = frozenset(("eval", "exec", "globals", "locals", "vars", "getattr", "get_ipython", "__import__"))


@dataclass(frozen=True)
class Names:
    """The names of a cell.

    Args:
        defined: What its top level assigns, imports or defines.
        used: What it reads and does not define itself before.
    """

    defined: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=1024)  # most cells are the same in every submission of a class
def names(source: str) -> Names:
    """What a cell defines and uses.

    The code is compiled, not run. Names in it are taken in the order of its instructions; those that a function of
    the cell uses count as used at the end of the cell, when it can be called first. Where the code does not
    compile (IPython's own syntax) or may name a variable in a string (``eval``), every word of it counts as used.

    Args:
        source: Text of a cell.
    """
    if len(source) > MAX_PARSED:
        return Names()
    try:
        with warnings.catch_warnings():  # of a stranger's code, which are nothing to tell the grader's terminal
            warnings.simplefilter("ignore")
            code = compile(source, "cell", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names(used=frozenset(_WORD.findall(source)))
    defined: set[str] = set()
    used: set[str] = set()
    for instruction in get_instructions(code):
        if instruction.opname == "STORE_NAME":
            defined.add(instruction.argval)
        elif instruction.opname == "LOAD_NAME" and instruction.argval not in defined:
            used.add(instruction.argval)
    for function in _functions(code):
        for instruction in get_instructions(function):
            if instruction.opname == "STORE_GLOBAL":
                defined.add(instruction.argval)
            elif instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                used |= {instruction.argval} - defined
    if used & _INDIRECT:
        used |= set(_WORD.findall(source))
    return Names(frozenset(defined), frozenset(used))


def _functions(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _functions(constant)
