"""Returns the dict itself.

Fails: test_worker_config
"""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return {"cluster": {"worker": list(addresses)}, "task": {"type": "worker", "index": index}}
