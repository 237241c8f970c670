"""What a check sees of a notebook: proxies that turn ``student.f.gradient(x)`` into requests.

The same proxy serves the student and the reference. Behind it stands anything that can be asked: a worker's
session, the names of a live kernel, or the replies of the reference that were recorded for a release.

One module for each family of questions; checks import from here.
"""

from .askers import Asker, Cached, Noted, Recorded, dump_replies
from .proxy import Name, Once, Proxy, last_call
from .sending import as_ndarray, as_ragged, as_sparse, as_variable, describe_call

__all__ = [
    "Asker",
    "Cached",
    "Name",
    "Noted",
    "Once",
    "Proxy",
    "Recorded",
    "as_ndarray",
    "as_ragged",
    "as_sparse",
    "as_variable",
    "describe_call",
    "dump_replies",
    "last_call",
]
