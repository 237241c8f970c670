"""The command line: ``autograder grade …``. Thin: it reads arguments, calls the package, prints.

Exit status: 0 graded, whatever the score, or all that is demanded is met; 1 it failed; 2 usage.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__, files, interrupts
from .errors import AutograderError, StorageError, UsageError

if TYPE_CHECKING:
    from .course import Course
    from .model import Result
    from .sandbox import Starter

GRADED, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Its arguments; those of the process where None.

    Returns:
        The exit status.
    """
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a character still gets the table
    with interrupts.raised():
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    try:
        status: int = options.run(options)
        _say("", end="")  # what is left in the buffer
        return status
    except UsageError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return USAGE
    except AutograderError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return FAILED
    except OSError as error:  # of the course or the machine: whatever is wrong with a submission is in its Result
        print(f"autograder: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt as error:
        print(f"autograder: interrupted{options.interrupted}", file=sys.stderr)
        return 128 + (error.signum if isinstance(error, interrupts.Interrupted) else signal.SIGINT)


def _say(text: str, end: str = "\n") -> None:
    """Print to standard output at once, and tell when nobody takes it.

    Raises:
        StorageError: It is a file on a full disk, or a pipe whose reader has gone.
    """
    try:
        print(text, end=end, flush=True)
    except OSError as error:
        with open(os.devnull, "w") as nowhere:  # else Python tries again when it ends, and complains
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        raise StorageError(f"cannot write standard output: {error.strerror}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder", description="Autograded assignments for TensorFlow.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"autograder {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    grade = commands.add_parser(
        "grade",
        allow_abbrev=False,
        help="grade one notebook, or everything that was handed in for an assignment",
        description="Grade one notebook (PATH.ipynb) and print a table, or grade everything under "
        "submitted/*/ASSIGNMENT/ and write nbgrader's gradebook.",
        epilog="Exit status: 0 graded, whatever the score; 1 grading failed; 2 usage.",
    )
    grade.add_argument("target", metavar="PATH.ipynb | ASSIGNMENT", help="a notebook, or the name of an assignment")
    grade.add_argument("--assignment", help="which assignment the notebook belongs to, where its path does not say")
    grade.add_argument("--notebook", help="which notebook of the assignment it is, where its name does not say")
    grade.add_argument("--student", help="who handed the notebook in (one notebook), or whom to grade (an assignment)")
    grade.add_argument("--course", type=Path, help="folder of the course (default: the one that you are in)")
    grade.add_argument("--seed", type=int, help="draw the inputs from this seed (default: the course's secret one)")
    grade.add_argument("--json", metavar="FILE", help="write the Result as JSON to FILE, or to standard output for -")
    grade.add_argument(
        "--report", action="store_true", help="after an assignment's table, show what the class found hard"
    )
    grade.add_argument(
        "--jobs", type=_positive, metavar="N", help="grade an assignment in N processes (default: one for each core)"
    )
    grade.add_argument(
        "--unsafe",
        action="store_true",
        help="grade although submissions can be held less tightly here than the course asks for (see doctor)",
    )
    grade.set_defaults(run=_grade, interrupted="; what was graded before is in the gradebook")
    validate = commands.add_parser(
        "validate",
        allow_abbrev=False,
        help="prove that an assignment's checks catch what they should",
        description="Try the reference, the untouched release, every known wrong and right answer, and mutants of the "
        "reference; show what the checks do not catch.",
        epilog="Exit status: 0 everything that is demanded is met; 1 not; 2 usage.",
    )
    validate.add_argument("assignments", metavar="ASSIGNMENT", nargs="*", help="which ones (default: all)")
    validate.add_argument("--course", type=Path, help="folder of the course (default: the one that you are in)")
    validate.add_argument(
        "--notebook", metavar="NAME", action="append", default=[], help="only this notebook; can be given several times"
    )
    validate.add_argument(
        "--only", metavar="EXERCISE", action="append", default=[], help="try answers and mutants of this exercise only"
    )
    validate.add_argument("--no-mutants", action="store_true", help="do not try mutants")
    validate.add_argument(
        "--min-killed", type=_share, metavar="SHARE", help="demand that this share of the mutants is caught (0.95)"
    )
    validate.add_argument("--json", metavar="FILE", help="write a report to FILE, or to standard output for -")
    validate.add_argument(
        "--jobs", type=_positive, metavar="N", help="try answers in N processes (default: one for each core)"
    )
    validate.set_defaults(run=_validate, interrupted="")
    new = commands.add_parser(
        "new",
        allow_abbrev=False,
        help="write a small assignment to start from",
        description="Write a notebook with two exercises, their checks, a wrong and a right answer to each: a start "
        "that validates as it is.",
        epilog="Exit status: 0 written; 1 it could not be; 2 usage. Nothing is ever overwritten.",
    )
    new.add_argument("assignment", metavar="ASSIGNMENT", help="its name: letters, digits, - and _")
    new.add_argument(
        "--course", type=Path, help="folder of the course, begun where it is none (default: the one that you are in)"
    )
    new.set_defaults(run=_new, interrupted="")
    doctor = commands.add_parser(
        "doctor",
        allow_abbrev=False,
        help="show how well this machine can hold submissions, and why not better",
        description="Try how well this machine can hold submissions, layer by layer; let a worker try to get out.",
        epilog="Exit status: 0 good enough for the course (or for L2 outside of one); 1 not; 2 usage.",
    )
    doctor.add_argument("--course", type=Path, help="folder of the course (default: the one that you are in)")
    doctor.set_defaults(run=_doctor, interrupted="")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError
    return number


def _validate(options: argparse.Namespace) -> int:
    from .course import Course

    course = Course(options.course.resolve()) if options.course else Course.find(Path.cwd())
    if options.no_mutants and options.min_killed is not None:
        raise UsageError("--min-killed demands a share of the mutants, and --no-mutants tries none")
    _check_writable(options.json, None)
    names = _notebooks(course, options.assignments, options.notebook)
    if options.only:
        wanted = set(options.only)
        names = [pair for pair in names if wanted <= set(course.read_source(*pair).exercises)]
    if not names:
        told = f"with {' and '.join(map(repr, options.only))}" if options.only else f"in {course.root / 'source'}"
        raise UsageError(f"there is no notebook {told} to validate")
    try:
        from . import findings, sandbox
        from .pool import default_jobs
        from .validate import validate
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed; pip install 'tf-autograder[instructor]'") from None

    reports = []
    start = sandbox.starter()
    try:
        for assignment, notebook in names:
            report = validate(
                course,
                assignment,
                notebook,
                start,
                jobs=options.jobs or default_jobs(),
                with_mutants=not options.no_mutants,
                min_killed=options.min_killed,
                only=options.only,
                track=_progress,
            )
            reports.append(report)
            if options.json != "-":
                _say(findings.to_text(report))
    finally:
        start.close()
    _write_json(options.json, findings.to_json(reports))
    return GRADED if all(report.ok for report in reports) else FAILED


def _notebooks(course: Course, assignments: Sequence[str], wanted: Sequence[str]) -> list[tuple[str, str]]:
    """The notebooks of assignments, of all where none is named; only those with a wanted name, where one is given."""
    names = [
        (name, notebook)
        for name in dict.fromkeys(assignments or course.assignments())
        for notebook in course.notebooks(name)
    ]
    if unknown := [name for name in dict.fromkeys(wanted) if name not in {notebook for _, notebook in names}]:
        known = ", ".join("/".join(pair) for pair in names) or "none"
        raise UsageError(f"there is no notebook {' or '.join(map(repr, unknown))} to validate (there are: {known})")
    return [pair for pair in names if not wanted or pair[1] in wanted]


def _progress(label: str, count: int, items: Iterable[Any]) -> Iterator[Any]:
    """Show how far something is, where somebody looks."""
    from tqdm import tqdm

    yield from tqdm(items, label, count, leave=False, disable=not sys.stderr.isatty(), file=sys.stderr)


def _new(options: argparse.Namespace) -> int:
    from .course import CONFIG, Course
    from .new import write

    if options.course is None:
        try:
            root = Course.find(Path.cwd()).root
        except UsageError:
            raise UsageError(f"you are in no course (a folder with {CONFIG}); begin one with --course FOLDER") from None
    else:
        root = options.course.resolve()
    for path in write(root, options.assignment):
        _say(f"  {os.path.relpath(path)}")
    _say(f"Next: open the notebook in Jupyter, and run: autograder validate {options.assignment}")
    return GRADED


def _doctor(options: argparse.Namespace) -> int:
    from . import doctor, isolation
    from .course import Course

    demands = {"any course": isolation.DEFAULT}
    try:
        course = Course(options.course.resolve()) if options.course else Course.find(Path.cwd())
    except UsageError:
        pass
    else:
        demands = {name: course.isolation(name) for name in course.assignments()} or demands
    report = doctor.examine()
    _say(doctor.as_text(report, demands))
    return GRADED if report.well and report.machine.choice.level >= max(demands.values()) else FAILED


def _grade(options: argparse.Namespace) -> int:
    from .course import Course

    path = Path(options.target)
    course = Course(options.course.resolve()) if options.course else None
    _check_writable(options.json, path)
    if path.suffix == ".ipynb" or (os.path.exists(path) and not os.path.isdir(path)):
        return _grade_file(options, path, course or _course_of(path))
    course = course or Course.find(Path.cwd())
    if options.assignment is not None:
        raise UsageError("--assignment says what a single notebook belongs to; name the assignment or the notebook")
    return _grade_class(options, course)


def _course_of(path: Path) -> Course:
    """The course that one is in, or else the one that the notebook lies in."""
    from .course import Course

    try:
        return Course.find(Path.cwd())
    except UsageError:
        return Course.find(path.absolute().parent)


def _grade_file(options: argparse.Namespace, path: Path, course: Course) -> int:
    assignment, notebook, student = _identify(options, path, course)

    from .grade import Grader

    with Grader(course, seed=options.seed, unsafe=options.unsafe) as grader:
        result = grader.grade_file(path, assignment, notebook, student).result
    _write_json(options.json, result.to_json())
    if options.json != "-":
        from .report import result_table

        _say(result_table(result))
    return GRADED if result.error is None else FAILED


def _identify(options: argparse.Namespace, path: Path, course: Course) -> tuple[str, str, str | None]:
    """Assignment, notebook and student of a file: from the options, else from its path."""
    folders = Path(os.path.abspath(path)).parent.parts
    assignment = options.assignment
    if assignment is None:
        wanted = options.notebook or path.stem
        with_it = [name for name in course.assignments() if wanted in course.notebooks(name)]
        assignment = folders[-1] if folders and folders[-1] in course.assignments() else None
        if assignment is None and len(with_it) == 1:
            assignment = with_it[0]
    if assignment is None:
        known = ", ".join(course.assignments()) or "none"
        raise UsageError(f"{path} does not say which assignment it is; say so with --assignment (there are: {known})")
    notebooks = course.notebooks(assignment)
    notebook = options.notebook or (path.stem if path.stem in notebooks else None)
    if notebook is None and len(notebooks) == 1:
        notebook = notebooks[0]
    if notebook is None or notebook not in notebooks:
        raise UsageError(
            f"{path} does not say which notebook of {assignment} it is; say so with --notebook "
            f"(there are: {', '.join(notebooks)})"
        )
    student = options.student
    if (
        student is None
        and len(folders) > 2
        and folders[-1] == assignment
        and folders[-3] in ("submitted", "autograded")
    ):
        student = folders[-2]
    return assignment, notebook, student


def _grade_class(options: argparse.Namespace, course: Course) -> int:
    course.notebooks(options.target)  # an unknown name is told before nbgrader is imported

    from .sandbox import starter

    with contextlib.closing(starter()) as start:
        start.warm_up()  # TensorFlow is imported there while nbgrader is imported here
        return _grade_all(options, course, start)


def _grade_all(options: argparse.Namespace, course: Course, start: Starter) -> int:
    # Where this optional package is there, jsonschema compiles its grammar of addresses at import: a second for
    # nothing that a notebook has.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

    from .gradebook import grade_class
    from .report import class_header, class_row

    quiet = options.json == "-"
    results: list[Result] = []  # kept only where they are needed at the end: a class can be large
    count = broken = 0

    def show(result: Result) -> None:
        nonlocal count, broken
        if not count and not quiet:  # not before: what keeps a class from being graded needs no table
            _say(class_header())
        count, broken = count + 1, broken + (result.error is not None)
        if options.json or options.report:
            results.append(result)
        if not quiet:
            _say(class_row(result))

    grade_class(
        course,
        options.target,
        show,
        seed=options.seed,
        student=options.student,
        unsafe=options.unsafe,
        jobs=options.jobs,
        start=start,
    )
    _write_json(options.json, "[\n" + ",\n".join(result.to_json().rstrip() for result in results) + "\n]\n")
    if options.report and not quiet:
        from .report import class_report

        _say(f"\n{class_report(results)}")
    if not quiet:
        _say(f"\n{count - broken} graded, {broken} need a human. Gradebook: {course.root / 'gradebook.db'}")
    return GRADED


def _check_writable(target: str | None, notebook: Path | None) -> None:
    """Refuse a place for the JSON that cannot be written, before time is spent on what it is to hold."""
    if target is None or target == "-":
        return
    if (
        notebook is not None
        and os.path.exists(target)
        and os.path.exists(notebook)
        and os.path.samefile(target, notebook)
    ):
        raise UsageError(f"--json {target} would overwrite the notebook that is to be graded")
    folder = os.path.dirname(os.path.abspath(target))
    if not target or os.path.isdir(target):
        raise UsageError(f"cannot write {target!r}: it is a folder; give the name of a file, or -")
    place = target if os.path.exists(target) else folder
    if not os.path.isdir(folder) or not os.access(place, os.W_OK):
        raise UsageError(f"cannot write {target}: {folder} does not exist, or writing there is not permitted")


def _write_json(target: str | None, text: str) -> None:
    if target == "-":
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            text = json.dumps(json.loads(text), indent=2) + "\n"  # escapes where the terminal lacks characters
        _say(text, end="")
    elif target is not None:
        try:
            with files.room_for(target):
                files.write_text(Path(target), text)
        except OSError as error:
            raise StorageError(f"cannot write {target}: {error.strerror}; name another file with --json") from None


if __name__ == "__main__":
    sys.exit(main())
