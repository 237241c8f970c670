"""Week 1's notebooks: what their checks catch and accept."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from courses import REPO, Shared

from autograder import answers, sandbox
from autograder import notebook as nb
from autograder.course import Course
from autograder.grade import Grader
from autograder.model import Result, Status, Visibility

COURSE = Course(REPO)
ASSIGNMENT = "c2w1"
NOTEBOOKS = COURSE.notebooks(ASSIGNMENT)
GRADED = "assignment"  # the others are labs
SEED = 20_261


@functools.cache
def source(notebook: str) -> nb.Notebook:
    return COURSE.read_source(ASSIGNMENT, notebook)


@functools.cache
def known(notebook: str, kind: str) -> tuple[answers.Answer, ...]:
    return answers.read_all(COURSE.checks(ASSIGNMENT, notebook), kind)


def waves(kind: str) -> list[object]:
    """The answers in notebooks of one for each exercise: exercises are independent, and this is quicker."""
    found: list[object] = []
    for notebook in NOTEBOOKS:
        exercises = source(notebook).exercises
        queues = [[answer for answer in known(notebook, kind) if answer.exercise == each] for each in exercises]
        for n in range(max(map(len, queues))):
            wave = [queue[n] for queue in queues if n < len(queue)]
            found.append(pytest.param(notebook, wave, id=f"{notebook}-{n}-{len(wave)}-answers"))
    return found


@pytest.fixture(scope="module")
def grader(starter: sandbox.Starter) -> Iterator[Grader]:
    with Grader(COURSE, seed=SEED, start=Shared(starter)) as grader:
        yield grader


def graded(grader: Grader, notebook: str, node: dict[str, object]) -> Result:
    return grader.grade(nb.from_node(node), ASSIGNMENT, notebook).result


def of(result: Result, status: Status) -> set[str]:
    return {outcome.check.id for outcome in result.outcomes if outcome.status is status}


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_reference_earns_every_point(grader: Grader, notebook: str) -> None:
    result = graded(grader, notebook, answers.answered(source(notebook)))
    assert of(result, Status.PASSED) == {outcome.check.id for outcome in result.outcomes}
    assert result.total.score == result.total.max_score > 0
    assert result.cells == ()


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_untouched_release_earns_nothing(grader: Grader, notebook: str) -> None:
    result = graded(grader, notebook, answers.untouched(source(notebook)))
    assert of(result, Status.NOT_ATTEMPTED) == {outcome.check.id for outcome in result.outcomes}
    assert result.total.score == 0


@pytest.mark.parametrize(("notebook", "wave"), waves(answers.WRONG))
def test_wrong_answers_fail_exactly_the_checks_that_they_say(
    grader: Grader, notebook: str, wave: list[answers.Answer]
) -> None:
    result = graded(grader, notebook, answers.answered(source(notebook), wave))
    failed = of(result, Status.FAILED)
    groups = {outcome.check.id: outcome.check.group for outcome in result.outcomes}
    for answer in wave:
        assert {check for check in failed if groups[check] == answer.exercise} == set(answer.fails), answer.name
    assert {groups[check] for check in failed} <= {answer.exercise for answer in wave}
    assert not of(result, Status.FAULT)
    assert not of(result, Status.NOT_ATTEMPTED)
    assert all(outcome.message for outcome in result.outcomes if outcome.status is Status.FAILED)


@pytest.mark.parametrize(("notebook", "wave"), waves(answers.RIGHT))
def test_right_answers_earn_every_point(grader: Grader, notebook: str, wave: list[answers.Answer]) -> None:
    result = graded(grader, notebook, answers.answered(source(notebook), wave))
    assert {o.check.id: o.message for o in result.outcomes if o.status is not Status.PASSED} == {}


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_exercise_has_enough_answers_and_checks(grader: Grader, notebook: str) -> None:
    checks = grader.checks(ASSIGNMENT, notebook)
    is_graded = notebook == GRADED
    assert len(source(notebook).exercises) >= (12 if is_graded else 8)
    for exercise in source(notebook).exercises:
        own = [check for check in checks if check.group == exercise]
        wrong, right = (
            [answer for answer in known(notebook, kind) if answer.exercise == exercise]
            for kind in (answers.WRONG, answers.RIGHT)
        )
        assert len(wrong) >= (6 if is_graded else 4), exercise
        assert len(right) >= (3 if is_graded else 2), exercise
        if is_graded:
            assert {check.visibility for check in own} == set(Visibility), exercise
        else:  # a lab shows all that it checks, and an exercise is worth a point
            assert {check.visibility for check in own} == {Visibility.VISIBLE}, exercise
            assert sum(check.points for check in own) == 1, exercise


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_answer_belongs_to_an_exercise(notebook: str) -> None:
    every = (*known(notebook, answers.WRONG), *known(notebook, answers.RIGHT))
    assert {answer.exercise for answer in every} == set(source(notebook).exercises)
