"""``python -m skills_taxonomy.training --data ../shared/data``: every model, from its data.

Writes `skills_taxonomy/models/`. The same data, versions and one thread give the same bytes.
"""

import argparse
from pathlib import Path

from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training.models import STEPS, Data, train_all
from skills_taxonomy.word_features import MODELS


def main() -> None:
    """Command line: read the data, train, write."""
    parser = argparse.ArgumentParser(prog="python -m skills_taxonomy.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public files")
    parser.add_argument("--out", type=Path, default=MODELS, help="where to write the models")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=STEPS, metavar="STEP",
                        help=f"train only these of {', '.join(STEPS)}")  # fmt: skip
    options = parser.parse_args()
    train_all(Data.read(options.data), Taxonomy.load(), options.out, print, options.only)


if __name__ == "__main__":
    main()
