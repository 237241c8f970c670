"""The flow through real nbgrader: release, solution, both ways of grading, feedback, formgrader, export."""

from __future__ import annotations

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
import sqlalchemy
from courses import SQUARE, STUB, code, marks, notebook, submit, write_course
from nbgrader.api import Gradebook

from autograder import autograded, gradebook, release
from autograder.course import Course
from autograder.errors import CourseError, StorageError, UsageError
from autograder.gradebook import Book, Marked, name_problem
from autograder.model import CellRun, Graded, Outcome, Problem, Result, Status
from autograder.notebook import Notebook, parse, read

RIGHT = "def {0}(x):\n    return x ** {1}"
WRONG = "def square(x):\n    return x * x + 1"
PARTIAL = "def square(x):\n    return tf.constant((x * x).numpy())"  # right values, no gradient
NOISY = "import sys, warnings\nwarnings.warn('old')\nprint('noise', file=sys.stderr)\nprint('\\x1b[31mred\\x1b[0m')"

EVIL_TEXT = [
    "<script>window.pwned = 1</script>",
    "A picture <img src=x onerror='window.pwned = 2'>",
    "[click](javascript:window.pwned=3) and [here](java&#115;cript:window.pwned=3)",
    "```mermaid\n</pre><script>window.pwned = 4</script>\n```",
    "![gone](attachment:gone.png)",
    "$x<y$ and a < b are harmless",
]
EVIL_CODE = """
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML("<script>window.pwned = 5</script>"), Javascript("window.pwned = 6"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>window.pwned = 7</script></svg>"))
display(Markdown("<script>window.pwned = 8</script>"))
print("<script>window.pwned = 9</script>")
raise ValueError("<script>window.pwned = 10</script>")
"""


# ---- the class ---------------------------------------------------------------------------------------


def with_texts(node: dict[str, Any], answer: str = "YOUR ANSWER HERE") -> dict[str, Any]:
    """The notebook with an introduction, and with a written answer that a person grades."""
    intro = {"cell_type": "markdown", "id": "intro", "metadata": {}, "source": "Powers of <b>tensors</b>."}
    essay = {"cell_type": "markdown", "id": "essay", "source": answer}
    essay["metadata"] = marks("essay", grade=True, solution=True, points=2)
    return node | {"cells": [intro, *node["cells"], essay]}


def answers(square: str = RIGHT.format("square", 2), cube: str = RIGHT.format("cube", 3), **more: Any) -> Any:
    return with_texts(notebook(square, cube, **more), "Because of the limit.")


def mangled() -> dict[str, Any]:
    """Right answers in a notebook whose metadata was tampered with."""
    node = answers()
    cells = {cell["id"]: cell for cell in node["cells"]}
    cells["square"]["metadata"]["nbgrader"] |= {"points": 99, "schema_version": 99, "grade": False}
    cells["square-solution"]["metadata"] |= {"tags": ["skip-grading", 'x"><script>window.pwned=11</script>']}
    cells["setup"]["source"] = "import tensorflow as tf\ncheck = print"
    cells["setup"]["metadata"]["nbgrader"]["locked"] = False
    cells["square"]["cell_type"] = "markdown"
    del cells["square"]["outputs"], cells["square"]["execution_count"]
    gone = [cell for cell in node["cells"] if cell["id"] not in ("cube", "cube-solution")]
    twice = code("twice", "raise RuntimeError('mine')", marks("square-solution", solution=True))
    unmarked = code("unmarked", RIGHT.format("cube", 3), {"nbgrader": {"grade_id": "nowhere", "grade": True}})
    node["cells"] = [twice, *gone, unmarked]
    node["metadata"] = {"kernelspec": {"name": "evil", "display_name": "Evil"}, "title": "<script>", "widgets": [1]}
    return node


def evil() -> dict[str, Any]:
    node = answers(WRONG, extra=[EVIL_CODE])
    texts = [{"cell_type": "markdown", "id": f"t{i}", "metadata": {}, "source": t} for i, t in enumerate(EVIL_TEXT)]
    return node | {"cells": [*texts, *node["cells"]]}


