"""Forgets of which kind the members are.

Fails: test_worker_config
"""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return json.dumps({"cluster": list(addresses), "task": {"index": index}})
