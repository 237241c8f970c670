"""What all questions about a name of a notebook have in common."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from ..graphs import as_calls
from .askers import Asker
from .sending import describe_call, sendable

if TYPE_CHECKING:
    from .proxy import Proxy

Made = tuple[tuple[Any, ...], Mapping[str, Any]]  # the arguments of what makes the thing that is asked


class Asking:
    """What the families of questions have in common: whom a name of a notebook asks, and how.

    Args:
        proxy: The notebook.
        name: The name.
        asker: Who answers; the notebook's own process where None.
        made: Arguments of what makes the thing that is asked; the name itself is asked where None.
    """

    def __init__(self, proxy: Proxy, name: str, asker: Asker | None = None, made: Made | None = None) -> None:
        self._proxy = proxy
        self._name = name
        self._asker = asker or proxy._asker
        self._made = made

    def _once(self) -> Self:
        once = copy.copy(self)
        once._asker = self._proxy._kept
        return once

    def _last(self, calls: Sequence[Any]) -> None:
        first = as_calls(calls)[0]
        self._proxy._last_call = self._name, first.args, first.kwargs

    def _request(self, probe: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], **options: Any) -> Any:
        # The text of what is made is short; that of the call is put into words when it is told.
        called = self._name if self._made is None else describe_call(self._name, *self._made)
        self._proxy._last_call = called, args, kwargs
        request = {
            "probe": probe,
            "name": self._name,
            "args": sendable(args),
            "kwargs": sendable(dict(kwargs)),
            "options": sendable(options),
        }
        if self._made is not None:
            request["made"] = sendable(self._made)
        return self._proxy._ask(self._asker, self._name, request)
