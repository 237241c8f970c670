"""Grade a class into nbgrader's own gradebook: ``autograder grade ASSIGNMENT``.

The same scores, comments, penalties and files as from ``nbgrader autograde``, with the gradebook opened once for
the whole class and each submission written whole or not at all.

A submission is written in two places, the gradebook and ``autograded/``, and the run may be killed in between. The
autograded notebooks come first, because the gradebook says who has been graded: whoever has a grade has the notebook
that explains it. Someone killed in that moment (milliseconds) leaves the old grade, or none, beside the new notebook,
until the class is graded again. Everything that merely fails puts the old notebooks back.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fnmatch
import logging
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

import nbformat
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import find_all_files, parse_utc
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Application

from . import autograded, interrupts
from .course import CONFIG, Course
from .errors import CourseError, StorageError, SubmissionError, UsageError
from .files import is_storage, no_room, put_in_place, remove_tree, room_for
from .grade import Grader, Submitted
from .model import Graded, Problem, Result
from .notebook import Notebook, read
from .pool import default_jobs
from .preprocessors import SaveGrades, read_release
from .sandbox import Starter

TIMESTAMP = "timestamp.txt"  # nbgrader's record of when something was handed in
MAX_FILES = 1_000  # that are copied with a submission
MAX_FILES_BYTES = 256 << 20
MAX_DEPTH = 12  # folders
MAX_STUDENT = 128  # characters; nbgrader's column


def grade_class(
    course: Course,
    assignment: str,
    report: Callable[[Result], None],
    *,
    seed: int | None = None,
    student: str | None = None,
    unsafe: bool = False,
    jobs: int | None = None,
    start: Starter | None = None,
) -> None:
    """Grade everything that was handed in for an assignment, and write the gradebook.

    Args:
        course: The course.
        assignment: Name of the assignment.
        report: Called with each Result once it is in the gradebook.
        seed: Seed of the inputs that checks draw; the course's own secret one where None.
        student: Grade only this student.
        unsafe: Grade even where submissions are held less tightly than the course asks for.
        jobs: How many processes grade; one for each core where None.
        start: How to start workers; see :class:`~autograder.grade.Grader`, which closes it.

    Raises:
        UsageError: There is no such assignment, or nothing was handed in.
        CourseError: The instructor's files are wrong, or the release has not been made.
    """
    names = course.notebooks(assignment)
    found = [(who, folder) for who, folder in course.submissions(assignment) if student in (None, who)]
    if not found:
        whose = f"by {student!r} " if student else ""
        raise UsageError(f"nothing was handed in {whose}for {assignment} (in {course.root / 'submitted'})")
    waiting: dict[str, dict[str, Marked]] = {who: {} for who, _ in found}
    with Book(course, assignment) as book, Grader(course, seed, start, unsafe=unsafe) as grader:

        def finished(submitted: Submitted, graded: Graded) -> None:
            assert submitted.student is not None and submitted.content is not None
            marked = waiting[submitted.student]
            marked[graded.result.notebook] = Marked(submitted.content, graded)
            if len(marked) == len(names):
                problem = book.save(submitted.student, waiting.pop(submitted.student))
                for each in marked.values():
                    error = each.graded.result.error or problem
                    report(dataclasses.replace(each.graded.result, error=error))

        for name in names:

            def handed_in(number: int, name: str = name) -> Submitted:
                who, folder = found[number]
                return Submitted(who, content=_read(who, folder, name, names))

            processes = default_jobs() if jobs is None else jobs
            graded_class = grader.grade_class(len(found), handed_in, assignment, name, processes)
            with contextlib.closing(graded_class):  # ends the processes first, whatever ends this one
                for submitted, graded in graded_class:
                    finished(submitted, graded)


def _read(student: str, folder: Path, name: str, names: Sequence[str]) -> Notebook | Problem:
    """A notebook of a submission, or what is wrong with it, with its place or with its student's name."""
    if problem := name_problem(student):
        return problem
    if not _is_folder(folder):
        return Problem("not_a_folder", "The submission is not a folder with notebooks in it.")
    try:
        return read(folder / f"{name}.ipynb")
    except SubmissionError as error:
        others = sorted(path.name for path in folder.glob("*.ipynb") if path.stem not in names)
        if error.kind == "missing" and others:
            there = ", ".join(others)[:200].encode("utf-8", "replace").decode()
            return Problem(
                "wrong_name", f"There is no {name}.ipynb, but there is {there}. Rename it and hand it in again."
            )
        return Problem(error.kind, str(error))


