"""`make demo`: make a release, grade a class, and show what came of it. Offline, in build/demo."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from autograder.cli import main as autograder
from autograder.course import CONFIG, Course

from .classroom import ASSIGNMENT, NOTEBOOK, submissions

REPO = Path(__file__).resolve().parent.parent
ROOT = REPO / "build" / "demo"


def main() -> int:
    """Run the demonstration and return an exit status."""
    start = time.monotonic()
    course = make_course(ROOT)
    say("1. Make the release (nbgrader generate_assignment)")
    nbgrader("generate_assignment", ASSIGNMENT)
    show_release()
    say("2. The class hands in")
    hand_in(course)
    say(f"3. Grade the class (autograder grade {ASSIGNMENT})")
    status = autograder(["grade", ASSIGNMENT, "--course", str(ROOT), "--report"])
    say("4. Write the feedback (nbgrader generate_feedback)")
    nbgrader("generate_feedback", ASSIGNMENT)
    pages = sorted(ROOT.glob(f"feedback/*/{ASSIGNMENT}/*.html"))
    print(f"{len(pages)} pages; look at these in a browser:")
    for student in ("chiara", "sam-cheat", "tove-not-a-notebook"):
        print(f"  {ROOT / 'feedback' / student / ASSIGNMENT / NOTEBOOK}.html")
    print(f"\nThe whole course is in {ROOT.relative_to(REPO)}; nbgrader's formgrader runs there too.")
    print(f"Done in {time.monotonic() - start:.0f} s.")
    return status or (len(pages) == 0)


def make_course(root: Path) -> Course:
    """A copy of the course with one notebook, the one that the class hands in, and nothing generated in it."""
    shutil.rmtree(root, ignore_errors=True)
    checks = f"tests/graded/{ASSIGNMENT}"
    parts = (f"source/{ASSIGNMENT}/{NOTEBOOK}.ipynb", f"{checks}/{NOTEBOOK}", f"{checks}/settings.toml", CONFIG)
    for source, copy in ((REPO / part, root / part) for part in parts):
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    return Course(root)


def hand_in(course: Course) -> None:
    """Write the submissions of the class."""
    students = []
    for student, content in submissions(course):
        path = course.root / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        students.append(student)
    print(f"{len(students)} students: {', '.join(students)}")


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
