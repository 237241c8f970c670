"""What a worker takes of the disk and of threads, watched from outside, where the kernel gives no limit.

At L3 the scratch folder is a file system of a fixed size, and there is nothing to watch. Below it the grader
looks at the folder whenever a request is answered, and several times a second while it waits.
"""

from __future__ import annotations

import os
import sys

from .errors import WorkerOverBudget

MAX_THREADS = 1024


class Budget:
    """The disk and the threads that one worker may use.

    Args:
        pid: Its process.
        folder: Its scratch folder.
        most_bytes: How much may lie in it, and how much the worker may write in all.
        most_files: How many files and folders may be in it.
        bounded: Whether the folder is a file system of a fixed size, and only threads are to be watched.
    """

    def __init__(self, pid: int, folder: str, most_bytes: int, most_files: int, *, bounded: bool = False) -> None:
        self._pid = pid
        self._folder = folder
        self._most_bytes = most_bytes
        self._most_files = most_files
        self._bounded = bounded

    def check(self) -> None:
        """Look at what is used.

        Raises:
            WorkerOverBudget: It is too much.
        """
        if not self._bounded:
            self._check_disk()
        if threads(self._pid) > MAX_THREADS:
            raise WorkerOverBudget(f"it started more than {MAX_THREADS:,} threads")

    def _check_disk(self) -> None:
        size, count = usage(self._folder, self._most_files)
        if count > self._most_files:
            raise WorkerOverBudget(f"it made more than {self._most_files:,} files, or folders that none can look into")
        # A file that was deleted while it is open takes space and is in no folder, but was written.
        if max(size, written(self._pid)) > self._most_bytes:
            raise WorkerOverBudget(f"it wrote more than {self._most_bytes >> 20:,} MB")


def usage(folder: str, enough: int) -> tuple[int, int]:
    """Bytes on disk and number of files in a folder and below.

    Args:
        folder: The folder; nothing that is linked from it counts.
        enough: Stop counting above this number of files.
    """
    size = count = 0
    waiting = [folder]
    while waiting and count <= enough:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count += 1
                    if count > enough:
                        break
                    found = entry.stat(follow_symlinks=False)
                    size += getattr(found, "st_blocks", 0) * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # it has just been removed
            continue
        except OSError:  # its path is too long, or it was made without permissions: more could hide in it
            count = enough + 1
    return size, count


def written(pid: int) -> int:
    """Bytes that a process wrote to disks and did not take back; 0 where the kernel does not tell."""
    if sys.platform != "linux":
        return 0
    try:
        with open(f"/proc/{pid}/io") as file:
            values = dict(line.split(": ", 1) for line in file)
    except OSError:
        return 0
    return int(values["write_bytes"]) - int(values["cancelled_write_bytes"])


def threads(pid: int) -> int:
    """Number of threads of a process; 0 where the kernel does not tell."""
    if sys.platform != "linux":
        return 0
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[17])
    except OSError:
        return 0
