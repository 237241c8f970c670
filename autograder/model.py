"""What a check is, what came of it, and the Result of one graded notebook; JSON both ways.

Everything here is frozen and plain, so that it can be passed between threads, processes and files.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA = 1


class Status(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"  # the stub of the exercise is untouched
    NOT_CHECKED = "not_checked"  # a check that it needs did not pass
    FAULT = "fault"  # the check itself is broken: the instructor's to mend, and in the end never the student's loss


class Visibility(StrEnum):
    """Whether students have the check beside their notebook."""

    VISIBLE = "visible"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Check:
    """One check of an exercise, as its pytest function declares it.

    Args:
        id: Name of the check function, unique in its notebook.
        title: First line of its docstring: the line that the student reads.
        group: Id of the grade cell (the exercise) that it belongs to.
        visibility: Visible checks travel with the release; hidden ones never do.
        points: What passing it is worth.
        needs: Ids of checks that must pass first.
        hint: A sentence that names the concept, never the answer.
    """

    id: str
    title: str
    group: str
    visibility: Visibility
    points: float
    needs: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one check for one notebook.

    Args:
        check: The check.
        status: What came of it.
        score: Points earned, between 0 and ``check.points``.
        message: Why it did not pass, in words for the student; empty when it passed.
        hint: What to think about next; empty when there is nothing to say.
        seconds: Wall-clock time of the check.
        detail: For the instructor only (a traceback of a fault); never shown to a student.
    """

    check: Check
    status: Status
    score: float
    message: str = ""
    hint: str = ""
    seconds: float = 0.0
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The form in which a Result's JSON lists a check."""
        return {
            "id": self.check.id,
            "title": self.check.title,
            "status": str(self.status),
            "visibility": str(self.check.visibility),
            "score": self.score,
            "max_score": self.check.points,
            "message": self.message,
            "hint": self.hint,
            "seconds": round(self.seconds, 4),
            "group": self.check.group,
            "detail": self.detail,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Outcome:
        """The Outcome that :meth:`to_dict` wrote."""
        check = Check(
            id=data["id"],
            title=data["title"],
            group=data["group"],
            visibility=Visibility(data["visibility"]),
            points=data["max_score"],
        )
        return cls(
            check=check,
            status=Status(data["status"]),
            score=data["score"],
            message=data["message"],
            hint=data["hint"],
            seconds=data["seconds"],
            detail=data["detail"],
        )


@dataclass(frozen=True)
class Problem:
    """Why a notebook, or all of a submission, could not be graded.

    Args:
        kind: Short machine-readable name, such as ``"not_json"`` or ``"too_large"``.
        message: A sentence that says what is wrong and what to do.
    """

    kind: str
    message: str


@dataclass(frozen=True)
class Score:
    """Points earned out of points possible."""

    score: float
    max_score: float

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Score:
        """The sum over some outcomes."""
        outcomes = list(outcomes)
        return cls(
            score=round(sum(outcome.score for outcome in outcomes), 6),
            max_score=round(sum(outcome.check.points for outcome in outcomes), 6),
        )


@dataclass(frozen=True)
class Result:
    """The grading of one notebook of one submission.

    Args:
        assignment: Name of the assignment.
        notebook: Name of the notebook, without ``.ipynb``.
        student: Who submitted it, or None where the path does not say.
        seed: Seed of the inputs that the checks drew.
        isolation: Level of isolation that the worker really had, such as ``"L0"``.
        outcomes: One for each check of the notebook, in the order of the checks.
        cells: Errors of code cells: dicts with ``cell`` (index), ``id``, ``ename``, ``evalue``, ``traceback``.
        error: Set when the notebook could not be graded; every outcome then scores 0.
    """

    assignment: str
    notebook: str
    student: str | None
    seed: int
    isolation: str
    outcomes: tuple[Outcome, ...] = ()
    cells: tuple[Mapping[str, Any], ...] = ()
    error: Problem | None = None

    @property
    def total(self) -> Score:
        """The score of the whole notebook."""
        return Score.of(self.outcomes)

    def groups(self) -> dict[str, tuple[Outcome, ...]]:
        """The outcomes of each exercise (grade cell), in the order of the checks."""
        groups: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            groups.setdefault(outcome.check.group, []).append(outcome)
        return {group: tuple(outcomes) for group, outcomes in groups.items()}

    @property
    def faults(self) -> tuple[Outcome, ...]:
        """The checks that are broken and that a human has to look at."""
        return tuple(outcome for outcome in self.outcomes if outcome.status is Status.FAULT)

    @property
    def needs_human(self) -> bool:
        """Whether the score is not final until a person has looked at it."""
        return self.error is not None or bool(self.faults)

    def to_dict(self) -> dict[str, Any]:
        """The Result as JSON-ready data (schema 1)."""
        total = self.total
        return {
            "schema": SCHEMA,
            "assignment": self.assignment,
            "notebook": self.notebook,
            "student": self.student,
            "score": total.score,
            "max_score": total.max_score,
            "seed": self.seed,
            "isolation": self.isolation,
            "checks": [outcome.to_dict() for outcome in self.outcomes],
            "cells": [dict(cell) for cell in self.cells],
            "error": None if self.error is None else dataclasses.asdict(self.error),
        }

    def to_json(self) -> str:
        """The Result as JSON text that ends with a newline."""
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
        return text.encode("utf-8", "replace").decode()  # a folder's name may hold bytes that are no UTF-8

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Result:
        """The Result that :meth:`to_dict` wrote.

        Raises:
            ValueError: The data is of another schema.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"a Result of schema {data.get('schema')!r} cannot be read; this version reads {SCHEMA}")
        return cls(
            assignment=data["assignment"],
            notebook=data["notebook"],
            student=data["student"],
            seed=data["seed"],
            isolation=data["isolation"],
            outcomes=tuple(Outcome.from_dict(check) for check in data["checks"]),
            cells=tuple(data["cells"]),
            error=None if data["error"] is None else Problem(**data["error"]),
        )


@dataclass(frozen=True)
class CellRun:
    """What came of running one code cell.

    Args:
        index: Position of the cell in the notebook.
        outputs: nbformat 4 outputs, already validated and capped.
        error: ``ename``, ``evalue`` and ``traceback`` (plain text), or None.
        skipped: The instructor's tags, or an earlier crash of this cell, kept it from running.
    """

    index: int
    outputs: tuple[Mapping[str, Any], ...] = ()
    error: Mapping[str, str] | None = None
    skipped: bool = False


@dataclass(frozen=True)
class Graded:
    """A Result together with the cells' outputs, which the autograded notebook shows."""

    result: Result
    runs: Mapping[int, CellRun] = field(default_factory=dict)
