"""From what was measured to what is shown. Nothing here measures anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .measure import Cost


@dataclass(frozen=True)
class Line:
    """A command graded a small and a larger class in one round: what the start costs, and what each submission.

    Args:
        name: What was measured.
        start: What the command costs before and after the submissions.
        each: What each submission costs.
    """

    name: str
    start: Cost
    each: Cost

    @classmethod
    def between(cls, name: str, small: tuple[int, Cost], large: tuple[int, Cost]) -> Line:
        """The line through two measurements.

        Args:
            name: What was measured.
            small: Number of submissions, and what grading them cost.
            large: The same for a larger class.
        """
        each = (large[1] - small[1]) / (large[0] - small[0])
        start = Cost(small[1].wall - small[0] * each.wall, small[1].cpu - small[0] * each.cpu)
        return cls(name, start, each)

    def per_submission(self, size: int) -> Cost:
        """What each submission of a class costs, with its share of the start."""
        return Cost(self.start.wall / size + self.each.wall, self.start.cpu / size + self.each.cpu)


@dataclass(frozen=True)
class Spread:
    """The values of several rounds.

    Args:
        low: The smallest.
        middle: The median.
        high: The largest.
    """

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of some values."""
        kept = list(values)
        return cls(min(kept), median(kept), max(kept))

    def text(self, digits: int = 2) -> str:
        """The median, with the smallest and the largest in brackets."""
        return f"{self.middle:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


STOCK, PLUGGED, OURS, FLOOR = "stock nbgrader autograde", "nbgrader autograde, our config", "autograder grade", "floor"
UNHELD = "autograder grade, not isolated"
Rounds = Sequence[Mapping[str, Line]]


@dataclass(frozen=True)
class Ratio:
    """One thing in terms of another, in the same round.

    Args:
        name: What is compared.
        values: Over the rounds.
    """

    name: str
    values: Spread


def ratios(rounds: Rounds, size: int) -> list[Ratio]:
    """What the project promises, as ratios between what was measured in the same round.

    Args:
        rounds: For each round the lines by name; what was not measured in the first gives no ratio.
        size: Number of submissions over which the start is spread.
    """

    def ratio(name: str, over: str, under: str, what: str, spread: bool) -> Ratio:
        def cost(line: Line) -> float:
            found: float = getattr(line.per_submission(size) if spread else line.each, what)
            return found

        both = [each for each in rounds if over in each and under in each]
        return Ratio(name, Spread.of(cost(each[over]) / cost(each[under]) for each in both))

    wanted = (
        (f"CPU of stock / ours, class of {size}", STOCK, OURS, "cpu", True),
        (f"throughput of ours / stock, class of {size}", STOCK, OURS, "wall", True),
        ("CPU of stock / ours, each further submission", STOCK, OURS, "cpu", False),
        ("throughput of ours / stock, each further submission", STOCK, OURS, "wall", False),
        ("CPU of stock / nbgrader with our config, each further", STOCK, PLUGGED, "cpu", False),
        ("CPU of stock / the floor, each further", STOCK, FLOOR, "cpu", False),
        ("CPU of ours / the floor, each further", OURS, FLOOR, "cpu", False),
        ("CPU of ours / the same without isolation, each further", OURS, UNHELD, "cpu", False),
    )
    return [ratio(*each) for each in wanted if each[1] in rounds[0] and each[2] in rounds[0]]


def text(rounds: Rounds, size: int, sizes: str) -> str:
    """The tables for the terminal: costs, then ratios; each as median (smallest to largest)."""
    rows = [["", "start, CPU s", "each, CPU s", "each, wall s", f"per hour, class of {size}"], *_rows(rounds, size)]
    found = [["ratio", "median (min to max)"], *([r.name, r.values.text()] for r in ratios(rounds, size))]
    return f"{_aligned(rows)}\n\n{_aligned(found)}\n\n{sizes}"


def markdown(rounds: Rounds, size: int, sizes: str) -> str:
    """The same for a README."""
    head = [
        "",
        "start, CPU s",
        "each submission, CPU s",
        "each submission, wall s",
        f"submissions per hour, class of {size}",
    ]
    costs = _pipes([head, *_rows(rounds, size)])
    found = _pipes([["ratio", "median (min to max)"], *([r.name, r.values.text()] for r in ratios(rounds, size))])
    return f"{costs}\n\n{found}\n\n{sizes}\n"


def _rows(rounds: Rounds, size: int) -> list[list[str]]:
    rows = []
    for name in rounds[0]:
        lines = [each[name] for each in rounds if name in each]
        hourly = Spread.of(3600 / line.per_submission(size).wall for line in lines)
        rows.append(
            [
                name,
                Spread.of(line.start.cpu for line in lines).text(),
                Spread.of(line.each.cpu for line in lines).text(),
                Spread.of(line.each.wall for line in lines).text(),
                hourly.text(0) if name != FLOOR else "",
            ]
        )
    return rows


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _pipes(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_data(rounds: Rounds, size: int) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "rounds": [{name: dataclasses.asdict(line) for name, line in each.items()} for each in rounds],
        "ratios": {each.name: dataclasses.asdict(each.values) for each in ratios(rounds, size)},
        "class_size": size,
    }
