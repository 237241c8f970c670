"""Counts the replicas of one worker.

Fails: test_several_workers
"""

several_workers = {
    "programs": 1,
    "processes": 3,
    "replicas": 2,
    "share": 30,
    "copies": 2,
    "counted": 10,
    "chief": 0,
    "crash": "fail",
}
