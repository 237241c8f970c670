"""The command line: what it takes, what it infers, its exit statuses, and that it is quick to say no."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

import pytest
from broken import GOOD, NON_ASCII
from courses import submit

from autograder import __version__, cli, grade, gradebook, sandbox, validate
from autograder.course import Course
from autograder.errors import WorkerUnavailable
from autograder.findings import Report
from autograder.model import Check, Graded, Outcome, Problem, Result, Status, Visibility
from autograder.sandbox import Limits

Run = Callable[..., tuple[int, str, str]]


class Recorder:
    """Stands in for the grader: notes what is to be graded, and gives a Result."""

    calls: list[tuple[Path, Path, str, str, str | None, int | None]]
    outcome: Result | BaseException | None

    def __init__(self, course: Course, seed: int | None = None, *, unsafe: bool = False) -> None:
        self.course, self.seed = course, seed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        pass

    def grade_file(self, path: Path, assignment: str, notebook: str, student: str | None) -> Graded:
        self.calls.append((self.course.root, path, assignment, notebook, student, self.seed))
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return Graded(self.outcome or Result(assignment, notebook, student, self.seed or 0, "L0"))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> type[Recorder]:
    monkeypatch.setattr(Recorder, "calls", [], raising=False)
    monkeypatch.setattr(Recorder, "outcome", None, raising=False)
    monkeypatch.setattr(grade, "Grader", Recorder)
    return Recorder


@pytest.fixture
def run(course: Course, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run ``autograder`` in the small course, where no worker may be started: status, output, errors."""
    monkeypatch.setattr(sandbox.Zygote, "start", lambda *arguments: pytest.fail("a worker was started"))
    monkeypatch.chdir(course.root)

    def invoke(*arguments: object) -> tuple[int, str, str]:
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse
            assert isinstance(ended.code, int)
            status = ended.code
        return (status, *capfd.readouterr())

    return invoke


def refused(told: tuple[int, str, str], *words: str, status: int = 2) -> None:
    """Assert an exit status with one line that says why, and nothing else."""
    assert (told[0], told[1]) == (status, "")
    assert told[2].startswith("autograder: ") and told[2].endswith("\n")
    assert "Traceback" not in told[2] and told[2].count("\n") == 1
    for word in words:
        assert word in told[2]


# ---- help --------------------------------------------------------------------------------------------


def test_help(run: Run) -> None:
    status, out, err = run("--help")
    assert (status, err) == (0, "") and all(command in out for command in ("grade", "validate", "new", "doctor"))
    status, out, err = run("grade", "--help")
    assert (status, err) == (0, "")
    for word in (
        "PATH.ipynb | ASSIGNMENT",
        "--assignment",
        "--notebook",
        "--json",
        "--course",
        "Exit status: 0 graded",
    ):
        assert word in out


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"autograder {__version__}\n", "")
    assert importlib.metadata.version("tf-autograder") == __version__