SUBMISSIONS: dict[str, Any] = {
    "ada": answers(SQUARE),
    "bob": answers(WRONG),
    "cyd": answers(PARTIAL, "def cube(x):\n    return x"),
    "dan": with_texts(notebook(STUB.format("square"), STUB.format("cube"))),
    "eve": answers(extra=[NOISY]),
    "fay": mangled(),
    "gus": evil(),
    "hal": answers("def square(x:\n    return x"),
    "ida": b"Dear instructor, see the other mail.",
    "jon": json.dumps(answers()).encode()[:-40],
    "kim": json.dumps(answers()).replace('"grade": false', '"grade": [1]').encode(),
    "lev": json.dumps({"cells": [{"cell_type": "code", "metadata": {"nbgrader": [1]}, "source": ""}]}).encode(),
    "o'mara-äß": answers(),
    "=cmd()": answers(),
}


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST"))}
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ.get("PATH", "")))  # nbgrader runs `alembic`
    return kept | {"HOME": str(home), "PATH": path}


def run(root: Path, *command: str, status: int = 0) -> str:
    """Run a Python module's command line in a course."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        env=environment(root),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course with its release made by nbgrader, due at the end of 2029. Tests work on copies of it."""
    course = write_course(tmp_path_factory.mktemp("made") / "course")
    source = course.source("small", "powers")
    source.write_text(json.dumps(with_texts(json.loads(source.read_text()))))
    source.with_name("data.csv").write_text("the instructor's")
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    course.seed("small", "powers")  # makes the key, so that every copy draws the same inputs
    run(course.root, "nbgrader", "generate_assignment", "small")
    with book_of(course.root) as book:
        book.update_or_create_assignment("small", duedate="2029-12-31 23:59:59 UTC")
    return course


@pytest.fixture
def fresh(made: Course, tmp_path: Path) -> Course:
    """A copy of it."""
    return copied(made, tmp_path / "course")


def copied(course: Course, root: Path) -> Course:
    shutil.copytree(course.root, root, symlinks=True)
    return Course(root)


