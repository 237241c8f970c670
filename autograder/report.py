"""Results in forms that people read: tables on a terminal, and the card of an exercise as text and as HTML.

One pure function for each form. What students wrote ends up in messages, so terminal text is freed of
control characters and HTML is escaped.
"""

from __future__ import annotations

import bisect
import html
import itertools
import statistics
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from .model import Outcome, Result, Score, Status

_MARKS = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.NOT_ATTEMPTED: "·",
    Status.NOT_CHECKED: "–",
    Status.FAULT: "!",
}
_WORDS = {
    Status.PASSED: "passed",
    Status.FAILED: "not yet",
    Status.NOT_ATTEMPTED: "not attempted",
    Status.NOT_CHECKED: "not checked",
    Status.FAULT: "check is broken",
}
_COLOURS = {  # each can be read on white and on black: a notebook may be shown in a dark theme
    Status.PASSED: "#218a3f",
    Status.FAILED: "#dc3c3c",
    Status.NOT_ATTEMPTED: "#6e7781",
    Status.NOT_CHECKED: "#6e7781",
    Status.FAULT: "#a97100",
}
_BESIDE = "opacity:.75"  # of what is said beside the point, in the colour of the text around
MAX_MESSAGE = 4_000  # characters of one message that are shown
WIDTH = 100
_KEPT = "\n\t\u200c\u200d"  # line ends, tabs, and the joiners that Persian, Hindi and emoji need


def points(number: float) -> str:
    """Points without needless decimals: ``3``, ``2.5``."""
    return f"{number:.2f}".rstrip("0").rstrip(".") if number else "0"


def plain(text: str) -> str:
    """Text that a terminal may show, cut to a length: no control characters, no bidirectional overrides."""
    if len(text) > MAX_MESSAGE:
        text = text[:MAX_MESSAGE] + "…"
    kept = (c if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "�" for c in text)
    return "".join(kept)


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())


def _column(text: str, width: int) -> str:
    """One line of text, cut or filled to a number of columns; characters of East Asian scripts take two each."""
    text = _one_line(text)
    ends = list(itertools.accumulate(map(_columns, text), initial=0))
    if ends[-1] > width:
        text = text[: max(bisect.bisect_right(ends, width - 1) - 1, 0)] + "…"
    return text + " " * (width - sum(map(_columns, text)))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


# ---- one exercise ------------------------------------------------------------------------------------


def card_text(exercise: str, outcomes: Sequence[Outcome]) -> str:
    """The outcomes of one exercise as plain text.

    Args:
        exercise: Its name.
        outcomes: Its checks.
    """
    lines = [f"{exercise}: {_score(outcomes)}"]
    for outcome in outcomes:
        lines.append(f"  {_MARKS[outcome.status]} {_one_line(outcome.check.title)} {_earned(outcome)}".rstrip())
        for part in (outcome.message, f"Hint: {outcome.hint}" if outcome.hint else ""):
            lines += [f"      {line}" for line in plain(part).splitlines()]
    return "\n".join(lines)


def card_html(exercise: str, outcomes: Sequence[Outcome]) -> str:
    """The outcomes of one exercise as a card of plain HTML: inline styles, no script, no link.

    Args:
        exercise: Its name.
        outcomes: Its checks.
    """
    worst = next((o.status for o in outcomes if o.status is not Status.PASSED), Status.PASSED)
    rows = "".join(_row(outcome) for outcome in outcomes)
    return (
        f'<div style="border:1px solid rgba(128,128,128,.4);border-left:5px solid {_COLOURS[worst]};border-radius:6px;'
        'padding:8px 14px;margin:4px 0;max-width:900px;font-family:sans-serif;line-height:1.45">'
        f'<div style="font-weight:600">{html.escape(exercise)}'
        f'<span style="float:right;color:{_COLOURS[worst]}">{_score(outcomes)}</span></div>{rows}</div>'
    )


