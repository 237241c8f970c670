"""Mutants: what each kind of mistake makes of a solution."""

from __future__ import annotations

import ast

import pytest
from courses import REPO, code, marks

from autograder import mutants, notebook
from autograder.course import Course

TAPE = """
with tf.GradientTape() as tape:
    tape.watch(x)
    y = f(x)
    loss = g(y)
return tape.gradient(loss, x)
"""

# Operator, solution, and what becomes of it: each mutant's own lines, as its difference shows them.
CASES: list[tuple[str, str, list[str]]] = [
    # shapes and values
    ("sum_mean", "a = tf.reduce_sum(x)", ["+ a = tf.reduce_mean(x)"]),
    ("sum_mean", "a = x.mean() + sum(y)", ["+ a = x.sum() + sum(y)"]),
    ("sum_mean", "a = tf.math.segment_sum(x, i)", ["+ a = tf.math.segment_mean(x, i)"]),
    ("sum_mean", "m = tf.keras.metrics.Mean()", ["+ m = tf.keras.metrics.Sum()"]),
    (
        "axis",
        "a = tf.reduce_sum(x, axis=1)",
        [
            "+ a = tf.reduce_sum(x, axis=0)",
            "+ a = tf.reduce_sum(x, axis=-1)",
            "+ a = tf.reduce_sum(x)",
            "+ a = tf.reduce_sum(x, axis=1, keepdims=True)",
        ],
    ),
    (
        "axis",
        "a = tf.stack(x, axis=-1)",
        ["+ a = tf.stack(x, axis=0)", "+ a = tf.stack(x, axis=-2)", "+ a = tf.stack(x)"],
    ),
    (
        "axis",
        "a = tf.argmax(x, 0)",
        [
            "+ a = tf.argmax(x, 1)",
            "+ a = tf.argmax(x, -1)",
            "+ a = tf.argmax(x)",
            "+ a = tf.argmax(x, 0, keepdims=True)",
        ],
    ),
    (
        "axis",
        "a = tf.reduce_max(x, axis=(1, 2), keepdims=True)",
        [
            "+ a = tf.reduce_max(x, axis=1, keepdims=True)",
            "+ a = tf.reduce_max(x, axis=2, keepdims=True)",
            "+ a = tf.reduce_max(x, keepdims=True)",
            "+ a = tf.reduce_max(x, axis=(1, 2), keepdims=False)",
            "+ a = tf.reduce_max(x, axis=(1, 2))",
        ],
    ),
    ("dtype", "a = tf.cast(x, tf.float32)", ["+ a = x", "+ a = tf.cast(x, tf.float64)"]),
    ("dtype", "x = tf.cast(x, tf.float32)", ["+ x = tf.cast(x, tf.float64)"]),
    ("dtype", 'a = tf.cast(x + 1, "int32") / 2', ["+ a = (x + 1) / 2", '+ a = tf.cast(x + 1, "int64") / 2']),
    ("dtype", 'a = tf.zeros(3, dtype="int64")', ["+ a = tf.zeros(3)", '+ a = tf.zeros(3, dtype="int32")']),
    ("dtype", 'a = "float32"', []),
    ("constant", "a = x + 2", ["+ a = x + 3", "+ a = x + 1"]),
    ("constant", "a = 0", ["+ a = 1", "+ a = -1"]),
    ("constant", "a = x[-1]", ["+ a = x[0]", "+ a = x[-2]", "+ a = x[1]"]),
    ("constant", "a = x / 255.0", ["+ a = x / 256.0"]),
    ("constant", "a = 0.5", ["+ a = 0.505"]),
    ("constant", "f(shuffle=True)", ["+ f(shuffle=False)"]),
    ("constant", "f(axis=1, training=True, from_logits=False)", []),
    (
        "constant",
        'a = {"one": "yes", "two": "no"}',
        ['+ a = {"one": "no", "two": "no"}', '+ a = {"one": "yes", "two": "yes"}'],
    ),
    ("step", "a = tf.square(x - y) + 1", ["+ a = (x - y) + 1"]),
    ("step", "a = tf.nn.softmax(x, axis=-1)", ["+ a = x"]),
    ("step", "x = tf.identity(x)", []),
    ("arithmetic", "a = b + c * d", ["+ a = b - c * d", "+ a = b + c / d"]),
    ("arithmetic", "a = b @ c", ["+ a = b * c"]),
    ("arithmetic", "a = b + c ** 2", ["+ a = b - c ** 2", "+ a = b + c * 2"]),
    ("arithmetic", "a = -x", ["+ a = x"]),
    ("arithmetic", "a += lr * g", ["+ a -= lr * g", "+ a += lr / g"]),
    ("arithmetic", "w.assign_sub(g)", ["+ w.assign_add(g)", "+ w.assign(g)"]),
    ("arithmetic", "a = tf.multiply(b, c)", ["+ a = tf.divide(b, c)", "+ a = tf.matmul(b, c)"]),
    ("numpy", "return f(x)", ["+ return f(x).numpy()"]),
    ("numpy", "return x + y", ["+ return (x + y).numpy()"]),
    ("numpy", "return a, b", []),
    # tapes
    ("watch", TAPE, ["- tape.watch(x)"]),
    (
        "tape",
        TAPE,
        [
            "+ y = f(x)\n-     y = f(x)",
            "+ y = f(x)\n+ loss = g(y)\n-     y = f(x)\n-     loss = g(y)",
            "+ loss = g(y)",
        ],
    ),
    ("tape", "with open(a) as b:\n    b.read()", []),
    (
        "persistent",
        "with tf.GradientTape(persistent=True) as tape:\n    y = f(x)",
        ["+ with tf.GradientTape() as tape:"],
    ),
    # training
    (
        "update",
        "optimizer.apply_gradients(zip(g, v))",
        ["- optimizer.apply_gradients(zip(g, v))\n+ pass", "+ optimizer.apply_gradients(zip(g, v))"],
    ),
    ("update", "g = 1\noptimizer.apply(g, v)", ["- optimizer.apply(g, v)", "+ optimizer.apply(g, v)"]),
    ("update", "g = 1\nmetric.update_state(y, p)", ["- metric.update_state(y, p)", "+ metric.update_state(y, p)"]),
    ("update", "g = 1\nx.apply(g)", []),
    ("reset", "g = 1\nmetric.reset_state()", ["- metric.reset_state()"]),
    ("training", "p = model(x, training=True)", ["+ p = model(x, training=False)", "+ p = model(x)"]),
    ("training", "p = model(x, training=mode)", ["+ p = model(x)"]),
    ("from_logits", "l = Loss(from_logits=True)", ["+ l = Loss(from_logits=False)", "+ l = Loss()"]),
    (
        "reduction",
        'l = Loss(reduction="none")',
        ['+ l = Loss(reduction="sum")', '+ l = Loss(reduction="sum_over_batch_size")', "+ l = Loss()"],
    ),
    (
        "reduction",
        "l = Loss(reduction=tf.keras.losses.Reduction.SUM)",
        [
            "+ l = Loss(reduction=tf.keras.losses.Reduction.NONE)",
            "+ l = Loss(reduction=tf.keras.losses.Reduction.SUM_OVER_BATCH_SIZE)",
            "+ l = Loss()",
        ],
    ),
    (
        "reduction",
        "l = Loss(reduction=None)",
        [
            '+ l = Loss(reduction="none")',
            '+ l = Loss(reduction="sum")',
            '+ l = Loss(reduction="sum_over_batch_size")',
            "+ l = Loss()",
        ],
    ),
    (
        "pipeline",
        "d = d.shuffle(100).batch(8)",
        ["+ d = d.shuffle(100)", "+ d = d.batch(8).shuffle(100)", "+ d = d.batch(8)"],
    ),
    # graphs and replicas
    ("decorator", "@tf.function\ndef f(x):\n    return x", ["- @tf.function"]),
    (
        "decorator",
        "@tf.function(jit_compile=True)\n@other\ndef f(x):\n    return x",
        ["- @tf.function(jit_compile=True)", "- @other"],
    ),
    (
        "scope",
        "with strategy.scope():\n    model = make()\n    model.build(3)",
        [
            "- with strategy.scope():\n-     model = make()\n-     model.build(3)\n+ model = make()\n+ model.build(3)",
        ],
    ),
    ("scope", 'with tf.device("CPU:0"), tf.GradientTape() as t:\n    f()', ["+ with tf.GradientTape() as t:"]),
    ("batch_size", "n = 8 * strategy.num_replicas_in_sync", ["+ n = 8"]),
    ("batch_size", "l = tf.nn.compute_average_loss(x, global_batch_size=n)", ["+ l = tf.nn.compute_average_loss(x)"]),
    ("batch_size", "d = d.batch(GLOBAL_BATCH_SIZE)", ["+ d = d.batch(BATCH_SIZE_PER_REPLICA)"]),
    ("batch_size", "d = d.batch(BATCH_SIZE_PER_REPLICA)", ["+ d = d.batch(GLOBAL_BATCH_SIZE)"]),
    (
        "reduce_op",
        "a = strategy.reduce(tf.distribute.ReduceOp.SUM, x, axis=None)",
        ["+ a = strategy.reduce(tf.distribute.ReduceOp.MEAN, x, axis=None)"],
    ),
    ("reduce_op", 'a = strategy.reduce("MEAN", x, axis=None)', ['+ a = strategy.reduce("SUM", x, axis=None)']),
    ("reduce_op", 'a = "SUM"', []),
    ("strategy", "a = strategy.reduce(op, x, axis=None)", ["+ a = x"]),
    ("strategy", "d = strategy.experimental_distribute_dataset(d2)", ["+ d = d2"]),
    ("strategy", "a = strategy.run(step, args=(x, y))", ["+ a = step(x, y)"]),
    ("strategy", "a = strategy.run(step, args=(x,))", ["+ a = step(x)", "+ a = strategy.run(step, args=x)"]),
    # the flow of a program
    ("comparison", "if a < b:\n    f()", ["+ if a <= b:", "+ if a > b:"]),
    ("comparison", "a = b == c and d", ["+ a = b == c or d", "+ a = b != c and d"]),
    ("comparison", "if not x.flag:\n    f()", ["+ if x.flag:"]),
    (
        "comparison",
        "while tf.less(a, b):\n    f()",
        ["+ while not tf.less(a, b):", "+ while tf.less_equal(a, b):", "+ while tf.greater(a, b):"],
    ),
    ("comparison", "a = b is None", ["+ a = b is not None"]),
    ("statement", "a = 1\na = 2\nf(a)\nreturn a", ["- a = 1", "- a = 2", "- f(a)", "- return a"]),
    ("statement", "a = 1\nreturn a", ["- return a"]),
    ("statement", "x.y = 1\nx[0] = 2", ["- x.y = 1", "- x[0] = 2"]),
    ("statement", "for i in x:\n    f(i)", ["- f(i)\n+ pass"]),
    ("statement", "f()\nif a:\n    g()", ["- f()", "- if a:\n-     g()", "- g()\n+ pass"]),
    ("order", "f(a, b, c=d)", ["+ f(b, a, c=d)"]),
    ("order", "f(a, b, c)", ["+ f(b, a, c)", "+ f(a, c, b)"]),
    ("order", "f(*a, b)", []),
    ("order", "tf.add(a, b)", []),
    ("order", "c = a - b * d", ["+ c = b * d - a"]),
    ("order", "c = a / (b + d)", ["+ c = (b + d) / a"]),
    ("order", "c = a - b - d", ["+ c = d - (a - b)", "+ c = b - a - d"]),
    ("order", "return a, b", ["+ return b, a"]),
    ("early_return", "for x in y:\n    f(x)\nreturn x", ["+ return x"]),
    ("early_return", "for x in y:\n    f(x)\ng(x)", ["+ break"]),
]