@pytest.fixture(scope="session")
def handed_in(made: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = copied(made, tmp_path_factory.mktemp("handed") / "course")
    for student, content in SUBMISSIONS.items():
        folder = submit(course, student, content).parent
        (folder / "data.csv").write_text(f"{student}'s")
        (folder / "notes.txt").write_text(f"{student}'s")
    (course.root / "submitted/bob/small/timestamp.txt").write_text("2030-01-01 00:00:00 UTC")
    (course.root / "submitted/cyd/small/timestamp.txt").write_text("2029-12-31 23:00:00 UTC")
    return course


@pytest.fixture(scope="session")
def by_nbgrader(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The class graded with `nbgrader autograde`."""
    course = copied(handed_in, tmp_path_factory.mktemp("stock") / "course")
    run(course.root, "nbgrader", "autograde", "small")
    return course


@pytest.fixture(scope="session")
def by_us(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The class, and what nbgrader cannot read, graded with `autograder grade`; then nbgrader's feedback."""
    course = copied(handed_in, tmp_path_factory.mktemp("ours") / "course")
    submit(course, "wrong-name", answers()).rename(course.root / "submitted/wrong-name/small/homework.ipynb")
    (course.root / "submitted/nothing/small").mkdir(parents=True)
    (course.root / "submitted/folder/small/powers.ipynb").mkdir(parents=True)
    (course.root / "submitted/link/small").mkdir(parents=True)
    (course.root / "submitted/link/small/powers.ipynb").symlink_to(course.source("small", "powers"))
    submit(course, "<b>bold<", answers()).parent.parent.rename(course.root / "submitted/<b>bold<")
    (submit(course, "badtime", answers()).parent / "timestamp.txt").write_text("a while ago")
    run(course.root, "autograder.cli", "grade", "small", "--json", "results.json")
    run(course.root, "nbgrader", "generate_feedback", "small")
    return course


def book_of(root: Path) -> Any:
    return Gradebook(f"sqlite:///{root}/gradebook.db")


def grades(root: Path) -> dict[str, Any]:
    """Everything that the gradebook says of the class."""
    found = {}
    with book_of(root) as book:
        for submission in book.assignment_submissions("small"):
            (row,) = submission.notebooks
            scores = {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in row.grades}
            comments = {c.name: (c.auto_comment, c.manual_comment) for c in row.comments}
            whole = (submission.score, row.late_submission_penalty, str(submission.timestamp))
            found[submission.student.id] = (whole, scores, comments)
    return found


def scores(root: Path) -> dict[str, dict[str, float | None]]:
    return {student: {name: grade[0] for name, grade in found[1].items()} for student, found in grades(root).items()}


def output(root: Path, student: str, exercise: str) -> str:
    """The HTML of a card."""
    node = nbformat.read(root / "autograded" / student / "small/powers.ipynb", 4)
    nbformat.validate(node)
    (cell,) = (c for c in node.cells if c.metadata.get("nbgrader", {}).get("grade_id") == exercise)
    (shown,) = cell.outputs
    html: str = shown.data["text/html"]
    return html


# ---- release and solution ----------------------------------------------------------------------------


def test_the_release_has_points_and_visible_checks_and_nothing_hidden(made: Course) -> None:
    folder = made.root / "release/small"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    beside = {"checks/powers/visible.py", "checks/powers/recorded.json"}
    assert files == {"powers.ipynb", "data.csv", *beside}
    cells = json.loads((folder / "powers.ipynb").read_text())["cells"]
    points = {m["grade_id"]: m["points"] for m in (c["metadata"].get("nbgrader", {}) for c in cells) if m.get("grade")}
    assert points == {"square": 5, "cube": 1, "essay": 2}
    everything = "".join((folder / file).read_text() for file in files)
    assert "test_square_gradient" not in everything
    assert "x * x" not in everything
    with book_of(made.root) as book:
        assert book.find_assignment("small").max_score == 8


def test_a_grade_cell_without_checks_stops_the_release(fresh: Course) -> None:
    source = fresh.source("small", "powers")
    node = json.loads(source.read_text())
    node["cells"].append(code("fourth", 'check("fourth")', marks("fourth", grade=True, locked=True, points=0)))
    source.write_text(json.dumps(node))
    told = run(fresh.root, "nbgrader", "generate_assignment", "small", "--force", status=1)
    assert "the grade cell 'fourth' has no check" in told


def test_the_solution_shows_outputs_and_cards_but_no_scores(fresh: Course) -> None:
    source = fresh.source("small", "powers")
    node = json.loads(source.read_text())
    node["cells"].append(code("show", "print('nine is', square(3)); tf.constant(1)"))
    source.write_text(json.dumps(node))
    run(fresh.root, "nbgrader", "generate_solution", "small")
    solved = nbformat.read(fresh.root / "solutions/small/powers.ipynb", 4)
    nbformat.validate(solved)
    cells = {cell.id: cell for cell in solved.cells}
    assert [out.output_type for out in cells["show"].outputs] == ["stream", "execute_result"]
    assert cells["show"].outputs[0].text == "nine is 9\n"
    (card,) = cells["square"].outputs
    assert card.output_type == "display_data"
    assert "5 of 5 points" in card.data["text/plain"]
    assert "BEGIN SOLUTION" in cells["square-solution"].source


# ---- grading -----------------------------------------------------------------------------------------


def test_both_ways_give_the_same_grades_and_the_same_files(by_nbgrader: Course, by_us: Course) -> None:
    stock, ours = grades(by_nbgrader.root), grades(by_us.root)
    assert stock == {student: found for student, found in ours.items() if student in SUBMISSIONS}
    assert set(stock) == set(SUBMISSIONS)
    for student in SUBMISSIONS:
        folders = [course.root / "autograded" / student / "small" for course in (by_nbgrader, by_us)]
        assert files_of(folders[0]) == files_of(folders[1]), student


def files_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode & 0o777) for path in found}


def test_the_scores_are_those_of_the_checks(by_us: Course) -> None:
    found = scores(by_us.root)
    exercises = {student: (given["square"], given["cube"]) for student, given in found.items()}
    full, nothing = (5, 1), (0, 0)
    assert exercises == {
        "ada": full,
        "bob": (0, 1),
        "cyd": (2, 0),
        "dan": nothing,
        "eve": full,  # warnings and stderr cost nothing
        "fay": full,
        "gus": (0, 1),
        "hal": (0, 1),
        **dict.fromkeys(("ida", "jon", "lev"), nothing),
        **dict.fromkeys(("kim", "o'mara-äß", "=cmd()", "badtime"), full),
        **dict.fromkeys(("wrong-name", "nothing", "folder", "link"), nothing),
    }


