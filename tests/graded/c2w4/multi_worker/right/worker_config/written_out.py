"""Puts the text together."""


def worker_config(addresses: Sequence[str], index: int) -> str:
    return f'{{"task": {{"index": {index}, "type": "worker"}}, "cluster": {{"worker": {json.dumps(list(addresses))}}}}}'
