"""Who answers requests for a notebook, and who keeps the answers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Protocol

from .. import wire
from ..errors import CourseError, NoRecordedReply, WireError


class Asker(Protocol):
    """Something that answers requests."""

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The reply: data, or a :class:`~autograder.errors.Failure` where the notebook's code raised."""


class Cached:
    """Asks once for each request and keeps the reply under the request's digest.

    Args:
        asker: Who is asked.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.replies: dict[str, Any] = {}

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The reply that is kept, or a new one."""
        key = wire.digest(dict(request))
        if key not in self.replies:
            self.replies[key] = self._asker.ask(request)
        return self.replies[key]


class Noted:
    """Asks another one, and notes for what.

    Args:
        asker: Who is asked.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.digests: set[str] = set()

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The other one's reply."""
        self.digests.add(wire.digest(dict(request)))
        return self._asker.ask(request)


class Recorded:
    """Answers from replies that were recorded when the release was made.

    Args:
        replies: As :func:`dump_replies` wrote them.

    Raises:
        CourseError: They cannot be read.
    """

    def __init__(self, replies: Mapping[str, str]) -> None:
        try:
            self._replies = {key: wire.unpack(base64.b64decode(text)) for key, text in replies.items()}
        except (WireError, ValueError, TypeError, AttributeError):
            raise CourseError("the recorded replies are damaged; fetch the assignment again") from None

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The recorded reply.

        Raises:
            NoRecordedReply: There is none.
        """
        key = wire.digest(dict(request))
        if key not in self._replies:
            raise NoRecordedReply("the release holds no recorded reply for a request of this check; make it again")
        return self._replies[key]


def dump_replies(replies: Mapping[str, Any]) -> dict[str, str]:
    """Replies as text that JSON can hold: each one's frame in base64, sorted by the digest of its request."""
    return {key: base64.b64encode(wire.pack(replies[key])).decode() for key in sorted(replies)}
