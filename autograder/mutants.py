"""Mutants: the reference with one mistake in it, of the kinds that learners make in TensorFlow.

A mutant is the text of a solution cell with one small change inside the solution. Checks that are any good catch
it. Each operator below models one kind of mistake and is a function from a node of the syntax tree to what could
stand in its place; nothing here runs any code. Trees are libcst's, which keeps the layout, so that what changed can
be shown as a difference of lines (https://libcst.readthedocs.io).
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
import itertools
import math
import re
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst import matchers as m
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from . import notebook as nb

_MARKER = re.compile(r"[ \t]*#+ (BEGIN|END) SOLUTION")
Replacement = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.BaseStatement]


@dataclass(frozen=True)
class Mutant:
    """A solution cell with one mistake in it.

    Args:
        operator: Name of the kind of mistake, a key of :data:`OPERATORS`.
        exercise: Id of the exercise's grade cell.
        cell: Position of the solution cell in the notebook.
        line: Line of the cell where the mistake is, from 1.
        description: What is wrong, in words.
        code: Text of the cell with the mistake.
        original: Text of the cell without it.
        number: Which one of its kind it is on this line, from 1.
    """

    operator: str
    exercise: str
    cell: int
    line: int
    description: str
    code: str
    original: str
    number: int = 1

    @property
    def name(self) -> str:
        """Such as ``huber:4 axis``, or ``huber:4 axis 2`` for the second one; no two of a notebook have the same."""
        return f"{self.exercise}:{self.line} {self.operator}{f' {self.number}' if self.number > 1 else ''}"

    @property
    def diff(self) -> str:
        """The lines that differ, each after ``-`` or ``+``, without their common indentation."""
        before, after = self.original.splitlines(), self.code.splitlines()
        lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
        changed = [line for line in lines if line[:1] in "+-" and line[1:].strip() and not _MARKER.match(line, 1)]
        margin = min((len(line[1:]) - len(line[1:].lstrip()) for line in changed), default=0)
        return "\n".join(f"{line[0]} {line[1 + margin :]}" for line in changed)


def of_exercise(source: nb.Notebook, exercise: str) -> tuple[Mutant, ...]:
    """Every mutant of an exercise's solution, by cell and line.

    Args:
        source: The instructor's notebook.
        exercise: Id of the exercise's grade cell.

    Raises:
        SyntaxError: A solution cell is not plain Python; it names the cell.
    """
    names = frozenset(itertools.chain.from_iterable(nb.definitions(cell.source) for cell in source.code))
    found: list[Mutant] = []
    for cell in nb.solution_cells(source)[exercise]:
        try:
            found += of_cell(cell.source, exercise, cell.index, names)
        except SyntaxError as error:
            raise SyntaxError(f"the solution cell {cell.grade_id!r} is not plain Python ({error})") from None
    return tuple(_numbered(found))


def of_cell(
    text: str, exercise: str = "", cell: int = 0, names: Collection[str] = (), only: str | None = None
) -> list[Mutant]:
    """Every mutant of one solution cell, by line; none of them is the same code as another or as the original.

    Args:
        text: The cell. Where it has ``### BEGIN SOLUTION`` and ``### END SOLUTION``, only what is between is changed.
        exercise: Id of the exercise's grade cell.
        cell: Position of the cell in the notebook.
        names: What else the notebook defines, such as the sizes of batches.
        only: Use this operator only.

    Raises:
        SyntaxError: It is not plain Python.
    """
    try:
        wrapper = MetadataWrapper(cst.parse_module(text))
    except cst.ParserSyntaxError as error:
        raise SyntaxError(error.message) from None
    place = Place(wrapper, text, frozenset(names) | set(nb.definitions(text)))
    seen = {_meaning(text)}
    found: list[Mutant] = []
    for node in place.nodes():
        for operator, function in OPERATORS.items():
            if only not in (None, operator):
                continue
            for edit in function(node, place):
                code = place.changed(edit)
                meaning = _meaning(code)
                if meaning is None or meaning in seen:  # broken, or met before
                    continue
                seen.add(meaning)
                line = place.position(edit.old).start.line
                found.append(Mutant(operator, exercise, cell, line, edit.description, code, text))
    return _numbered(sorted(found, key=lambda mutant: mutant.line))


def _numbered(mutants: Sequence[Mutant]) -> list[Mutant]:
    """The mutants of one exercise, each with its number among those of its kind and line."""
    count: Counter[tuple[int, str]] = Counter()
    found = []
    for mutant in mutants:
        count[mutant.line, mutant.operator] += 1
        found.append(dataclasses.replace(mutant, number=count[mutant.line, mutant.operator]))
    return found


def _meaning(code: str) -> str | None:
    """The syntax tree of some code, which knows no layout; None where it could not run at all."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, "mutant", "exec")
            return ast.dump(ast.parse(code))
    except SyntaxError:
        return None