def test_a_person_looks_at_what_could_not_be_graded_and_at_written_answers(by_us: Course) -> None:
    found = {student: given[1] for student, given in grades(by_us.root).items()}
    asked = {student: {name for name, grade in given.items() if grade[2]} for student, given in found.items()}
    every, essay, none = {"square", "cube", "essay"}, {"essay"}, set[str]()
    unread = ("ida", "jon", "lev", "wrong-name", "folder", "link", "badtime")
    graded = ("ada", "bob", "cyd", "eve", "fay", "gus", "hal", "kim", "o'mara-äß", "=cmd()")
    assert asked == {
        **dict.fromkeys(unread, every),
        **dict.fromkeys(graded, essay),
        "dan": none,  # the untouched answer gets nbgrader's own zero
        "nothing": none,  # as nbgrader has it for a missing notebook
    }


def test_the_results_name_every_problem(by_us: Course) -> None:
    results = json.loads((by_us.root / "results.json").read_text())
    kinds = {result["student"]: result["error"]["kind"] for result in results if result["error"]}
    assert kinds == {
        "ida": "not_json",
        "jon": "not_json",
        "lev": "not_a_notebook",
        "wrong-name": "wrong_name",
        "nothing": "missing",
        "folder": "not_a_file",
        "link": "symlink",
        "<b>bold<": "student_name",
        "badtime": "timestamp",
    }
    assert len(results) == len(SUBMISSIONS) + 6
    assert "<b>bold<" not in grades(by_us.root)


def test_comments_penalties_and_timestamps_are_nbgraders(by_us: Course) -> None:
    found = grades(by_us.root)
    assert found["dan"][2]["square-solution"] == ("No response.", None)
    assert found["ada"][2]["square-solution"] == (None, None)
    assert found["bob"][0] == (1.0, 1.0, "2030-01-01 00:00:00")  # late: all of the score is taken
    assert found["cyd"][0] == (2.0, None, "2029-12-31 23:00:00")
    assert found["badtime"][0][2] == "None"
    assert not (by_us.root / "autograded/badtime/small/timestamp.txt").exists()  # nbgrader would stop at it


def test_the_autograded_folder_has_the_students_files_but_the_instructors_win(by_us: Course) -> None:
    folder = by_us.root / "autograded/ada/small"
    assert (folder / "notes.txt").read_text() == "ada's"
    assert (folder / "data.csv").read_text() == "the instructor's"
    assert (by_us.root / "autograded/bob/small/timestamp.txt").is_file()
    assert not list((by_us.root / "autograded").glob("*/.*"))


def test_tampering_is_undone(by_us: Course) -> None:
    node = nbformat.read(by_us.root / "autograded/fay/small/powers.ipynb", 4)
    released = json.loads((by_us.root / "release/small/powers.ipynb").read_text())
    theirs = {c["metadata"]["nbgrader"]["grade_id"]: c for c in released["cells"] if "nbgrader" in c["metadata"]}
    seen = [cell.metadata.nbgrader.grade_id for cell in node.cells if "nbgrader" in cell.metadata]
    assert seen == ["setup", "square-solution", "square", "cube", "essay"]
    for cell in node.cells:
        own = theirs.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        assert cell.metadata == ({"nbgrader": own["metadata"]["nbgrader"]} if own else {})
    assert node.metadata == released["metadata"]


# ---- feedback, formgrader, export --------------------------------------------------------------------


