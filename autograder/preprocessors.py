"""What ``nbgrader_config.py`` plugs into nbgrader's commands; nbgrader itself is neither changed nor patched.

- ``nbgrader generate_assignment``: :class:`FillPoints`, :class:`AddChecks`
- ``nbgrader generate_solution``: :class:`FillPoints`, :class:`ShowSolution` in place of ``Execute``
- ``nbgrader autograde``: :class:`SubmissionExporter`, :class:`Grade` in place of ``Execute``, :class:`SaveGrades`
- ``nbgrader export``: :class:`CsvExport`
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
import weakref
from collections.abc import Collection
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateSolution
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades

from . import autograded, release
from .course import Course
from .errors import CourseError, SubmissionError
from .grade import Grader
from .model import Problem, Status
from .notebook import Notebook, parse, read, read_source


def configure(c: Any) -> None:
    """Set what a course's ``nbgrader_config.py`` needs for tf-autograder. What is set after this call wins.

    Args:
        c: The configuration, as ``get_config()`` gives it.
    """
    _put_programs_on_path()
    ours = {Execute: Grade, SaveAutoGrades: SaveGrades}
    making = [FillPoints, *_default(GenerateAssignment, "preprocessors"), AddChecks]
    solving = [FillPoints, *_default(GenerateSolution, "preprocessors")]
    grading = _default(Autograde, "autograde_preprocessors")
    c.CourseDirectory.solution_directory = "solutions"
    c.GenerateAssignment.preprocessors = making
    c.GenerateSolution.preprocessors = [ShowSolution if part is Execute else part for part in solving]
    c.Autograde.autograde_preprocessors = [ours.get(part, part) for part in grading]
    c.Autograde.exporter_class = SubmissionExporter
    c.ExportApp.plugin_class = CsvExport


def _put_programs_on_path() -> None:
    """Let nbgrader find `alembic`, which it starts by name, in an environment that is used but not activated."""
    if shutil.which("alembic") is None:
        programs = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), programs])


def _default(converter: Any, trait: str) -> list[Any]:
    return list(converter.class_traits()[trait].default())


class _Preprocessor(NbGraderPreprocessor):
    """A preprocessor that knows which notebook of which course it works on."""

    @property
    def converter(self) -> Any:
        """The nbgrader command that runs this: a preprocessor belongs to an exporter, and that to a command."""
        return self.parent.parent

    @property
    def course(self) -> Course:
        """The course."""
        return Course(Path(self.converter.coursedir.root))


# ---- making a release and a solution -----------------------------------------------------------------


class FillPoints(_Preprocessor):
    """Gives each grade cell the points of its checks."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Fill in the points of a notebook.

        Raises:
            CourseError: A grade cell has no checks, or checks have no grade cell.
        """
        which = resources["nbgrader"]
        points = release.points(self.course, which["assignment"], which["notebook"])
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade_id") in points:
                marks["points"] = points[marks["grade_id"]]
        return nb, resources


class AddChecks(_Preprocessor):
    """Puts the visible checks and the recorded replies beside the notebook."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Add the files to what nbconvert writes with a notebook.

        Raises:
            CourseError: The solution does not pass its own visible checks.
        """
        which = resources["nbgrader"]
        files = release.files(self.course, which["assignment"], which["notebook"])
        resources["outputs"] = {**(resources.get("outputs") or {}), **files}
        return nb, resources


class ShowSolution(_Preprocessor):
    """Runs the instructor's notebook as a submission is run, and shows its outputs and cards."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Fill in the outputs of a solution.

        Raises:
            CourseError: The solution does not earn every point.
        """
        which = resources["nbgrader"]
        content = parse(nbformat.writes(nb).encode())
        graded = _grader(self.converter, trusted=True).grade(
            content, which["assignment"], which["notebook"], whole=True
        )
        failed = [outcome for outcome in graded.result.outcomes if outcome.status is not Status.PASSED]
        if failed:
            told = f"{failed[0].check.id}: {failed[0].detail or failed[0].message}"
            raise CourseError(f"the solution of {which['assignment']}/{which['notebook']} fails its checks: {told}")
        nb.cells = nbformat.from_dict(autograded.show(nb.cells, content, graded, scores=False))
        return nb, resources


# ---- grading -----------------------------------------------------------------------------------------

# One Grader for a run of `nbgrader autograde`: it keeps the reference's process.
_graders: weakref.WeakKeyDictionary[Any, Grader] = weakref.WeakKeyDictionary()


def _grader(converter: Any, *, trusted: bool = False) -> Grader:
    if converter not in _graders:
        # What the instructor wrote may run where submissions may not.
        grader = Grader(Course(Path(converter.coursedir.root)), unsafe=trusted)
        weakref.finalize(converter, grader.close)  # when the command is done with, or at exit
        _graders[converter] = grader
    return _graders[converter]


class SubmissionExporter(NotebookExporter):
    """Reads submissions for ``nbgrader autograde``, which opens each notebook twice: as handed in, and sanitized.

    What was handed in is taken apart by :mod:`autograder.notebook`, so that a broken or hostile file neither ends the
    run nor keeps its student from having feedback, and is kept here for :class:`Grade`.
    """

    def __init__(self, config: Any = None, **options: Any) -> None:
        super().__init__(config=config, **options)
        self.contents: dict[str, Notebook | Problem] = {}

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> tuple[str, Any]:
        """Convert one notebook file.

        Args:
            filename: Path of the file.
            resources: What nbgrader says of it.
            **options: Passed on.

        Raises:
            CourseError: The release of the notebook cannot be read.
        """
        coursedir, which = self.parent.coursedir, resources["nbgrader"]
        handed_in = coursedir.format_path(coursedir.submitted_directory, which["student"], which["assignment"])
        if os.path.dirname(filename) != os.path.normpath(handed_in):
            return super().from_filename(filename, resources, **options)  # type: ignore[no-any-return]
        try:
            content: Notebook | Problem = read(Path(filename))
        except SubmissionError as error:
            content = Problem(error.kind, str(error))
        self.contents[which["notebook"]] = content
        node = autograded.build(content, read_release(coursedir, which["assignment"], which["notebook"]))
        return self.from_notebook_node(nbformat.from_dict(node), resources, **options)  # type: ignore[no-any-return]


def read_release(coursedir: Any, assignment: str, name: str) -> Notebook:
    """A notebook as students got it.

    Args:
        coursedir: nbgrader's ``CourseDirectory``.
        assignment: Name of the assignment.
        name: Name of the notebook.

    Raises:
        CourseError: There is no release of it.
    """
    path = Path(coursedir.format_path(coursedir.release_directory, ".", assignment), f"{name}.ipynb")
    if not path.is_file():
        raise CourseError(f"{path} is missing; run nbgrader generate_assignment {assignment}")
    return read_source(path)


class Grade(_Preprocessor):
    """Grades a submission and fills in its outputs, in place of nbgrader's ``Execute``."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Grade the notebook that the exporter read last under this name."""
        which = resources["nbgrader"]
        content = self.parent.contents.pop(which["notebook"])
        grader = _grader(self.converter)
        graded = grader.grade(content, which["assignment"], which["notebook"], which["student"])
        nb.cells = nbformat.from_dict(autograded.show(nb.cells, content, graded))
        resources["needs_human"] = autograded.needs_human(graded)
        return nb, resources


