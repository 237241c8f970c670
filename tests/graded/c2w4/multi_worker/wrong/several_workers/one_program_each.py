"""Thinks that each worker has a program of its own.

Fails: test_several_workers
"""

several_workers = {
    "programs": 3,
    "processes": 3,
    "replicas": 6,
    "share": 10,
    "copies": 6,
    "counted": 10,
    "chief": 0,
    "crash": "fail",
}
