"""What the tests share: small courses in temporary folders, and one warm process for starting workers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from courses import Shared, write_course

from autograder import sandbox
from autograder.course import Course
from autograder.grade import Grader
from autograder.model import Result

collect_ignore = ["graded"]  # checks of the course: they run in grading, with fixtures of their own


@pytest.fixture(scope="session")
def starter() -> Iterator[sandbox.Starter]:
    """One warm process for all tests of a session."""
    start = sandbox.starter(os.environ.get("TEST_ISOLATION", "L3"))
    yield start
    start.close()


@pytest.fixture(autouse=True)
def captured_streams_stay_open() -> None:
    """Keep nbgrader, which closes all handlers of log messages, from closing the file that pytest captures with.

    TensorFlow's handler took that file for standard error when it was imported, and closes what it writes to.
    """
    if (absl := sys.modules.get("absl.logging")) is not None:
        absl.get_absl_handler().python_handler.stream = sys.__stderr__


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The small course in a folder of its own."""
    return write_course(tmp_path / "course")


@pytest.fixture(scope="session")
def small_grader(tmp_path_factory: pytest.TempPathFactory, starter: sandbox.Starter) -> Iterator[Grader]:
    """A grader of the small course that has its reference ready."""
    course = write_course(tmp_path_factory.mktemp("small"))
    with Grader(course, seed=1, start=Shared(starter)) as grader:
        yield grader


@pytest.fixture
def grade(small_grader: Grader, tmp_path: Path) -> Callable[[Mapping[str, Any] | bytes], Result]:
    """Grade a notebook of the small course: nbformat data, or the bytes of the file."""

    def run(content: Mapping[str, Any] | bytes) -> Result:
        path = tmp_path / "powers.ipynb"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return small_grader.grade_file(path, "small", "powers", "someone").result

    return run
