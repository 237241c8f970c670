"""`make demo`: make two releases, grade two classes, and show what came of it. Offline, in build/demo."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.cli import main as autograder
from autograder.course import CONFIG, Course

from .classroom import NOTEBOOK, large_class, small_class

REPO = Path(__file__).resolve().parent.parent
ROOT = REPO / "build" / "demo"
CLASSES: dict[str, Callable[[Course, str], Iterable[tuple[str, bytes]]]] = {
    "c2w1": large_class,  # tensors and gradients
    "c2w4": small_class,  # training on several replicas
}
WORTH_A_LOOK = ("chiara", "sam-cheat", "tove-not-a-notebook")


def main() -> int:
    """Run the demonstration and return an exit status."""
    start = time.monotonic()
    course = make_course(ROOT)
    say("1. Make the releases (nbgrader generate_assignment)")
    for assignment in CLASSES:
        nbgrader("generate_assignment", assignment)
    show_release()
    say("2. The classes hand in")
    for assignment, students in CLASSES.items():
        hand_in(course, assignment, students(course, assignment))
    status = 0
    for number, assignment in enumerate(CLASSES, start=3):
        say(f"{number}. Grade a class (autograder grade {assignment})")
        status |= autograder(["grade", assignment, "--course", str(ROOT), "--report"])
    say(f"{len(CLASSES) + 3}. Write the feedback (nbgrader generate_feedback)")
    for assignment in CLASSES:
        nbgrader("generate_feedback", assignment)
    pages = sorted(ROOT.glob("feedback/*/*/*.html"))
    print(f"{len(pages)} pages; look at these in a browser:")
    for page in pages:
        if page.parent.parent.name in WORTH_A_LOOK:
            print(f"  {page}")
    print(f"\nThe whole course is in {ROOT.relative_to(REPO)}; nbgrader's formgrader runs there too.")
    print(f"Done in {time.monotonic() - start:.0f} s.")
    return status or (len(pages) == 0)


def make_course(root: Path) -> Course:
    """A copy of the course with the notebooks that the classes hand in, and nothing generated in it."""
    shutil.rmtree(root, ignore_errors=True)
    parts = [CONFIG]
    for assignment in CLASSES:
        checks = f"tests/graded/{assignment}"
        parts += [f"source/{assignment}/{NOTEBOOK}.ipynb", f"{checks}/{NOTEBOOK}", f"{checks}/settings.toml"]
    for source, copy in ((REPO / part, root / part) for part in parts):
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():  # the settings have defaults
            shutil.copy(source, copy)
    return Course(root)


def hand_in(course: Course, assignment: str, submissions: Iterable[tuple[str, bytes]]) -> None:
    """Write the submissions of a class."""
    students = []
    for student, content in submissions:
        path = course.root / "submitted" / student / assignment / f"{NOTEBOOK}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        students.append(student)
    print(f"{assignment}, {len(students)} students: {', '.join(students)}")


def show_release() -> None:
    """List the files of the release."""
    for path in sorted((ROOT / "release").rglob("*")):
        if path.is_file():
            print(f"  {path.relative_to(ROOT)}  ({path.stat().st_size / 1000:.1f} kB)")


def nbgrader(command: str, *arguments: str) -> None:
    """Run nbgrader's own command line in the demonstration's course."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", command, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise SystemExit(done.returncode)


def environment() -> dict[str, str]:
    """The environment with this Python's programs first on the path: nbgrader calls `alembic` by its name."""
    return os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    }


def say(heading: str) -> None:
    """Print a heading."""
    print(f"\n\033[1m{heading}\033[0m" if sys.stdout.isatty() else f"\n{heading}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