# ---- trees -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """One change of a tree.

    Args:
        old: The node that goes.
        new: What comes in its place.
        description: What is wrong then, in words.
    """

    old: cst.CSTNode
    new: Replacement
    description: str


class Place:
    """The tree of a cell, and where in it a node is.

    Args:
        wrapper: The tree.
        text: The cell.
        names: What the notebook defines.
    """

    def __init__(self, wrapper: MetadataWrapper, text: str, names: Collection[str]) -> None:
        self.module = wrapper.module
        self.names = names
        self._positions: Mapping[cst.CSTNode, CodeRange] = wrapper.resolve(PositionProvider)
        self._parents: Mapping[cst.CSTNode, cst.CSTNode] = wrapper.resolve(ParentNodeProvider)
        self._lines = _solution_lines(text)

    def nodes(self) -> Iterator[cst.CSTNode]:
        """The nodes of the solution that make a difference when it runs, in the order of the text."""
        collector = _Collector(self)
        self.module.visit(collector)
        yield from collector.found

    def position(self, node: cst.CSTNode) -> CodeRange:
        """The lines and columns of a node."""
        return self._positions[node]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """The node that a node is a part of."""
        return self._parents[node]

    def inside(self, node: cst.CSTNode) -> bool:
        """Whether all of a node belongs to the solution."""
        where = self._positions.get(node)
        return where is not None and where.start.line in self._lines and where.end.line in self._lines

    def text(self, node: cst.CSTNode) -> str:
        """The code of a node."""
        return self.module.code_for_node(node).strip()

    def block(self, node: cst.CSTNode) -> Sequence[cst.BaseStatement]:
        """The statements of the block that a statement is in."""
        parent = self.parent(node)
        return parent.body if isinstance(parent, (cst.IndentedBlock, cst.Module)) else ()

    def function(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """The function that a node is in, or None."""
        while node in self._parents:
            node = self._parents[node]
            if isinstance(node, cst.FunctionDef):
                return node
        return None

    def changed(self, edit: Edit) -> str:
        """The text of the cell after a change."""
        module = self.module.visit(_Replace(edit.old, edit.new))
        assert isinstance(module, cst.Module)
        return module.code


class _Collector(cst.CSTVisitor):
    """Collects the nodes that an operator may change."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self.found: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if m.matches(node, _UNSEEN):
            return False
        if self._place.inside(node) and not isinstance(node, cst.Module):
            self.found.append(node)
        return True


# What nobody sees: annotations, imports, text for people, and errors that the solution raises on purpose.
_UNSEEN = m.OneOf(
    m.Annotation(),
    m.Import(),
    m.ImportFrom(),
    m.Raise(),
    m.Assert(),
    m.Expr(value=m.OneOf(m.SimpleString(), m.ConcatenatedString())),
    m.Call(func=m.OneOf(m.Name("print"), m.Attribute(attr=m.Name("print")))),
)


class _Replace(cst.CSTTransformer):
    """Puts something in the place of one node."""

    def __init__(self, old: cst.CSTNode, new: Replacement) -> None:
        super().__init__()
        self._old, self._new = old, new

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Replacement:  # type: ignore[override]
        return self._new if original_node is self._old else updated_node


def _solution_lines(text: str) -> frozenset[int]:
    """The numbers of the lines between the markers; of all lines where there are none."""
    lines = text.splitlines()
    found: set[int] = set()
    marks = [(number, match[1]) for number, line in enumerate(lines, 1) if (match := _MARKER.match(line))]
    begins = [number for number, mark in marks if mark == "BEGIN"]
    for begin, end in zip(begins, [number for number, mark in marks if mark == "END"], strict=False):
        found |= set(range(begin + 1, end))
    return frozenset(found or range(1, len(lines) + 2))


# ---- small questions about nodes ---------------------------------------------------------------------


def _called(node: cst.CSTNode) -> str:
    """The last part of the name of the function that a call calls: ``reduce_sum`` of ``tf.reduce_sum(x)``."""
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute):
            return node.func.attr.value
        if isinstance(node.func, cst.Name):
            return node.func.value
    return ""


def _owner(call: cst.Call) -> str:
    """The name before the last dot of what is called: ``tape`` of ``tape.watch(x)``; ``""`` where it is no name."""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    while isinstance(owner, cst.Attribute) and isinstance(owner.attr, cst.Name):
        return owner.attr.value
    return owner.value if isinstance(owner, cst.Name) else ""


