"""Counts the workers from one.

Fails: test_worker_config
"""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return json.dumps({"cluster": {"worker": list(addresses)}, "task": {"type": "worker", "index": index + 1}})
