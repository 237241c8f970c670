"""The autograded notebook: a submission as it looks once it has been graded.

It has the student's cells with the instructor's parts put back, the outputs of the graded run, and the card of
each exercise in its grade cell. nbgrader takes scores from it, people read it in formgrader, and browsers show
it as feedback: nothing that a student wrote may run there.
"""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from . import report
from .errors import CourseError
from .model import CellRun, Graded, Outcome, Problem, Score
from .notebook import Cell, Notebook, normalized

Node = dict[str, Any]


def build(content: Notebook | Problem, release: Notebook) -> Node:
    """What was handed in, with everything that is the instructor's put back; without outputs.

    Metadata, the type of marked cells and the text of locked ones come from the release. A grade cell that is
    gone is put back, and one that is there twice counts once. In the place of what could not be read stands the
    release.

    Args:
        content: The submission, or what is wrong with it.
        release: The notebook as students got it.

    Returns:
        nbformat data that nbgrader's own sanitizing leaves as it is.
    """
    if isinstance(content, Problem):
        cells = [_unread(cell, release.node["cells"][cell.index]) for cell in release.cells]
    else:
        cells = _with_missing(list(_restored(content, release)), release)
    return {**release.node, "metadata": copy.deepcopy(release.node["metadata"]), "cells": cells}


def _unread(cell: Cell, original: Mapping[str, Any]) -> Node:
    # Other than the stub: nbgrader would call that "No response."
    return copy.deepcopy(dict(original)) | ({"source": "# This could not be read."} if cell.solution else {})


def _restored(content: Notebook, release: Notebook) -> Iterator[Node]:
    marked = {cell.grade_id: cell for cell in release.cells if cell.grade_id}
    texts = {normalized(cell.source): cell for cell in release.cells if cell.type == "markdown"}
    last = {cell.grade_id: cell.index for cell in content.cells}  # of cells with one id, nbgrader keeps the last
    for cell in content.cells:
        own = marked.get(cell.grade_id) if last[cell.grade_id] == cell.index else None
        metadata = release.node["cells"][own.index]["metadata"] if own else {}
        theirs = own if own and (_is_locked(own) or own.source == cell.source) else None
        if own is None and cell.type == "markdown":
            theirs = texts.get(normalized(cell.source))
        original = release.node["cells"][theirs.index] if theirs else content.node["cells"][cell.index]
        node = {"cell_type": own.type if own else cell.type, "id": cell.id, "source": original["source"]}
        yield _complete(node, metadata, original.get("attachments", {}), trusted=theirs is not None)


def _is_locked(cell: Cell) -> bool:
    return not cell.solution and (cell.grade or cell.locked)


def _complete(node: Node, metadata: Mapping[str, Any], attachments: Mapping[str, Any], *, trusted: bool) -> Node:
    node["metadata"] = copy.deepcopy(dict(metadata))
    if node["cell_type"] == "code":
        node |= {"execution_count": None, "outputs": []}
    elif node["cell_type"] == "markdown" and not (trusted or is_harmless(node["source"], attachments)):
        node["source"] = _fenced(node["source"])
    elif node["cell_type"] == "markdown" and attachments:
        node["attachments"] = copy.deepcopy(dict(attachments))
    return node


def _with_missing(cells: list[Node], release: Notebook) -> list[Node]:
    """The cells, with the grade cells that are gone after the marked cell that they follow in the release."""
    order = [cell.grade_id for cell in release.cells if cell.grade_id]
    for exercise in release.exercises:
        places = {_grade_id(cell): index for index, cell in enumerate(cells)}
        if exercise not in places:
            before = [places[name] for name in order[: order.index(exercise)] if name in places]
            original = next(cell for cell in release.cells if cell.grade_id == exercise)
            node: Node = copy.deepcopy(dict(release.node["cells"][original.index]))
            node["id"] = _free_id(exercise, {cell["id"] for cell in cells})
            cells.insert(before[-1] + 1 if before else 0, node)
    return cells


def _free_id(wanted: str, taken: set[str]) -> str:
    candidates = (f"{wanted[:50]}-{number}" for number in range(len(taken) + 1))
    return next(candidate for candidate in candidates if candidate not in taken)


def _grade_id(cell: Mapping[str, Any]) -> str:
    found: str = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    return found


# ---- text that a browser may show --------------------------------------------------------------------


