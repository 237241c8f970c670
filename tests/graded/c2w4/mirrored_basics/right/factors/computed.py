"""Computes some of the factors."""

alone = {"share": 16, "batch": 16, "steps": 80, "examples": 1280, "iterations": 80}
same_batch = {"share": 2, "batch": 16, "steps": 80, "examples": 1280, "iterations": 80}
same_share = {"share": 16, "batch": 128, "steps": 10, "examples": 1280, "iterations": 10}
factors = {name: (same_batch[name] / alone[name], same_share[name] / alone[name]) for name in alone}
factors.update(parameters=(1, 1), memory_each=(1, 1), memory_all=(8, 8))
