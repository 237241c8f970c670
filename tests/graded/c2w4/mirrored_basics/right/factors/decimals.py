"""Writes decimals, in lists."""

factors = {
    "share": [0.125, 1],
    "batch": [1, 8],
    "steps": [1, 0.125],
    "examples": [1, 1],
    "iterations": [1, 0.125],
    "parameters": [1, 1],
    "memory_each": [1, 1],
    "memory_all": [8, 8],
}
