"""Says that each worker is the first.

Fails: test_worker_config
"""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return json.dumps({"cluster": {"worker": list(addresses)}, "task": {"type": "worker", "index": 0}})