def test_the_installed_command_is_this_one() -> None:
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="autograder")
    assert script.load() is cli.main


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["grade"], ["mark", "small"], ["--verbose"], ["grade", "small", "extra"], ["grade", "small", "--fast"]),
        *(["grade", "a.ipynb", "--ass", "small"], ["grade", "a.ipynb", "--json"], ["grade", "a.ipynb", "--seed", "x"]),
        *(["grade", "a.ipynb", "--seed", "1.5"], ["grade", "a.ipynb", "--seed", "9" * 5000]),
        *(["validate", "--min-killed", "1.5"], ["validate", "--min-killed", "95%"], ["validate", "--jobs", "0"]),
        *(["validate", "--min-killed", "nan"], ["new"], ["new", "a", "b"]),
    ],
    ids=lambda arguments: " ".join(arguments)[:30],
)
def test_what_the_command_does_not_take(run: Run, arguments: Sequence[str]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("usage: autograder") and "error: " in err


# ---- usage -------------------------------------------------------------------------------------------


def test_an_unknown_assignment(run: Run, course: Course) -> None:
    refused(run("grade", "large"), "'large'", "there: small")
    refused(run("grade", "powers.ipynb", "--assignment", "large"), "'large'", "there: small")
    refused(run("grade", "powers.ipynb", "--assignment", ""), "''", "there: small")
    for name in (
        "../small",
        "small/",
        ".",
        "..",
        "a" * 300,
        "*",
        "-",
        "submitted",
        str(course.root / "source" / "small"),
    ):
        refused(run("grade", "--", name), "no assignment")
        refused(run("grade", "powers.ipynb", f"--assignment={name}"), "no assignment")


def test_an_unknown_notebook(run: Run) -> None:
    for name in ("roots", "../small/powers", "*", "powers.ipynb", "a" * 300):
        refused(run("grade", "powers.ipynb", "--assignment", "small", f"--notebook={name}"), "--notebook", "powers")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["large"], ["'large'", "there: small"]),
        (["small", "large"], ["'large'"]),
        (["small", "--only", "root"], ["no notebook with 'root'"]),
        (["small", "--notebook", "roots"], ["no notebook 'roots'", "(there are: small/powers)"]),
        (["--notebook", "powers", "--notebook", "../small/powers"], ["'../small/powers'", "(there are: small/powers)"]),
        (["--notebook", "powers", "--only", "root"], ["no notebook with 'root'"]),
        (["small", "--no-mutants", "--min-killed", "0.9"], ["--min-killed", "--no-mutants"]),
        (["small", "--json", "nowhere/report.json"], ["cannot write"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_cannot_be_validated(run: Run, arguments: Sequence[str], words: Sequence[str]) -> None:
    refused(run("validate", *arguments), *words)


def test_validating_without_a_course(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run("validate"), "lies in no course")
    refused(run("validate", "--course", tmp_path), "there is no notebook", "to validate")


def test_no_course(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run("grade", "small"), "lies in no course", "nbgrader_config.py", "--course")
    refused(run("grade", "powers.ipynb"), "lies in no course")
    refused(run("grade", "powers.ipynb", "--course", "nowhere"), "assignment", "none")
    refused(run("grade", "small", "--course", tmp_path), "no assignment 'small'")


def test_an_assignment_belongs_to_no_other(run: Run) -> None:
    refused(run("grade", "small", "--assignment", "small"), "--assignment")


@pytest.mark.parametrize(
    "target", ["", ".", "submitted", "nowhere/result.json", "source/small/powers.ipynb/result.json"]
)
def test_json_to_a_place_that_cannot_be_written(run: Run, course: Course, target: str) -> None:
    """It is told before time is spent on grading."""
    path = submit(course, "ann", GOOD)
    refused(run("grade", path, "--json", target), "cannot write")
    refused(run("grade", "small", "--json", target), "cannot write")
    assert not (course.root / "gradebook.db").exists()


def test_json_over_the_notebook_itself(run: Run, course: Course) -> None:
    path = submit(course, "ann", GOOD)
    refused(run("grade", path, "--json", path), "overwrite")
    (course.root / "link.json").symlink_to(path)
    refused(run("grade", path, "--json", "link.json"), "overwrite")
    assert path.read_bytes() == GOOD


def test_a_class_that_cannot_be_graded_gets_no_heading(
    run: Run, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox.Zygote, "warm_up", lambda self: None)
    refused(run("grade", "small"), "nothing was handed in for small")
    refused(run("grade", "small", "--student", "bob"), "nothing was handed in by 'bob' for small")
    submit(course, "ann", GOOD)
    refused(run("grade", "small"), "nbgrader generate_assignment small", status=1)


def test_the_table_of_a_class_has_one_heading(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def graded(course: Course, name: str, show: Callable[[Result], None], **options: object) -> None:
        for who in ("ann", "bob"):
            show(Result(name, "powers", who, 0, "L0"))

    monkeypatch.setattr(sandbox.Zygote, "warm_up", lambda self: None)
    monkeypatch.setattr(gradebook, "grade_class", graded)
    status, out, err = run("grade", "small")
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines() if line] == ["student", "─" * 100, "ann", "bob", "2"]


HEAVY = ("IPython", "_pytest", "keras", "matplotlib", "nbconvert", "nbformat", "nbgrader", "pytest", "tensorflow")
SCRIPT = """
import json, sys
import autograder.cli
heavy, told = set(sys.argv[1].split()), []
def loaded():
    return sorted(heavy & {name.partition(".")[0] for name in sys.modules})
told.append(["import", 0, loaded(), "numpy" in sys.modules])
for arguments in json.loads(sys.argv[2]):
    try:
        status = autograder.cli.main(arguments)
    except SystemExit as ended:
        status = ended.code
    told.append([" ".join(arguments), status, loaded(), False])
print(json.dumps(told), file=sys.stderr)
"""


def test_nothing_heavy_is_imported_to_say_no(course: Course) -> None:
    file = str(submit(course, "ann", GOOD))
    commands = [
        *(["--help"], ["--version"], ["grade", "--fast"], ["grade", "large"], ["grade", file, "--assignment", "large"]),
        *(["grade", file, "--notebook", "roots"], ["grade", file, "--json", "."], ["grade", "small", "--json", "."]),
    ]
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, " ".join(HEAVY), json.dumps(commands)],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(ended.stderr.splitlines()[-1])
    assert [status for _, status, _, _ in told] == [0, 0, 0, 2, 2, 2, 2, 2, 2]
    assert [line for line in told if line[2] or line[3]] == []


def test_those_modules_are_the_ones_that_grading_imports(recorder: type[Recorder], run: Run, course: Course) -> None:
    """Names that nothing imports would make the test above pass for ever."""
    assert run("grade", submit(course, "ann", GOOD))[0] == 0
    assert {"pytest", "_pytest"} <= set(sys.modules)
    for name in HEAVY:
        importlib.metadata.packages_distributions()[name]


# ---- what a file is ----------------------------------------------------------------------------------


@pytest.fixture
def courses(course: Course, tmp_path: Path) -> Course:
    """The small course with a second assignment of two notebooks, one of them called as in the first."""
    for name in ("small/shared", "large/shared", "large/roots"):
        path = course.source(*name.split("/"))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(GOOD)
    for path in ("submitted/ann/small", "submitted/ann/large/sub", "submitted/bob/large", "elsewhere"):
        (course.root / path).mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    return course


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", "large/roots large/shared small/powers small/shared"),
        ("small large small", "small/powers small/shared large/roots large/shared"),
        ("small --notebook powers", "small/powers"),
        ("large --notebook shared --notebook roots", "large/roots large/shared"),
        ("--notebook shared", "large/shared small/shared"),
        ("--notebook roots --notebook powers", "large/roots small/powers"),
        ("--notebook powers --only cube", "small/powers"),
    ],
)
def test_which_notebooks_are_validated(
    run: Run, courses: Course, monkeypatch: pytest.MonkeyPatch, arguments: str, expected: str
) -> None:
    tried = []

    def recorded(course: Course, assignment: str, notebook: str, *others: object, **options: object) -> Report:
        tried.append(f"{assignment}/{notebook}")
        return Report(assignment, notebook, 2)

    monkeypatch.setattr(validate, "validate", recorded)
    assert run("validate", *arguments.split())[0] == 0
    assert tried == expected.split()


