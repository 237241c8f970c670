"""Built-in probes: small functions that look inside TensorFlow, run in the worker, and return plain data.

A probe is called with the notebook's names, then with what the check sent. It holds no answers, and the
same probe runs on the student's notebook and on the reference. An assignment adds its own in ``probes.py``.
One module for each family of checks; :data:`BUILTIN` and :data:`CLEAN` are what a request can name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from . import basic, building, causes, distribution, gradients, graphs, layers, loops, shipped, tensors, traces

BUILTIN: Mapping[str, Callable[..., Any]] = {
    "call": basic.call,
    "answers": basic.answers,
    "arguments_after": basic.arguments_after,
    "ops": tensors.ops,
    "growth": tensors.growth,
    "devices": tensors.devices,
    "gradient": gradients.gradient,
    "jacobian": gradients.jacobian,
    "derivatives": gradients.derivatives,
    "hessian_vector": gradients.hessian_vector,
    "slopes": gradients.slopes,
    "why_none": causes.why_none,
    "graph": graphs.graph,
    "graph_told": graphs.graph_told,
    "graph_results": graphs.graph_results,
    "traces": traces.traces,
    "effects": traces.effects,
    "training": loops.training,
    "convergence": loops.convergence,
    "layer": layers.layer,
    "loss": layers.loss,
    "metric": layers.metric,
    "distributed": distribution.distributed,
}

# What is asked of a process in which no notebook ran, by what was sent alone. (A notebook's own process answers these
# too, where it is trusted.)
CLEAN: Mapping[str, Callable[..., Any]] = {
    "graph_facts": shipped.graph_facts,
    "graph_results": shipped.graph_results,
    "curves": loops.curves,
    "tpu": distribution.tpu,
}

# Probes that build the specs among their arguments themselves; for all others they are built before.
BUILD_SPECS = frozenset(("training", "convergence", "graph", "graph_told", "graph_results", "traces", "effects"))
ready = building.ready
restore = building.restore
