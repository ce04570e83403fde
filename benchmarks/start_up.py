"""How long the label index takes to load, beside a PhraseMatcher refilled from a DocBin.

Run `python -m benchmarks.start_up`. Recorded 2026-11-24 on 2 cores, 24 GB, Python 3.11, spaCy
3.8.18, 106,106 labels: PhraseMatcher 4.9 s (DocBin 2.8 s, adding 2.1 s), saved pipeline with the
hashed index 1.3 s.
"""

import tempfile
import time
from pathlib import Path

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import DocBin

from skills_taxonomy import pipeline
from skills_taxonomy.normalization import base_label
from skills_taxonomy.taxonomy import Taxonomy


def phrase_matcher_seconds(labels: list[str]) -> tuple[float, float]:
    """Seconds to read the patterns from a DocBin, and to add them to a PhraseMatcher."""
    patterns = DocBin(attrs=["ORTH", "NORM"], docs=spacy.blank("en").tokenizer.pipe(labels))
    stored = patterns.to_bytes()
    started = time.perf_counter()
    nlp = spacy.blank("en")
    docs = list(DocBin().from_bytes(stored).get_docs(nlp.vocab))
    read = time.perf_counter()
    matcher = PhraseMatcher(nlp.vocab, attr="NORM")
    for number, doc in enumerate(docs):
        matcher.add(str(number), [doc])
    return read - started, time.perf_counter() - read


def saved_pipeline_seconds(taxonomy: Taxonomy) -> float:
    """Seconds to load the saved pipeline with the hashed index."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline.load_cached(Path(folder), taxonomy)
        started = time.perf_counter()
        pipeline.load_cached(Path(folder), taxonomy)
        return time.perf_counter() - started


if __name__ == "__main__":
    current = Taxonomy.load()
    names = [
        base_label(label) for label in current.skill_labels["label"].unique(maintain_order=True)
    ]
    reading, adding = phrase_matcher_seconds(names)
    print(f"{len(names):,} labels")
    print(f"PhraseMatcher: {reading:.1f} s from DocBin, {adding:.1f} s adding")
    print(f"saved pipeline with the hashed index: {saved_pipeline_seconds(current):.1f} s")
