"""Run the code cells of a notebook in IPython and capture what they show, as nbformat outputs.

Output is captured at the level of file descriptors, because ``tf.print`` and C++ code write there. Used in
the worker process only: it takes over descriptors 1 and 2.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.utils.text import LSString, SList
from matplotlib_inline.backend_inline import configure_inline_support
from traitlets import Type
from traitlets.config import Config

MAX_TEXT = 100_000  # characters of one text output
MAX_IMAGE = 1_000_000  # characters of one base64 image
MAX_OUTPUTS = 200  # outputs of one cell
MAX_TOTAL = 1_200_000  # characters of all outputs of one cell as JSON, where ━ takes six: they travel in one frame
MAX_TRACEBACK = 100_000  # characters of a traceback as JSON; it travels twice
_CUT = "\n… (the rest of this output was cut)\n"
_FRAMES = 20  # shown at each end of a traceback: IPython takes 8 ms for one, and a runaway recursion has 1,000


class _Stream:
    """One captured descriptor: a temporary file that is read and emptied again."""

    def __init__(self, descriptor: int, name: str) -> None:
        self.name = name
        self._fd = os.open(tempfile.mktemp(), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        os.dup2(self._fd, descriptor)
        stream = open(  # noqa: SIM115  (open for as long as the process lives)
            descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
        )
        stream.reconfigure(write_through=True)
        setattr(sys, name, stream)
        self._stream = stream

    def take(self) -> str:
        """What was written since the last call, cut to a size that can be shown."""
        with contextlib.suppress(OSError, ValueError):  # full, or closed by the notebook
            self._stream.flush()  # what ends without a line's end
        size = os.fstat(self._fd).st_size
        if not size:
            return ""
        text = os.pread(self._fd, MAX_TEXT, 0).decode("utf-8", "replace")
        os.ftruncate(self._fd, 0)
        return text + _CUT if size > MAX_TEXT else text


class _Publisher(DisplayPublisher):
    """Hands rich outputs (plots, ``display``) to the shell's record."""

    def publish(self, data: Mapping[str, Any], metadata: Any = None, source: Any = None, **ignored: Any) -> None:
        self.shell.record.show("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.record.clear()


class _Displayhook(DisplayHook):
    """Hands the value of a cell's last expression to the shell's record."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: Any = None) -> None:
        self.shell.record.show("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Record:
    """The outputs of the cell that is running, in order."""

    def __init__(self) -> None:
        self.streams = [_Stream(1, "stdout"), _Stream(2, "stderr")]
        self.outputs: list[dict[str, Any]] = []
        self.size = 0

    def clear(self) -> None:
        self.flush()
        self.outputs, self.size = [], 0

    def flush(self) -> None:
        for stream in self.streams:
            text = stream.take()
            if text:
                self._add({"output_type": "stream", "name": stream.name, "text": text})

    def show(self, kind: str, data: Mapping[str, Any]) -> None:
        self.flush()
        kept = {}
        for mime, limit in (("text/plain", MAX_TEXT), ("image/png", MAX_IMAGE), ("image/jpeg", MAX_IMAGE)):
            value = data.get(mime)
            if isinstance(value, bytes):
                value = base64.b64encode(value).decode()
            if isinstance(value, str) and len(value) <= limit:
                kept[mime] = value
            elif isinstance(value, str) and mime == "text/plain":
                kept[mime] = value[:limit] + _CUT
        if kept:
            self._add({"output_type": kind, "data": kept, "metadata": {}})

    def error(self, error: Mapping[str, Any]) -> None:
        self.flush()
        self.outputs.append({"output_type": "error", **error})

    def _add(self, output: dict[str, Any]) -> None:
        size = len(json.dumps(output))
        # The last place is kept for an error: why a cell stopped matters more than what it printed.
        if len(self.outputs) < MAX_OUTPUTS and self.size + size <= MAX_TOTAL:
            self.outputs.append(output)
            self.size += size


class Shell(InteractiveShell):
    """An IPython shell that records outputs instead of printing them."""

    record: _Record
    failure: dict[str, Any] | None
    error: BaseException | None
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Displayhook)

    @classmethod
    def start(cls) -> Shell:
        """Make the one shell of this process and take over its standard output and error."""
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        record = _Record()
        shell: Shell = cls.instance(config=config)
        shell.record = record
        shell.failure = shell.error = None
        configure_inline_support(shell, os.environ.get("MPLBACKEND", ""))
        return shell

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing to enable: plots are pictures here (``%matplotlib inline`` calls this)."""

    def system(self, cmd: str) -> None:
        """Run no command (``!pip install``, ``%pip``): the cell goes on, as after one that fails in Jupyter."""
        print(f"Commands are not run when work is graded: {cmd}", file=sys.stderr)
        self.user_ns["_exit_code"] = 1

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList | LSString:
        """The output of a command (``files = !ls``), which is empty: see :meth:`system`."""
        self.system(cmd)
        return SList() if split else LSString("")

    def ask_exit(self) -> None:
        """Nothing to leave (``exit()``): what follows is graded too."""

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        etype, evalue, traceback = super()._get_exc_info(exc_tuple)  # type: ignore[no-untyped-call]
        frames = []
        step = traceback
        while step is not None:
            frames.append(step)
            step = step.tb_next
        if len(frames) > 2 * _FRAMES:
            frames[_FRAMES - 1].tb_next = frames[-_FRAMES]
        return etype, evalue, traceback

    def _showtraceback(self, etype: type, evalue: BaseException, stb: Any) -> None:
        lines: list[str] = []
        left = MAX_TRACEBACK
        for line in reversed(stb if isinstance(stb, list) else [stb]):  # the last lines say most
            text = str(line)[: MAX_TRACEBACK // 8]
            left -= len(json.dumps(text))
            if left < 0:
                break
            lines.insert(0, text)
        self.failure = {"ename": etype.__name__[:200], "evalue": _text(evalue)[:2000], "traceback": lines}

    def run(self, source: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """Run one cell.

        Args:
            source: Its code, IPython's magics included.

        Returns:
            Its outputs as nbformat 4 dicts, and its error (``ename``, ``evalue``, ``traceback``) or None.
        """
        self.record.clear()
        self.failure = None
        result: ExecutionResult = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        error = self.error = result.error_before_exec or result.error_in_exec
        failure = self.failure
        if error is not None and failure is None:  # SystemExit is reported without a traceback
            name = type(error).__name__
            failure = {"ename": name, "evalue": _text(error)[:2000], "traceback": [f"{name}: {_text(error)[:500]}"]}
        if failure is not None:
            self.record.error(failure)
        self.record.flush()
        return self.record.outputs, failure

    def quietly(self, action: Callable[[], Any]) -> Any:
        """Do something and drop what it prints."""
        try:
            return action()
        finally:
            self.record.clear()


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return "(its message could not be read)"
