"""Every attack of the corpus, graded for real: it earns, learns, leaves and stops nothing."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import pytest
from courses import notebook

from attacks.arena import FULL, Arena
from attacks.corpus import ATTACKS
from attacks.corpus.attack import HALF, RIGHT, WRONG, Attack
from attacks.corpus.metadata import cell_of
from autograder import notebook as nb

_count = itertools.count(1)


def test_every_attack_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(attack.name for attack in ATTACKS).items() if times > 1] == []
    assert len(ATTACKS) >= 50


def test_the_works_that_attacks_ride_on(arena: Arena) -> None:
    scores = [arena.baseline(work, "calm") for work in (WRONG, HALF, RIGHT)]
    assert scores == [0.0, 3.0, FULL]


def test_no_solution_goes_to_a_worker() -> None:
    source = notebook()
    cell_of(source, "square-solution")["metadata"]["nbgrader"]["locked"] = True
    student = nb.parse(json.dumps(notebook(WRONG.square)).encode())
    sent = nb.steps(student, nb.parse(json.dumps(source).encode()))
    assert WRONG.square in [step.source for step in sent]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(arena: Arena, attack: Attack) -> None:
    arena.judge(attack)
    if next(_count) % 5 == 0:
        arena.right_work_earns_everything()


def test_after_all_attacks_right_work_earns_everything(arena: Arena) -> None:
    for pace in ("calm", "hurried"):
        arena.right_work_earns_everything(pace)
    arena.judge_remains()
