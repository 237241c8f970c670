"""Counts a process that leads the others.

Fails: test_several_workers
"""

several_workers = {
    "programs": 1,
    "processes": 4,
    "replicas": 6,
    "share": 10,
    "copies": 6,
    "counted": 10,
    "chief": 0,
    "crash": "fail",
}