@pytest.mark.parametrize(
    ("cwd", "arguments", "expected"),
    [
        (".", "submitted/ann/small/powers.ipynb", ("small", "powers", "ann")),
        (".", "autograded/ann/small/powers.ipynb", ("small", "powers", "ann")),
        (".", "./submitted//ann/../ann/small/powers.ipynb", ("small", "powers", "ann")),
        ("submitted", "ann/small/powers.ipynb", ("small", "powers", "ann")),
        ("submitted/ann/small", "powers.ipynb", ("small", "powers", "ann")),
        ("submitted/ann/large/sub", "../roots.ipynb", ("large", "roots", "ann")),
        ("submitted/ann/large", "../../bob/large/roots.ipynb", ("large", "roots", "bob")),
        ("submitted/ann/large", "shared.ipynb", ("large", "shared", "ann")),
        ("source/small", "powers.ipynb", ("small", "powers", None)),
        ("elsewhere", "powers.ipynb", ("small", "powers", None)),
        ("elsewhere", "roots.ipynb", ("large", "roots", None)),
        ("elsewhere", "x.ipynb --notebook roots", ("large", "roots", None)),
        ("elsewhere", "x.ipynb --assignment large --notebook roots", ("large", "roots", None)),
        ("elsewhere", "shared.ipynb --assignment small", ("small", "shared", None)),
        ("elsewhere", "roots.ipynb --student carl", ("large", "roots", "carl")),
        (".", "submitted/ann/small/powers.ipynb --student carl", ("small", "powers", "carl")),
        (".", "submitted/ann/small/x.ipynb --notebook powers", ("small", "powers", "ann")),
        (".", "submitted/ann/small/powers.ipynb --assignment large --notebook roots", ("large", "roots", None)),
        ("../outside", "../course/submitted/ann/small/powers.ipynb", ("small", "powers", "ann")),
        ("../outside", "powers.ipynb --course ../course", ("small", "powers", None)),
        ("../outside", "powers.ipynb --course ../course/", ("small", "powers", None)),
    ],
)
def test_what_a_file_is(
    recorder: type[Recorder],
    run: Run,
    courses: Course,
    monkeypatch: pytest.MonkeyPatch,
    cwd: str,
    arguments: str,
    expected: tuple[str, str, str | None],
) -> None:
    monkeypatch.chdir(courses.root / cwd)
    status, out, err = run("grade", *arguments.split())
    assert (status, err) == (0, "")
    assert recorder.calls == [(courses.root, Path(arguments.split()[0]), *expected, None)]
    assert out.splitlines()[0] == f"{expected[0]}/{expected[1]}" + (f" of {expected[2]}" if expected[2] else "")


