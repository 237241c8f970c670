"""Tables and cards: what students wrote is shown, and can neither run, hide nor spill over."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.model import Check, Outcome, Problem, Result, Status, Visibility
from autograder.report import (
    MAX_MESSAGE,
    WIDTH,
    card_html,
    card_text,
    class_header,
    class_report,
    class_row,
    plain,
    points,
    problem_text,
    result_table,
)

FUZZ = settings(max_examples=200, deadline=None)
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;</pre></div>"
    "\x1b[31mred\x1b[0m\x1b]0;owned\x07\x9b2J\r\b\x00\u202egnp.exe\u2066\u200b\ufeff\ud800"
)


def outcome(status: Status = Status.FAILED, message: str = "", hint: str = "", **check: Any) -> Outcome:
    """The outcome of a check that is worth 2 points."""
    fields: dict[str, Any] = {"id": "test_square_value", "title": "square multiplies.", "group": "square"}
    fields |= {"visibility": Visibility.VISIBLE, "points": 2.0} | check
    earned = fields["points"] if status in (Status.PASSED, Status.FAULT) else 0.0
    return Outcome(Check(**fields), status, earned, message, hint)


def result(*outcomes: Outcome, **fields: Any) -> Result:
    base = {"assignment": "small", "notebook": "powers", "student": "ann", "seed": 1, "isolation": "L0"}
    return Result(**base | {"outcomes": outcomes} | fields)


def columns(text: str) -> int:
    """How wide a terminal shows a line, as wcwidth has it."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)


def is_harmless(text: str) -> bool:
    """Whether a terminal shows a text as it is, and a file can hold it."""
    text.encode()
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t\u200c\u200d" for c in text)


