"""`make course`: make release/ and solutions/ again from source/, with nbgrader's own commands."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.course import Course

from .__main__ import environment

REPO = Path(__file__).resolve().parent.parent


def main(root: Path = REPO) -> None:
    """Generate assignments of a course, with a throw-away gradebook: those that the command line names, or all.

    Args:
        root: The folder of the course.
    """
    parser = argparse.ArgumentParser(prog="python -m demo.course", description="Make release/ and solutions/ again.")
    parser.add_argument("assignment", nargs="*", help="all, unless told")
    chosen = parser.parse_args().assignment or Course(root).assignments()
    with tempfile.TemporaryDirectory() as scratch:
        database = f"--CourseDirectory.db_url=sqlite:///{scratch}/gradebook.db"
        for assignment in chosen:
            for command in ("generate_assignment", "generate_solution"):
                subprocess.run(
                    [sys.executable, "-m", "nbgrader", command, assignment, "--force", database],
                    cwd=root,
                    env=environment(),
                    check=True,
                )


if __name__ == "__main__":
    main()
