"""The corpus itself, and those attacks that are graded without isolation. The others are in the tests of the modes."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from courses import notebook

from attacks import modes
from attacks.arena import FULL, Arena
from attacks.corpus import ATTACKS
from attacks.corpus.attack import HALF, LINES, RIGHT, WRONG, Attack
from attacks.corpus.metadata import cell_of
from attacks.corpus.threats import THREATS
from autograder import notebook as nb

BARE = tuple(attack for attack in ATTACKS if attack.bare)


def test_every_attack_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(attack.name for attack in ATTACKS).items() if times > 1] == []
    assert len(ATTACKS) >= 400


@pytest.mark.parametrize("line", LINES)
def test_every_phrase_of_the_threats_has_an_attack(line: str) -> None:
    names = {attack.name for attack in ATTACKS}
    assert all(THREATS[line].values())
    assert {name for rows in THREATS[line].values() for name in rows} - names == set()
    assert [attack for attack in ATTACKS if attack.line == line]


def test_every_phrase_of_the_threats_is_tried_in_every_mode() -> None:
    graded = {attack.name for attack in (*modes.Mode("L2", "root").attacks, *BARE)}
    inside = [line for line in LINES if line not in modes.INSIDE]
    phrases = {phrase: rows for line in inside for phrase, rows in THREATS[line].items()}
    assert [phrase for phrase, rows in phrases.items() if not graded & set(rows)] == []


def test_the_works_that_attacks_ride_on(arena: Arena) -> None:
    scores = [arena.baseline(work, "calm") for work in (WRONG, HALF, RIGHT)]
    assert scores == [0.0, 3.0, FULL]


def test_no_solution_goes_to_a_worker() -> None:
    source = notebook()
    cell_of(source, "square-solution")["metadata"]["nbgrader"]["locked"] = True
    student = nb.parse(json.dumps(notebook(WRONG.square)).encode())
    sent = nb.steps(student, nb.parse(json.dumps(source).encode()))
    assert WRONG.square in [step.source for step in sent]


@pytest.mark.parametrize("attack", BARE, ids=lambda attack: attack.name)
def test_attack_that_nothing_holds(arena: Arena, attack: Attack) -> None:
    arena.judge(attack)
    arena.right_work_earns_everything()
