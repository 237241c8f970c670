"""Week 4: the assignment meets every demand, and all notebooks are graded as they should be, with known answers."""

from __future__ import annotations

import pytest
import weeks
from courses import REPO, Shared

from autograder import answers, notebook, sandbox
from autograder.course import Course
from autograder.findings import Fate
from autograder.grade import Grader
from autograder.model import Result, Status, Visibility

COURSE = Course(REPO)
SEED = 20_264
NOTEBOOKS = ("assignment", "mirrored_basics", "mirrored_custom_loop", "one_device", "tpu")
POINTS = {"assignment": 48.0, **dict.fromkeys(NOTEBOOKS[1:], 6.0)}
OPTIONAL = "multi_worker"
LOOKED_AT: weeks.LookedAt = {
    # That is what a model does when nobody says anything.
    ("make_test_step:22 training 2", Fate.EQUIVALENT): "mode of the model: training=False left out",
    # SGD without momentum has nothing to build, and the model no layer that cares for the mode. (The steps' models do.)
    ("train:26 statement", Fate.SURVIVED): "statement deleted: optimizer.build(model.trainable_variables)",
    ("train:33 training", Fate.SURVIVED): "mode of the model: training=False for training=True",
    ("train:33 training 2", Fate.SURVIVED): "mode of the model: training=True left out",
}


@pytest.fixture(scope="module")
def proof(starter: sandbox.Starter) -> weeks.Proof:
    """What the assignment proves."""
    return weeks.prove(starter, "c2w4", weeks.GRADED)


def test_the_assignment_meets_every_demand(proof: weeks.Proof) -> None:
    weeks.assert_every_demand_is_met(proof)


def test_every_mutant_that_is_not_caught_was_looked_at(proof: weeks.Proof) -> None:
    weeks.assert_mutants_were_looked_at(proof, LOOKED_AT)


def test_the_assignment_has_enough_answers(proof: weeks.Proof) -> None:
    weeks.assert_enough_answers(proof, "c2w4", exercises=10)


def graded(starter: sandbox.Starter, name: str, node: dict[str, object]) -> Result:
    with Grader(COURSE, seed=SEED, start=Shared(starter)) as grader:
        return grader.grade(notebook.from_node(node), "c2w4", name).result


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_grading_the_reference_and_the_untouched_release(starter: sandbox.Starter, name: str) -> None:
    source = COURSE.read_source("c2w4", name)
    reference = graded(starter, name, answers.answered(source))
    assert {outcome.status for outcome in reference.outcomes} == {Status.PASSED}
    assert reference.total.score == reference.total.max_score == POINTS[name]
    assert reference.cells == ()
    untouched = graded(starter, name, answers.untouched(source))
    assert {outcome.status for outcome in untouched.outcomes} == {Status.NOT_ATTEMPTED}
    assert untouched.total.score == 0


def test_the_optional_notebook_costs_nobody_a_point(starter: sandbox.Starter) -> None:
    """Where there cannot be two workers, what needs them is not checked."""
    source = COURSE.read_source("c2w4", OPTIONAL)
    reference = graded(starter, OPTIONAL, answers.answered(source))
    found = {outcome.check.id: outcome.status for outcome in reference.outcomes}
    two = Status.PASSED if starter.machine.choice.level == "L3" else Status.NOT_CHECKED
    assert found.pop("test_sharded_batches_two") is two
    assert set(found.values()) == {Status.PASSED}
    untouched = graded(starter, OPTIONAL, answers.untouched(source))
    assert {outcome.status for outcome in untouched.outcomes} == {Status.NOT_ATTEMPTED}
    assert reference.total.max_score == untouched.total.max_score == 0
    assert reference.cells == ()


@pytest.mark.parametrize(
    ("name", "fewest_wrong", "fewest_right"),
    [("assignment", 6, 3), *((name, 3, 2) for name in (*NOTEBOOKS[1:], OPTIONAL))],
)
def test_every_exercise_has_known_answers(name: str, fewest_wrong: int, fewest_right: int) -> None:
    source = COURSE.read_source("c2w4", name)
    folder = COURSE.checks("c2w4", name)
    wrong, right = answers.read_all(folder, answers.WRONG), answers.read_all(folder, answers.RIGHT)
    assert {answer.exercise for answer in (*wrong, *right)} == set(source.exercises)
    for exercise in source.exercises:
        assert sum(answer.exercise == exercise for answer in wrong) >= fewest_wrong, exercise
        assert sum(answer.exercise == exercise for answer in right) >= fewest_right, exercise


def test_every_graded_part_has_both_kinds_of_checks(starter: sandbox.Starter) -> None:
    with Grader(COURSE, seed=SEED, start=Shared(starter)) as grader:
        checks = grader.checks("c2w4", "assignment")
    for exercise in COURSE.read_source("c2w4", "assignment").exercises:
        assert {check.visibility for check in checks if check.group == exercise} == set(Visibility), exercise