def _row(outcome: Outcome) -> str:
    colour = _COLOURS[outcome.status]
    parts = [
        f'<div style="margin-top:6px"><span style="color:{colour};font-weight:600">{_MARKS[outcome.status]}</span> '
        f"{html.escape(plain(outcome.check.title))} "
        f'<span style="{_BESIDE}">{html.escape(_earned(outcome))}</span></div>'
    ]
    if outcome.message:
        parts.append(
            '<pre style="margin:4px 0 0 20px;padding:6px 10px;background:rgba(128,128,128,.12);color:inherit;'
            'border-radius:4px;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;font-size:90%">'
            f"{html.escape(plain(outcome.message))}</pre>"
        )
    if outcome.hint:
        hint = html.escape(plain(outcome.hint))
        parts.append(f'<div style="margin:4px 0 0 20px;{_BESIDE}">Hint: {hint}</div>')
    return "".join(parts)


def _score(outcomes: Iterable[Outcome]) -> str:
    total = Score.of(outcomes)
    return f"{points(total.score)} of {points(total.max_score)} points" if total.max_score else "optional"


def _earned(outcome: Outcome) -> str:
    """What a check earned, and how it went where it is not passed; of one without points the latter only."""
    told = [f"{points(outcome.score)}/{points(outcome.check.points)}"] * bool(outcome.check.points)
    if outcome.status is not Status.PASSED:
        told.append(_WORDS[outcome.status])
    return f"({', '.join(told)})" if told else ""


def problem_text(message: str) -> str:
    """What a student reads where a notebook could not be graded."""
    return f"This notebook could not be graded. {plain(message)}"


# ---- one notebook ------------------------------------------------------------------------------------


def result_table(result: Result, *, width: int = WIDTH) -> str:
    """The Result of one notebook as a table: check title, points, message.

    Args:
        result: The Result.
        width: Columns of the terminal.
    """
    who = f" of {_one_line(result.student)}" if result.student else ""
    lines = [f"{result.assignment}/{result.notebook}{who}", "─" * width]
    if result.error is not None:
        lines += textwrap.wrap(f"Not graded ({result.error.kind}): {_one_line(result.error.message)}", width)
    else:
        for group, outcomes in result.groups().items():
            lines.append(f"{_column(group, width - 12)} {_total(Score.of(outcomes)):>11}")
            for outcome in outcomes:
                lines += _check_lines(outcome, width)
        for cell in result.cells:
            told = _one_line(f"cell {cell['cell'] + 1} raised {cell['ename']}: {cell['evalue']}")
            lines += textwrap.wrap(told, width, initial_indent="! ", subsequent_indent="  ")[:2]
    lines += ["─" * width, f"{'total':<{width - 12}} {_total(result.total):>11}"]
    return "\n".join(lines)


def _check_lines(outcome: Outcome, width: int) -> list[str]:
    hidden = "" if outcome.check.visibility == "visible" else " [hidden]"
    title = _column(_column(outcome.check.title, width - 16 - len(hidden)).rstrip() + hidden, width - 16)
    earned = f"{points(outcome.score)}/{points(outcome.check.points)}"
    lines = [f"  {_MARKS[outcome.status]} {title} {earned:>11}"]
    if outcome.status is not Status.PASSED:
        for line in plain(outcome.message).splitlines()[:8]:
            lines += textwrap.wrap(line, width - 6, initial_indent="      ", subsequent_indent="      ")[:3]
        if outcome.hint:
            hint = f"Hint: {_one_line(outcome.hint)}"
            lines += textwrap.wrap(hint, width - 6, initial_indent="      ", subsequent_indent="      ")
    return lines


def _total(score: Score) -> str:
    return f"{points(score.score)}/{points(score.max_score)}"


# ---- a class -----------------------------------------------------------------------------------------