@pytest.mark.parametrize(
    ("cwd", "arguments", "words"),
    [
        ("elsewhere", "x.ipynb", "--assignment (there are: large, small)"),
        ("elsewhere", "shared.ipynb", "--assignment (there are: large, small)"),
        ("elsewhere", "x.ipynb --notebook shared", "--assignment"),
        ("elsewhere", "x.ipynb --notebook nothing", "--assignment"),
        ("elsewhere", "x.ipynb --assignment large", "--notebook (there are: roots, shared)"),
        ("submitted/ann/large", "x.ipynb", "--notebook (there are: roots, shared)"),
        ("submitted/ann/large", "powers.ipynb", "--notebook (there are: roots, shared)"),
        ("submitted/ann/large", "roots.ipynb --notebook powers", "--notebook (there are: roots, shared)"),
    ],
)
def test_what_a_file_does_not_say(
    recorder: type[Recorder],
    run: Run,
    courses: Course,
    monkeypatch: pytest.MonkeyPatch,
    cwd: str,
    arguments: str,
    words: str,
) -> None:
    monkeypatch.chdir(courses.root / cwd)
    refused(run("grade", *arguments.split()), words)
    assert recorder.calls == []


def test_the_only_notebook_of_an_assignment_may_have_any_name(
    recorder: type[Recorder], run: Run, course: Course
) -> None:
    for name in ("powers (1).ipynb", "Untitled.ipynb", ".ipynb.ipynb"):
        path = submit(course, "ann", GOOD).rename(course.root / "submitted" / "ann" / "small" / name)
        assert run("grade", path)[0] == 0
        assert recorder.calls.pop()[2:5] == ("small", "powers", "ann")


@pytest.mark.parametrize("name", ["powers", "powers.IPYNB", "powers.ipynb.txt", "powers.json"])
def test_a_file_is_a_notebook_whatever_it_is_called(
    recorder: type[Recorder], run: Run, course: Course, name: str
) -> None:
    path = submit(course, "ann", GOOD).rename(course.root / "submitted" / "ann" / "small" / name)
    assert run("grade", path)[0] == 0
    assert recorder.calls == [(course.root, path, "small", "powers", "ann", None)]
    os.remove(path)
    refused(run("grade", path), "no assignment")


def test_the_seed(recorder: type[Recorder], run: Run, course: Course) -> None:
    path = submit(course, "ann", GOOD)
    for seed in ("0", "7", "-3", str(2**80)):
        status, out, _ = run("grade", path, f"--seed={seed}", "--json", "-")
        assert status == 0 and json.loads(out)["seed"] == int(seed) == recorder.calls[-1][-1]


# ---- what comes out ----------------------------------------------------------------------------------

CHECK = Check("test_a", "Title é", "square", Visibility.HIDDEN, 2)
RESULT = Result("small", "powers", "ann", 1, "L0", (Outcome(CHECK, Status.FAILED, 0.0, "Wrong. 😀"),))


