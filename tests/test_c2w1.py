"""Week 1's assignment: it meets every demand, and its checks catch every mutant that can be told apart."""

from __future__ import annotations

import pytest
from courses import REPO, Shared

from autograder import answers, notebook, sandbox
from autograder.course import Course
from autograder.findings import DEMANDS, Fate, Report, to_text
from autograder.grade import Grader
from autograder.model import Result, Status, Visibility
from autograder.validate import validate

COURSE = Course(REPO)
SOURCE = COURSE.read_source("c2w1", "assignment")
SEED = 20_261


@pytest.fixture(scope="module")
def report(starter: sandbox.Starter) -> Report:
    return validate(COURSE, "c2w1", "assignment", Shared(starter), jobs=2, min_killed=0.95)


def graded(starter: sandbox.Starter, node: dict[str, object]) -> Result:
    with Grader(COURSE, seed=SEED, start=Shared(starter)) as grader:
        return grader.grade(notebook.from_node(node), "c2w1", "assignment").result


def test_it_meets_every_demand(report: Report) -> None:
    assert report.findings == (), to_text(report)
    assert report.tried == tuple(DEMANDS)
    assert (len(report.exercises), report.checks, report.points, report.seeds) == (14, 32, 60.0, 20)


def test_every_mutant_that_is_not_caught_was_looked_at(report: Report) -> None:
    """Each of these computes the same: a person has seen why."""
    left = {(judged.mutant.name, judged.fate): judged.mutant.description for judged in report.mutants}
    assert {key: told for key, told in left.items() if key[1] is not Fate.KILLED} == {
        # Of two axes the last one is axis 1.
        ("row_scores:13 axis", Fate.EQUIVALENT): "axis changed: -1 for 1",
        # The square of a difference is the same on both sides.
        ("squared_distances:12 order", Fate.EQUIVALENT): "sides swapped: "
        "centres[tf.newaxis, :, :] - points[:, tf.newaxis, :]",
        ("loss_gradients:16 order", Fate.EQUIVALENT): "sides swapped: y - predictions",
        # The first step makes a new tensor out of a Variable, before anything could change it.
        ("descend:19 step", Fate.EQUIVALENT): "step left out: identity",
    }


def test_its_noise_is_far_below_its_tolerances(report: Report) -> None:
    assert all(noise.relative < 1e-5 for noise in report.noise)


def test_grading_the_reference_and_the_untouched_release(starter: sandbox.Starter) -> None:
    reference = graded(starter, answers.answered(SOURCE))
    assert {outcome.status for outcome in reference.outcomes} == {Status.PASSED}
    assert reference.total.score == reference.total.max_score == 60.0
    assert reference.cells == ()
    untouched = graded(starter, answers.untouched(SOURCE))
    assert {outcome.status for outcome in untouched.outcomes} == {Status.NOT_ATTEMPTED}
    assert untouched.total.score == 0


def test_every_exercise_has_enough_answers_and_both_kinds_of_checks(starter: sandbox.Starter) -> None:
    folder = COURSE.checks("c2w1", "assignment")
    wrong, right = answers.read_all(folder, answers.WRONG), answers.read_all(folder, answers.RIGHT)
    with Grader(COURSE, seed=SEED, start=Shared(starter)) as grader:
        checks = grader.checks("c2w1", "assignment")
    assert {answer.exercise for answer in (*wrong, *right)} == set(SOURCE.exercises)
    for exercise in SOURCE.exercises:
        assert sum(answer.exercise == exercise for answer in wrong) >= 6, exercise
        assert sum(answer.exercise == exercise for answer in right) >= 3, exercise
        assert {check.visibility for check in checks if check.group == exercise} == set(Visibility), exercise