def is_harmless(source: str, attachments: Mapping[str, Any]) -> bool:
    """Whether nbconvert's HTML for a text is the same with raw HTML escaped and script links taken out.

    Args:
        source: Markdown.
        attachments: The pictures pasted into the cell.
    """
    try:
        html = _rendered(source, attachments, escape=False)
        # A Mermaid diagram is put into the page as it is, whatever the renderer is told.
        return html == _rendered(source, attachments, escape=True) and 'class="mermaid"' not in html
    except Exception:  # a text that ends the renderer would end nbgrader's feedback too
        return False


def _rendered(source: str, attachments: Mapping[str, Any], *, escape: bool) -> str:
    renderer = IPythonRenderer(escape=escape, allow_harmful_protocols=not escape, attachments=dict(attachments))
    html: str = MarkdownWithMath(renderer=renderer).render(source)
    return html


def _fenced(text: str) -> str:
    """A text as Markdown that shows it as it is written."""
    fence = "`" * 3
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"


# ---- outputs -----------------------------------------------------------------------------------------


def show(
    cells: Sequence[MutableMapping[str, Any]],
    content: Notebook | Problem,
    graded: Graded,
    *,
    scores: bool = True,
) -> list[MutableMapping[str, Any]]:
    """Put what the graded run showed into the code cells, and the cards into the grade cells.

    Args:
        cells: The cells of a notebook that :func:`build` made of ``content``; changed in place.
        content: What was graded.
        graded: What came of it.
        scores: Whether a grade cell also holds its score as a number, for nbgrader to take.

    Returns:
        The cells, after one that says what is wrong with the submission if it could not be graded.

    Raises:
        CourseError: The checks have changed since the release was made.
    """
    runs = {} if isinstance(content, Problem) else {content.cells[i].id: run for i, run in graded.runs.items()}
    groups = graded.result.groups()
    count = 0
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        marks = cell["metadata"].get("nbgrader", {})
        run = runs.get(cell["id"])
        if marks.get("grade") and not marks.get("solution"):
            outcomes = groups.pop(marks["grade_id"], ())
            cell["outputs"] = [_card(marks["grade_id"], outcomes, marks["points"], scores)]
        elif run is not None and not run.skipped:
            count += 1
            cell["execution_count"] = count
            cell["outputs"] = _outputs(run, count)
        else:
            cell["outputs"] = []
    if groups:
        raise CourseError(f"the release has no grade cell {', '.join(groups)}; {_REGENERATE}")
    return [*_problem_cells(graded.result.error), *cells]


_REGENERATE = "run nbgrader generate_assignment again, with --force"


def _card(exercise: str, outcomes: Sequence[Outcome], points: float, scores: bool) -> Node:
    total = Score.of(outcomes)
    if abs(total.max_score - points) > 1e-6:
        told = f"its checks give {total.max_score:g} points, the release says {points:g}"
        raise CourseError(f"grade cell {exercise!r}: {told}; {_REGENERATE}")
    text, html = report.card_text(exercise, outcomes), report.card_html(exercise, outcomes)
    if not scores:
        return {"output_type": "display_data", "data": {"text/plain": text, "text/html": html}, "metadata": {}}
    # nbgrader takes the text of an execute_result as partial credit, and refuses one above the maximum. Browsers
    # show the HTML, so nobody has to look at the number.
    data = {"text/plain": repr(float(min(total.score, points))), "text/html": html}
    return {"output_type": "execute_result", "execution_count": None, "data": data, "metadata": {}}


def _outputs(run: CellRun, count: int) -> list[Node]:
    outputs = [dict(output) for output in run.outputs]
    return [o | {"execution_count": count} if o["output_type"] == "execute_result" else o for o in outputs]


def _problem_cells(problem: Problem | None) -> Iterator[Node]:
    if problem is not None:
        told = "\n".join(textwrap.wrap(report.problem_text(problem.message), 100))
        yield {"cell_type": "markdown", "id": "autograder-problem", "metadata": {}, "source": _fenced(told)}


def points(release: Notebook) -> dict[str, float]:
    """The points of each exercise, as the release's grade cells say."""
    cells = {cell.grade_id: release.node["cells"][cell.index] for cell in release.cells if cell.is_exercise}
    return {exercise: float(cell["metadata"]["nbgrader"]["points"]) for exercise, cell in cells.items()}


def needs_human(graded: Graded) -> frozenset[str]:
    """The exercises that a person has to look at: those with a broken check, or all where grading failed."""
    outcomes = graded.result.outcomes if graded.result.error is not None else graded.result.faults
    return frozenset(outcome.check.group for outcome in outcomes)