def told(diff: str) -> str:
    """A difference; of a line that changes only what it is then."""
    shown = diff.splitlines()
    changed = [line[:1] for line in shown] == ["-", "+"] and shown[1].strip("+ ") != "pass"
    return shown[1] if changed else diff


def inside(solution: str) -> str:
    """A function whose solution is some code."""
    indented = "\n".join(f"    {line}" for line in solution.strip().splitlines())
    return f"def exercise(x):\n    ### BEGIN SOLUTION\n{indented}\n    ### END SOLUTION\n"


NAMES = ("GLOBAL_BATCH_SIZE", "BATCH_SIZE_PER_REPLICA")


@pytest.mark.parametrize(
    ("operator", "solution", "expected"), CASES, ids=[f"{case[0]}: {case[1].strip()[:40]}" for case in CASES]
)
def test_what_an_operator_makes(operator: str, solution: str, expected: list[str]) -> None:
    found = mutants.of_cell(inside(solution), "exercise", 3, NAMES, only=operator)
    diffs = [mutant.diff for mutant in found]
    assert sorted(map(told, diffs)) == sorted(expected)
    for mutant in found:
        assert (mutant.operator, mutant.exercise, mutant.cell) == (operator, "exercise", 3)
        assert mutant.description
        ast.parse(mutant.code)


