"""Speed and memory of one mode in a process of its own, so that no other's memory counts.

``python -m benchmarks.extraction.speed MODE FOLDER`` prints one JSON object.
"""

import argparse
import json
import resource
import time
from pathlib import Path
from typing import get_args

import polars as pl

from pipelines.extraction.runner import Mode, extract_mentions, load_pipeline
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training import corpora

CACHE = Path("data/warehouse/extraction")
ADS_N = 600
WORDS_A_POSTING = 323


def health_ads(directory: Path, most: int) -> list[str]:
    """Texts of the first health ads among the public files."""
    return [text for name, text in corpora.public_texts(directory) if "nhs" in name][:most]


def postings_of(texts: list[str]) -> float:
    """How many postings of `WORDS_A_POSTING` words the texts amount to."""
    return sum(len(text.split()) for text in texts) / WORDS_A_POSTING


def main() -> None:
    """Command line: time one pass over the ads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=get_args(Mode))
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    taxonomy = Taxonomy.load()
    texts = health_ads(options.data, ADS_N)
    documents = pl.DataFrame(
        {"document_id": [str(n) for n in range(len(texts))], "title": "", "text": texts}
    )
    started = time.perf_counter()
    nlp = load_pipeline(CACHE, taxonomy, mode=options.mode)
    ready = time.perf_counter() - started
    started = time.perf_counter()
    extract_mentions(documents, "posting", nlp)
    rate = postings_of(texts) / (time.perf_counter() - started)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rate": rate, "ready": ready, "memory": memory}))


if __name__ == "__main__":
    main()
