"""Answers for one of the two ways.

Fails: test_factors
"""

factors = {
    "share": 1 / 8,
    "batch": 1,
    "steps": 1,
    "examples": 1,
    "iterations": 1,
    "parameters": 1,
    "memory_each": 1,
    "memory_all": 8,
}
