"""Spreading the grading of a class over processes."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import CUBE, SQUARE, notebook, submit

from autograder import pool
from autograder.course import Course
from autograder.errors import CourseError
from autograder.grade import Grader, Submitted


def squares(numbers: Iterator[int], send: pool.Send) -> None:
    for number in numbers:
        send((number * number, os.getpid()))


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_values_come_in_order(jobs: int) -> None:
    found = list(pool.spread(20, jobs, squares))
    assert [value for value, _ in found] == [number * number for number in range(20)]


def test_one_submission_needs_no_other_process() -> None:
    assert {pid for _, pid in pool.spread(1, 2, squares)} == {os.getpid()}
    for jobs in (1, 2):
        assert os.getpid() not in {pid for _, pid in pool.spread(3, jobs, squares)}


def test_a_value_comes_as_soon_as_it_is_there(tmp_path: Path) -> None:
    def work(numbers: Iterator[int], send: pool.Send) -> None:
        for number in numbers:
            if number:
                os.read(wait, 1)
            send(number)

    wait, go_on = os.pipe()
    values = pool.spread(2, 1, work)
    assert next(values) == 0
    os.write(go_on, b"x")
    assert list(values) == [1]
    for end in (wait, go_on):
        os.close(end)


def test_nothing_to_do_is_nothing() -> None:
    assert list(pool.spread(0, 4, squares)) == []


def test_an_error_comes_back_and_ends_the_others() -> None:
    def work(numbers: Iterator[int], send: pool.Send) -> None:
        for number in numbers:
            if number == 3:
                raise CourseError("the third is broken")
            send(number)

    with pytest.raises(CourseError, match="the third is broken"):
        list(pool.spread(50, 2, work))
    assert multiprocessing.active_children() == []


def test_what_a_killed_process_was_doing_is_done_again(tmp_path: Path) -> None:
    parent = os.getpid()

    def work(numbers: Iterator[int], send: pool.Send) -> None:
        for number in numbers:
            if number in (2, 5) and os.getpid() != parent:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(tmp_path / str(number))
                    os.kill(os.getpid(), signal.SIGKILL)
            send(number)

    assert list(pool.spread(8, 2, work)) == list(range(8))


def test_giving_up_ends_the_processes() -> None:
    def work(numbers: Iterator[int], send: pool.Send) -> None:
        for number in numbers:
            send(number)
            if number:
                signal.pause()

    values = pool.spread(4, 3, work)
    assert next(values) == 0
    values.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_a_class_graded_in_two_processes_is_graded_alike(course: Course) -> None:
    texts = [SQUARE, "def square(x):\n    return x + x", "def square(x):\n    import os; os._exit(1)", SQUARE]
    paths = [submit(course, f"student-{n}", notebook(text, CUBE)) for n, text in enumerate(texts)]
    paths.append(submit(course, "student-4", b"not a notebook"))

    def submission(number: int) -> Submitted:
        return Submitted(f"student-{number}", paths[number])

    def outcomes(jobs: int) -> list[object]:
        with Grader(course, seed=7) as grader:
            graded = list(grader.grade_class(len(paths), submission, "small", "powers", jobs))
        return [
            (submitted.student, [(o.check.id, o.status, o.score, o.message) for o in found.result.outcomes])
            for submitted, found in graded
        ]

    alone = outcomes(1)
    assert outcomes(2) == alone
    assert [name for name, _ in alone] == [f"student-{number}" for number in range(5)]


def test_broken_probes_name_their_file(course: Course) -> None:
    (course.root / "tests/graded/small/powers/probes.py").write_text("import nothing_of_that_name\n")
    path = submit(course, "someone", notebook())
    with Grader(course, seed=7) as grader, pytest.raises(CourseError, match=r"probes\.py cannot be loaded: ModuleNot"):
        grader.grade_file(path, "small", "powers")
