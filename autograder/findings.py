"""What a validation found, and its forms: text for a terminal, data for JSON. Everything here is frozen and plain."""

from __future__ import annotations

import dataclasses
import json
import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .expect import FlakeRate
from .mutants import Mutant
from .report import WIDTH, plain, points

SCHEMA = 1


class Severity(StrEnum):
    """Whether a finding has to be mended."""

    DEMAND = "demand"  # the assignment must not be released as it is
    WARNING = "warning"  # a person should look at it


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be.

    Args:
        severity: Whether it has to be mended.
        demand: Which demand it belongs to, a key of :data:`DEMANDS`.
        where: A check, an answer, an exercise or a file.
        what: What is wrong.
        todo: What to do about it.
    """

    severity: Severity
    demand: str
    where: str
    what: str
    todo: str


DEMANDS = {
    "files": "points, ids and cells agree",
    "reference": "the reference gets full marks with {seeds} seeds",
    "untouched": "the untouched release gets nothing",
    "wrong": "{wrong} wrong answers fail exactly the checks that they say",
    "right": "{right} right answers pass every check",
    "recorded": "the visible checks run with the recorded replies alone",
    "tolerance": "tolerances are wider than the reference's own noise",
    "mutants": "at least {min_killed} of the mutants are caught",
}


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"  # checks failed, whatever the seed
    SURVIVED = "survived"  # every check passed, at least with some seeds; yet its replies are not the reference's
    EQUIVALENT = "equivalent"  # on all probes it replied what the reference or a right answer does


@dataclass(frozen=True)
class Judged:
    """A mutant that has been tried.

    Args:
        mutant: The mutant.
        fate: What became of it.
        caught_by: The checks that failed first, with one seed or another.
        should_catch: Of one that survived: the checks whose questions it answered otherwise than the reference.
        like: Of an equivalent one: what it cannot be told from, ``"the reference"`` or the name of a right answer.
        luck: Of one that survived: with how many seeds some check failed after all, out of how many.
    """

    mutant: Mutant
    fate: Fate
    caught_by: tuple[str, ...] = ()
    should_catch: tuple[str, ...] = ()
    like: str = ""
    luck: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Noise:
    """How far the reference is from itself in what one check asks.

    Args:
        check: Name of the check.
        setting: Where it was farthest, such as ``"oneDNN, 4 threads"``.
        absolute: Largest difference of two numbers; infinite where not only numbers differ.
        relative: The same as a share of the largest number of its array.
    """

    check: str
    setting: str
    absolute: float
    relative: float


@dataclass(frozen=True)
class Report:
    """The validation of one notebook.

    Args:
        assignment: Name of the assignment.
        notebook: Name of the notebook.
        seeds: With how many seeds the reference was tried.
        exercises: Names of the exercises.
        checks: Number of checks.
        points: Sum of their points.
        wrong: Number of wrong answers.
        right: Number of right answers.
        tried: The demands that were looked at, keys of :data:`DEMANDS`.
        findings: What is not as it should be.
        mutants: What became of the mutants.
        min_killed: The share of mutants that is to be caught; None where no share is demanded.
        noise: The checks for which the reference differs from itself.
        settings: The settings under which it was compared with itself.
        flakes: How often chance alone makes the reference fail a convergence gate.
        seconds: Wall-clock time.
    """

    assignment: str
    notebook: str
    seeds: int
    exercises: tuple[str, ...] = ()
    checks: int = 0
    points: float = 0.0
    wrong: int = 0
    right: int = 0
    tried: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    mutants: tuple[Judged, ...] = ()
    min_killed: float | None = None
    noise: tuple[Noise, ...] = ()
    settings: tuple[str, ...] = ()
    flakes: tuple[FlakeRate, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every demand is met."""
        return all(finding.severity is not Severity.DEMAND for finding in self.findings)

    def fates(self, exercise: str | None = None) -> dict[Fate, int]:
        """How many mutants came to which end, of one exercise or of all."""
        found = [judged.fate for judged in self.mutants if exercise in (None, judged.mutant.exercise)]
        return {fate: found.count(fate) for fate in Fate}

    @property
    def killed_share(self) -> float:
        """The share of the mutants that were caught, without the equivalent ones; 1 where there are none."""
        return share(self.fates())


def share(fates: dict[Fate, int]) -> float:
    """The share of mutants that were caught, without the equivalent ones; 1 where there are none."""
    told_apart = fates[Fate.KILLED] + fates[Fate.SURVIVED]
    return fates[Fate.KILLED] / told_apart if told_apart else 1.0


# ---- JSON --------------------------------------------------------------------------------------------


def to_dict(report: Report) -> dict[str, Any]:
    """A report as JSON-ready data; distances that are infinite are null."""
    fates = report.fates()
    return {
        "assignment": report.assignment,
        "notebook": report.notebook,
        "ok": report.ok,
        "seeds": report.seeds,
        "exercises": list(report.exercises),
        "checks": report.checks,
        "points": report.points,
        "wrong": report.wrong,
        "right": report.right,
        "tried": list(report.tried),
        "findings": [dataclasses.asdict(finding) for finding in report.findings],
        "min_killed": report.min_killed,
        "killed_share": round(report.killed_share, 4),
        "mutants": {str(fate): count for fate, count in fates.items()} | {"all": [_mutant(m) for m in report.mutants]},
        "noise": [
            {"check": n.check, "setting": n.setting, "absolute": _finite(n.absolute), "relative": _finite(n.relative)}
            for n in report.noise
        ],
        "settings": list(report.settings),
        "flakes": [dataclasses.asdict(flake) | {"rate": round(flake.rate, 4)} for flake in report.flakes],
        "seconds": round(report.seconds, 1),
    }


