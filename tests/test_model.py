"""Results: their JSON both ways, their groups and their totals."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.model import Check, Outcome, Problem, Result, Score, Status, Visibility


def check(name: str = "test_square_value", group: str = "square", points: float = 2.0) -> Check:
    return Check(name, "square squares.", group, Visibility.VISIBLE, points)


def outcome(name: str, group: str, status: Status, score: float, points: float) -> Outcome:
    return Outcome(check(name, group, points), status, score)


RESULT = Result(
    assignment="small",
    notebook="powers",
    student="Åsa 🙂",
    seed=281474976710655,
    isolation="L0",
    outcomes=(
        outcome("test_a_1", "a", Status.PASSED, 1, 1),
        outcome("test_b_1", "b", Status.NOT_ATTEMPTED, 0, 2),
        Outcome(
            Check("test_a_2", "Title", "a", Visibility.HIDDEN, 3.0),
            Status.FAULT,
            3.0,
            "line 1\nline 2",
            "Think.",
            0.1234,
            "Traceback",
        ),
        outcome("test_b_2", "b", Status.NOT_CHECKED, 0, 2),
        outcome("test_b_3", "b", Status.FAILED, 0.5, 2),
    ),
    cells=({"cell": 3, "id": "x", "ename": "E", "evalue": "v", "traceback": "t"},),
)


def test_json_both_ways() -> None:
    assert Result.from_dict(json.loads(RESULT.to_json())) == RESULT


def test_the_json_of_a_result() -> None:
    data = json.loads(RESULT.to_json())
    assert list(data) == [
        *("schema", "assignment", "notebook", "student", "score", "max_score", "seed", "isolation"),
        *("checks", "cells", "error"),
    ]
    assert (data["schema"], data["score"], data["max_score"], data["error"]) == (1, 4.5, 10, None)
    assert data["checks"][2] == {
        "id": "test_a_2",
        "title": "Title",
        "status": "fault",
        "visibility": "hidden",
        "score": 3.0,
        "max_score": 3.0,
        "message": "line 1\nline 2",
        "hint": "Think.",
        "seconds": 0.1234,
        "group": "a",
        "detail": "Traceback",
    }
    assert {each["status"] for each in data["checks"]} == {
        *("passed", "not_attempted", "fault", "not_checked", "failed")
    }


def test_json_is_one_text_with_a_newline_at_its_end() -> None:
    text = RESULT.to_json()
    assert text.endswith("}\n")
    assert "Åsa 🙂" in text


def test_an_error_goes_through_json() -> None:
    broken = dataclasses.replace(RESULT, error=Problem("not_json", "The file is cut."), student=None, outcomes=())
    again = Result.from_dict(json.loads(broken.to_json()))
    assert again == broken
    assert json.loads(broken.to_json())["error"] == {"kind": "not_json", "message": "The file is cut."}


@pytest.mark.parametrize("schema", [0, 2, "1", None])
def test_another_schema_is_refused(schema: object) -> None:
    with pytest.raises(ValueError, match=f"schema {schema!r} cannot be read; this version reads 1"):
        Result.from_dict(RESULT.to_dict() | {"schema": schema})


@pytest.mark.parametrize(("key", "value"), [("status", "won"), ("visibility", "open")])
def test_an_unknown_word_is_refused(key: str, value: str) -> None:
    data = RESULT.to_dict()
    data["checks"][0][key] = value
    with pytest.raises(ValueError, match=value):
        Result.from_dict(data)


def test_groups_keep_the_order_of_the_checks() -> None:
    groups = RESULT.groups()
    assert {name: [each.check.id for each in members] for name, members in groups.items()} == {
        "a": ["test_a_1", "test_a_2"],
        "b": ["test_b_1", "test_b_2", "test_b_3"],
    }
    assert list(groups) == ["a", "b"]


def test_totals() -> None:
    assert RESULT.total == Score(4.5, 10)
    assert Score.of(RESULT.groups()["a"]) == Score(4, 4)
    assert Score.of(()) == Score(0, 0)
    assert Score.of(each for each in RESULT.outcomes) == RESULT.total


def test_sums_show_no_rounding_noise() -> None:
    tenths = [outcome(f"test_{number}", "a", Status.PASSED, 0.1, 0.1) for number in range(3)]
    assert sum(each.score for each in tenths) != 0.3
    assert Score.of(tenths) == Score(0.3, 0.3)


@given(st.lists(st.integers(0, 1000), max_size=30))
def test_points_in_hundredths_add_up_exactly(hundredths: list[int]) -> None:
    outcomes = [outcome("test", "a", Status.PASSED, points / 100, points / 100) for points in hundredths]
    assert Score.of(outcomes) == Score(sum(hundredths) / 100, sum(hundredths) / 100)


def test_seconds_are_rounded() -> None:
    assert Outcome(check(), Status.PASSED, 2, seconds=0.123456).to_dict()["seconds"] == 0.1235


def test_who_has_to_look() -> None:
    assert RESULT.needs_human
    assert [each.check.id for each in RESULT.faults] == ["test_a_2"]
    clean = dataclasses.replace(RESULT, outcomes=RESULT.outcomes[:1])
    assert not clean.needs_human
    assert clean.faults == ()
    assert dataclasses.replace(clean, error=Problem("empty", "The file is empty.")).needs_human
