"""``make bench-extraction``: accuracy, reliability, speed and memory of extraction. Trains nothing.

Accuracy comes from ``out_of_fold_*.jsonl``, what models found in sentences they did not see
(`cross_validate`); speed and memory are measured now. Needs the public files.
"""

import argparse
import csv
import datetime as dt
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import polars as pl
import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher

from benchmarks.extraction.metrics import (
    Mention,
    count_spans,
    linking_f1,
    r_precision,
    reliability,
)
from benchmarks.extraction.speed import ADS_N, CACHE, health_ads, postings_of
from benchmarks.figures import table
from pipelines.extraction.accuracy import is_mostly_in, words_within
from pipelines.extraction.records import sentence_records
from pipelines.extraction.runner import Mode, load_pipeline
from skills_taxonomy.normalization import base_label
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training import corpora
from skills_taxonomy.training.corpora import Annotated, sentence_hash

HERE = Path(__file__).parent
PEER_ADS_N, SPEED_RUNS = 20, 3
CASES = Path("tests/unit/skills_taxonomy")
AMBIGUOUS = {"first": "ambiguity_cases_apart.csv", "second": "ambiguity_cases_unseen.csv"}
Finder = Callable[[str], list[Mention]]


def out_of_fold(name: str) -> dict[str, dict]:
    """Records by sentence hash."""
    lines = (HERE / f"out_of_fold_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["sentence_hash"]: record for record in map(json.loads, lines)}


def linking_rows(linked: list[Annotated], naive: Finder) -> Iterator[tuple]:
    """(system, source, sentences, F1, RP@5) over the linking benchmark's validation sentences."""
    records = out_of_fold("links")
    for source in ("tech", "house", "both"):
        chosen = [s for s in linked if source in (s.source, "both")]
        found = [records[sentence_hash(s.text)] for s in chosen]
        named = [s.concepts for s in chosen]
        sets = [
            {m["label"].casefold() for m in f["mentions"] if str(m["skill_id"]).startswith("http")}
            for f in found
        ]
        ranked = [[r["label"].casefold() for r in f["ranked"]] for f in found]
        yield (
            "ours",
            source,
            len(chosen),
            linking_f1(zip(sets, named, strict=True)),
            r_precision(zip(ranked, named, strict=True), 5),
        )
        naive_labels = [[m["label"].casefold() for m in naive(s.text)] for s in chosen]
        yield (
            "PhraseMatcher",
            source,
            len(chosen),
            linking_f1((set(labels), n) for labels, n in zip(naive_labels, named, strict=True)),
            r_precision(zip(naive_labels, named, strict=True), 5),
        )


def peer_linking_rows(
    peer: Path, linked: list[Annotated], label_of: dict[str, str]
) -> Iterator[tuple]:
    """As `linking_rows`, of esco-skill-extractor; it ranks nothing."""
    found, _ = ask_peer(peer, [s.text for s in linked])
    for source in ("tech", "house", "both"):
        chosen = [
            ({label_of.get(c, c).casefold() for c in concepts}, s.concepts)
            for s, concepts in zip(linked, found, strict=True)
            if source in (s.source, "both")
        ]
        yield "esco-skill-extractor", source, len(chosen), linking_f1(chosen), float("nan")


def ask_peer(peer: Path, texts: list[str]) -> tuple[list[list[str]], float]:
    """The concepts that `peer.py`, run by the Python `peer`, finds in each text; its seconds."""
    run = subprocess.run(
        [peer, HERE / "peer.py"],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=True,
    )
    *found, last = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return [record["concepts"] for record in found], last["seconds"]


def ambiguity_rows(nlp: Language, label_of: dict[str, str]) -> Iterator[tuple]:
    """(set, answer wanted, sentences, right) over sentences of ambiguous words written apart."""
    for name, file_name in AMBIGUOUS.items():
        with (CASES / file_name).open(encoding="utf-8", newline="") as file:
            cases = list(csv.DictReader(file))
        asked = [(None, case["sentence"]) for case in cases]
        records = list(sentence_records(asked, "posting", nlp, label_of, one_sentence=True))
        for wanted in ("yes", "no"):
            answers = [
                _names_word(record, case["word"]) == (wanted == "yes")
                for case, record in zip(cases, records, strict=True)
                if case["counts"] == wanted
            ]
            yield name, wanted, len(answers), sum(answers)


def _names_word(record: dict, word: str) -> bool:
    """Whether a concept is linked to `word` itself: by a label over it, or inferred from it."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", record["sentence"])
    return found is not None and any(
        mention["skill_id"]
        and mention["start"] <= found.start() < mention["end"]
        and (mention["method"] != "inferred" or mention["end"] - mention["start"] == len(word))
        for mention in record["mentions"]
    )


def span_rows(own: list[Annotated], naive: Finder) -> Iterator[tuple]:
    """(system, set, source, spans, precision, recall, F1, boilerplate, group first, group any)."""
    records = out_of_fold("spans")
    ours: Finder = lambda text: records[sentence_hash(text)]["mentions"]  # noqa: E731
    hand_n = 400
    for name, sentences in (("hand-annotated 400", own[:hand_n]), ("own", own[hand_n:])):
        for source in ("health", "city", "course", "all"):
            chosen = [s for s in sentences if source in (s.source, "all")]
            for system, finder in (("ours", ours), ("PhraseMatcher", naive)):
                counts = count_spans((s, finder(s.text)) for s in chosen)
                yield (
                    system,
                    name,
                    source,
                    counts.spans,
                    counts.precision,
                    counts.recall,
                    counts.f1,
                    counts.in_boilerplate / max(counts.mentions, 1),
                    counts.group_first / max(counts.grouped, 1),
                    counts.group_any / max(counts.grouped, 1),
                )


def reliability_rows(own: list[Annotated], linked: list[Annotated]) -> Iterator[tuple]:
    """(claim, band, mentions, mean score, share right): spans by readers, concepts by benchmark."""
    spans, links = out_of_fold("spans"), out_of_fold("links")
    scores, right = [], []
    for sentence in own:
        inside = words_within(sentence.text)
        marked = set().union(*(inside(start, end) for start, end, *_ in sentence.spans))
        for mention in spans[sentence_hash(sentence.text)]["mentions"]:
            if mention["method"] != "inferred" and not sentence.is_boilerplate:
                words = inside(mention["start"], mention["end"])
                scores.append(mention["score"])
                right.append(is_mostly_in(words, marked))
    yield from (("it names a skill", *band) for band in reliability(scores, right))
    scores, right = [], []
    for sentence in linked:
        for ranked in links[sentence_hash(sentence.text)]["ranked"]:
            scores.append(ranked["score"])
            right.append(ranked["label"].casefold() in sentence.concepts)
    yield from (("it is this concept", *band) for band in reliability(scores, right))


def phrase_matcher(taxonomy: Taxonomy) -> Finder:
    """Labels of ESCO in lower case, longest first: what most open systems do."""
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    concepts = taxonomy.skills.filter(pl.col("source") == "esco").select(
        "skill_id", "preferred_label"
    )
    preferred = dict(concepts.iter_rows())
    for skill_id, label in taxonomy.skill_labels.select("skill_id", "label").iter_rows():
        if skill_id in preferred:
            matcher.add(skill_id, [nlp.make_doc(base_label(label))])

    def find(text: str) -> list[Mention]:
        spans = spacy.util.filter_spans(matcher(nlp.make_doc(text), as_spans=True))
        return [
            {
                "start": span.start_char,
                "end": span.end_char,
                "label": preferred[span.label_],
                "groups": [],
            }
            for span in spans
        ]

    return find


def speed_rows(directory: Path, naive: Finder) -> Iterator[tuple]:
    """(system, postings of 323 words a second, slowest and fastest of its runs, seconds until
    ready, highest memory in MB) over health ads, one core."""
    for mode in get_args(Mode):
        command = [sys.executable, "-m", "benchmarks.extraction.speed", mode, directory]
        runs = [
            json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
            for _ in range(SPEED_RUNS)
        ]
        rates, ready, memory = ([run[of] for run in runs] for of in ("rate", "ready", "memory"))
        yield f"ours, {mode}", min(rates), max(rates), max(ready), max(memory)
    texts = health_ads(directory, ADS_N)
    started = time.perf_counter()
    for text in texts:
        naive(text)
    rate = postings_of(texts) / (time.perf_counter() - started)
    yield "PhraseMatcher", rate, rate, float("nan"), float("nan")


def peer_speed_row(peer: Path, directory: Path) -> tuple:
    """As `speed_rows`, of esco-skill-extractor over `PEER_ADS_N` ads."""
    texts = health_ads(directory, PEER_ADS_N)
    _, seconds = ask_peer(peer, texts)
    rate = postings_of(texts) / seconds
    return "esco-skill-extractor", rate, rate, float("nan"), float("nan")


def main() -> None:
    """Command line: print the figures and record them in ``RESULTS.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--peer", type=Path, help="a Python that has peer_requirements.txt")
    options = parser.parse_args()
    if not options.data.is_dir():
        raise SystemExit(f"{options.data}: the public files are not there; give --data FOLDER")
    taxonomy = Taxonomy.load()
    nlp = load_pipeline(CACHE, taxonomy)
    label_of = dict(taxonomy.skills.select("skill_id", "preferred_label").iter_rows())
    linked = corpora.read_linked(options.data / "annotated")
    own = corpora.read_hand_annotated(options.data / "annotated")
    own += corpora.read_own_annotations(options.data)
    speed = list(speed_rows(options.data, naive := phrase_matcher(taxonomy)))
    linking = list(linking_rows(linked, naive))
    if options.peer:
        linking += peer_linking_rows(options.peer, linked, label_of)
        speed.append(peer_speed_row(options.peer, options.data))
    lines = [
        "# Extraction: recorded figures",
        "",
        f"`make bench-extraction`, {dt.date.today()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}. Sentences unseen by the models that read them.",
    ]
    lines += table(
        "Linking to ESCO (validation sentences)",
        "system, source, sentences, F1, RP@5",
        linking,
    )
    lines += table(
        "Spans (half-overlap of words)",
        "system, set, source, spans, precision, recall, F1, in boilerplate, first group, any group",
        span_rows(own, naive),
    )
    lines += table(
        "Reliability of scores",
        "claim, score, mentions, mean score, right",
        reliability_rows(own, linked),
    )
    lines += table(
        "Ambiguous words (sentences written apart from the rules and from what is learned)",
        "set, counts, sentences, right",
        ambiguity_rows(nlp, label_of),
    )
    lines += table(
        "Speed and memory, each in one process of its own",
        "system, postings of 323 words a second, at most, ready after s, MB",
        speed,
    )
    text = "\n".join(lines)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
