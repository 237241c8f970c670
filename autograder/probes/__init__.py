"""Built-in probes: small functions that look inside TensorFlow, run in the worker, and return plain data.

A probe is called with the notebook's names, then with what the check sent. It holds no answers, and the
same probe runs on the student's notebook and on the reference. An assignment adds its own in ``probes.py``.
One module for each family of checks; :data:`BUILTIN` and :data:`CLEAN` are what a request can name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from . import basic, gradients, graphs, shipped, traces

BUILTIN: Mapping[str, Callable[..., Any]] = {
    "call": basic.call,
    "ops": basic.ops,
    "gradient": gradients.gradient,
    "graph": graphs.graph,
    "graph_told": graphs.graph_told,
    "graph_results": graphs.graph_results,
    "traces": traces.traces,
    "effects": traces.effects,
}

# What is asked of a process in which no notebook ran, by what was sent alone. (A notebook's own process answers these
# too, where it is trusted.)
CLEAN: Mapping[str, Callable[..., Any]] = {
    "graph_facts": shipped.graph_facts,
    "graph_results": shipped.graph_results,
}
