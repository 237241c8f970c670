"""Tables: ``wdbc_original``, ``wine``, ``diabetes`` and ``linnerud``.

Each example has its numbers in one vector, as in ``tfds.load("iris")``; ``info.metadata["columns"]`` names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from .files import hold_out, read_table
from .offline import OfflineBuilder

Examples = Mapping[str, Iterator[tuple[int, dict[str, Any]]]]

SKLEARN = "Distributed with scikit-learn (BSD-3-Clause)."


def vector(row: Mapping[str, str], columns: Sequence[str]) -> list[float]:
    """Some columns of a row as numbers; NaN for what is missing."""
    return [float(row[name] or "nan") for name in columns]


def splits(examples: Sequence[dict[str, Any]], testing: Sequence[bool]) -> Examples:
    """The examples that are for training and those that are for testing, with their numbers."""
    return {
        "train": ((n, example) for n, example in enumerate(examples) if not testing[n]),
        "test": ((n, example) for n, example in enumerate(examples) if testing[n]),
    }


def quarters(values: Sequence[float]) -> list[int]:
    """For each value in which quarter of them it lies."""
    return [int(quarter) for quarter in np.searchsorted(np.quantile(values, [0.25, 0.5, 0.75]), values)]


class WdbcOriginal(OfflineBuilder):
    """Breast-cancer cytology: is a sample malignant? With missing values and with patients who come twice."""

    FILE = ("wdbc_original.csv", "d3c46f082ba1687840a2ebd2117450cd40c29edb13b968a0ed9525697203adf5")
    COLUMNS = (
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

    def _info(self) -> Any:
        return self._describe(
            description="Breast Cancer Wisconsin (Original): 699 samples of breast tissue, 458 benign and 241 "
            "malignant. Nine properties of the cells under the microscope are rated from 1 to 10, 10 the most "
            "abnormal. 16 values of bare_nuclei are missing, and are NaN. An id is that of a patient: some have "
            "several samples, and all samples of a patient are in the same split.",
            features=tfds.features.FeaturesDict(
                {
                    "id": np.int64,
                    "features": tfds.features.Tensor(shape=(9,), dtype=np.float32),
                    "label": tfds.features.ClassLabel(names=["benign", "malignant"]),
                }
            ),
            supervised_keys=("features", "label"),
            metadata=tfds.core.MetadataDict(columns=list(self.COLUMNS)),
            homepage="https://archive.ics.uci.edu/dataset/15/breast+cancer+wisconsin+original",
            license="CC BY 4.0, https://creativecommons.org/licenses/by/4.0/ (UCI Machine Learning Repository). The "
            "numbers are those of the table biopsy in the R package MASS; only the format was changed. Obtained from "
            "the University of Wisconsin Hospitals, Madison, from Dr. William H. Wolberg.",
            citation="""@article{wolberg1990multisurface,
  title={Multisurface method of pattern separation for medical diagnosis applied to breast cytology},
  author={Wolberg, William H. and Mangasarian, Olvi L.},
  journal={Proceedings of the National Academy of Sciences},
  volume={87}, number={23}, pages={9193--9196}, year={1990}, doi={10.1073/pnas.87.23.9193}
}
@misc{wolberg1990original,
  title={Breast Cancer Wisconsin (Original)}, author={Wolberg, William},
  howpublished={UCI Machine Learning Repository}, year={1990}, doi={10.24432/C5HP4Z}
}""",
        )

    def _examples(self) -> Examples:
        rows = read_table(self._file())
        examples = [
            {"id": int(row["id"]), "features": vector(row, self.COLUMNS), "label": row["class"]} for row in rows
        ]
        return splits(examples, hold_out([row["class"] for row in rows], [row["id"] for row in rows]))


class Wine(OfflineBuilder):
    """Which of three grapes a wine is made of, by its chemistry."""

    FILE = ("wine.csv", "6286df3a95ddf0c6bbb8f3d2cfcaafe7ec49810c9cc424c311d6d8f0a7ce2b42")
    COLUMNS = (
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

    def _info(self) -> Any:
        return self._describe(
            description="178 wines from one region of Italy, made of three grapes (59 Barolo, 71 Grignolino, 48 "
            "Barbera), with 13 measurements each. Their scales differ by a factor of a thousand.",
            features=tfds.features.FeaturesDict(
                {
                    "features": tfds.features.Tensor(shape=(13,), dtype=np.float32),
                    "label": tfds.features.ClassLabel(names=["barolo", "grignolino", "barbera"]),
                }
            ),
            supervised_keys=("features", "label"),
            metadata=tfds.core.MetadataDict(columns=list(self.COLUMNS)),
            homepage="https://archive.ics.uci.edu/dataset/109/wine",
            license=f"CC BY 4.0, https://creativecommons.org/licenses/by/4.0/ (UCI Machine Learning Repository). "
            f"{SKLEARN} The classes have names here, and the format was changed.",
            citation="""@misc{aeberhard1992wine,
  title={Wine}, author={Aeberhard, Stefan and Forina, M.},
  howpublished={UCI Machine Learning Repository}, year={1992}, doi={10.24432/C5PC7J}
}""",
        )

    def _examples(self) -> Examples:
        rows = read_table(self._file())
        examples = [{"features": vector(row, self.COLUMNS), "label": row["cultivar"]} for row in rows]
        return splits(examples, hold_out([row["cultivar"] for row in rows]))


class Diabetes(OfflineBuilder):
    """How far a disease will have gone in a year: regression."""

    FILE = ("diabetes.csv", "9e2fc477338dd292c6361948a1e8e49737044c4a04e5be7f35ae8e4d27b75c48")
    COLUMNS = ("age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu")

    def _info(self) -> Any:
        return self._describe(
            description="442 patients with diabetes: age, sex, body mass index, average blood pressure and six "
            "measurements of blood serum (total cholesterol, LDL, HDL, total cholesterol by HDL, probably the "
            "logarithm of triglycerides, blood sugar); and a number for how far the disease had gone a year later. "
            "The values are as measured, not scaled.",
            features=tfds.features.FeaturesDict(
                {"features": tfds.features.Tensor(shape=(10,), dtype=np.float32), "target": np.float32}
            ),
            supervised_keys=("features", "target"),
            metadata=tfds.core.MetadataDict(columns=list(self.COLUMNS), targets=["progression"]),
            homepage="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
            license=f"{SKLEARN} Its authors published it with no terms of its own.",
            citation="""@article{efron2004least,
  title={Least angle regression},
  author={Efron, Bradley and Hastie, Trevor and Johnstone, Iain and Tibshirani, Robert},
  journal={The Annals of Statistics}, volume={32}, number={2}, pages={407--499}, year={2004},
  doi={10.1214/009053604000000067}
}""",
        )

    def _examples(self) -> Examples:
        rows = read_table(self._file())
        targets = [float(row["progression"]) for row in rows]
        pairs = zip(rows, targets, strict=True)
        examples = [{"features": vector(row, self.COLUMNS), "target": target} for row, target in pairs]
        return splits(examples, hold_out(quarters(targets)))


class Linnerud(OfflineBuilder):
    """Three exercises and three measures of the body: regression with several targets."""

    FILE = ("linnerud.csv", "67439cc3276440bde6303455695bc00c2c7b129be5da66dd22c526fd3cbf4864")
    COLUMNS = ("chins", "situps", "jumps")
    TARGETS = ("weight", "waist", "pulse")

    def _info(self) -> Any:
        return self._describe(
            description="20 men of a fitness club: how many chin-ups, sit-ups and jumps they do, and their weight in "
            "pounds, waist in inches, and pulse.",
            features=tfds.features.FeaturesDict(
                {
                    "features": tfds.features.Tensor(shape=(3,), dtype=np.float32),
                    "target": tfds.features.Tensor(shape=(3,), dtype=np.float32),
                }
            ),
            supervised_keys=("features", "target"),
            metadata=tfds.core.MetadataDict(columns=list(self.COLUMNS), targets=list(self.TARGETS)),
            homepage="https://scikit-learn.org/stable/datasets/toy_dataset.html#linnerrud-dataset",
            license=f"{SKLEARN} Collected by A. C. Linnerud of North Carolina State University, and printed with no "
            "terms of its own.",
            citation="""@book{tenenhaus1998regression,
  title={La r{\\'e}gression PLS: th{\\'e}orie et pratique},
  author={Tenenhaus, Michel}, publisher={{\\'E}ditions Technip}, address={Paris}, year={1998}
}""",
        )

    def _examples(self) -> Examples:
        rows = read_table(self._file())
        examples = [{"features": vector(row, self.COLUMNS), "target": vector(row, self.TARGETS)} for row in rows]
        return splits(examples, hold_out([""] * len(rows)))
