"""Accuracy on sentences unseen by the models does not fall below its floor.

The records are what `benchmarks.extraction.cross_validate` wrote; the annotated sentences are
public files beside the checkout.
"""

from pathlib import Path

import polars as pl
import pytest

from benchmarks.extraction.judged import JUDGED, kept, precision
from benchmarks.extraction.measure import out_of_fold
from benchmarks.extraction.metrics import count_spans, linking_f1, r_precision
from pipelines.contracts.rules import MIN_MENTION_SCORE
from skills_taxonomy.training import corpora
from skills_taxonomy.training.corpora import sentence_hash

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_public_files = pytest.mark.skipif(
    not SHARED.exists(), reason="the public data set ../shared/data is absent"
)


@needs_public_files
def test_linking() -> None:
    records = out_of_fold("links")
    linked = corpora.read_linked(SHARED / "annotated")
    found = [records[sentence_hash(s.text)] for s in linked]
    named = [s.concepts for s in linked]
    sets = [
        {m["label"].casefold() for m in f["mentions"] if str(m["skill_id"]).startswith("http")}
        for f in found
    ]
    ranked = [[r["label"].casefold() for r in f["ranked"]] for f in found]
    assert linking_f1(zip(sets, named, strict=True)) >= 0.40
    assert r_precision(zip(ranked, named, strict=True), 5) >= 0.65


@needs_public_files
@pytest.mark.parametrize(
    ("source", "floor"), [("health", 0.7), ("city", 0.84), ("course", 0.82), ("all", 0.8)]
)
def test_spans(source: str, floor: float) -> None:
    records = out_of_fold("spans")
    sentences = corpora.read_hand_annotated(SHARED / "annotated")
    sentences += corpora.read_own_annotations(SHARED)
    chosen = [s for s in sentences if source in (s.source, "all")]
    counts = count_spans((s, records[sentence_hash(s.text)]["mentions"]) for s in chosen)
    assert counts.f1 >= floor


@pytest.mark.parametrize(("draw", "floor"), [("document", 0.76), ("strict", 0.74)])
def test_judged_by_hand(draw: str, floor: float) -> None:
    judged = kept(pl.read_csv(JUDGED)).filter(draw=draw)
    counting = precision(judged).filter(pl.col("least_score") == MIN_MENTION_SCORE)
    assert counting["precision"].min() >= floor
