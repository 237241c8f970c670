"""What every notebook of the course has to prove. Each week has a test file that calls this.

`TEST_WEEKS=all make test` proves it as `autograder validate` does. Otherwise fewer seeds are tried, and mutants of
assignments only, since labs are demanded nothing of them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from courses import REPO, Shared

from autograder import answers, sandbox
from autograder import notebook as nb
from autograder.course import Course
from autograder.findings import DEMANDS, Fate, Report, to_text
from autograder.grade import Grader
from autograder.model import Check, Result, Status, Visibility
from autograder.validate import SEEDS, validate

COURSE = Course(REPO)
GRADED = "assignment"  # the other notebooks of a week are labs
MIN_KILLED = 0.95
THOROUGH = os.environ.get("TEST_WEEKS") == "all"
FEW_SEEDS = 2

LookedAt = Mapping[tuple[str, Fate], str]  # what a mutant that is not caught is, by its name and its fate


@dataclass(frozen=True)
class Proof:
    """What was found out about a notebook.

    Args:
        notebook: Its name.
        source: The instructor's version.
        report: Of its validation.
        checks: Its checks.
        reference: What the reference got.
        untouched: What the release as it is handed out got.
    """

    notebook: str
    source: nb.Notebook
    report: Report
    checks: tuple[Check, ...]
    reference: Result
    untouched: Result


def prove(starter: sandbox.Starter, assignment: str, notebook: str) -> Proof:
    """Validate a notebook and grade it, as it is solved and as it is handed out."""
    source = COURSE.read_source(assignment, notebook)
    is_graded = notebook == GRADED
    report = validate(
        COURSE,
        assignment,
        notebook,
        Shared(starter),
        jobs=2,
        seeds=SEEDS if THOROUGH else FEW_SEEDS,
        with_mutants=is_graded or THOROUGH,
        min_killed=MIN_KILLED if is_graded else None,
    )
    with Grader(COURSE, start=Shared(starter)) as grader:
        reference, untouched = (
            grader.grade(nb.from_node(node), assignment, notebook).result
            for node in (answers.answered(source), answers.untouched(source))
        )
        checks = grader.checks(assignment, notebook)
    return Proof(notebook, source, report, checks, reference, untouched)


def assert_every_demand_is_met(proof: Proof) -> None:
    """Nothing is demanded, and nothing warned of."""
    assert proof.report.findings == (), to_text(proof.report)
    assert set(proof.report.tried) >= set(DEMANDS) - {"mutants"}


def assert_mutants_were_looked_at(proof: Proof, looked_at: LookedAt) -> None:
    """A person has seen why each mutant that is not caught computes the same, or why it may pass."""
    if not proof.report.mutants:
        pytest.skip("the mutants of labs are tried with TEST_WEEKS=all")
    names = [judged.mutant.name for judged in proof.report.mutants]
    assert len(set(names)) == len(names)  # else one could hide behind another
    left = {(judged.mutant.name, judged.fate): judged.mutant.description for judged in proof.report.mutants}
    assert {key: told for key, told in left.items() if key[1] is not Fate.KILLED} == looked_at


def assert_points(proof: Proof) -> None:
    """The reference earns them all and the untouched release none."""
    assert {outcome.status for outcome in proof.reference.outcomes} == {Status.PASSED}
    assert proof.reference.total.score == proof.reference.total.max_score > 0
    assert proof.reference.cells == ()
    assert {outcome.status for outcome in proof.untouched.outcomes} == {Status.NOT_ATTEMPTED}
    assert proof.untouched.total.score == 0


def assert_enough_answers(proof: Proof, assignment: str, *, exercises: int) -> None:
    """Each exercise has its known answers, and the checks that its notebook is to have."""
    is_graded = proof.notebook == GRADED
    folder = COURSE.checks(assignment, proof.notebook)
    known = {kind: answers.read_all(folder, kind) for kind in (answers.WRONG, answers.RIGHT)}
    assert len(proof.source.exercises) >= exercises
    for exercise in proof.source.exercises:
        wrong, right = ([answer for answer in known[kind] if answer.exercise == exercise] for kind in known)
        assert len(wrong) >= (6 if is_graded else 3), exercise
        assert len(right) >= (3 if is_graded else 2), exercise
        own = [check for check in proof.checks if check.group == exercise]
        assert Visibility.VISIBLE in {check.visibility for check in own}, exercise
        if is_graded:
            assert Visibility.HIDDEN in {check.visibility for check in own}, exercise
        else:
            assert sum(check.points for check in own) == 1, exercise