class SaveGrades(SaveAutoGrades):
    """Saves the scores, and marks for manual grading what a person has to look at."""

    def save(self, nb: Any, gradebook: Any, needs_human: Collection[str]) -> None:
        """Save the grades and comments of one notebook into a gradebook that is open already.

        Args:
            nb: The autograded notebook.
            gradebook: Whatever has ``find_grade``, ``find_comment`` and ``db.commit`` as nbgrader's gradebook has.
            needs_human: Ids of the grade cells that a person has to look at.
        """
        self.gradebook, self.notebook_id, self.assignment_id, self.student_id = gradebook, "", "", ""
        for index, cell in enumerate(nb.cells):
            self.preprocess_cell(cell, {"needs_human": needs_human}, index)

    def _add_score(self, cell: Any, resources: Any) -> None:
        super()._add_score(cell, resources)
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        if grade_id in (resources.get("needs_human") or ()):
            grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
            grade.needs_manual_grade = True
            self.gradebook.db.commit()


# ---- exporting ---------------------------------------------------------------------------------------


class CsvExport(CsvExportPlugin):
    """nbgrader's CSV export, with quoted cells, and without cells that a spreadsheet would run as a formula."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades to ``--to``, or to ``grades.csv``.

        Args:
            gradebook: nbgrader's gradebook.
        """
        with open(self.to or "grades.csv", "w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(_COLUMNS)
            for assignment in gradebook.assignments:
                if not self.assignment or assignment.name in map(str, self.assignment):
                    for student in gradebook.students:
                        if not self.student or student.id in map(str, self.student):
                            table.writerow(_safe_cell(value) for value in _row(gradebook, assignment, student))


_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> tuple[Any, ...]:
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
        timestamp, raw, penalty = submission.timestamp, submission.score, submission.late_submission_penalty
    except MissingEntry:
        timestamp, raw, penalty = "", 0.0, 0.0
    person = (student.id, student.last_name, student.first_name, student.email)
    score = max(0.0, raw - penalty)
    return (assignment.name, assignment.duedate, timestamp, *person, raw, penalty, score, assignment.max_score)


def _safe_cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{value}"
    return value
