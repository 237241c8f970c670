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


@pytest.mark.parametrize("answer", WRONG, ids=lambda answer: answer.name)
def test_a_wrong_answer_fails_exactly_the_checks_that_it_says(grader: Grader, answer: answers.Answer) -> None:
    result = graded(grader, answers.answered(SOURCE, [answer]))
    assert of(result, Status.FAILED) == set(answer.fails)
    assert not of(result, Status.FAULT)
    assert not of(result, Status.NOT_ATTEMPTED)
    for outcome in result.outcomes:
        if outcome.check.group != answer.exercise:
            assert outcome.status is Status.PASSED
        if outcome.status is Status.FAILED:
            assert outcome.message


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: answer.name)
def test_a_right_answer_earns_every_point(grader: Grader, answer: answers.Answer) -> None:
    result = graded(grader, answers.answered(SOURCE, [answer]))
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