def test_every_operator_is_tried_here_and_says_which_mistake_it_models() -> None:
    assert {operator for operator, _, expected in CASES if expected} == set(mutants.OPERATORS)
    for operator in mutants.OPERATORS.values():
        assert operator.__doc__ and operator.__doc__.strip().endswith((".", ".)"))


def test_only_the_solution_is_changed() -> None:
    text = (
        "LIMIT = 5\n### BEGIN SOLUTION\na = 1\n### END SOLUTION\nb = 2\n### BEGIN SOLUTION\nc = 3\n### END SOLUTION\n"
    )
    found = mutants.of_cell(text)
    assert {(mutant.line, mutant.diff.splitlines()[-1]) for mutant in found} == {
        (3, "+ a = 2"),
        (3, "+ a = 0"),
        (7, "+ c = 4"),
        (7, "+ c = 2"),
    }


def test_without_markers_all_of_the_cell_is_the_solution() -> None:
    assert {mutant.diff for mutant in mutants.of_cell("a = 1")} == {"- a = 1\n+ a = 2", "- a = 1\n+ a = 0"}


@pytest.mark.parametrize(
    "solution",
    [
        'print(f"{x + 1}", tf.reduce_sum(x))',
        'raise ValueError("1 + 1")',
        "assert x < 1",
        "import numpy as np",
        '"""What this is for: 1 + 1."""',
        "pass",
    ],
)
def test_what_nobody_sees_is_not_changed(solution: str) -> None:
    found = mutants.of_cell(inside(f"{solution}\nreturn x"))
    assert {mutant.line for mutant in found if mutant.operator != "statement"} <= {4}


