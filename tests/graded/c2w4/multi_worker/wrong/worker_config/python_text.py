"""Writes Python's text of a dict.

Fails: test_worker_config
"""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return str({"cluster": {"worker": list(addresses)}, "task": {"type": "worker", "index": index}})
