"""The corpus of attacks: one table for each family, all run by one runner with one oracle."""

from __future__ import annotations

from . import crashes, files, hijack, inputs, metadata, network, processes, reading, replies, resources, verdict
from .attack import Attack

ATTACKS: tuple[Attack, ...] = (
    *verdict.ATTACKS,
    *replies.ATTACKS,
    *hijack.ATTACKS,
    *reading.ATTACKS,
    *inputs.ATTACKS,
    *metadata.ATTACKS,
    *files.ATTACKS,
    *processes.ATTACKS,
    *network.ATTACKS,
    *resources.ATTACKS,
    *crashes.ATTACKS,
)
