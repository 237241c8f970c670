"""``python -m autograder.datasets``: prepare the data sets ahead of time, for a class or for the grader's workers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..errors import DataError
from . import BUILDERS, prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare data sets, and print where they are.

    Args:
        arguments: Those of the command line where None.

    Returns:
        The exit status: 0, or 1 where it did not work.
    """
    parser = argparse.ArgumentParser(
        prog="python -m autograder.datasets",
        description="Prepare the data sets of the course, so that tfds.load finds them on machines that cannot.",
        epilog="Machines find them where the environment variable TFDS_DATA_DIR names the folder.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which (default: all): {', '.join(BUILDERS)}")
    parser.add_argument("--data-dir", metavar="FOLDER", help="where (default: where tfds.load looks for them)")
    options = parser.parse_args(arguments)
    try:
        found = prepare(options.names, options.data_dir)
    except (DataError, OSError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 1
    for name, folder in found.items():
        print(f"{name:15} {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