def test_the_table_and_the_json(recorder: type[Recorder], run: Run, course: Course) -> None:
    path = submit(course, "ann", GOOD)
    recorder.outcome = RESULT
    status, out, err = run("grade", path)
    assert (status, err) == (0, "") and "Title é [hidden]" in out and "Wrong. 😀" in out and "0/2" in out
    status, out, err = run("grade", path, "--json", "-")
    assert (status, err) == (0, "")
    assert json.loads(out) == RESULT.to_dict()
    status, out, err = run("grade", path, "--json", "result.json")
    assert (status, err) == (0, "") and "Title é" in out
    written = (course.root / "result.json").read_bytes()
    assert written.decode("utf-8") == RESULT.to_json()
    assert "é".encode() in written and "😀".encode() in written


def test_a_result_replaces_an_older_one(recorder: type[Recorder], run: Run, course: Course) -> None:
    target = course.root / "result.json"
    target.write_text("x" * 100_000)
    recorder.outcome = RESULT
    assert run("grade", submit(course, "ann", GOOD), "--json", target)[0] == 0
    assert json.loads(target.read_text(encoding="utf-8"))["student"] == "ann"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files")
@pytest.mark.parametrize("old", [None, "the older Result"])
def test_a_result_that_finds_no_room_leaves_the_older_one(
    recorder: type[Recorder], run: Run, course: Course, old: str | None
) -> None:
    import resource

    target = course.root / "results" / "result.json"
    target.parent.mkdir()
    if old:
        target.write_text(old)
    recorder.outcome = dataclasses.replace(RESULT, notebook="n" * 5000)
    path = submit(course, "ann", GOOD)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        told = run("grade", path, "--json", target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    refused(told, f"cannot write {target}: File too large. Make room", status=1)
    assert [file.read_text() for file in target.parent.iterdir()] == ([old] if old else [])
    assert run("grade", path, "--json", target)[0] == 0
    assert json.loads(target.read_text(encoding="utf-8"))["student"] == "ann"


def test_a_result_goes_where_a_link_leads_and_into_a_pipe(recorder: type[Recorder], run: Run, course: Course) -> None:
    recorder.outcome = RESULT
    path = submit(course, "ann", GOOD)
    real, link = course.root / "real.json", course.root / "link.json"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    assert run("grade", path, "--json", link)[0] == 0
    assert link.is_symlink() and json.loads(real.read_text(encoding="utf-8"))["student"] == "ann"
    assert real.stat().st_mode & 0o777 == 0o640
    reader, writer = os.pipe()
    assert run("grade", path, "--json", f"/dev/fd/{writer}")[0] == 0
    os.close(writer)
    with open(reader, encoding="utf-8") as pipe:
        assert json.loads(pipe.read())["student"] == "ann"


@pytest.mark.parametrize("where", ["/dev/full", "closed pipe"])
def test_standard_output_that_nobody_takes(where: str) -> None:
    script = """
import sys
from types import SimpleNamespace
from autograder import cli
sys.exit(cli._run(SimpleNamespace(run=lambda options: cli._say("a row"))))
"""
    if where == "closed pipe":
        reader, out = os.pipe()
        os.close(reader)
    else:
        out = os.open(where, os.O_WRONLY)
    done = subprocess.run([sys.executable, "-c", script], stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    os.close(out)
    assert done.returncode == 1
    assert done.stderr.startswith("autograder: cannot write standard output: ") and done.stderr.count("\n") == 1


def test_a_disk_that_is_full(recorder: type[Recorder], run: Run, course: Course) -> None:
    refused(
        run("grade", submit(course, "ann", GOOD), "--json", "/dev/full"),
        "cannot write /dev/full",
        "Make room",
        status=1,
    )


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (RESULT, 0),
        (Result("small", "powers", None, 1, "L0", error=Problem("empty", "The file is empty.")), 1),
        (WorkerUnavailable("no worker process can be started"), 1),
        (PermissionError(13, "Permission denied", ".autograder/key"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_statuses(
    recorder: type[Recorder], run: Run, course: Course, outcome: Result | BaseException, expected: int
) -> None:
    recorder.outcome = outcome
    told = run("grade", submit(course, "ann", GOOD))
    if isinstance(outcome, Result):
        assert (told[0], told[2]) == (expected, "")
    else:
        refused(told, status=expected)


# ---- the instructor's files --------------------------------------------------------------------------


def settings_path(course: Course) -> Path:
    return course.root / "tests" / "graded" / "small" / "settings.toml"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seconds = 3", "no setting 'seconds' (there are: cell_seconds, request_seconds"),
        ("Cell_Seconds = 3", "no setting 'Cell_Seconds'"),
        ("__class__ = 3", "no setting '__class__'"),
        ("[limits]\ncell_seconds = 3", "no setting 'limits'"),
        ("cell_seconds = '3'", "cell_seconds is a positive number, not '3'"),
        ("cell_seconds = true", "cell_seconds is a positive number, not True"),
        ("cell_seconds = 0", "cell_seconds is a positive number, not 0"),
        ("cell_seconds = -1.5", "cell_seconds is a positive number, not -1.5"),
        ("cell_seconds = nan", "cell_seconds is a positive number, not nan"),
        ("cell_seconds = inf", "cell_seconds is a positive number, not inf"),
        ("cell_seconds = [3]", "cell_seconds is a positive number, not [3]"),
        ("cell_seconds = 2020-01-01", "cell_seconds is a positive number"),
        ("[cell_seconds]\nx = 1", "cell_seconds is a positive number"),
        ("devices = 1.5", "devices is a positive number, not 1.5"),
        ("memory_mb = 1e3", "memory_mb is a positive number, not 1000.0"),
        ("cell_seconds = ", "settings.toml: "),
        ("cell_seconds = 3\ncell_seconds = 4", "settings.toml: "),
        ("x" * 100, "settings.toml: "),
        ("cell_seconds = 3 # \xff", "settings.toml: "),
    ],
)
def test_settings_that_are_wrong(run: Run, course: Course, text: str, words: str) -> None:
    settings_path(course).write_bytes(text.encode("latin-1"))
    refused(run("grade", submit(course, "ann", GOOD)), "settings.toml", words, status=1)


def test_settings_that_are_right(course: Course) -> None:
    path = settings_path(course)
    path.write_text("cell_seconds = 3\nrequest_seconds = 0.5\ndevices = 4\nmemory_mb = 512\n")
    assert course.limits("small") == Limits(cell_seconds=3, request_seconds=0.5, devices=4, memory_mb=512)
    path.write_text("")
    assert course.limits("small") == Limits()
    path.unlink()
    assert course.limits("small") == Limits()


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("source/small/powers.ipynb", b"{", "source/small/powers.ipynb"),
        ("source/small/powers.ipynb", NON_ASCII.encode("utf-16"), "byte-order mark"),
        ("tests/graded/small/powers/probes.py", b"x = '\xff'", "probes.py"),
        ("tests/graded/small/powers/visible.py", b"def test_square_value(:", "visible.py"),
        ("tests/graded/small/powers/visible.py", b"x = '\xff'", "visible.py"),
        ("tests/graded/small/powers/visible.py", b"import no_such_module", "no_such_module"),
        ("tests/graded/small/powers/hidden.py", b"1 / 0", "ZeroDivisionError"),
        ("tests/graded/small/powers/hidden.py", b"def test_square_more():\n    'T'", "has no points"),
        ("tests/graded/small/powers/hidden.py", b"def test_other():\n    'T'", "test_other"),
        (".autograder", b"a file where the folder of the key belongs", ".autograder"),
    ],
)
def test_other_files_of_the_course_that_are_wrong(
    run: Run, course: Course, file: str, content: bytes, words: str
) -> None:
    (course.root / file).write_bytes(content)
    status, out, err = run("grade", submit(course, "ann", GOOD))
    assert (status, out) == (1, "")
    assert err.startswith("autograder: ") and words in err


def test_a_notebook_without_checks(run: Run, course: Course) -> None:
    for name in ("visible", "hidden"):
        (course.root / "tests" / "graded" / "small" / "powers" / f"{name}.py").unlink()
    refused(run("grade", submit(course, "ann", GOOD)), "no checks", status=1)


def test_the_key_is_made_once_and_is_nobody_elses(course: Course) -> None:
    first = course.seed("small", "powers")
    key = course.root / ".autograder" / "key"
    assert key.stat().st_mode & 0o077 == 0
    assert first == course.seed("small", "powers") == Course(course.root).seed("small", "powers")
    assert first != course.seed("small", "roots") and first != course.seed("large", "powers")
    assert [path.name for path in key.parent.iterdir()] == ["key"]
    key.unlink()
    assert course.seed("small", "powers") != first
