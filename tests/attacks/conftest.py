"""The arena of the attacks, and which attacks the tests of a mode are about."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from attacks.arena import Arena
from attacks.modes import EveryAttack
from autograder import sandbox


@contextlib.contextmanager
def public_folder() -> Iterator[Path]:
    """An empty folder that every user can get into; pytest's own cannot be."""
    found = Path(tempfile.mkdtemp(prefix="attacks-"))
    found.chmod(0o755)
    try:
        yield found
    finally:
        shutil.rmtree(found)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that every user can get into."""
    with public_folder() as found:
        yield found


@pytest.fixture(scope="module")
def arena(starter: sandbox.Starter) -> Iterator[Arena]:
    """Where attacks are graded and judged one by one."""
    bare = sandbox.starter("L0")
    with public_folder() as root:
        found = Arena(root, starter, bare)
        yield found
        found.close()
        bare.close()


@pytest.fixture(scope="class")
def verdicts(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What came of each attack of a mode."""
    with public_folder() as root:
        yield request.cls.mode.grade(root)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the tests of a mode its attacks."""
    if metafunc.cls and issubclass(metafunc.cls, EveryAttack) and "attack" in metafunc.fixturenames:
        metafunc.parametrize("attack", metafunc.cls.mode.attacks, ids=lambda attack: attack.name)
