"""``make bench``: stock nbgrader, this package and the floor on the same submissions, in one run.

Each of them grades a small and a larger class; the difference says what each submission costs, the rest is the
start. They take turns, for several rounds. (Stock nbgrader's start, and nbgrader with our config, are measured in the
first round only: they take long.) Absolute times depend on the machine and on what else it does, so what counts is
the ratio of two things within a round, and its median over the rounds.

- *stock*: ``nbgrader autograde`` with its default configuration; its grade cells run the same check functions as
  assertions in the student's kernel, against expected values that are looked up. TensorFlow's messages at import go
  to stderr, for which stock nbgrader gives no points: the costs are compared, not its scores. That the checks
  ran and what they found is compared.
- *nbgrader autograde, our config* and *autograder grade*: the gradebook and the autograded notebooks included.
- *autograder grade, not isolated*: the same at L0 (:mod:`benchmarks.level`), for the price of isolation.
- *floor*: see :mod:`benchmarks.floor`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from autograder import sandbox
from autograder.course import Course
from demo.classroom import NOTEBOOK

from . import courses, measure, table
from .checks import FAILED, PASSED, SKIPPED, Plan
from .courses import ASSIGNMENT, Submission
from .measure import Cost
from .table import FLOOR, OURS, PLUGGED, STOCK, UNHELD, Line

AUTOGRADER = [sys.executable, "-m", "autograder.cli"]
NOT_ISOLATED = [sys.executable, "-m", "benchmarks.level", "L0"]
NBGRADER = [sys.executable, "-m", "nbgrader"]
MORE = 4  # ours gets a class that is this many times as large: it is quick, and its start weighs more
WORKER_MB, HELP_SECONDS = 150, 0.25  # what the project promises


class Bench:
    """The two courses in a temporary folder, and the commands that grade them.

    Args:
        root: The folder.
        count: Number of submissions of the larger class.
    """

    def __init__(self, root: Path, count: int) -> None:
        self.ours, self.stock, self._plan = root / "ours", root / "stock", root / "plan.pickle"
        self._scratch = root / "scratch"
        self._scratch.mkdir()
        self.course: Course = courses.ours(self.ours)
        courses.plan_of(self.course).write(self._plan)
        courses.stock(self.stock, self.course, self._plan)
        self.few = courses.choose(self.course, count)[:1]
        self.some = courses.choose(self.course, count)
        self.many = courses.choose(self.course, count) * MORE
        self.many = [(f"{index:04}-{who[5:]}", content) for index, (who, content) in enumerate(self.many)]
        self._stock_start: Cost | None = None
        self.floor([])  # records what the reference replies
        self.checks = len(Plan.read(self._plan).expected)

    def nbgrader(self, root: Path, students: Sequence[Submission]) -> Cost:
        """``nbgrader autograde`` in one of the courses."""
        courses.hand_in(root, students)
        command = [*NBGRADER, "autograde", ASSIGNMENT]
        cost, _ = measure.timed(command, root, courses.environment())
        done = [who for who, _ in courses.autograded(root)]
        if done != sorted(who for who, _ in students):
            raise RuntimeError(f"nbgrader graded {done}")
        return cost

    def autograder(
        self, students: Sequence[Submission], *, program: Sequence[str] = AUTOGRADER, line: Any = None
    ) -> Cost:
        """``autograder grade`` for a class."""
        courses.hand_in(self.ours, students)
        cost, printed = measure.timed([*program, "grade", ASSIGNMENT], self.ours, courses.environment(), line=line)
        if f"{len(students)} graded, 0 need" not in printed:
            raise RuntimeError(f"autograder grade said: {printed[-2000:]}")
        return cost

    def floor(self, students: Sequence[Submission]) -> list[tuple[Cost, dict[str, str]]]:
        """The floor for each of some submissions: what it cost, and what the checks found."""
        courses.hand_in(self.ours, students)
        files = [courses.submitted(self.ours, who) for who, _ in students]
        command = [sys.executable, "-m", "benchmarks.floor", self._plan, self.course.source(ASSIGNMENT, NOTEBOOK)]
        environment = {**sandbox.environment(str(self._scratch)), "PYTHONPATH": str(courses.REPO)}
        _, printed = measure.timed([*command, *files], self._scratch, environment)
        found = [json.loads(text) for text in printed.splitlines()]
        return [(Cost(each["wall"], each["cpu"]), each["outcomes"]) for each in found]

    def round(self, number: int) -> dict[str, Line]:
        """Everything once. Every other round goes backwards, so that a machine that slows down favours none.

        Args:
            number: Of the round, from 0.
        """
        few, some, many = self.few, self.some, self.many

        def stock() -> Line:
            if self._stock_start is None:
                self._stock_start = self.nbgrader(self.stock, few)
            return Line.between(STOCK, (len(few), self._stock_start), (len(some), self.nbgrader(self.stock, some)))

        def plugged() -> Line:
            small, large = self.nbgrader(self.ours, few), self.nbgrader(self.ours, some)
            return Line.between(PLUGGED, (len(few), small), (len(some), large))

        def ours() -> Line:
            return Line.between(OURS, (len(some), self.autograder(some)), (len(many), self.autograder(many)))

        def unheld() -> Line:
            small, large = (self.autograder(students, program=NOT_ISOLATED) for students in (some, many))
            return Line.between(UNHELD, (len(some), small), (len(many), large))

        def floor() -> Line:
            costs = [cost for cost, _ in self.floor(some)]
            total = Cost(sum(cost.wall for cost in costs), sum(cost.cpu for cost in costs))
            return Line(FLOOR, Cost(0.0, 0.0), total / len(costs))

        parts = [stock, ours, unheld, floor] if number else [stock, plugged, ours, unheld, floor]
        lines = [part() for part in (reversed(parts) if number % 2 else parts)]
        found = {line.name: line for line in lines}
        return {name: found[name] for name in (STOCK, PLUGGED, OURS, UNHELD, FLOOR) if name in found}

    def compare(self) -> list[str]:
        """Whether all of them, in the last round, ran the same checks and came to the same result.

        Returns:
            A sentence about each difference.
        """
        results = self._results()
        found = {who: outcomes for (who, _), (_, outcomes) in zip(self.some, self.floor(self.some), strict=True)}
        stock = {who: courses.passed_in_stock(node) for who, node in courses.autograded(self.stock)}
        told = []
        for who, _ in self.some:
            ours = {check["id"]: check["status"] for check in results[who]["checks"]}
            wrong = [name for name in ours if (ours[name] == PASSED) != (found[who].get(name) == PASSED)]
            if wrong or set(found[who].values()) - {PASSED, FAILED, SKIPPED}:
                told.append(f"{who}: ours and the floor differ in {', '.join(wrong)}")
            passed = list(ours.values()).count(PASSED)
            if stock[who] != (passed, self.checks):
                told.append(f"{who}: in stock nbgrader {stock[who]} checks passed and ran, not {passed, self.checks}")
        return told

    def _results(self) -> dict[str, Any]:
        courses.hand_in(self.ours, self.some)
        command = [*AUTOGRADER, "grade", ASSIGNMENT, "--json", "-"]
        _, printed = measure.timed(command, self.ours, courses.environment())
        return {result["student"]: result for result in json.loads(printed)}

    def start_costs(self, times: int = 5) -> dict[str, float]:
        """Median CPU seconds of commands that should have nothing heavy to do."""
        environment = courses.environment()
        commands = {"autograder --help": (["--help"], 0), "a usage error": (["grade"], 2)}
        return {
            name: median(
                measure.timed([*AUTOGRADER, *words], self.ours, environment, statuses=[status])[0].cpu
                for _ in range(times)
            )
            for name, (words, status) in commands.items()
        }

    def grader_memory(self, count: int) -> list[tuple[int, float]]:
        """The grader's own private memory while it grades a class: submissions done, MiB.

        Args:
            count: Size of the class.
        """
        students = courses.choose(self.course, count)
        done = 0
        seen: list[tuple[int, float]] = []

        def line(pid: int, text: str) -> None:
            nonlocal done
            if re.match(r"\d{4}-", text):  # the row of a student
                done += 1
                if done % max(1, count // 20) == 0 and (size := _grader_mb(pid)) is not None:
                    seen.append((done, size))

        self.autograder(students, line=line)
        return seen


def _grader_mb(pid: int) -> float | None:
    """Private memory of a grader and its processes, without the warm one and the workers."""
    sizes = [measure.private_mb(each) for each in measure.family(pid, without="autograder.zygote")]
    return sum(size for size in sizes if size is not None) if sizes else None


def machine() -> dict[str, Any]:
    """What the numbers depend on."""
    names = ("tensorflow", "keras", "nbgrader", "ipython", "pytest", "tf-autograder")
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        **{name: version(name) for name in names},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return an exit status."""
    options = _options(arguments)
    measure.adopt_orphans()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as folder:
        say("making two courses and their releases")
        bench = Bench(Path(folder).resolve(), options.submissions)
        if options.memory:
            return _memory(bench, options)
        rounds = []
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            rounds.append(bench.round(number))
        say("memory, start-up, and whether the same checks ran")
        with measure.watching_workers() as peaks:
            differences = bench.compare()
        starts = bench.start_costs()
    sizes = (
        f"{options.rounds} rounds; classes of 1 and {len(bench.some)} submissions (ours {len(bench.some)} and "
        f"{len(bench.many)}) of {ASSIGNMENT}, {bench.checks} checks each; CPU is user and system time of all processes."
    )
    about = machine()
    print(f"\n{table.text(rounds, options.class_size, sizes)}\n")
    largest = max(peaks.workers.values(), default=float("nan"))
    middle = median(peaks.workers.values()) if peaks.workers else float("nan")
    print(f"private memory of a worker: median {middle:.0f} MiB, largest {largest:.0f} MiB (promised: {WORKER_MB})")
    for name, cpu in starts.items():
        print(f"CPU of {name}: {cpu:.2f} s (promised: {HELP_SECONDS})")
    print("\n".join(differences) or "Every check ran everywhere, with the same result.")
    print(f"{', '.join(f'{name} {value}' for name, value in about.items())}; took {time.monotonic() - start:.0f} s")
    if options.markdown:
        options.markdown.write_text(table.markdown(rounds, options.class_size, sizes), encoding="utf-8")
    if options.json:
        data = table.as_data(rounds, options.class_size) | {"machine": about, "cpu_of_starts": starts}
        data |= {"worker_private_mb": sorted(peaks.workers.values()), "differences": differences}
        options.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 1 if differences else 0


def _memory(bench: Bench, options: argparse.Namespace) -> int:
    say(f"grading {options.memory} submissions")
    seen = bench.grader_memory(options.memory)
    print("submissions  private memory of the grader, MiB")
    for done, size in seen:
        print(f"{done:11}  {size:.1f}")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "grader_private_mb": seen}) + "\n", encoding="utf-8")
    return 0


def say(what: str) -> None:
    """Tell on stderr what happens now."""
    print(f"… {what}", file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=18, help="of the class that stock nbgrader grades")
    parser.add_argument("--rounds", type=int, default=2, help="how often everything is repeated")
    parser.add_argument("--class-size", type=int, default=100, help="over which the start is spread in the tables")
    parser.add_argument("--memory", type=int, metavar="N", help="show the grader's memory over N submissions instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables for the README")
    options = parser.parse_args(arguments)
    if options.submissions < 2 or options.rounds < 1:
        parser.error("at least 2 submissions and 1 round")
    return options


if __name__ == "__main__":
    sys.exit(main())
