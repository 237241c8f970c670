"""``python -m benchmarks.level L0 grade …``: the command line with workers that are held less tightly than could be.

For the price of isolation: L0 holds nothing, and all else is the same.
"""

from __future__ import annotations

import functools
import sys

from autograder import cli, sandbox


def main() -> int:
    """Entry point of ``python -m benchmarks.level LEVEL ARGUMENTS…``."""
    most, *arguments = sys.argv[1:]
    sandbox.starter = functools.partial(sandbox.starter, most)
    return cli.main([*arguments, "--unsafe"])


if __name__ == "__main__":
    sys.exit(main())