class Page(HTMLParser):
    """What a browser makes of a card: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attributes)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# ---- words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((0, "0"), (0.0, "0"), (-0.0, "0"), (1, "1"), (3.0, "3"), (2.5, "2.5"), (0.25, "0.25"), (1 / 3, "0.33")),
        *((2 / 3, "0.67"), (10, "10"), (100.0, "100"), (1200, "1200"), (0.1 + 0.2, "0.3"), (9.999, "10"), (0.001, "0")),
    ],
)
def test_points(number: float, expected: str) -> None:
    assert points(number) == expected


def test_plain_text() -> None:
    assert plain("a\nb\tc é 笔 😀") == "a\nb\tc é 笔 😀"
    assert plain("\x1b[31m") == "�[31m"
    for (
        hidden
    ) in "\x00\x07\x08\r\x0b\x1b\x7f\x85\x9b\xad\u200b\u200e\u202a\u202e\u2066\u2069\ufeff\ud800\udfff\U000e0041":
        assert plain(f"a{hidden}b") == "a�b"
    for joined in ("می\u200cخواهم", "👩\u200d💻", "e\u0301"):
        assert plain(joined) == joined


@FUZZ
@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_becomes_harmless(text: str) -> None:
    assert is_harmless(plain(text)) and len(plain(text)) == len(text)


def test_a_long_text_is_cut_and_says_so() -> None:
    assert plain("x" * MAX_MESSAGE) == "x" * MAX_MESSAGE
    assert plain("x" * (MAX_MESSAGE + 1)) == "x" * MAX_MESSAGE + "…"
    assert len(plain("é\x1b" * 10**6)) == MAX_MESSAGE + 1


def test_a_problem() -> None:
    assert problem_text("The file is empty.") == "This notebook could not be graded. The file is empty."
    assert is_harmless(problem_text(EVIL))


# ---- cards -------------------------------------------------------------------------------------------

FIVE = [
    outcome(Status.PASSED, title="One.", points=1),
    outcome(Status.FAILED, "All values differ.\nCall: square(3)", "Multiply.", title="Two.", points=2),
    outcome(Status.NOT_ATTEMPTED, "Not attempted yet.", title="Three.", points=0.5),
    outcome(Status.NOT_CHECKED, "Not checked until “Two.” passes.", title="Four.", points=3),
    outcome(Status.FAULT, "This check is broken.", title="Five.", points=4),
]


def test_a_card_as_text() -> None:
    assert card_text("square", FIVE) == (
        "square: 5 of 10.5 points\n"
        "  ✓ One. (1/1)\n"
        "  ✗ Two. (0/2, not yet)\n"
        "      All values differ.\n"
        "      Call: square(3)\n"
        "      Hint: Multiply.\n"
        "  · Three. (0/0.5, not attempted)\n"
        "      Not attempted yet.\n"
        "  – Four. (0/3, not checked)\n"
        "      Not checked until “Two.” passes.\n"
        "  ! Five. (4/4, check is broken)\n"
        "      This check is broken."
    )


def test_a_card_of_an_exercise_without_points() -> None:
    done = [outcome(Status.PASSED, title="Doubles.", points=0.0), outcome(title="Halves.", message="No.", points=0.0)]
    assert card_text("extra", done).splitlines() == [
        "extra: optional",
        "  ✓ Doubles.",
        "  ✗ Halves. (not yet)",
        "      No.",
    ]
    words = Page(card_html("extra", done)).text
    assert "optional" in words and "points" not in words


def test_a_card_as_html_says_the_same() -> None:
    page = Page(card_html("square", FIVE))
    assert page.open == []
    words = " ".join(card_text("square", FIVE).replace("square: ", "square").split())
    assert "".join(page.text.split()) == "".join(words.split())


@pytest.mark.parametrize(
    ("status", "mark", "colour"),
    [
        (Status.PASSED, "✓", "#218a3f"),
        (Status.FAILED, "✗", "#dc3c3c"),
        (Status.NOT_ATTEMPTED, "·", "#6e7781"),
        (Status.NOT_CHECKED, "–", "#6e7781"),
        (Status.FAULT, "!", "#a97100"),
    ],
)
def test_a_status_has_a_mark_and_a_colour(status: Status, mark: str, colour: str) -> None:
    alone, after = card_html("e", [outcome(status)]), card_html("e", [outcome(Status.PASSED), outcome(status)])
    assert f">{mark}</span>" in alone
    assert f"border-left:5px solid {colour}" in alone and f"border-left:5px solid {colour}" in after


@pytest.mark.parametrize("place", ["exercise", "title", "message", "hint"])
def test_html_in_a_card_does_not_run(place: str) -> None:
    parts = {"exercise": "square", "title": "Title", "message": "Message", "hint": "Hint"} | {place: EVIL}
    exercise = parts.pop("exercise").replace("\ud800", "")
    card = card_html(exercise, [outcome(**parts)])
    page = Page(card)
    assert page.open == []
    assert {tag for tag, _ in page.elements} == {"div", "span", "pre"}
    assert {attributes for _, attributes in page.elements} <= {(), ("style",)}
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;</pre></div>" in page.text
    assert len(page.elements) == len(Page(card_html("square", [outcome(title="T", message="M", hint="H")])).elements)
    if place != "exercise":  # which the instructor names
        assert is_harmless(card)


@FUZZ
@given(*[st.text(max_size=60)] * 4)
def test_any_text_in_a_card(exercise: str, title: str, message: str, hint: str) -> None:
    given_outcome = outcome(title=title, message=message, hint=hint)
    page = Page(card_html(exercise, [given_outcome]))
    assert page.open == [] and {tag for tag, _ in page.elements} <= {"div", "span", "pre"}
    lines = card_text("e", [given_outcome]).splitlines()
    assert is_harmless("\n".join(lines)) and all(line.startswith("  ") for line in lines[1:])


def test_control_characters_in_a_card_as_text() -> None:
    card = card_text("square", [outcome(title=EVIL, message=EVIL, hint=EVIL)])
    assert is_harmless(card) and "\x1b" not in card
    assert card.count("<script>") == 3  # text is text


def test_a_long_message_in_a_card_is_cut() -> None:
    long = [outcome(message="m" * 10**6, hint="h" * 10**6)]
    assert card_text("e", long).count("m" * MAX_MESSAGE + "…") == 1
    assert len(card_text("e", long)) < 3 * MAX_MESSAGE and len(card_html("e", long)) < 3 * MAX_MESSAGE


# ---- one notebook ------------------------------------------------------------------------------------


def test_a_table() -> None:
    table = result_table(
        result(
            *FIVE,
            outcome(Status.FAILED, "The value is wrong.", title="Six.", group="cube", visibility=Visibility.HIDDEN),
        )
    )
    lines = table.splitlines()
    assert lines[0] == "small/powers of ann"
    assert lines[1] == "─" * WIDTH
    assert lines[2] == f"{'square':<88} {'5/10.5':>11}"
    assert lines[3] == f"  ✓ {'One.':<84} {'1/1':>11}"
    assert lines[4:8] == [
        f"  ✗ {'Two.':<84} {'0/2':>11}",
        "      All values differ.",
        "      Call: square(3)",
        "      Hint: Multiply.",
    ]
    assert f"  – {'Four.':<84} {'0/3':>11}" in lines and f"  ! {'Five.':<84} {'4/4':>11}" in lines
    assert f"  · {'Three.':<84} {'0/0.5':>11}" in lines
    assert lines[-5:-2] == [
        f"{'cube':<88} {'0/2':>11}",
        f"  ✗ {'Six. [hidden]':<84} {'0/2':>11}",
        "      The value is wrong.",
    ]
    assert lines[-1] == f"{'total':<88} {'5/12.5':>11}"


def test_a_table_without_a_student() -> None:
    assert result_table(result(student=None)).splitlines()[0] == "small/powers"


def test_a_table_of_what_could_not_be_graded() -> None:
    lines = result_table(
        result(outcome(Status.NOT_CHECKED, "x"), error=Problem("not_json", "The file is " + "long " * 40 + "."))
    ).splitlines()
    assert lines[2].startswith("Not graded (not_json): The file is long")
    assert all(len(line) <= WIDTH for line in lines)
    assert lines[-1] == f"{'total':<88} {'0/2':>11}"
    assert not any("square" in line for line in lines)


def test_errors_of_cells_are_in_the_table() -> None:
    cells = ({"cell": 3, "id": "x", "ename": "ValueError", "evalue": "no\nline", "traceback": ""},)
    assert "! cell 4 raised ValueError: no line" in result_table(result(cells=cells)).splitlines()


def test_nothing_in_a_table_can_move_the_cursor() -> None:
    cells = ({"cell": 0, "id": "x", "ename": EVIL, "evalue": EVIL, "traceback": EVIL},)
    wrong = outcome(message=EVIL, hint=EVIL, title=EVIL)
    for shown in (
        result_table(result(wrong, cells=cells, student=EVIL)),
        result_table(result(error=Problem("kind", EVIL))),
        class_row(result(wrong, cells=cells, student=EVIL)),
        class_row(result(wrong, student=EVIL, error=Problem("kind", EVIL))),
    ):
        assert is_harmless(shown)


@pytest.mark.parametrize(
    "message", ["word " * 10_000, "x" * 100_000, "line\n" * 10_000, "wide 笔" * 10_000, "\t" * 10_000]
)
def test_a_long_message_in_a_table_is_cut(message: str) -> None:
    cells = ({"cell": 0, "id": "x", "ename": "E", "evalue": message, "traceback": message},)
    lines = result_table(result(outcome(message=message), cells=cells)).splitlines()
    assert len(lines) <= 4 + 24 + 2 + 2
    assert all(len(line) <= WIDTH for line in lines)


@pytest.mark.parametrize(
    "title", ["long " * 100, "x" * 500, "笔记本" * 100, "a\nb", "", "e\u0301" * 300, "👩\u200d💻" * 90]
)
@pytest.mark.parametrize("visibility", Visibility)
def test_points_stand_in_one_column_whatever_the_title(title: str, visibility: Visibility) -> None:
    row = result_table(result(outcome(title=title, visibility=visibility))).splitlines()[3]
    assert columns(row) == WIDTH and row.endswith("        0/2")
    assert ("[hidden]" in row) == (visibility is Visibility.HIDDEN)
    assert len(title) < 10 or "…" in row


# ---- a class -----------------------------------------------------------------------------------------


def test_the_rows_of_a_class_stand_below_their_heads() -> None:
    head = class_header().splitlines()[0]
    row = class_row(result(outcome(Status.FAILED), outcome(Status.PASSED, group="cube")))
    for word, part in (("student", "ann"), ("notebook", "powers"), ("remarks", "not yet: square")):
        assert head.index(word) == row.index(part)
    assert head.index("points") + len("points") == row.index("2/4") + len("2/4")


@pytest.mark.parametrize(
    "student",
    [
        *("a" * 24, "a" * 25, "averyveryverylongstudentname@university.example", "many short words " * 5, "学生" * 6),
        *(
            "学生" * 30,
            "a学" * 10,
            "e\u0301" * 24,
            "e\u0301" * 25,
            "Ⅷ",
            "👩\u200d💻 Ada",
            "می\u200cخواهم",
            "\ud800",
            " ",
        ),
    ],
)
def test_names_of_any_length_and_script_keep_the_columns(student: str) -> None:
    row = class_row(result(outcome(Status.PASSED), student=student))
    name = row[: row.index(" powers")]
    assert columns(name) == 24
    assert row.endswith("powers                   2/2")
    shown = plain(student).strip()
    assert name.rstrip() == shown if columns(shown) <= 24 else name.rstrip().endswith("…")
    assert name[:4] == shown.ljust(4)[:4]


def test_a_row_is_never_wider_than_the_terminal() -> None:
    long = result(
        outcome(title="t" * 500, group="g" * 500), student="s" * 500, notebook="n" * 500, error=Problem("k", "m" * 500)
    )
    for shown in (long, result(outcome(group="group" * 100), student="学" * 500)):
        row = class_row(shown)
        assert columns(row) <= WIDTH and row.endswith("…") and "…" in row[:30]
    assert "mmm" in class_row(long)  # cut, not dropped


@pytest.mark.parametrize(
    ("fields", "remark"),
    [
        ({"outcomes": (outcome(Status.PASSED),)}, ""),
        ({"outcomes": (outcome(Status.FAILED), outcome(Status.PASSED, group="cube"))}, "not yet: square"),
        ({"outcomes": (outcome(), outcome(group="cube"), outcome(group="cube"))}, "not yet: square, cube"),
        ({"outcomes": (outcome(Status.NOT_ATTEMPTED),) * 2}, "nothing attempted"),
        ({"outcomes": (outcome(Status.NOT_ATTEMPTED), outcome(Status.PASSED))}, ""),
        ({"outcomes": (outcome(Status.FAULT),)}, "needs a human: broken check test_square_value"),
        (
            {"outcomes": (outcome(Status.NOT_CHECKED),), "error": Problem("empty", "The file is empty.")},
            "needs a human (empty): The file is empty.",
        ),
        (
            {"outcomes": (outcome(),), "cells": ({"cell": 1, "ename": "SyntaxError", "evalue": ""},)},
            "cell 2 raised SyntaxError; not yet: square",
        ),
    ],
)
def test_remarks(fields: dict[str, Any], remark: str) -> None:
    assert class_row(result(**fields))[class_header().index("remarks") :] == remark


def test_a_student_who_is_not_known() -> None:
    assert class_row(result(outcome(), student=None)).startswith("–  ")


# ---- the class report --------------------------------------------------------------------------------


def test_the_class_report() -> None:
    right, wrong = outcome(Status.PASSED), outcome(Status.FAILED)
    skipped = outcome(Status.NOT_ATTEMPTED, group="cube", id="test_cube", title="cube.")
    report = class_report(
        [
            result(right, skipped),
            result(right, skipped),
            result(wrong, outcome(Status.PASSED, group="cube", id="test_cube", title="cube.")),
            result(wrong, skipped),
            result(wrong, error=Problem("empty", "x")),
        ]
    ).splitlines()
    assert report[0] == "4 of 5 notebooks graded; lowest 0%, median 50%, highest 50% of the points"
    square, cube = report[3:5]
    assert square.split() == ["square", "█" * 12, "50%", "0%"]
    assert cube.split() == ["cube", "█" * 6, "25%", "75%"]
    assert report[-2:] == ["failed most often", "    2 × square multiplies. (square)"]


def test_the_class_report_of_an_exercise_without_points() -> None:
    """It has no share of points; who tried it is told instead."""
    parts = ("first", "second")
    passed, failed, skipped, unchecked = (
        tuple(outcome(status, id=part, group="extra", points=0.0) for part in parts)
        for status in (Status.PASSED, Status.FAILED, Status.NOT_ATTEMPTED, Status.NOT_CHECKED)
    )
    half = (passed[0], failed[1])
    optional = [*(passed,) * 3, half, failed, unchecked, skipped, skipped]
    report = class_report([result(outcome(Status.PASSED), *extra) for extra in optional]).splitlines()
    square, extra = report[3:5]
    assert square.split() == ["square", "█" * 24, "100%", "0%"]
    assert extra.split(maxsplit=1) == ["extra", f"{'optional: 5 tried it, 3 passed':<33}   25%"]
    assert square.rindex("%") == extra.rindex("%")
    alone = class_report([result(*extra) for extra in optional]).splitlines()
    assert alone[0] == "8 of 8 notebooks graded"
    assert alone[3] == extra


def test_the_class_report_of_nothing() -> None:
    assert class_report([]) == "0 of 0 notebooks graded"
    assert class_report([result(error=Problem("empty", "x"))]) == "0 of 1 notebooks graded"
    assert "exercise" in class_report([result()])


def test_the_class_report_keeps_its_width() -> None:
    report = class_report([result(outcome(title=EVIL + "t" * 500, group="g" * 500))])
    assert is_harmless(report)
    assert all(columns(line) <= WIDTH for line in report.splitlines())
    assert "ggg" in report and "…" in report
