"""What lies around the grader: secrets in every place that an attack looks in, and what must stay as it is."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sqlite3
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import autograder
from autograder.files import remove_tree

CANARY = "C4N4RY"
PUBLIC = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/")  # where anyone may leave something
SHARED_MEMORY = Path("/dev/shm")


class Outside:
    """A home, a folder that all may write to, ports of the grader: none of it is a notebook's to reach.

    Args:
        root: An empty folder that everyone may look into, so that no permissions do a layer's work.
    """

    def __init__(self, root: Path) -> None:
        self.token = f"left-{secrets.token_hex(4)}"  # in the name of everything that an attack leaves
        self.key = secrets.randbelow(1 << 30) + 1  # of what has a number for a name
        self.home, self.common = root / "home", root / "common"
        for folder, mode in ((self.home, 0o755), (self.common, 0o1777)):
            folder.mkdir()
            folder.chmod(mode)
            (folder / ".netrc").write_text(f"password {CANARY}-{folder.name}\n")
        self._sockets = [self._listen(where) for where in self._addresses()]
        self._shared = SHARED_MEMORY / f"{self.token}-theirs"
        if SHARED_MEMORY.is_dir():
            self._shared.write_text(f"{CANARY}-shared")
        self._held = (root / "held").open("w+")  # a file that only its descriptor leads to
        (root / "held").unlink()
        self._held.write(f"{CANARY}-held")
        self._held.flush()
        self._kept = {name: os.environ.get(name) for name in ("AUTOGRADER_SECRET", "HOME")}
        os.environ |= {"AUTOGRADER_SECRET": f"{CANARY}-environment", "HOME": str(self.home)}
        self._folders: list[Path] = [Path(autograder.__file__).parent, self.home, self.common]
        self._before: dict[str, tuple[object, ...]] = {}
        self.remember()

    def _addresses(self) -> list[tuple[int, int, tuple[str, int] | str]]:
        here = ("127.0.0.1", 0)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, here),
            (socket.AF_INET, socket.SOCK_DGRAM, here),
            (socket.AF_UNIX, socket.SOCK_STREAM, str(self.common / "socket")),
            (socket.AF_UNIX, socket.SOCK_DGRAM, f"\0{self.token}"),
        ]

    @staticmethod
    def _listen(where: tuple[int, int, tuple[str, int] | str]) -> socket.socket:
        family, kind, address = where
        found = socket.socket(family, kind)
        found.bind(address)
        found.setblocking(False)
        if kind == socket.SOCK_STREAM:
            found.listen()
        elif family == socket.AF_UNIX:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return found

    def close(self) -> None:
        """Take everything away again."""
        for found in self._sockets:
            found.close()
        self._held.close()
        self._shared.unlink(missing_ok=True)
        for name, value in self._kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

    def places(self, course: Path) -> dict[str, str | int]:
        """Where everything is, as names of an attack: who knows our source and the machine knows these, too."""
        tcp, udp = (found.getsockname()[1] for found in self._sockets[:2])
        return {
            "GRADER": os.getpid(),
            "COURSE": str(course),
            "HIDDEN": str(course / "tests/graded/small/powers/hidden.py"),
            "SOURCE": str(course / "source/small/powers.ipynb"),
            "GRADEBOOK": str(course / "gradebook.db"),
            "CONFIG": str(course / "nbgrader_config.py"),
            "OTHER": str(course / "submitted/ada/small/powers.ipynb"),
            "FEEDBACK": str(course / "feedback/ada/small/powers.html"),
            "HOME": str(self.home),
            "COMMON": str(self.common),
            "SHARED": str(self._shared),
            "HELD": self._held.fileno(),
            "TOKEN": self.token,
            "KEY": self.key,
            "TCP": tcp,
            "UDP": udp,
        }

    # -- the oracle

    def add(self, course: Path) -> None:
        """Put secrets into a course, which must stay as it is from now on."""
        for name in ("submitted/ada/small/powers.ipynb", "feedback/ada/small/powers.html"):
            (course / name).parent.mkdir(parents=True)
            (course / name).write_text(f"{CANARY}-{name}")
        with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as database, database:
            database.execute("create table grade (auto_score float, comment text)")
            database.execute("insert into grade values (3.5, ?)", (f"{CANARY}-gradebook",))
        with (course / "nbgrader_config.py").open("a") as config:
            config.write(f"# {CANARY}-config\n")
        self._folders.append(course)
        self.remember()

    def remember(self) -> None:
        """Take what is there now for what has to be there."""
        self._before = snapshot(self._folders)

    def judge(self, *inside: Path) -> None:
        """Hold what is there against what was.

        Args:
            *inside: Folders in which nothing is mounted.
        """
        after = snapshot(self._folders)
        changed = sorted(path for path in {*after, *self._before} if after.get(path) != self._before.get(path))
        assert not changed, f"changed outside of scratch: {changed}"
        assert not self.left(), f"left outside of scratch: {self.left()}"
        reached = [found.getsockname() for found in self._sockets if _heard(found)]
        assert not reached, f"reached over the network: {reached}"
        lines = Path("/proc/self/mountinfo").read_text().splitlines()
        mounted = [line for line in lines if any(str(folder) in line for folder in inside)]
        assert not mounted, f"mounted: {mounted}"

    def recover(self) -> None:
        """Take away what was left, and take the rest as it is now."""
        for name in self.left():
            if name.startswith("/"):
                remove_tree(name)
                Path(name).unlink(missing_ok=True)
            elif name.startswith("shm "):
                subprocess.run(["ipcrm", "--shmem-id", name.split()[2]], check=True)
        self.remember()

    def left(self) -> list[str]:
        """What has the token in its name, in any place where something can be left, or the number."""
        import site

        folders = (*PUBLIC, str(self.home), os.getcwd(), *site.getsitepackages(), str(Path(np.__file__).parent))
        found = []
        for folder in folders:
            with contextlib.suppress(OSError):
                found += [f"{folder}/{name}" for name in os.listdir(folder) if self.token in name]
        found += [str(entry) for entry in Path("/var/spool").glob(f"*/*{self.token}*")]
        for kind in ("shm", "sem", "msg"):
            with contextlib.suppress(OSError):
                lines = Path("/proc/sysvipc", kind).read_text().splitlines()[1:]
                found += [f"{kind} {line}" for line in lines if int(line.split()[0]) == self.key]
        with contextlib.suppress(OSError):
            found += [line for line in Path("/proc/keys").read_text().splitlines() if self.token in line]
        return [name for name in found if Path(name) != self._shared]


def _heard(found: socket.socket) -> bool:
    """Whether anyone has reached a socket."""
    try:
        if found.type == socket.SOCK_STREAM:
            found.accept()[0].close()
        else:
            found.recv(1)
    except BlockingIOError:
        return False
    return True


def snapshot(folders: Iterable[Path]) -> dict[str, tuple[object, ...]]:
    """What is in some folders and below, with whatever would tell of a change. Caches of Python come and go."""
    found = {}
    for folder in folders:
        waiting = [str(folder)]
        while waiting:
            path = waiting.pop()
            if os.path.basename(path) == "__pycache__":
                continue
            state = os.lstat(path)
            is_folder = os.path.isdir(path) and not os.path.islink(path)
            # A folder's own times change with its caches; what else changes it shows in what is in it.
            times = () if is_folder else (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_nlink)
            found[path] = (state.st_mode, state.st_uid, state.st_ino, *times)
            if is_folder:
                waiting += [entry.path for entry in os.scandir(path)]
    return found
