"""Counts a step for each replica.

Fails: test_factors
"""

factors = {
    "share": (1 / 8, 1),
    "batch": (1, 8),
    "steps": (1, 1 / 8),
    "examples": (1, 1),
    "iterations": (8, 1),
    "parameters": (1, 1),
    "memory_each": (1, 1),
    "memory_all": (8, 8),
}