class Dangers(HTMLParser):
    """What could run in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        if tag in ("script", "iframe", "object", "embed", "svg", "base", "form", "meta"):
            self.found.append(f"{tag} {attributes}")
        for name, value in attributes:
            scheme = "".join((value or "").split()).lower()
            if name.startswith("on") or scheme.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script:
            self.found.append(data)


def dangers(page: str) -> list[str]:
    parser = Dangers()
    parser.feed(page)
    parser.close()
    return parser.found


def feedback(root: Path, student: str) -> str:
    return (root / "feedback" / student / "small/powers.html").read_text()


def test_everyone_with_a_folder_has_feedback(by_us: Course) -> None:
    students = {path.parts[-3] for path in by_us.root.glob("feedback/*/small/powers.html")}
    assert students == {*grades(by_us.root)} - {"nothing"}
    assert "This notebook could not be graded. The file is not a whole notebook" in feedback(by_us.root, "ida")
    assert "No response" not in feedback(by_us.root, "ida")


def test_feedback_has_the_cards_and_nothing_of_hidden_checks(by_us: Course) -> None:
    page = feedback(by_us.root, "bob")
    assert output(by_us.root, "bob", "square").split("<pre")[0] in page
    assert "square multiplies each element by itself." in page
    assert "Score: 0.0 / 5.0" in page
    everything = "".join(path.read_text() for path in by_us.root.glob("feedback/*/small/*.html"))
    assert "test_square_gradient" not in everything
    assert "reference.square" not in everything
    assert "x * x\n    ### END" not in everything.replace(feedback(by_us.root, "ada"), "")


def test_nothing_of_a_student_runs_in_the_feedback(by_us: Course) -> None:
    assert dangers(feedback(by_us.root, "gus")) == dangers(feedback(by_us.root, "eve"))
    assert dangers(feedback(by_us.root, "fay")) == dangers(feedback(by_us.root, "eve"))
    page = feedback(by_us.root, "gus")
    assert "&lt;script&gt;window.pwned = 1&lt;/script&gt;" in page  # it is shown, as text
    assert "$x&lt;y$ and a &lt; b are harmless" in page
    assert "Powers of <b>tensors</b>." in page  # the instructor's own HTML stays


class Formgrader:
    """A Jupyter server with nbgrader's formgrader in a course."""

    def __init__(self, root: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        extensions = "{'nbgrader.server_extensions.formgrader': True}"
        options = [f"port={self.port}", "port_retries=0", "open_browser=False", f"jpserver_extensions={extensions}"]
        command = [sys.executable, "-m", "jupyter_server", "--allow-root", "--IdentityProvider.token=secret"]
        self.log = (root / "server.log").open("w")
        self.process = subprocess.Popen(
            [*command, *(f"--ServerApp.{option}" for option in options)],
            cwd=root,
            env=environment(root),
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def ask(self, path: str, method: str = "GET", data: Mapping[str, Any] | None = None) -> str:
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", body, method=method)
        request.add_header("Authorization", "token secret")
        with urllib.request.urlopen(request, timeout=120) as reply:
            text: str = reply.read().decode()
            return text

    def json(self, path: str, method: str = "GET", data: Mapping[str, Any] | None = None) -> Any:
        return json.loads(self.ask(f"formgrader/api/{path}", method, data))

    def wait(self) -> None:
        for _ in range(600):
            try:
                self.ask("api/status")
                return
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


@pytest.fixture
def formgrader(by_us: Course, tmp_path: Path) -> Iterator[tuple[Course, Formgrader]]:
    course = copied(by_us, tmp_path / "graded")
    (course.root / "submitted/badtime/small/timestamp.txt").unlink()  # nbgrader's list of submissions ends at it
    server = Formgrader(course.root)
    try:
        server.wait()
        yield course, server
    finally:
        server.close()


def test_formgrader_shows_and_grades_and_its_grades_survive(formgrader: tuple[Course, Formgrader]) -> None:
    course, server = formgrader
    for page in ("manage_assignments", "gradebook/small/powers", "manage_students", "manage_submissions/small"):
        assert "</body>" in server.ask(f"formgrader/{page}")
    submissions = {found["student"]: found for found in server.json("submissions/small")}
    assert submissions["ada"]["score"] == 6
    assert submissions["ida"]["needs_manual_grade"]
    notebooks = {found["student"]: found["id"] for found in server.json("submitted_notebooks/small/powers")}
    assert set(notebooks) == {*grades(course.root)} - {"nothing"}
    page = server.ask(f"formgrader/submissions/{notebooks['bob']}/")
    assert "square multiplies each element by itself." in page
    assert len(dangers(server.ask(f"formgrader/submissions/{notebooks['gus']}/"))) == len(dangers(page))
    assert "pwned" not in "".join(dangers(server.ask(f"formgrader/submissions/{notebooks['gus']}/")))

    # A person changes a grade and a comment ...
    (grade,) = (g for g in server.json(f"grades?submission_id={notebooks['bob']}") if g["name"] == "square")
    server.json(f"grade/{grade['id']}", "PUT", {"manual_score": 3.5, "extra_credit": 1})
    comments = server.json(f"comments?submission_id={notebooks['bob']}")
    (comment,) = (c for c in comments if c["name"] == "square-solution")
    server.json(f"comment/{comment['id']}", "PUT", {"manual_comment": "Nearly."})
    assert grades(course.root)["bob"][1]["square"] == (0.0, 3.5, False)

    # ... which stays through both ways of grading again, marked to be looked at.
    assert server.json("submission/small/bob/autograde", "POST")["success"]
    for again in range(2):
        whole, given, told = grades(course.root)["bob"]
        assert given["square"] == (0.0, 3.5, True)
        assert told["square-solution"] == (None, "Nearly.")
        assert whole[:2] == (5.5, 5.5)
        if not again:
            run(course.root, "autograder.cli", "grade", "small", "--student", "bob")
    run(course.root, "nbgrader", "generate_feedback", "small", "--student", "bob", "--force")
    assert "Score: 4.5 / 5.0" in feedback(course.root, "bob")
    assert "Nearly." in feedback(course.root, "bob")


def test_the_export_holds_no_formula(fresh: Course) -> None:
    with book_of(fresh.root) as book:
        book.add_student("=cmd()", first_name="@SUM(1)", last_name='Comma, "quoted"\nline', email="-1+1")
        book.add_student("zoe")
        with book.db.no_autoflush:
            book.add_submission("small", "=cmd()")
        book.find_grade("square", "powers", "small", "=cmd()").auto_score = 2.5
        book.db.commit()
    run(fresh.root, "nbgrader", "export", "--to", "out.csv")
    with (fresh.root / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    (row,) = (row for row in rows if row["student_id"] == "'=cmd()")
    assert (row["first_name"], row["last_name"], row["email"]) == ("'@SUM(1)", 'Comma, "quoted"\nline', "'-1+1")
    assert (row["raw_score"], row["score"], row["max_score"]) == ("2.5", "2.5", "8.0")
    (row,) = (row for row in rows if row["student_id"] == "zoe")
    assert (row["timestamp"], row["raw_score"], row["last_name"]) == ("", "0.0", "")


# ---- the book, without workers -----------------------------------------------------------------------


@pytest.fixture
def mark(fresh: Course) -> Callable[..., dict[str, Marked]]:
    """Makes what a Grader would: a notebook with all of its checks passed, or what is wrong with it."""
    declared = release.checks(fresh, "small", "powers")

    def graded(content: Notebook | Problem | None = None, status: Status = Status.PASSED) -> dict[str, Marked]:
        content = content or parse(json.dumps(answers()).encode())
        earned = status in (Status.PASSED, Status.FAULT)
        outcomes = tuple(Outcome(check, status, check.points if earned else 0.0) for check in declared)
        error = content if isinstance(content, Problem) else None
        result = Result("small", "powers", None, 1, "L0", outcomes, error=error)
        return {"powers": Marked(content, Graded(result, {1: CellRun(1)}))}

    return graded


def test_a_broken_check_costs_nothing_and_calls_a_person(fresh: Course, mark: Any) -> None:
    with Book(fresh, "small") as book:
        assert book.save("ada", mark(status=Status.FAULT)) is None
    given = grades(fresh.root)["ada"][1]
    assert (given["square"], given["cube"]) == ((5.0, None, True), (1.0, None, True))


def test_one_students_database_error_leaves_the_others(fresh: Course, mark: Any) -> None:
    with Book(fresh, "small") as book:
        when = "WHEN (SELECT 1 FROM submitted_notebook) BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        book._gradebook.db.execute(sqlalchemy.text(f"CREATE TRIGGER t BEFORE UPDATE OF auto_score ON grade {when}"))
        book._gradebook.db.commit()
        problem = book.save("ada", mark())
        assert problem is not None and problem.kind == "gradebook" and "disk is full" in problem.message
        book._gradebook.db.execute(sqlalchemy.text("DROP TRIGGER t"))
        book._gradebook.db.commit()
        assert book.save("bob", mark()) is None
    assert scores(fresh.root)["bob"]["square"] == 5
    assert "ada" not in scores(fresh.root)
    assert not (fresh.root / "autograded/ada/small").exists()


def test_no_room_ends_the_class_and_leaves_what_was_there(fresh: Course, mark: Any) -> None:
    with Book(fresh, "small") as book:
        book.save("ada", mark(status=Status.FAILED))
        before = files_of(fresh.root / "autograded"), grades(fresh.root)
        pages = book._gradebook.db.execute(sqlalchemy.text("PRAGMA page_count")).scalar()
        book._gradebook.db.execute(sqlalchemy.text(f"PRAGMA max_page_count = {pages}"))
        told = r"cannot write .*gradebook\.db: database or disk is full. Make room there, and run the command again"
        with pytest.raises(StorageError, match=told):
            for number in range(100):
                book.save(f"bob-{number}" + "x" * 100, mark())
        known = set(grades(fresh.root))
    folders = {path.parent.name for path in fresh.root.glob("autograded/*/small")}
    assert known == folders
    assert {name: found for name, found in grades(fresh.root).items() if name == "ada"} == before[1]


@pytest.mark.parametrize("had", [None, Status.FAILED], ids=["new", "graded before"])
def test_a_run_that_is_killed_before_the_grade_is_written_leaves_the_old_one(
    fresh: Course, mark: Any, had: Status | None
) -> None:
    if had:
        with Book(fresh, "small") as book:
            book.save("ada", mark(status=had))
    before = grades(fresh.root)
    child = os.fork()
    if not child:
        with Book(fresh, "small") as book:
            sqlalchemy.event.listen(book._gradebook.db, "before_commit", lambda *_: os._exit(9))
            book.save("ada", mark())
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert grades(fresh.root) == before
    assert (fresh.root / "autograded/ada/small/powers.ipynb").is_file()
    with Book(fresh, "small") as book:
        assert book.save("ada", mark()) is None
    assert scores(fresh.root)["ada"]["square"] == 5
    assert [path.name for path in (fresh.root / "autograded/ada").iterdir()] == ["small"]


def test_a_gradebook_that_is_none_says_so(fresh: Course) -> None:
    (fresh.root / "gradebook.db").write_text("a letter to the instructor " * 100)
    with pytest.raises(CourseError, match=r"gradebook\.db cannot be opened"):
        Book(fresh, "small")


def test_an_interrupted_write_leaves_the_old_grade_whole(
    fresh: Course, mark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*ignored: Any) -> str:
        raise KeyboardInterrupt

    with Book(fresh, "small") as book:
        book.save("ada", mark(status=Status.FAILED))
        before = files_of(fresh.root / "autograded/ada/small"), grades(fresh.root)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(gradebook.nbformat.v4, "writes", interrupt)
            book.save("ada", mark())
    (fresh.root / "autograded/ada/.grading-killed/new").mkdir(parents=True)
    assert (files_of(fresh.root / "autograded/ada/small"), grades(fresh.root)) == before
    with Book(fresh, "small") as book:
        assert book.save("ada", mark()) is None
    assert scores(fresh.root)["ada"]["square"] == 5
    assert [path.name for path in (fresh.root / "autograded/ada").iterdir()] == ["small"]


def test_links_special_files_and_too_many_files_are_not_copied(
    fresh: Course, mark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = submit(fresh, "ada", answers()).parent
    secret = fresh.root / "secret.txt"
    secret.write_text("secret")
    (folder / "link.txt").symlink_to(secret)
    (folder / "linked").symlink_to(fresh.root)
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "timestamp.txt")
    (folder / "sub/deep").mkdir(parents=True)
    (folder / "sub/deep/own.txt").write_text("mine")
    (folder / "data.csv").mkdir()
    (folder / "data.csv/in-the-way").write_text("mine")
    (folder / "Page.HTML").write_text("<script>")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/x.txt").write_text("ignored")
    (folder / "/".join("d" * 40)).mkdir(parents=True)
    with Book(fresh, "small") as book:
        problem = book.save("ada", mark())
        assert problem is not None and problem.kind == "timestamp"
        assert set(files_of(fresh.root / "autograded/ada/small")) == {"powers.ipynb", "data.csv", "sub/deep/own.txt"}
        for number in range(20):
            (folder / f"{number}.txt").write_text("x" * 100)
        monkeypatch.setattr(gradebook, "MAX_FILES", 5)
        book.save("ada", mark())
        assert len(files_of(fresh.root / "autograded/ada/small")) <= 7
        monkeypatch.setattr(gradebook, "MAX_FILES_BYTES", 0)
        book.save("ada", mark())
        assert set(files_of(fresh.root / "autograded/ada/small")) == {"powers.ipynb", "data.csv"}


def test_a_linked_submission_folder_is_not_followed(fresh: Course, mark: Any) -> None:
    submit(fresh, "ada", answers())
    (fresh.root / "submitted/bob").mkdir()
    (fresh.root / "submitted/bob/small").symlink_to(fresh.root / "submitted/ada/small")
    content = gradebook._read("bob", fresh.root / "submitted/bob/small", "powers", ["powers"])
    assert isinstance(content, Problem) and content.kind == "not_a_folder"


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "o'mara", "josé", "学生", "a+b@c.org", "-x", "=x"])
def test_names_that_nbgrader_can_use(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "name",
    ["a\nb", "a\0b", "<b>", 'a"b', "a\\b", "a*", "a?", "[a]", "a\udcffb", "x" * 129, " a", "a ", ".a", "a\u202eb"],
)
def test_names_that_nbgrader_cannot_use(name: str, fresh: Course, mark: Any) -> None:
    problem = name_problem(name)
    assert problem is not None and problem.kind == "student_name"
    problem.message.encode()
    with Book(fresh, "small") as book:
        assert book.save(name, mark()) == problem
    assert grades(fresh.root) == {}


def test_a_course_that_is_not_ready_says_what_to_do(fresh: Course, mark: Any) -> None:
    with pytest.raises(UsageError, match="nothing was handed in"):
        gradebook.grade_class(fresh, "small", lambda result: None)
    with Book(fresh, "small") as book:
        outcome = Graded(Result("small", "powers", None, 1, "L0", mark()["powers"].graded.result.outcomes[1:]))
        with pytest.raises(CourseError, match="its checks give 3 points, the release says 5"):
            book.save("ada", {"powers": Marked(mark()["powers"].content, outcome)})
    path = fresh.root / "release/small/powers.ipynb"
    whole = path.read_text()
    path.write_text(whole.replace('"points": 5.0', '"points": 4.0'))
    with pytest.raises(CourseError, match="not the gradebook's; run nbgrader generate_assignment small --force"):
        Book(fresh, "small")
    path.unlink()
    with pytest.raises(CourseError, match="run nbgrader generate_assignment small"):
        Book(fresh, "small")
    path.write_text(whole)
    (fresh.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match="there is no gradebook yet"):
        Book(fresh, "small")
    (fresh.root / "nbgrader_config.py").write_text("c = get_config()\nc.Nonsense(")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read"):
        Book(fresh, "small")


def test_an_extension_and_a_missing_due_date_are_minded(fresh: Course, mark: Any) -> None:
    folder = submit(fresh, "ada", answers()).parent
    (folder / "timestamp.txt").write_text("2030-01-01 01:00:00 UTC")
    with Book(fresh, "small") as book:
        book.save("ada", mark())
        assert grades(fresh.root)["ada"][0] == (6.0, 6.0, str(datetime(2030, 1, 1, 1)))
        book._gradebook.grant_extension("small", "ada", hours=2)
        book.save("ada", mark())
        assert grades(fresh.root)["ada"][0][1] is None
        book._gradebook.update_or_create_assignment("small", duedate=None)
        book.save("ada", mark())
        assert grades(fresh.root)["ada"][0][1] is None


# ---- what may be shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a < b & c > d",
        "$x<y$, $$a<b$$",
        "`<b>`",
        "```html\n<script>\n```",
        "# Head\n\n- *a*\n- [b](http://c.org/?d=1&e=2)",
    ],
)
def test_harmless_text_stays(text: str) -> None:
    assert autograded.is_harmless(text, {})


