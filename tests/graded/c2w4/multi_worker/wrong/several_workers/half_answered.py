"""Leaves half of it out.

Fails: test_several_workers
"""

several_workers = {
    "programs": 1,
    "processes": 3,
    "replicas": 6,
    "share": 10,
}
