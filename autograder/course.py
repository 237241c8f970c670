"""Where the files of a course are, and what its assignments declare: nbgrader's layout, and our checks.

A course is a folder with ``nbgrader_config.py``. Sources are in ``source/<assignment>/<notebook>.ipynb``,
checks in ``tests/graded/<assignment>/<notebook>/``, submissions in ``submitted/<student>/<assignment>/``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import isolation
from .errors import CourseError, UsageError
from .files import room_for
from .notebook import Notebook, read_source
from .sandbox import MOST, Limits

CONFIG = "nbgrader_config.py"
SETTINGS = "settings.toml"
OTHER_SETTINGS = ("isolation", "data")  # in it, besides the limits


@dataclass(frozen=True)
class Course:
    """A course on disk.

    Args:
        root: The folder that holds ``nbgrader_config.py``.
    """

    root: Path

    @classmethod
    def find(cls, start: Path) -> Course:
        """The course that a folder lies in: the nearest one upwards with ``nbgrader_config.py``.

        Raises:
            UsageError: There is none.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file():
                return cls(folder)
        raise UsageError(f"{start} lies in no course (a folder with {CONFIG}); go there, or name one with --course")

    def assignments(self) -> tuple[str, ...]:
        """Names of the assignments, sorted."""
        return tuple(sorted({path.parent.name for path in (self.root / "source").glob("*/*.ipynb")}))

    def notebooks(self, assignment: str) -> tuple[str, ...]:
        """Names of the notebooks of an assignment, sorted.

        Raises:
            UsageError: There is no such assignment.
        """
        if assignment not in self.assignments():
            known = ", ".join(self.assignments()) or "none"
            raise UsageError(f"there is no assignment {assignment!r} in {self.root / 'source'} (there: {known})")
        return tuple(sorted(path.stem for path in (self.root / "source" / assignment).glob("*.ipynb")))

    def source(self, assignment: str, notebook: str) -> Path:
        """Path of the instructor's notebook."""
        return self.root / "source" / assignment / f"{notebook}.ipynb"

    def read_source(self, assignment: str, notebook: str) -> Notebook:
        """The instructor's notebook.

        Raises:
            UsageError: The assignment has no such notebook.
            CourseError: It is malformed.
        """
        if notebook not in self.notebooks(assignment):
            known = ", ".join(self.notebooks(assignment))
            raise UsageError(f"assignment {assignment} has no notebook {notebook!r} (it has: {known})")
        return read_source(self.source(assignment, notebook))

    def checks(self, assignment: str, notebook: str) -> Path:
        """Folder of a notebook's checks."""
        return self.root / "tests" / "graded" / assignment / notebook

    def probes(self, assignment: str, notebook: str) -> str:
        """Source text of the assignment's own probes; ``""`` where it has none."""
        path = self.checks(assignment, notebook) / "probes.py"
        try:
            return path.read_text(encoding="utf-8") if path.is_file() else ""
        except UnicodeDecodeError as error:
            raise CourseError(f"{path}: {error}") from None

    def limits(self, assignment: str, notebook: str | None = None) -> Limits:
        """What a notebook of an assignment may use: ``tests/graded/<assignment>/settings.toml``, or defaults.

        A file ``settings.toml`` among the checks of one notebook goes before it, in what it sets.

        Args:
            assignment: The assignment.
            notebook: The notebook; None for one that sets nothing of its own.

        Raises:
            CourseError: The file is no TOML, or sets something that does not exist, is no positive number, or is
                more than :data:`autograder.sandbox.MOST`.
        """
        path, settings = self._settings(assignment)
        found = self._limits(path, {name: settings[name] for name in settings if name not in OTHER_SETTINGS})
        return Limits(**(found | (self._limits(*self._settings(f"{assignment}/{notebook}")) if notebook else {})))

    def _limits(self, path: Path, settings: dict[str, Any]) -> dict[str, Any]:
        """Settings that are all limits, and may be set so.

        Raises:
            CourseError: Some are not.
        """
        known = {item.name: item.type for item in dataclasses.fields(Limits)}
        for name, value in settings.items():
            if name not in known:
                names = ", ".join((*known, *OTHER_SETTINGS))
                raise CourseError(f"{path}: there is no setting {name!r} (there are: {names})")
            if known[name] == "bool":
                if not isinstance(value, bool):
                    raise CourseError(f"{path}: {name} is true or false, not {value!r}")
                continue
            right = int if known[name] == "int" else (int, float)
            if isinstance(value, bool) or not isinstance(value, right) or not 0 < value < float("inf"):
                raise CourseError(f"{path}: {name} is a positive number, not {value!r}")
            if value > (most := getattr(MOST, name)):
                raise CourseError(f"{path}: {name} is at most {most:.0f}, not {value!r}")
        return settings

    def isolation(self, assignment: str) -> str:
        """The least isolation with which submissions of an assignment are graded.

        That is ``isolation`` of its ``settings.toml`` or ``c.Autograder.isolation`` of the course's
        ``nbgrader_config.py``: the higher one where both are set, ``"L2"`` where none is.

        Raises:
            CourseError: What is set is no level, or one of the files cannot be read.
        """
        path, settings = self._settings(assignment)
        asked = {path: settings.get("isolation"), self.root / CONFIG: self._configured("isolation")}
        levels = [isolation.known_level(level, str(where)) for where, level in asked.items() if level is not None]
        return max(levels, default=isolation.DEFAULT)

    def data(self, assignment: str) -> tuple[str, ...]:
        """The data sets that the notebooks of an assignment load: ``data`` of its ``settings.toml``.

        Raises:
            CourseError: It is no list of names.
        """
        path, settings = self._settings(assignment)
        names = settings.get("data", [])
        if not isinstance(names, list) or not all(isinstance(name, str) and name.isidentifier() for name in names):
            raise CourseError(f'{path}: data is a list of names, such as ["wdbc_original"], not {names!r}')
        return tuple(names)

    def _settings(self, folder: str) -> tuple[Path, dict[str, Any]]:
        path = self.root / "tests" / "graded" / folder / SETTINGS
        if not path.is_file():
            return path, {}
        try:
            return path, tomllib.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
            raise CourseError(f"{path}: {error}") from None

    def _configured(self, name: str) -> Any:
        """A setting ``c.Autograder.<name>`` of ``nbgrader_config.py``; None where it does not say."""
        path = self.root / CONFIG
        if not path.is_file() or "Autograder" not in path.read_text(encoding="utf-8", errors="replace"):
            return None  # the usual case: do not run the file
        from traitlets.config import PyFileConfigLoader

        try:
            config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        except Exception as error:
            raise CourseError(f"{path}: {error}") from None
        return config.get("Autograder", {}).get(name)

    def submissions(self, assignment: str) -> tuple[tuple[str, Path], ...]:
        """The students who handed in an assignment, with the folder of each, sorted by name."""
        submitted = self.root / "submitted"
        if not submitted.is_dir():
            return ()
        names = sorted(entry.name for entry in os.scandir(submitted) if entry.is_dir(follow_symlinks=False))
        return tuple(
            (name, submitted / name / assignment) for name in names if (submitted / name / assignment).exists()
        )

    def seed(self, assignment: str, notebook: str) -> int:
        """The seed with which a class is graded: the same for every submission, and secret.

        It comes from a key that is made once and kept in ``.autograder/key`` in the course, so that grading
        again draws the same inputs.
        """
        name = f"{assignment}/{notebook}".encode()
        return int.from_bytes(hmac.digest(self._key(), name, hashlib.sha256)[:6], "little")

    def _key(self) -> bytes:
        path = self.root / ".autograder" / "key"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            path.parent.mkdir(exist_ok=True)
            fresh = path.with_name(f"key-{secrets.token_hex(4)}")
            try:
                with room_for(path):
                    fresh.touch(0o600)
                    fresh.write_bytes(secrets.token_bytes(32))
                os.link(fresh, path)  # whoever comes first wins; never half-written
            except FileExistsError:
                pass
            finally:
                fresh.unlink(missing_ok=True)
            return path.read_bytes()


def release_seed(assignment: str, notebook: str) -> int:
    """The seed of the visible checks in a release: public, and never used for grading."""
    return int.from_bytes(hashlib.sha256(f"release/{assignment}/{notebook}".encode()).digest()[:6], "little")