def name_problem(student: str) -> Problem | None:
    """What keeps nbgrader from using a folder's name as a student's id, or None.

    Its commands find submissions by glob patterns, its pages put ids into HTML and JavaScript, and its database
    holds no half characters.
    """
    odd = sorted({character for character in student if not character.isprintable() or character in '<>"\\*?[]'})
    if odd:
        told = f"holds {', '.join(map(ascii, odd))}"
    elif len(student) > MAX_STUDENT:
        told = f"is longer than {MAX_STUDENT} characters"
    elif student != student.strip() or student.startswith("."):
        told = "starts with a dot, or starts or ends with a blank"
    else:
        return None
    return Problem("student_name", f"The name of the student's folder {told}, which nbgrader cannot use. Rename it.")


# ---- nbgrader's gradebook ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Marked:
    """A notebook that has been graded.

    Args:
        content: The notebook, or what is wrong with it.
        graded: What came of it.
    """

    content: Notebook | Problem
    graded: Graded


class Book:
    """nbgrader's gradebook and ``autograded/`` folder, open for one assignment. Use it as a context manager.

    Args:
        course: The course.
        assignment: Name of the assignment.

    Raises:
        CourseError: The release has not been made, or is not the one that the gradebook knows.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self._assignment = assignment
        nbgrader = _configured(course.root)
        self._coursedir = nbgrader.coursedir
        self._releases = {
            name: read_release(self._coursedir, assignment, name) for name in course.notebooks(assignment)
        }
        self._course_files = _course_files(nbgrader, assignment)
        self._saver = SaveGrades(parent=nbgrader)
        self._penalties = AssignLatePenalties(parent=nbgrader)
        self._penalties.init_plugin()
        url: str = self._coursedir.db_url
        self._place = url.removeprefix("sqlite:///")
        if url.startswith("sqlite:///") and not os.path.exists(self._place):
            raise CourseError(f"there is no gradebook yet; run nbgrader generate_assignment {assignment}")
        try:
            self._gradebook = Gradebook(url, self._coursedir.course_id)
        except SQLAlchemyError as error:
            _raise_if_storage(error, self._place)
            raise CourseError(f"the gradebook {self._place} cannot be opened: {error}") from error
        try:
            self._cells = self._known_cells()
        except BaseException:
            self._gradebook.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._gradebook.close()

    def _known_cells(self) -> dict[str, dict[str, str]]:
        """For each notebook the names of its cells by their ids in the database."""
        again = f"run nbgrader generate_assignment {self._assignment} --force"
        try:
            notebooks = {row.name: row for row in self._gradebook.find_assignment(self._assignment).notebooks}
        except MissingEntry:
            raise CourseError(f"the gradebook does not know assignment {self._assignment}; {again}") from None
        for name, release in self._releases.items():
            known = notebooks[name]._base_cells if name in notebooks else []
            points = {row.name: getattr(row, "max_score", None) for row in known if row.type == "GradeCell"}
            marked = {cell.grade_id for cell in release.cells if cell.grade or cell.solution}
            same = autograded.points(release).items() <= points.items()
            if not same or not marked <= {row.name for row in known}:
                raise CourseError(f"the release of {self._assignment}/{name} is not the gradebook's; {again}")
        return {name: {cell.id: cell.name for cell in row._base_cells} for name, row in notebooks.items()}

    def save(self, student: str, notebooks: Mapping[str, Marked]) -> Problem | None:
        """Write the grades of one submission, and its folder in ``autograded/``.

        Args:
            student: Who handed it in.
            notebooks: Every notebook of the assignment, by its name.

        Returns:
            What kept it from being written, or what else a person has to look at; None when all is well.
            Whatever it is, the grades of other students can still be written.

        Raises:
            CourseError: The checks have changed since the release was made.
            StorageError: There is no room, for the next student's neither.
        """
        if problem := name_problem(student):
            return problem
        book, session = self._gradebook, self._gradebook.db
        with interrupts.held():
            book.db = _Uncommitted(session, self._place)
            try:
                return self._save(student, notebooks)
            except StorageError:
                session.rollback()
                raise
            except (SQLAlchemyError, InvalidEntry, OSError, RecursionError) as error:
                session.rollback()
                _raise_if_storage(error, self._place)
                return Problem("gradebook", f"The grades could not be written: {error}. Grade this student again.")
            finally:
                book.db = session

    def _save(self, student: str, notebooks: Mapping[str, Marked]) -> Problem | None:
        coursedir, book = self._coursedir, self._gradebook
        folder = Path(coursedir.format_path(coursedir.submitted_directory, student, self._assignment))
        timestamp, problem = _timestamp(folder / TIMESTAMP)
        nodes = {name: self._node(marked) for name, marked in notebooks.items() if not _is_missing(marked)}
        book.update_or_create_student(student)
        told = {"timestamp": timestamp} if timestamp else {}
        with book.db.no_autoflush:  # nbgrader builds a new submission out of rows that are not all in the session yet
            submission = book.update_or_create_submission(self._assignment, student, **told)
        for row in submission.notebooks:
            rows = _Rows(row, self._cells[row.name])
            if row.name in nodes:
                needs_human = rows.grades if problem else autograded.needs_human(notebooks[row.name].graded)
                self._saver.save(nodes[row.name], rows, needs_human)
                self._penalize(student, submission, row)
            else:
                for grade in rows.grades.values():  # what nbgrader does with a missing notebook
                    grade.auto_score, grade.needs_manual_grade = 0, False
        book.db.flush()
        with self._written(student, folder, nodes, [TIMESTAMP] if problem else []):
            book.db.really_commit()
        return problem

    def _node(self, marked: Marked) -> Any:
        node = autograded.build(marked.content, self._releases[marked.graded.result.notebook])
        node["cells"] = autograded.show(node["cells"], marked.content, marked.graded)
        return nbformat.from_dict(node)

    def _penalize(self, student: str, submission: Any, row: Any) -> None:
        row.late_submission_penalty = None
        late = submission.total_seconds_late if submission.assignment.duedate else 0
        if late > 0:
            self._gradebook.db.flush()
            self._gradebook.db.refresh(row, ["score"])
            penalty = self._penalties.plugin_inst.late_submission_penalty(student, row.score, late)
            if penalty is not None:
                row.late_submission_penalty = self._penalties._check_late_penalty(row, penalty)

    @contextlib.contextmanager
    def _written(
        self, student: str, submitted: Path, nodes: Mapping[str, Any], without: Sequence[str]
    ) -> Iterator[None]:
        """Make the folder in ``autograded/`` anew and put it in place of the old one, which an error brings back."""
        coursedir = self._coursedir
        folder = Path(coursedir.format_path(coursedir.autograded_directory, student, self._assignment))
        with room_for(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            for left_over in folder.parent.glob(f"{_SCRATCH}*"):  # by a run that was killed
                remove_tree(str(left_over))
            scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=folder.parent))
        new = scratch / "new"
        try:
            with room_for(folder):
                self._fill(new, submitted, nodes, without)
                replaced = put_in_place(new, folder)
            try:
                yield
            except BaseException:
                folder.rename(new) if not replaced else put_in_place(new, folder)
                raise
        finally:
            remove_tree(str(scratch))

    def _fill(self, new: Path, submitted: Path, nodes: Mapping[str, Any], without: Sequence[str]) -> None:
        mode = 0o664 if self._coursedir.groupshared else 0o444
        new.mkdir()
        for path, source in self._course_files.items():
            _copy(source, new / path, mode)
        for path in _files(submitted, [*self._coursedir.ignore, *_NOT_COPIED, *without]):
            try:
                _copy(submitted / path, new / path, mode)
            except OSError as error:  # else it cannot be read, or is in the way of one of the instructor's
                if is_storage(error):
                    raise
        for name, node in nodes.items():
            path = new / f"{name}.ipynb"
            path.write_text(nbformat.v4.writes(node) + "\n", encoding="utf-8")
            path.chmod(mode)


_SCRATCH = ".grading-"
# Notebooks are written; and formgrader would serve a student's own web page to the instructor's browser.
_NOT_COPIED = ("*.ipynb", "*.*htm*", "*.xht*", "*.svg*", "*.xml", "*.xsl*", "*.mht*")


class _Uncommitted:
    """A database session in which nothing is committed yet.

    nbgrader's gradebook commits at every step. A run that was killed in between would leave a submission without
    grades, which counts as one of no points.
    """

    def __init__(self, session: Any, place: str) -> None:
        self._session = session
        self._place = place

    def commit(self) -> None:
        """All that a commit does for the objects of the session: they are written and read anew."""
        try:
            self._session.flush()
        except SQLAlchemyError as error:  # nbgrader would call it an entry that is invalid
            _raise_if_storage(error, self._place)
            raise
        self._session.expire_all()

    def really_commit(self) -> None:
        self._session.commit()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


# What SQLite says of the machine, and so of every student, by the lowest byte of its error codes.
_SQLITE_STORAGE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def _raise_if_storage(error: BaseException, place: str) -> None:
    origin = getattr(error, "orig", None)
    if getattr(origin, "sqlite_errorcode", 0) & 0xFF in _SQLITE_STORAGE:
        raise no_room(place, origin) from error


class _Rows:
    """The grades and comments of one notebook, read at once, in the place of a gradebook that asks for each."""

    def __init__(self, notebook: Any, names: Mapping[str, str]) -> None:
        self.grades = {names[row.cell_id]: row for row in notebook.grades}
        self.comments = {names[row.cell_id]: row for row in notebook.comments}
        self.db = self

    def find_grade(self, name: str, *ignored: str) -> Any:
        return self.grades[name]

    def find_comment(self, name: str, *ignored: str) -> Any:
        return self.comments[name]

    def commit(self) -> None:
        """Nothing: the submission is committed as a whole."""


def _is_missing(marked: Marked) -> bool:
    return isinstance(marked.content, Problem) and marked.content.kind == "missing"


def _configured(root: Path) -> Any:
    """The settings of a course, as every nbgrader command reads them."""
    nbgrader = NbGrader(log_level=logging.WARNING, raise_config_file_errors=True)
    try:
        Application.load_config_file(nbgrader, CONFIG, path=[str(root), *nbgrader.config_file_paths])
    except Exception as error:  # the file is a program: anything can come of it
        raise CourseError(f"{root / CONFIG} cannot be read: {error!r}") from error
    nbgrader.coursedir = CourseDirectory(parent=nbgrader, root=str(root))
    return nbgrader


# ---- files -------------------------------------------------------------------------------------------


def _course_files(nbgrader: Any, assignment: str) -> dict[Path, Path]:
    """The instructor's files beside the notebooks, which take the place of the student's: path in the folder, file."""
    coursedir = nbgrader.coursedir
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    kept = {Path(name) for name in nbgrader.config.Autograde.get("exclude_overwriting", {}).get(assignment, [])}
    files = find_all_files(str(folder), [*coursedir.ignore, "*.ipynb"])
    found = {Path(file).relative_to(folder): Path(file) for file in files}
    return {path: file for path, file in found.items() if path not in kept}


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _files(folder: Path, ignore: Sequence[str]) -> Iterator[Path]:
    """The plain files of a submission, by their path in it. Links and special files are left out."""
    if not _is_folder(folder):
        return
    count = size = 0
    pending = [Path()]
    while pending:
        where = pending.pop()
        with os.scandir(folder / where) as entries:
            for entry in entries:
                path = where / entry.name
                if any(fnmatch.fnmatch(entry.name.lower(), pattern) for pattern in ignore):
                    continue
                if entry.is_dir(follow_symlinks=False) and len(path.parts) < MAX_DEPTH:
                    pending.append(path)
                elif entry.is_file(follow_symlinks=False):
                    count, size = count + 1, size + entry.stat(follow_symlinks=False).st_size
                    if count > MAX_FILES or size > MAX_FILES_BYTES:
                        return
                    yield path


def _open(path: Path) -> BinaryIO:
    """Open a file of a submission, if it is a plain one."""
    file = open(os.open(path, _PLAIN), "rb")  # noqa: SIM115  (the caller closes it)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(f"{path.name} is not a plain file")
    return file


# Neither follows a link nor waits for the other end of a pipe.
_PLAIN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def _copy(source: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with _open(source) as from_file, target.open("xb") as to_file:
        shutil.copyfileobj(from_file, to_file)
    target.chmod(mode)


def _timestamp(path: Path) -> tuple[datetime | None, Problem | None]:
    """When a submission was handed in (UTC), as nbgrader's ``timestamp.txt`` says; None where there is none."""
    try:
        with _open(path) as file:
            text = file.read(200).decode().strip()
        return (parse_utc(text) if text else None), None
    except (FileNotFoundError, NotADirectoryError):
        return None, None
    except (OSError, ValueError, OverflowError):
        told = (
            "The notebook was graded, but whether it is late is not known: its timestamp.txt does not hold a time. "
            "Mend or remove that file and grade again; formgrader cannot list the submissions until then."
        )
        return None, Problem("timestamp", told)
