"""Built-in probes: small functions that look inside TensorFlow, run in the worker, and return plain data.

A probe is called with the notebook's names, then with what the check sent. It holds no answers, and the
same probe runs on the student's notebook and on the reference. An assignment adds its own in ``probes.py``.
One module for each family of checks; :data:`BUILTIN` and :data:`CLEAN` are what a request can name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from . import basic, distribution, gradients

BUILTIN: Mapping[str, Callable[..., Any]] = {
    "call": basic.call,
    "ops": basic.ops,
    "gradient": gradients.gradient,
    "distributed": distribution.distributed,
}

# What is asked of a process in which no notebook ran, by what was sent alone. (A notebook's own process answers these
# too, where it is trusted.)
CLEAN: Mapping[str, Callable[..., Any]] = {
    "tpu": distribution.tpu,
}
