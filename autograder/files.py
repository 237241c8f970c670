"""Files and folders of the grader's own: written whole or not at all, and removed whatever is in them."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from . import linux
from .errors import StorageError

# What the machine is to blame for, and no file's owner: a full disk or quota, a limit on the size of files, a disk
# that fails or that cannot be written.
_STORAGE = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO") if hasattr(errno, name)
)


def is_storage(error: OSError) -> bool:
    """Whether an error says that there is no room, rather than something of the one file that it was met at."""
    return error.errno in _STORAGE


def no_room(path: object, why: object) -> StorageError:
    """The error that says that something could not be written, and what to do.

    Args:
        path: The file or folder.
        why: What the system says.
    """
    return StorageError(f"cannot write {path}: {why}. Make room there, and run the command again")


@contextlib.contextmanager
def room_for(path: object) -> Iterator[None]:
    """Tell a full disk, met anywhere in the block, by the name of what was to be written.

    Args:
        path: The file or folder.

    Raises:
        StorageError: There is no room for it.
    """
    try:
        yield
    except OSError as error:
        if not is_storage(error):
            raise
        raise no_room(path, error.strerror) from error


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: whoever reads it finds the old text or the new one.

    What is no plain file (a pipe, a terminal) is written to as it is, and so is a file in a folder where none can be
    made.

    Args:
        path: The file; where it is a link, what it leads to.
        text: The text.

    Raises:
        OSError: It could not be written.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    path = Path(os.path.realpath(path))
    beside = path.with_name(f".{path.name[:80]}-{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except PermissionError:
        path.write_text(text, encoding="utf-8")
        return
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        if path.exists():
            os.chmod(beside, stat.S_IMODE(path.stat().st_mode))
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def put_in_place(new: Path, path: Path) -> bool:
    """Put a folder where another one is, which takes its place, or nothing is.

    Args:
        new: The folder; afterwards what was at ``path``, if there was something.
        path: Where it is to be, in the same file system.

    Returns:
        Whether there was something.
    """
    if not os.path.lexists(path):
        new.rename(path)
        return False
    try:
        linux.exchange(str(new), str(path))
    except (OSError, AttributeError):  # not on this system, or not in this file system
        aside = new.with_name(f"{new.name}-aside")
        path.rename(aside)
        new.rename(path)
        aside.rename(new)
    return True


def remove_tree(path: str) -> None:
    """Remove a folder and all in it, whatever is in it.

    Student code may leave thousands of nested folders or ones without permissions, which ``shutil.rmtree``
    does not survive. Works by descriptor from the top, never follows a link, and does not recurse.

    Args:
        path: The folder; nothing happens when it does not exist.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY
    try:
        parent = os.open(os.path.dirname(path) or ".", flags)  # ours, and a link on some machines (TMPDIR)
    except OSError:
        return
    try:
        # A nested folder is moved up beside its parent before it is emptied, so that depth does not matter.
        waiting, made, again = [os.path.basename(path)], 0, 100
        while waiting:
            name = waiting.pop()
            try:
                if stat.S_ISLNK(os.lstat(name, dir_fd=parent).st_mode):  # which chmod would follow
                    os.unlink(name, dir_fd=parent)
                    continue
                os.chmod(name, 0o700, dir_fd=parent)
                folder = os.open(name, flags | os.O_NOFOLLOW, dir_fd=parent)
            except OSError:
                continue
            try:
                for entry in os.listdir(folder):
                    with contextlib.suppress(OSError):  # a process that got away may write here still
                        if stat.S_ISDIR(os.lstat(entry, dir_fd=folder).st_mode):
                            made += 1
                            moved = f".{os.path.basename(path)}-{made}"
                            os.chmod(entry, 0o700, dir_fd=folder)
                            os.rename(entry, moved, src_dir_fd=folder, dst_dir_fd=parent)
                            waiting.append(moved)
                        else:
                            os.unlink(entry, dir_fd=folder)
            finally:
                os.close(folder)
            try:
                os.rmdir(name, dir_fd=parent)
            except OSError:
                again -= 1
                if again:
                    waiting.append(name)
    finally:
        os.close(parent)
