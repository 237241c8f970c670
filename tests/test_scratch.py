"""Folders for temporary files: who removes them, and what is never removed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import scratch

with_locks = pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks, and nothing is swept")

MAKE = """
import os, pathlib, signal, sys
from autograder import scratch
folder = scratch.Folder("test")
pathlib.Path(folder.path, "deep", "er").mkdir(parents=True)
pathlib.Path(folder.path, "deep", "file").write_text("x")
if os.fork():
    print(folder.path, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
else:
    sys.stdin.read()  # a fork goes on until it is told to end
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextlib.contextmanager
def killed(place: Path) -> Iterator[Path]:
    """The folder of a process that was killed. A fork of it lives on in the block, and has ended after it."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAKE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(place)},
    )
    assert process.stdin is not None and process.stdout is not None
    with process.stdin, process.stdout:
        path = Path(process.stdout.readline().strip())
        assert process.wait(60) == -signal.SIGKILL
        yield path
        process.stdin.close()
        assert process.stdout.read() == ""  # the fork has it open, too


def test_a_folder_is_removed_by_its_owner(place: Path) -> None:
    with scratch.Folder("test") as path:
        assert Path(path).parent == place
        Path(path, "file").touch()
    assert list(place.iterdir()) == []


@with_locks
def test_what_a_killed_process_has_left_is_removed_once_its_forks_have_ended(place: Path) -> None:
    with killed(place) as path:
        scratch.sweep()
        assert (path / "deep" / "file").read_text() == "x"
    assert path.is_dir()
    scratch.sweep()
    assert list(place.iterdir()) == []


@with_locks
def test_a_folder_whose_owner_lives_stays() -> None:
    folder = scratch.Folder()
    scratch.sweep()
    assert os.listdir(folder.path) == [scratch.OWNER]
    folder.remove()
    folder.remove()
    scratch.sweep()


@with_locks
def test_no_folder_is_in_the_way_of_another_one(place: Path) -> None:
    """One that cannot be looked into does not keep the next ones from being removed."""
    for name in ("autograder-0", "autograder-zzzz"):
        (place / name).touch()
    with killed(place) as path:
        pass
    scratch.sweep()
    assert not path.exists()


def plain(place: Path, left: Path) -> Path:
    """A folder with such a name that somebody made by hand."""
    folder = place / "autograder-notes"
    folder.mkdir()
    return folder


def renamed(place: Path, left: Path) -> Path:
    return left.rename(place / "notes")


def linked(place: Path, left: Path) -> Path:
    away = left.rename(place / "elsewhere")
    left.symlink_to(away)
    return away


def linked_owner(place: Path, left: Path) -> Path:
    (left / scratch.OWNER).rename(place / "free")
    (left / scratch.OWNER).symlink_to(place / "free")
    return left


def pipe(place: Path, left: Path) -> Path:
    (left / scratch.OWNER).unlink()
    os.mkfifo(left / scratch.OWNER)
    return left


def of_another_user(place: Path, left: Path) -> Path:
    if os.geteuid():
        pytest.skip("only root can give files away")
    os.chown(left, 12345, -1)
    return left


def owner_of_another_user(place: Path, left: Path) -> Path:
    of_another_user(place, left / scratch.OWNER)
    return left


@with_locks
@pytest.mark.parametrize("change", [plain, renamed, linked, linked_owner, pipe, of_another_user, owner_of_another_user])
def test_nothing_else_is_removed(place: Path, change: object) -> None:
    assert callable(change)
    with killed(place) as left:
        pass
    kept = change(place, left)
    (kept / "mine").touch()
    scratch.sweep()
    assert (kept / "mine").exists()


@with_locks
def test_nothing_of_another_user_is_removed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen from the other side, so that it needs no right to give files away."""
    with killed(place) as left:
        pass
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
        scratch.sweep()
    assert left.exists()
    scratch.sweep()
    assert not left.exists()
