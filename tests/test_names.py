"""Names that cells define and use."""

from __future__ import annotations

import pytest

from autograder.names import MAX_PARSED, names


@pytest.mark.parametrize(
    ("source", "defined", "used"),
    [
        ("x = 1\ny = x + z", "x y", "z"),
        ("x = x + 1", "x", "x"),
        ("x += 1", "x", "x"),
        ("import numpy as np\nfrom math import pi", "np pi", ""),
        ("for i in rows:\n    print(i)", "i", "rows print"),
        ("def f(a, b=c):\n    return a + d", "f", "c d"),
        ("def f():\n    return later\nlater = 1", "f later", ""),
        ("def f():\n    global kept\n    kept = 1", "f kept", ""),
        ("class A(B):\n    c = d\n    def f(self):\n        return e", "A", "B d e"),
        ("total = [a * b for a in rows]", "total", "rows b"),
        ("with open(path) as file:\n    text = file.read()", "file text", "open path"),
        ("del x", "", ""),
        ("# nothing", "", ""),
    ],
)
def test_names_of_code(source: str, defined: str, used: str) -> None:
    found = names(source)
    ours = {"a", "__module__", "__qualname__", "__name__", "c"}  # of scopes within, and of Python's classes
    assert found.defined == set(defined.split())
    assert found.used - (ours - set(used.split())) == set(used.split())


@pytest.mark.parametrize("source", ["%timeit run(rows)", "!echo {rows}", "def rows(:"])
def test_every_word_counts_of_what_does_not_compile(source: str) -> None:
    found = names(source)
    assert "rows" in found.used and not found.defined


@pytest.mark.parametrize("source", ['eval("rows + 1")', 'x = globals()["rows"]', 'getattr(__main__, "rows")'])
def test_every_word_counts_where_a_string_may_name_a_variable(source: str) -> None:
    assert "rows" in names(source).used


@pytest.mark.parametrize("source", ["(" * 5_000, "x = " + "-" * 50_000 + "1", "x\n" * MAX_PARSED, "1" * 9_000])
def test_hostile_code_raises_nothing(source: str) -> None:
    assert not names(source).defined - {"x"}