@pytest.mark.parametrize(
    "text",
    [
        *EVIL_TEXT[:5],
        "[x]\n\n[x]: javascript:alert(1)",
        "[x](< javascript:alert(1)>)",
        "> [x]:\n> vbscript:alert(1)\n\n[x]",
        "\\begin{<b>}x\\end{<b>}",
        "<!-- comment",
    ],
)
def test_text_that_could_run_is_shown_as_it_is_written(text: str) -> None:
    assert not autograded.is_harmless(text, {})


def test_pasted_pictures_stay_unless_they_are_no_pictures() -> None:
    assert autograded.is_harmless("![a](attachment:b)", {"b": {"image/png": "iVBORw0K"}})
    assert not autograded.is_harmless("![a](attachment:b)", {"b": {"text/html": "PHNjcmlwdD4="}})
    assert not autograded.is_harmless("![a](attachment:b)", {"b": {}})


def test_what_was_read_is_what_was_handed_in(handed_in: Course) -> None:
    """Building from a perfect submission changes nothing but metadata."""
    content = read(handed_in.root / "submitted/ada/small/powers.ipynb")
    built = autograded.build(content, read(handed_in.root / "release/small/powers.ipynb"))
    assert [cell["source"] for cell in built["cells"]] == [cell.source for cell in content.cells]
