"""Thinks that the replicas divide the steps among themselves.

Fails: test_factors
"""

factors = {
    "share": (1 / 8, 1),
    "batch": (1, 8),
    "steps": (1 / 8, 1 / 8),
    "examples": (1, 1),
    "iterations": (1 / 8, 1 / 8),
    "parameters": (1, 1),
    "memory_each": (1, 1),
    "memory_all": (8, 8),
}
