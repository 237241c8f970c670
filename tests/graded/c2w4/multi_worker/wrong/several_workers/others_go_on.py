"""Thinks that the others go on.

Fails: test_several_workers
"""

several_workers = {
    "programs": 1,
    "processes": 3,
    "replicas": 6,
    "share": 10,
    "copies": 6,
    "counted": 10,
    "chief": 0,
    "crash": "go on",
}
