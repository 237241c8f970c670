"""`make course`: make release/ and solutions/ again from source/, with nbgrader's own commands."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.course import Course

from .__main__ import environment

REPO = Path(__file__).resolve().parent.parent


def main(root: Path = REPO) -> None:
    """Generate every assignment of a course, with a throw-away gradebook.

    Args:
        root: The folder of the course.
    """
    with tempfile.TemporaryDirectory() as scratch:
        database = f"--CourseDirectory.db_url=sqlite:///{scratch}/gradebook.db"
        for assignment in Course(root).assignments():
            for command in ("generate_assignment", "generate_solution"):
                subprocess.run(
                    [sys.executable, "-m", "nbgrader", command, assignment, "--force", database],
                    cwd=root,
                    env=environment(),
                    check=True,
                )


if __name__ == "__main__":
    main()
