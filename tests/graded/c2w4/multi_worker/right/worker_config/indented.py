"""Writes it on several lines."""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return json.dumps(dict(task=dict(type="worker", index=index), cluster=dict(worker=[*addresses])), indent=2)
