"""Thinks that every replica goes through all examples.

Fails: test_factors
"""

factors = {
    "share": (1 / 8, 1),
    "batch": (1, 8),
    "steps": (1, 1 / 8),
    "examples": (8, 8),
    "iterations": (1, 1 / 8),
    "parameters": (1, 1),
    "memory_each": (1, 1),
    "memory_all": (8, 8),
}