def test_no_mutant_is_like_another_or_like_the_original() -> None:
    text = inside("y = tf.cast(x, tf.float32)\nreturn tf.reduce_sum(tf.square(y), axis=1) / 2.0")
    found = mutants.of_cell(text)
    meanings = {ast.dump(ast.parse(mutant.code)) for mutant in found}
    assert len(meanings) == len(found) > 10
    assert ast.dump(ast.parse(text)) not in meanings


def test_no_two_mutants_of_a_notebook_have_the_same_name() -> None:
    """Several of one kind on one line, and on the same lines of several cells."""
    cells = [
        code("a", inside("return x + 0 + 0"), marks("a-solution", solution=True)),
        code("b", inside("return x + 0 + 0").replace("def ", "def other_"), marks("b-solution", solution=True)),
        code("one", 'check("one")', marks("one", grade=True, locked=True)),
    ]
    source = notebook.from_node({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    found = mutants.of_exercise(source, "one")
    names = [mutant.name for mutant in found]
    assert len(set(names)) == len(names)
    constants = [mutant for mutant in found if mutant.operator == "constant"]
    assert len({mutant.line for mutant in constants}) == 1
    first = constants[0].name
    assert first.endswith(" constant")
    assert [mutant.name for mutant in constants] == [first, *(f"{first} {number}" for number in range(2, 9))]
    assert [mutant.description for mutant in constants] == [
        "constant changed: 1 for 0",
        "constant changed: -1 for 0",
    ] * 4


def test_a_cell_that_is_not_python_is_named() -> None:
    cells = [
        code("magic", "%%time\na = 1", marks("magic-solution", solution=True)),
        code("one", 'check("one")', marks("one", grade=True, locked=True)),
    ]
    source = notebook.from_node({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    with pytest.raises(SyntaxError, match="magic-solution"):
        mutants.of_exercise(source, "one")


def test_every_exercise_of_the_course_has_mutants() -> None:
    source = Course(REPO).read_source("c2w1", "assignment")
    for exercise in source.exercises:
        found = mutants.of_exercise(source, exercise)
        assert len({mutant.code for mutant in found}) == len(found) >= 3, exercise
        for mutant in found:
            compile(mutant.code, mutant.name, "exec")
            assert mutant.original == source.cells[mutant.cell].source
            assert mutant.diff and "SOLUTION" not in mutant.diff
