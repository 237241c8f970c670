"""Takes the batch size for that of one replica: A is B, and B more of it.

Fails: test_factors
"""

factors = {
    "share": (1, 8),
    "batch": (8, 64),
    "steps": (1, 1 / 8),
    "examples": (1, 1),
    "iterations": (1, 1 / 8),
    "parameters": (1, 1),
    "memory_each": (1, 1),
    "memory_all": (8, 8),
}
