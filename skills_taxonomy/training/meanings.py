"""Vectors of single words that are near where words mean the same, learned from a teacher.

A sentence encoder (`teacher`) reads every word of the taxonomy's labels by itself; what it makes of
them is reduced to a few numbers a word (Tulkens and van Dongen 2024, model2vec).

Belongs here: which words, the reduction. Does not belong here: their use (`concept_index`).

``python -m skills_taxonomy.training.meanings --teacher PYTHON`` writes ``meanings.npz``.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from skills_taxonomy.normalization import base_label
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.word_features import MODELS, plain_word, save_vectors

TEACHER = Path(__file__).parent / "teacher.py"
WIDTH = 64


def label_words(taxonomy: Taxonomy) -> list[str]:
    """The different words of all labels, as `word_features.plain_word` has them, in order."""
    labels = taxonomy.skill_labels["label"].unique().to_list()
    return sorted({plain_word(word) for label in labels for word in base_label(label).split()})


def taught(words: list[str], teacher: Path) -> np.ndarray:
    """The teacher's vector of each word (words, 384); `teacher` is a Python that has its packages.

    Raises CalledProcessError where it fails.
    """
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "vectors.npy"
        subprocess.run([teacher, TEACHER, out], input=json.dumps(words), text=True, check=True)
        vectors: np.ndarray = np.load(out)
        return vectors


def reduced(vectors: np.ndarray) -> np.ndarray:
    """Principal components of `vectors` (words, `WIDTH`), each row of length one."""
    centered = vectors.astype(float) - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centered, full_matrices=False)
    directions *= np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(1)])[
        :, None
    ]
    found = centered @ directions[:WIDTH].T
    unit: np.ndarray = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return unit


def main() -> None:
    """Command line: ask the teacher, reduce, write."""
    parser = argparse.ArgumentParser(
        prog="python -m skills_taxonomy.training.meanings", description=__doc__
    )
    parser.add_argument("--teacher", type=Path, required=True, help="a Python with its packages")
    parser.add_argument("--out", type=Path, default=MODELS, help="where to write meanings.npz")
    options = parser.parse_args()
    words = label_words(Taxonomy.load())
    save_vectors(words, reduced(taught(words, options.teacher)), options.out / "meanings.npz")


if __name__ == "__main__":
    main()
