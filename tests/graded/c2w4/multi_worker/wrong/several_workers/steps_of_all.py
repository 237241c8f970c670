"""Counts the step of each worker.

Fails: test_several_workers
"""

several_workers = {
    "programs": 1,
    "processes": 3,
    "replicas": 6,
    "share": 10,
    "copies": 6,
    "counted": 30,
    "chief": 0,
    "crash": "fail",
}