def _statement_call(node: cst.CSTNode) -> cst.Call | None:
    """The call that a statement consists of, or None."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1 and isinstance(node.body[0], cst.Expr):
        value = node.body[0].value
        return value if isinstance(value, cst.Call) else None
    return None


def _keyword(call: cst.Call, name: str) -> cst.Arg | None:
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def _positional(call: cst.Call) -> list[cst.Arg]:
    return [arg for arg in call.args if arg.keyword is None and not arg.star]


def _without(call: cst.Call, gone: cst.Arg) -> cst.Call:
    """A call without one of its arguments."""
    return _with_arguments(call, [arg for arg in call.args if arg is not gone])


def _with_arguments(call: cst.Call, args: Sequence[cst.Arg]) -> cst.Call:
    plain = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in args]
    return call.with_changes(args=plain, whitespace_before_args=cst.SimpleWhitespace(""))


def _is_bool(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value in ("True", "False")


def _flipped(node: cst.CSTNode) -> cst.Name:
    assert isinstance(node, cst.Name)
    return cst.Name("False" if node.value == "True" else "True")


def _remove(statement: cst.BaseStatement, place: Place) -> Replacement:
    """What stands in the place of a statement that is deleted."""
    if len(place.block(statement)) > 1:
        return cst.RemovalSentinel.REMOVE
    return cst.SimpleStatementLine([cst.Pass()])


def _bare(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that can take another's place: in brackets where it would bind less tightly."""
    if isinstance(node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseNumber)) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _rank(operator: cst.BaseBinaryOp) -> int:
    """How tightly an operator binds."""
    if isinstance(operator, cst.Power):
        return 2
    return 0 if isinstance(operator, (cst.Add, cst.Subtract)) else 1


def _side(node: cst.BaseExpression, operator: cst.BaseBinaryOp, *, right: bool = False) -> cst.BaseExpression:
    """An expression as one side of an operator."""
    if isinstance(node, cst.BinaryOperation) and _rank(node.operator) >= _rank(operator) + right:
        return node
    return _bare(node)


def _integer(node: cst.CSTNode) -> int | None:
    """The value of a whole number with or without a minus, else None."""
    if isinstance(node, cst.Integer):
        return int(node.value, 0)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = _integer(node.expression)
        return None if inner is None else -inner
    return None


def _number(value: float) -> cst.BaseExpression:
    return cst.parse_expression(repr(value))


def _flag(node: cst.CSTNode, place: Place, name: str, words: str) -> Iterator[Edit]:
    """Flip an option of a call, or leave it out."""
    if not isinstance(node, cst.Call) or (arg := _keyword(node, name)) is None:
        return
    shown = place.text(arg.value)
    if _is_bool(arg.value):
        new = _flipped(arg.value)
        yield Edit(arg.value, new, f"{words}: {name}={new.value} for {name}={shown}")
    yield Edit(node, _without(node, arg), f"{words}: {name}={shown} left out")


def _renamed(node: cst.CSTNode, names: Mapping[str, str | tuple[str, ...]], words: str) -> Iterator[Edit]:
    """Call another function."""
    called = _called(node)
    if not isinstance(node, cst.Call) or called not in names:
        return
    others = names[called]
    for other in (others,) if isinstance(others, str) else others:
        if isinstance(node.func, cst.Attribute):
            yield Edit(node.func, node.func.with_changes(attr=cst.Name(other)), f"{words}: {other} for {called}")


def _both_ways(*pairs: tuple[str, str]) -> dict[str, str]:
    """Each name of a pair with the other one."""
    return dict(pairs) | {two: one for one, two in pairs}


# ---- operators: shapes and values --------------------------------------------------------------------

_SUM_MEAN = _both_ways(("reduce_sum", "reduce_mean"), ("sum", "mean"), ("segment_sum", "segment_mean"), ("Sum", "Mean"))
_REDUCTIONS = frozenset(
    (
        *("reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod", "reduce_any", "reduce_all"),
        *("reduce_std", "reduce_variance", "reduce_logsumexp", "argmax", "argmin", "norm", "softmax", "cumsum"),
        *("sum", "mean", "max", "min", "std", "var", "prod", "any", "all"),
    )
)


