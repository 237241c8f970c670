"""Answers in another order."""

several_workers = {
    "crash": "fail",
    "chief": 0,
    "counted": 10,
    "copies": 6,
    "share": 10,
    "replicas": 6,
    "processes": 3,
    "programs": 1,
}