def to_json(reports: Sequence[Report]) -> str:
    """Several reports as JSON text that ends with a newline."""
    whole = {"schema": SCHEMA, "ok": all(report.ok for report in reports), "notebooks": [*map(to_dict, reports)]}
    return json.dumps(whole, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _mutant(judged: Judged) -> dict[str, Any]:
    mutant = judged.mutant
    return {
        "name": mutant.name,
        "operator": mutant.operator,
        "exercise": mutant.exercise,
        "line": mutant.line,
        "description": mutant.description,
        "diff": mutant.diff,
        "fate": str(judged.fate),
        "caught_by": list(judged.caught_by),
        "should_catch": list(judged.should_catch),
        "like": judged.like,
        "caught_with_seeds": list(judged.luck),
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


# ---- text --------------------------------------------------------------------------------------------


def to_text(report: Report) -> str:
    """A report for a terminal."""
    lines = [
        f"{report.assignment}/{report.notebook}: {len(report.exercises)} exercises, {report.checks} checks, "
        f"{points(report.points)} points"
    ]
    for demand in report.tried:
        lines += _demand(demand, report)
    lines += _noise(report)
    for flake in report.flakes:
        lines += _indented(f"By chance the reference fails the gate of {flake.check} in {flake}.", 4)
    if report.mutants:
        lines += ["", *_mutants(report)]
    verdict = "every demand is met" if report.ok else "not ready: a demand is not met"
    lines += ["", f"{report.assignment}/{report.notebook}: {verdict} ({report.seconds:.0f} s)"]
    return "\n".join(lines)


def _demand(demand: str, report: Report) -> list[str]:
    found = [finding for finding in report.findings if finding.demand == demand]
    worst = {finding.severity for finding in found}
    mark = "✗" if Severity.DEMAND in worst else "!" if worst else "✓"
    least = "some" if report.min_killed is None else f"{report.min_killed:.0%}"
    told = DEMANDS[demand].format(seeds=report.seeds, wrong=report.wrong, right=report.right, min_killed=least)
    lines = [f"  {mark} {told}"]
    for finding in found:
        sign = "✗" if finding.severity is Severity.DEMAND else "!"
        lines += _indented(f"{sign} {finding.where}: {finding.what}", 6)
        lines += _indented(finding.todo, 8)
    return lines


def _indented(text: str, margin: int) -> list[str]:
    blank = " " * margin
    wrap = textwrap.TextWrapper(WIDTH + 12, initial_indent=blank, subsequent_indent=blank + "  ")
    return [line for part in plain(text).splitlines() for line in wrap.wrap(part)]


def _noise(report: Report) -> list[str]:
    if "tolerance" not in report.tried:
        return []
    tried = f"{report.seeds} seeds; {'; '.join(report.settings)}"
    if not report.noise:
        return _indented(f"The reference replies the same, bit by bit, everywhere ({tried}).", 4)
    lines = _indented(f"The reference differs from itself ({tried}) by at most:", 4)
    rows = [(n.check, f"{n.absolute:.1e}", f"{n.relative:.1e}", n.setting) for n in report.noise]
    return lines + [f"      {line}" for line in table(("check", "absolute", "relative", "with"), rows)]


def _mutants(report: Report) -> list[str]:
    fates = report.fates()
    lines = [
        f"  {len(report.mutants)} mutants: {fates[Fate.EQUIVALENT]} equivalent, {fates[Fate.KILLED]} of the other "
        f"{fates[Fate.KILLED] + fates[Fate.SURVIVED]} caught ({report.killed_share:.1%})"
    ]
    rows = []
    for exercise in dict.fromkeys(judged.mutant.exercise for judged in report.mutants):
        own = report.fates(exercise)
        rows.append((exercise, *(str(own[fate]) for fate in Fate), f"{share(own):.0%}"))
    lines += [f"    {line}" for line in table(("exercise", *map(str, Fate), "caught"), rows)]
    for fate, heading in (
        (Fate.SURVIVED, "Survived: replied something else than the reference, and no check noticed"),
        (Fate.EQUIVALENT, "Equivalent: the same output on all probes"),
    ):
        of_it = [judged for judged in report.mutants if judged.fate is fate]
        if of_it:
            lines += ["", f"  {heading}"]
            lines += [line for judged in of_it for line in _one(judged)]
    return lines


def _one(judged: Judged) -> list[str]:
    mutant = judged.mutant
    lines = _indented(f"{mutant.name}: {mutant.description}", 4)
    lines += [f"      {line}" for line in plain(mutant.diff).splitlines()]
    if judged.fate is Fate.SURVIVED:
        lines += _indented(f"should have been caught by {', '.join(judged.should_catch)}", 8)
        caught, tried = judged.luck
        if caught:
            lines += _indented(f"caught with {caught} of {tried} seeds", 8)
    elif judged.like:
        lines += _indented(f"like {judged.like}", 8)
    return lines


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; columns are as wide as what is in them."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