def class_header(width: int = WIDTH) -> str:
    """The head of the class table; :func:`class_row` gives its rows."""
    return f"{'student':<24} {'notebook':<18} {'points':>9}  remarks\n" + "─" * width


def class_row(result: Result, *, width: int = WIDTH) -> str:
    """One notebook of one student as a row of the class table."""
    student, notebook = _column(result.student or "–", 24), _column(result.notebook, 18)
    remark = _column(_remark(result), max(width - 55, 20))
    return f"{student} {notebook} {_total(result.total):>9}  {remark}".rstrip()


def _remark(result: Result) -> str:
    if result.error is not None:
        return f"needs a human ({result.error.kind}): {result.error.message}"
    if result.faults:
        return f"needs a human: broken check {', '.join(outcome.check.id for outcome in result.faults)}"
    statuses = [outcome.status for outcome in result.outcomes]
    if all(status is Status.NOT_ATTEMPTED for status in statuses):
        return "nothing attempted"
    failed = [group for group, outcomes in result.groups().items() if any(o.status is Status.FAILED for o in outcomes)]
    remarks = [f"not yet: {', '.join(failed)}"] if failed else []
    if result.cells:
        first = result.cells[0]
        remarks.insert(0, f"cell {first['cell'] + 1} raised {first['ename']}")
    return "; ".join(remarks)


def class_report(results: Sequence[Result], *, width: int = WIDTH) -> str:
    """What a class found hard: the spread of the scores, each exercise, and the checks that failed most.

    Args:
        results: The Results of one assignment; those that could not be graded are counted apart.
        width: Columns of the terminal.
    """
    graded = [result for result in results if result.error is None]
    lines = [f"{len(graded)} of {len(results)} notebooks graded"]
    if not graded:
        return lines[0]
    shares = sorted(result.total.score / result.total.max_score for result in graded if result.total.max_score)
    if shares:
        spread = (shares[0], statistics.median(shares), shares[-1])
        lines[0] += "; lowest {:.0%}, median {:.0%}, highest {:.0%} of the points".format(*spread)
    lines += ["", f"{'exercise':<28} {'points earned':<34} not attempted"]
    several = len({result.notebook for result in graded}) > 1
    for (notebook, exercise), answers in _by_exercise(graded).items():
        outcomes = [outcome for answer in answers for outcome in answer]
        skipped = sum(outcome.status is Status.NOT_ATTEMPTED for outcome in outcomes) / len(outcomes)
        name = f"{notebook}/{exercise}" if several else exercise
        lines.append(f"{_column(name, 28)} {_column(_done(answers), 33)} {skipped:>5.0%}".rstrip())
    missed = Counter(o.check for result in graded for o in result.outcomes if o.status is Status.FAILED)
    if missed:
        lines += ["", "failed most often"]
    for check, times in missed.most_common(5):
        lines.append(f"{times:>5} × {_column(f'{check.title} ({check.group})', width - 8)}".rstrip())
    return "\n".join(lines)


def _done(answers: Sequence[Sequence[Outcome]]) -> str:
    """How a class did in an exercise: a bar for its points; where it is worth none, who tried it."""
    total = Score.of(itertools.chain.from_iterable(answers))
    if not total.max_score:
        statuses = [{outcome.status for outcome in answer} for answer in answers]
        tried = sum(bool(each & {Status.PASSED, Status.FAILED}) for each in statuses)
        return f"optional: {tried} tried it, {statuses.count({Status.PASSED})} passed"
    share = total.score / total.max_score
    return f"{'█' * round(share * 24):<24} {share:>5.0%}"


def _by_exercise(results: Iterable[Result]) -> dict[tuple[str, str], list[tuple[Outcome, ...]]]:
    """The outcomes of each exercise, for each of the students."""
    found: dict[tuple[str, str], list[tuple[Outcome, ...]]] = {}
    for result in results:
        for group, outcomes in result.groups().items():
            found.setdefault((result.notebook, group), []).append(outcomes)
    return found
