"""Names only the worker itself.

Fails: test_worker_config
"""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return json.dumps({"cluster": {"worker": [addresses[index]]}, "task": {"type": "worker", "index": index}})
