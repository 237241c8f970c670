"""Thinks that the model is divided among the devices.

Fails: test_factors
"""

factors = {
    "share": (1 / 8, 1),
    "batch": (1, 8),
    "steps": (1, 1 / 8),
    "examples": (1, 1),
    "iterations": (1, 1 / 8),
    "parameters": (1, 1),
    "memory_each": (1 / 8, 1 / 8),
    "memory_all": (1, 1),
}