def swap_sum_and_mean(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A mean where a sum is asked, or a sum where a mean is."""
    return _renamed(node, _SUM_MEAN, "sum and mean swapped")


def change_axis(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A reduction over another axis, over all of them, or one that keeps or drops the reduced axis."""
    if not isinstance(node, cst.Call):
        return
    reduces = _called(node) in _REDUCTIONS
    positional = _positional(node)
    arg = _keyword(node, "axis") or (positional[1] if reduces and len(positional) > 1 else None)
    if arg is not None:
        shown = place.text(arg.value)
        axis = _integer(arg.value)
        if axis is not None:
            for other in {0: (1, -1), -1: (0, -2)}.get(axis, (0, axis - 1 if axis > 1 else -1)):
                yield Edit(arg.value, _number(other), f"axis changed: {other} for {shown}")
        elif isinstance(arg.value, (cst.Tuple, cst.List)) and len(arg.value.elements) > 1:
            for part in (arg.value.elements[0], arg.value.elements[-1]):
                yield Edit(arg.value, part.value, f"axis changed: {place.text(part.value)} for {shown}")
        yield Edit(node, _without(node, arg), f"axis changed: {shown} left out")
        if reduces and _keyword(node, "keepdims") is None and _called(node) not in ("softmax", "cumsum"):
            kept = cst.parse_expression("f(keepdims=True)")
            assert isinstance(kept, cst.Call)
            yield Edit(node, _with_arguments(node, [*node.args, *kept.args]), "the reduced axis is kept (keepdims)")
    yield from _flag(node, place, "keepdims", "the reduced axis")


_DTYPES = _both_ways(("float32", "float64"), ("int32", "int64")) | {
    "float16": "float32",
    "bfloat16": "float32",
    "uint8": "int32",
    "bool": "int32",
}


def change_dtype(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Another dtype than asked, or a cast that is left out."""
    if isinstance(node, cst.Attribute) and node.attr.value in _DTYPES and m.matches(node.value, m.Name()):
        other = _DTYPES[node.attr.value]
        yield Edit(node, node.with_changes(attr=cst.Name(other)), f"dtype changed: {other} for {node.attr.value}")
    if isinstance(node, cst.SimpleString) and node.evaluated_value in _DTYPES and _says_dtype(node, place):
        other = _DTYPES[str(node.evaluated_value)]
        yield Edit(node, cst.SimpleString(f'"{other}"'), f"dtype changed: {other} for {node.evaluated_value}")
    if (
        isinstance(node, cst.Call)
        and _called(node) == "cast"
        and (args := _positional(node))
        and not _idle(node, place)
    ):
        yield Edit(node, _bare(args[0].value), "cast left out")
    if isinstance(node, cst.Call) and (arg := _keyword(node, "dtype")) is not None and _called(node) != "cast":
        yield Edit(node, _without(node, arg), f"dtype={place.text(arg.value)} left out")


def _idle(call: cst.Call, place: Place) -> bool:
    """Whether only ``x = x`` would be left of ``x = f(x)``: that is the same as no statement at all."""
    parent = place.parent(call)
    if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
        return False
    return place.text(parent.targets[0].target) == place.text(call.args[0].value)


def _says_dtype(node: cst.SimpleString, place: Place) -> bool:
    arg = place.parent(node)
    if not isinstance(arg, cst.Arg):
        return False
    return m.matches(arg, m.Arg(keyword=m.Name("dtype"))) or _called(place.parent(arg)) in ("cast", "astype")


def perturb_constant(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A number that is off by one or by one per cent, a flag that is wrong, a wrong word in a table of answers."""
    parent = place.parent(node)
    told = parent.keyword.value if isinstance(parent, cst.Arg) and parent.keyword is not None else ""
    if told in ("axis", "keepdims", "training", "from_logits", "persistent"):
        return  # those have operators of their own
    if isinstance(node, cst.Integer) and not _is_minus(parent):
        value = int(node.value, 0)
        for other in (value + 1, value - 1) if value > 0 else (1, -1):
            yield Edit(node, _number(other), f"constant changed: {other} for {value}")
    elif isinstance(node, cst.UnaryOperation) and (negative := _integer(node)) is not None:
        for other in (negative + 1, negative - 1, -negative):
            yield Edit(node, _number(other), f"constant changed: {other} for {negative}")
    elif isinstance(node, cst.Float):
        number = float(node.value)
        near = number + 1 if number == round(number) else float(f"{number * 1.01:.6g}")
        if math.isfinite(near):
            yield Edit(node, _number(near), f"constant changed: {near:g} for {node.value}")
    elif _is_bool(node) and not isinstance(parent, cst.Attribute):
        new = _flipped(node)
        yield Edit(node, new, f"constant changed: {new.value} for {place.text(node)}")
    elif isinstance(node, cst.SimpleString) and isinstance(parent, cst.DictElement) and parent.value is node:
        table = place.parent(parent)
        assert isinstance(table, cst.Dict)
        words = [place.text(element.value) for element in table.elements]
        others = [word for word in dict.fromkeys(words) if word != node.value and word[:1] in "'\""]
        if others:
            after = others[(words.index(node.value) + 1) % len(others)]
            yield Edit(node, cst.SimpleString(after), f"constant changed: {after} for {node.value}")


def _is_minus(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus)


_ARITHMETIC: Mapping[type[cst.BaseBinaryOp], type[cst.BaseBinaryOp]] = {
    cst.Add: cst.Subtract,
    cst.Subtract: cst.Add,
    cst.Multiply: cst.Divide,
    cst.Divide: cst.Multiply,
    cst.Power: cst.Multiply,
    cst.MatrixMultiply: cst.Multiply,
    cst.FloorDivide: cst.Divide,
    cst.Modulo: cst.FloorDivide,
}
_UPDATES: Mapping[type[cst.BaseAugOp], type[cst.BaseAugOp]] = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
}
_FUNCTIONS: Mapping[str, str | tuple[str, ...]] = {
    **_both_ways(("add", "subtract"), ("maximum", "minimum"), ("argmax", "argmin"), ("reduce_max", "reduce_min")),
    **_both_ways(("reduce_any", "reduce_all"), ("zeros", "ones"), ("zeros_like", "ones_like"), ("sin", "cos")),
    "multiply": ("divide", "matmul"),
    "divide": "multiply",
    "matmul": "multiply",
    "stack": "concat",
    "assign_add": ("assign_sub", "assign"),
    "assign_sub": ("assign_add", "assign"),
}


def change_arithmetic(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Plus for minus, times for divided by, the elementwise product for the matrix product, uphill for downhill."""
    if isinstance(node, cst.BinaryOperation) and type(node.operator) in _ARITHMETIC:
        other = _ARITHMETIC[type(node.operator)]()
        new = node.with_changes(
            operator=other, left=_side(node.left, other), right=_side(node.right, other, right=True)
        )
        yield Edit(node, new, f"arithmetic changed: {_symbol(other)} for {_symbol(node.operator)}")
    if isinstance(node, cst.AugAssign) and type(node.operator) in _UPDATES:
        update = _UPDATES[type(node.operator)]()
        yield Edit(node.operator, update, f"arithmetic changed: {_symbol(update)} for {_symbol(node.operator)}")
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus) and _integer(node) is None:
        yield Edit(node, _bare(node.expression), "minus left out")
    yield from _renamed(node, _FUNCTIONS, "another function")


def _symbol(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node).strip()


_STEPS = frozenset(
    (
        *("square", "sqrt", "abs", "exp", "log", "log1p", "sin", "cos", "tan", "tanh", "sigmoid", "softmax", "relu"),
        *("softplus", "round", "floor", "ceil", "sign", "negative", "reciprocal", "rsqrt", "stop_gradient", "identity"),
        *("transpose", "squeeze", "flatten", "nan_to_num", "reverse", "sort", "l2_normalize", "convert_to_tensor"),
    )
)


def leave_step_out(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A step that maps a tensor to a tensor, such as the square of a squared error, is left out."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and _called(node) in _STEPS:
        args = _positional(node)
        if len(args) == 1 and not _idle(node, place):
            yield Edit(node, _bare(args[0].value), f"step left out: {_called(node)}")


def return_numpy(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A numpy array is returned where a tensor is asked."""
    if not isinstance(node, cst.Return) or node.value is None:
        return
    if isinstance(node.value, (cst.Call, cst.Name, cst.BinaryOperation)):
        new = cst.Call(cst.Attribute(_bare(node.value), cst.Name("numpy")))
        yield Edit(
            node, node.with_changes(value=new, whitespace_after_return=cst.SimpleWhitespace(" ")), "numpy() at the end"
        )


# ---- operators: tapes --------------------------------------------------------------------------------


def remove_watch(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """The tape is not told to watch a plain tensor."""
    call = _statement_call(node)
    if call is not None and _called(call) == "watch":
        assert isinstance(node, cst.SimpleStatementLine)
        yield Edit(node, _remove(node, place), f"watch removed: {place.text(call)}")


def move_out_of_tape(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Some or all of the computation is done before the tape records, or after it has stopped."""
    if not isinstance(node, cst.With) or not isinstance(node.body, cst.IndentedBlock):
        return
    if not any(_called(item.item) == "GradientTape" for item in node.items):
        return
    statements = list(node.body.body)
    steps = [s for s in statements if not ((call := _statement_call(s)) is not None and _called(call) == "watch")]
    for count in dict.fromkeys((1, len(steps))):
        moved = steps[:count]
        yield Edit(
            node, _around(node, [s for s in statements if s not in moved], before=moved), _moved(place, moved, "before")
        )
    if len(steps) > 1 and steps[-1] is statements[-1]:
        moved = steps[-1:]
        yield Edit(node, _around(node, statements[:-1], after=moved), _moved(place, moved, "after"))


def _around(
    block: cst.With,
    kept: Sequence[cst.BaseStatement],
    before: Sequence[cst.BaseStatement] = (),
    after: Sequence[cst.BaseStatement] = (),
) -> cst.FlattenSentinel[cst.BaseStatement]:
    body = block.body.with_changes(body=list(kept) or [cst.SimpleStatementLine([cst.Pass()])])
    return cst.FlattenSentinel([*before, block.with_changes(body=body), *after])


def _moved(place: Place, statements: Sequence[cst.BaseStatement], where: str) -> str:
    first = place.text(statements[0]).splitlines()[-1 if isinstance(statements[0], cst.SimpleStatementLine) else 0]
    more = f" and {len(statements) - 1} more" if len(statements) > 1 else ""
    return f"computed {where} the tape: {first}{more}"


def remove_persistent(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A tape that is asked twice is not persistent."""
    if isinstance(node, cst.Call) and (arg := _keyword(node, "persistent")) is not None:
        yield Edit(node, _without(node, arg), "persistent removed")


# ---- operators: training -----------------------------------------------------------------------------

_APPLIED = frozenset(("apply_gradients", "assign_sub", "assign_add", "minimize", "update_state", "train_on_batch"))


def change_update(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Gradients (or metrics) are never applied, or applied twice."""
    call = _statement_call(node)
    if call is None:
        return
    if _called(call) in _APPLIED or (_called(call) == "apply" and "opt" in _owner(call).lower()):
        assert isinstance(node, cst.SimpleStatementLine)
        yield Edit(node, _remove(node, place), f"{_called(call)} removed")
        yield Edit(node, cst.FlattenSentinel([node, node.with_changes(leading_lines=())]), f"{_called(call)} doubled")


def remove_reset(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A metric is not reset, so that it goes on from the epoch before."""
    call = _statement_call(node)
    if call is not None and _called(call).startswith("reset"):
        assert isinstance(node, cst.SimpleStatementLine)
        yield Edit(node, _remove(node, place), f"reset removed: {place.text(call)}")


def flip_training(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A model is called as in training where it is tested, or the other way round."""
    return _flag(node, place, "training", "mode of the model")


def flip_from_logits(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A loss takes logits for probabilities, or probabilities for logits."""
    return _flag(node, place, "from_logits", "kind of the scores")


_REDUCED = ("none", "sum", "sum_over_batch_size")


def change_reduction(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A loss is reduced over the batch in another way than asked."""
    if not isinstance(node, cst.Call) or (arg := _keyword(node, "reduction")) is None:
        return
    shown = place.text(arg.value)
    for other in _REDUCED:
        if isinstance(arg.value, cst.SimpleString):
            new: cst.BaseExpression = cst.SimpleString(f'"{other}"')
        elif isinstance(arg.value, cst.Attribute):
            new = arg.value.with_changes(attr=cst.Name(other.upper()))
        elif place.text(arg.value) == "None":
            new = cst.SimpleString(f'"{other}"')
        else:
            return
        yield Edit(arg.value, new, f"reduction changed: {other} for {shown}")
    yield Edit(node, _without(node, arg), f"reduction changed: {shown} left out")


_PIPELINE = frozenset(("map", "batch", "shuffle", "repeat", "take", "skip", "cache", "filter", "unbatch"))


def swap_pipeline(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Two steps of a data set's pipeline in the wrong order, or one left out."""
    if not (isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and _called(node) in _PIPELINE):
        return
    inner = node.func.value
    if _called(node) in ("shuffle", "repeat", "batch", "map", "filter"):
        yield Edit(node, inner, f"step of the pipeline left out: {_called(node)}")
    if isinstance(inner, cst.Call) and isinstance(inner.func, cst.Attribute) and _called(inner) in _PIPELINE:
        first = node.with_changes(func=node.func.with_changes(value=inner.func.value))
        second = inner.with_changes(func=inner.func.with_changes(value=first))
        yield Edit(node, second, f"order of the pipeline: {_called(node)} before {_called(inner)}")


# ---- operators: graphs and replicas ------------------------------------------------------------------


def remove_decorator(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A function is not decorated, so that it runs eagerly, say."""
    if isinstance(node, cst.Decorator):
        yield Edit(node, cst.RemovalSentinel.REMOVE, f"decorator removed: {place.text(node)}")


def remove_scope(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Variables are made outside of the strategy's scope, or ops outside of their device's."""
    if not isinstance(node, cst.With) or not isinstance(node.body, cst.IndentedBlock):
        return
    for item in node.items:
        if _called(item.item) not in ("scope", "device"):
            continue
        left = [other.with_changes(comma=cst.MaybeSentinel.DEFAULT) for other in node.items if other is not item]
        new: Replacement = node.with_changes(items=left) if left else cst.FlattenSentinel(node.body.body)
        yield Edit(node, new, f"scope removed: {place.text(item.item)}")


_GLOBAL = re.compile(r"(?i)global.*batch|batch.*global")
_REPLICA = re.compile(r"(?i)(per_?)?replica.*batch|batch.*replica")


def change_batch_size(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """The batch size of one replica where that of all of them together is needed, or the other way round."""
    parent = place.parent(node)
    is_keyword = isinstance(parent, cst.Arg) and parent.keyword is node
    is_target = isinstance(parent, (cst.AssignTarget, cst.Param, cst.Attribute))
    if isinstance(node, cst.Name) and not is_keyword and not is_target:
        for mine, others in ((_GLOBAL, _REPLICA), (_REPLICA, _GLOBAL)):
            if mine.search(node.value):
                for other in sorted(name for name in place.names if others.search(name) and not mine.search(name)):
                    yield Edit(node, cst.Name(other), f"batch size: {other} for {node.value}")
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Multiply, cst.Divide, cst.FloorDivide)):
        for side, other_side in ((node.left, node.right), (node.right, node.left)):
            if m.matches(side, m.Attribute(attr=m.Name("num_replicas_in_sync"))):
                yield Edit(node, _bare(other_side), "batch size: the number of replicas is left out")
    if isinstance(node, cst.Call) and (arg := _keyword(node, "global_batch_size")) is not None:
        yield Edit(node, _without(node, arg), "batch size: global_batch_size left out")


def change_reduce_op(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """The values of the replicas are averaged where they are to be added up, or the other way round."""
    others = {"SUM": "MEAN", "MEAN": "SUM"}
    if isinstance(node, cst.Attribute) and node.attr.value in others and place.text(node.value).endswith("ReduceOp"):
        other = others[node.attr.value]
        yield Edit(node, node.with_changes(attr=cst.Name(other)), f"reduce: {other} for {node.attr.value}")
    if isinstance(node, cst.SimpleString) and isinstance(place.parent(node), cst.Arg):
        call = place.parent(place.parent(node))
        word = str(node.evaluated_value).upper()
        if word in others and _called(call) in ("reduce", "all_reduce"):
            yield Edit(node, cst.SimpleString(f'"{others[word]}"'), f"reduce: {others[word]} for {word}")


def leave_strategy_out(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A step is called directly and not run on the replicas, their values not reduced, the data not distributed."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return
    args, called = _positional(node), _called(node)
    if called == "reduce" and len(args) >= 2 and "strategy" in _owner(node).lower():
        yield Edit(node, _bare(args[1].value), "the values of the replicas are not reduced")
    if called == "experimental_distribute_dataset" and args:
        yield Edit(node, _bare(args[0].value), "the data set is not distributed")
    given = _keyword(node, "args") if called == "run" and args else None
    if given is not None and isinstance(given.value, cst.Tuple):
        values = [element.value for element in given.value.elements]
        direct = cst.Call(args[0].value, [cst.Arg(value) for value in values])
        yield Edit(node, direct, "the step is called directly, not run on the replicas")
        if len(values) == 1:
            yield Edit(given.value, _bare(values[0]), "args is no tuple: its comma is missing")


# ---- operators: the flow of a program ----------------------------------------------------------------

_COMPARED: Mapping[type[cst.BaseCompOp], tuple[type[cst.BaseCompOp], ...]] = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThan),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThanEqual),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThan),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThanEqual),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
}
_COMPARING: Mapping[str, str | tuple[str, ...]] = {
    "less": ("less_equal", "greater"),
    "less_equal": ("less", "greater_equal"),
    "greater": ("greater_equal", "less"),
    "greater_equal": ("greater", "less_equal"),
    "equal": "not_equal",
    "not_equal": "equal",
    "logical_and": "logical_or",
    "logical_or": "logical_and",
}


def flip_comparison(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Less for less or equal, greater for less, a condition that is turned round."""
    if isinstance(node, cst.ComparisonTarget) and type(node.operator) in _COMPARED:
        for kind in _COMPARED[type(node.operator)]:
            told = f"comparison flipped: {_symbol(kind())} for {_symbol(node.operator)}"
            yield Edit(node.operator, kind(), told)
    if isinstance(node, cst.BooleanOperation):
        other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
        yield Edit(node.operator, other, f"comparison flipped: {_symbol(other)} for {_symbol(node.operator)}")
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        yield Edit(node, _bare(node.expression), "comparison flipped: not left out")
    if isinstance(node, (cst.If, cst.IfExp, cst.While)) and isinstance(node.test, (cst.Name, cst.Attribute, cst.Call)):
        new = cst.UnaryOperation(cst.Not(), node.test)
        yield Edit(node.test, new, f"comparison flipped: not {place.text(node.test)}")
    yield from _renamed(node, _COMPARING, "comparison flipped")


def delete_statement(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A statement is forgotten, the return too. (One without which a name is missing is seen by everybody.)"""
    if isinstance(node, cst.If) and node.orelse is None and not isinstance(place.parent(node), cst.If):
        yield Edit(node, _remove(node, place), f"statement deleted: {_first_line(node, place)}")
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return
    statement = node.body[0]
    if isinstance(statement, (cst.Pass, cst.Global, cst.Nonlocal)):
        return
    if isinstance(statement, (cst.Assign, cst.AnnAssign)) and not _bound_elsewhere(statement, place):
        return
    yield Edit(node, _remove(node, place), f"statement deleted: {_first_line(statement, place)}")


def _first_line(node: cst.CSTNode, place: Place) -> str:
    code = place.text(node.with_changes(leading_lines=()) if isinstance(node, cst.If) else node)
    return code.splitlines()[0]


def _bound_elsewhere(statement: cst.Assign | cst.AnnAssign, place: Place) -> bool:
    """Whether what a statement assigns to exists without it: an attribute, an entry, a name that is bound twice."""
    targets = [t.target for t in statement.targets] if isinstance(statement, cst.Assign) else [statement.target]
    around: cst.CSTNode = place.function(statement) or place.module
    bound = [node.value for node in m.findall(around, m.Name()) if isinstance(node, cst.Name) and _binds(node, place)]
    for target in targets:
        for name in m.findall(target, m.Name()) if not isinstance(target, cst.Name) else [target]:
            if isinstance(target, (cst.Attribute, cst.Subscript)):
                continue
            if isinstance(name, cst.Name) and bound.count(name.value) < 2:
                return False
    return True


def _binds(name: cst.Name, place: Place) -> bool:
    parent = place.parent(name)
    while isinstance(parent, (cst.Element, cst.Tuple, cst.List)):
        name, parent = parent, place.parent(parent)  # type: ignore[assignment]
    return (
        isinstance(parent, (cst.AssignTarget, cst.Param))
        or (isinstance(parent, (cst.For, cst.AnnAssign)) and parent.target is name)
        or isinstance(parent, cst.AsName)
    )


_COMMUTATIVE = frozenset(("add", "multiply", "maximum", "minimum", "equal", "not_equal", "add_n", "logical_and"))


def swap_arguments(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """Two arguments, the two sides of a minus, or two results in the wrong order."""
    if isinstance(node, cst.Call) and _called(node) not in _COMMUTATIVE:
        args = list(node.args)
        for index in range(len(args) - 1):
            one, two = args[index], args[index + 1]
            if one.keyword or two.keyword or one.star or two.star:
                continue
            swapped = [*args[:index], two, one, *args[index + 2 :]]
            told = f"arguments swapped: {place.text(two.value)}, {place.text(one.value)}"
            yield Edit(node, _with_arguments(node, swapped), told)
    orders = (cst.Subtract, cst.Divide, cst.Power, cst.MatrixMultiply, cst.FloorDivide, cst.Modulo)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, orders):
        left, right = _side(node.right, node.operator), _side(node.left, node.operator, right=True)
        new = node.with_changes(left=left, right=right)
        yield Edit(node, new, f"sides swapped: {place.text(new)}")
    if isinstance(node, cst.Tuple) and isinstance(place.parent(node), cst.Return):
        values = [element.value for element in node.elements]
        for index in range(len(values) - 1):
            order = [*values[:index], values[index + 1], values[index], *values[index + 2 :]]
            new_tuple = node.with_changes(elements=[cst.Element(value) for value in order])
            yield Edit(node, new_tuple, f"results swapped: {place.text(new_tuple)}")


def return_early(node: cst.CSTNode, place: Place) -> Iterator[Edit]:
    """A loop ends after its first round: its return is indented too far, say."""
    if not isinstance(node, (cst.For, cst.While)) or not isinstance(node.body, cst.IndentedBlock):
        return
    block = list(place.block(node))
    after = block[block.index(node) + 1 :] if node in block else []
    told = "return inside of the loop"
    if after and m.matches(after[0], m.SimpleStatementLine(body=[m.Return()])):
        last: cst.BaseStatement = after[0].with_changes(leading_lines=())
    else:
        last, told = cst.SimpleStatementLine([cst.Break()]), "the loop ends after its first round"
    yield Edit(node, node.with_changes(body=node.body.with_changes(body=[*node.body.body, last])), told)


Operator = Callable[[cst.CSTNode, Place], Iterator[Edit]]

# Where two operators make the same code, the first one names the mistake: the telling ones come first.
OPERATORS: Mapping[str, Operator] = {
    "sum_mean": swap_sum_and_mean,
    "axis": change_axis,
    "watch": remove_watch,
    "tape": move_out_of_tape,
    "persistent": remove_persistent,
    "update": change_update,
    "reset": remove_reset,
    "training": flip_training,
    "from_logits": flip_from_logits,
    "reduction": change_reduction,
    "batch_size": change_batch_size,
    "reduce_op": change_reduce_op,
    "strategy": leave_strategy_out,
    "decorator": remove_decorator,
    "scope": remove_scope,
    "dtype": change_dtype,
    "step": leave_step_out,
    "arithmetic": change_arithmetic,
    "pipeline": swap_pipeline,
    "constant": perturb_constant,
    "comparison": flip_comparison,
    "order": swap_arguments,
    "early_return": return_early,
    "numpy": return_numpy,
    "statement": delete_statement,
}
