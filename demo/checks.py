"""`make docs`: make docs/checks.md from the docstrings of assertions, proxies and draws.

The examples at the end of a docstring (``Right::``, ``Wrong::``, ``Check::``, ``Message::``) become a table of what
passes and what fails; a test runs every one of them.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import expect, spec, student
from autograder.draw import Draw

REPO = Path(__file__).resolve().parent.parent
PAGE = REPO / "docs" / "checks.md"
PARTS = ("Right", "Wrong", "Check", "Message")

_INTRODUCTION = """
# What a check can ask, and what it can demand

Made from the docstrings by `make docs`; a test runs every example. How a check is written and where it goes is in
[CONTRIBUTING.md](../CONTRIBUTING.md).

In every example the reference is the right answer, `tf`, `np` and `keras` are imported in the notebook, and `pytest`,
`np`, `autograder.spec` and everything of `autograder.expect` and `autograder.student` in the check. In a course a check
also has its `@pytest.mark.points(…)` and a docstring. The message is how it begins for a student whose submission is
graded; of a hidden check only the first line of a failed assertion is told.
"""
_SECTIONS = (
    ("Ask", "`student` and `reference` are a `Proxy` each; `student.f` is a `Name`."),
    ("Draw", "`draw` is a `Draw`: the same check and seed always draw the same values."),
    ("Send", "Arrays arrive as tensors. These make something else of them, from `autograder.student`."),
    (
        "Describe",
        "What is no plain data (a model, an optimizer, a data set) is described, and made where the function is "
        "called: by `autograder.spec` for any call, by `stand_in` of `autograder.expect` for calls under a strategy.",
    ),
    ("Demand", "From `autograder.expect`. Every `diagnosis` is added to the message of a visible check."),
)


@dataclass(frozen=True)
class Example:
    """What one docstring shows.

    Args:
        name: Of what it documents, such as ``"assert_close"`` or ``"Name.gradient"``.
        right: A notebook's code that passes the check, and is the reference.
        wrong: One that fails it.
        check: The check, without its mark and docstring.
        message: How the message of the failed check begins; ``…`` stands for anything.
    """

    name: str
    right: str
    wrong: str
    check: str
    message: str

    @property
    def pattern(self) -> str:
        """A regular expression for the whole message."""
        return ".*".join(re.escape(part.strip()) for part in self.message.split("…")) + ".*"


@dataclass(frozen=True)
class Entry:
    """One name of the page.

    Args:
        section: Title of its section.
        name: Such as ``"assert_close"`` or ``"Name.gradient"``.
        signature: Its call, as one line.
        text: Its docstring without the examples.
        example: What its docstring shows, or None.
    """

    section: str
    name: str
    signature: str
    text: str
    example: Example | None


def public() -> Iterator[tuple[str, str, Any]]:
    """What the page has to tell of: section, name and object of each."""
    for owner in (student.Proxy, student.Name):
        for part in owner.__mro__[:-1]:  # a class for each family
            for name, item in vars(part).items():
                if name == "__call__" or not name.startswith("_"):
                    yield "Ask", f"{owner.__name__}.{name}", item
    for name, item in vars(Draw).items():
        if not name.startswith("_"):
            yield "Draw", f"Draw.{name}", item
    for name, item in vars(student).items():
        if name.startswith("as_"):
            yield "Send", name, item
    for module in (spec, expect.stand_in):
        for name, item in vars(module).items():
            if inspect.isfunction(item) and item.__module__ == module.__name__ and not name.startswith(("_", "is_")):
                yield "Describe", f"{module.__name__.rpartition('.')[2]}.{name}", item
    for name in expect.__all__:
        if not inspect.ismodule(getattr(expect, name)):
            yield "Demand", name, getattr(expect, name)


def entries() -> list[Entry]:
    """Everything of the page, in its order."""
    found = []
    for section, name, item in public():
        text = inspect.getdoc(item.fget if isinstance(item, property) else item) or ""
        text, example = split(name, text)
        found.append(Entry(section, name, _signature(name, item), text, example))
    return found


def split(name: str, docstring: str) -> tuple[str, Example | None]:
    """A docstring without its example, and the example.

    Raises:
        ValueError: It has some of the example's parts, and not all.
    """
    parts: dict[str, str] = {}
    rest: list[str] = []
    lines = docstring.splitlines()
    place = 0
    while place < len(lines):
        title = lines[place].removesuffix("::")
        if lines[place] == f"{title}::" and title in PARTS:
            end = place + 1
            while end < len(lines) and (not lines[end].strip() or lines[end].startswith("    ")):
                end += 1
            parts[title] = textwrap.dedent("\n".join(lines[place + 1 : end])).strip("\n")
            place = end
        else:
            rest.append(lines[place])
            place += 1
    if parts and set(parts) != set(PARTS):
        raise ValueError(f"the docstring of {name} lacks {', '.join(sorted(set(PARTS) - set(parts)))}")
    example = Example(name, *(parts[part] for part in PARTS)) if parts else None
    return "\n".join(rest).strip(), example


def page() -> str:
    """The text of docs/checks.md."""
    everything = entries()
    blocks = [_INTRODUCTION.strip()]
    for section, introduction in _SECTIONS:
        mine = [entry for entry in everything if entry.section == section]
        links = ", ".join(f"[`{entry.name}`](#{_anchor(entry.name)})" for entry in mine)
        blocks += [f"## {section}", introduction, links + "."]
        for entry in mine:
            blocks += [f"### `{entry.name}`", f"```python\n{entry.signature}\n```", _markdown(entry.text)]
            if entry.example is not None:
                blocks += [_shown(entry.example)]
    return "\n\n".join(blocks) + "\n"


def _signature(name: str, item: Any) -> str:
    called = name.replace("Proxy.", "student.").replace("Name.", "student.f.").replace("Draw.", "draw.")
    called = called.removesuffix(".__call__")
    if isinstance(item, (property, type)):
        return called
    signature = inspect.signature(item)
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    ]
    return f"{called}{inspect.Signature(parameters)}"


def _anchor(name: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


def _markdown(text: str) -> str:
    """A docstring of Google's form as Markdown."""
    text = re.sub(r":(?:func|class|meth|attr|data|mod|exc):`~?([^`]+)`", lambda m: f"`{m[1].rsplit('.', 1)[-1]}`", text)
    text = text.replace("``", "`")
    lines: list[str] = []
    section = ""
    for line in text.splitlines():
        title = re.fullmatch(r"(Args|Returns|Raises|Attributes):", line)
        if title:
            section = title[1]
            lines += ["", f"**{'Arguments' if section == 'Args' else section}**", ""]
        elif line and not line.startswith(" "):
            section = ""
            lines.append(line)
        elif section in ("Args", "Raises", "Attributes") and re.match(r"    \S", line):
            name, _, rest = line.strip().partition(": ")
            lines.append(f"- `{name.replace('`', '')}`: {rest}")
        else:
            lines.append(("  " if section in ("Args", "Raises", "Attributes") else "") + line.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _shown(example: Example) -> str:
    parts = (
        ("Check", "python", example.check),
        ("Right", "python", example.right),
        ("Wrong", "python", example.wrong),
        ("Message", "text", example.message),
    )
    return "\n\n".join(f"{title}:\n\n```{language}\n{code}\n```" for title, language, code in parts)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
