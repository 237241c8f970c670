"""Week 1's assignment: what its checks catch and accept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from courses import REPO, Shared

from autograder import answers, notebook, sandbox
from autograder.course import Course
from autograder.grade import Grader
from autograder.model import Result, Status, Visibility

COURSE = Course(REPO)
CHECKS = COURSE.checks("c2w1", "assignment")
SOURCE = COURSE.read_source("c2w1", "assignment")
WRONG = answers.read_all(CHECKS, answers.WRONG)
RIGHT = answers.read_all(CHECKS, answers.RIGHT)
SEED = 20_261


def waves(known: tuple[answers.Answer, ...]) -> list[list[answers.Answer]]:
    """The answers in notebooks of one for each exercise: exercises are independent, and this is quicker."""
    queues = [[answer for answer in known if answer.exercise == exercise] for exercise in SOURCE.exercises]
    return [[queue[n] for queue in queues if n < len(queue)] for n in range(max(map(len, queues)))]


@pytest.fixture(scope="module")
def grader(starter: sandbox.Starter) -> Iterator[Grader]:
    with Grader(COURSE, seed=SEED, start=Shared(starter)) as grader:
        yield grader


def graded(grader: Grader, node: dict[str, object]) -> Result:
    return grader.grade(notebook.from_node(node), "c2w1", "assignment").result


def of(result: Result, status: Status) -> set[str]:
    return {outcome.check.id for outcome in result.outcomes if outcome.status is status}


def test_the_reference_earns_every_point(grader: Grader) -> None:
    result = graded(grader, answers.answered(SOURCE))
    assert of(result, Status.PASSED) == {outcome.check.id for outcome in result.outcomes}
    assert result.total.score == result.total.max_score > 0
    assert result.cells == ()


def test_the_untouched_release_earns_nothing(grader: Grader) -> None:
    result = graded(grader, answers.untouched(SOURCE))
    assert of(result, Status.NOT_ATTEMPTED) == {outcome.check.id for outcome in result.outcomes}
    assert result.total.score == 0


@pytest.mark.parametrize("wave", waves(WRONG), ids=lambda wave: f"{len(wave)}-answers")
def test_wrong_answers_fail_exactly_the_checks_that_they_say(grader: Grader, wave: list[answers.Answer]) -> None:
    result = graded(grader, answers.answered(SOURCE, wave))
    failed = of(result, Status.FAILED)
    groups = {outcome.check.id: outcome.check.group for outcome in result.outcomes}
    for answer in wave:
        assert {check for check in failed if groups[check] == answer.exercise} == set(answer.fails), answer.name
    assert {groups[check] for check in failed} <= {answer.exercise for answer in wave}
    assert not of(result, Status.FAULT)
    assert not of(result, Status.NOT_ATTEMPTED)
    assert all(outcome.message for outcome in result.outcomes if outcome.status is Status.FAILED)


@pytest.mark.parametrize("wave", waves(RIGHT), ids=lambda wave: f"{len(wave)}-answers")
def test_right_answers_earn_every_point(grader: Grader, wave: list[answers.Answer]) -> None:
    result = graded(grader, answers.answered(SOURCE, wave))
    assert {o.check.id: o.message for o in result.outcomes if o.status is not Status.PASSED} == {}


def test_every_exercise_has_enough_answers_and_both_kinds_of_checks(grader: Grader) -> None:
    checks = grader.checks("c2w1", "assignment")
    assert len(SOURCE.exercises) >= 12
    for exercise in SOURCE.exercises:
        assert sum(answer.exercise == exercise for answer in WRONG) >= 6, exercise
        assert sum(answer.exercise == exercise for answer in RIGHT) >= 3, exercise
        assert {check.visibility for check in checks if check.group == exercise} == set(Visibility), exercise


def test_every_answer_belongs_to_an_exercise() -> None:
    assert {answer.exercise for answer in (*WRONG, *RIGHT)} == set(SOURCE.exercises)
