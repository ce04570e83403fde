"""Writes what the whole pipeline finds in sentences that its models did not see.

``python -m benchmarks.extraction.cross_validate --data ../shared/data`` trains each model without
a fifth of the documents and reads that fifth, five times. `measure` makes the figures from the
result, so that they need no training. No sentence is written, only its hash. ``--part`` renews
one part.
"""

import argparse
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from spacy.language import Language

from pipelines.extraction.records import sentence_records
from pipelines.extraction.runner import with_sections
from pipelines.extraction.sections import Kind
from skills_taxonomy import components, pipeline
from skills_taxonomy.components.linker import SkillLinker
from skills_taxonomy.phrases import LearnedPhrases
from skills_taxonomy.plausibility import OccupationProfiles, Plausibility
from skills_taxonomy.ranker import Calibration, Ranker
from skills_taxonomy.tagger import SkillTagger
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training import models, plausibility, ranker
from skills_taxonomy.training.corpora import Annotated, sentence_hash
from skills_taxonomy.training.models import FOLDS, Data, Workbench
from skills_taxonomy.word_features import WordVectors

HERE = Path(__file__).parent
RANKED_N = 10
CACHE = Path("data/warehouse/extraction")


def kind_of(sentence: Annotated) -> Kind:
    """Whether a sentence is a course's or an ad's."""
    return "syllabus" if sentence.source == "course" else "posting"


def read(
    sentences: list[Annotated], nlp: Language, label_of: dict[str, str], rank: int
) -> Iterator[tuple[Annotated, dict[str, Any]]]:
    """Each sentence with its record, as `skillgap extract --sentences --rank` writes it."""
    for sentence in sentences:
        [record] = sentence_records(
            [(None, sentence.text)],
            kind_of(sentence),
            nlp,
            label_of,
            one_sentence=True,
            rank=rank,
        )
        yield sentence, record


def spans_unseen(
    data: Data, taxonomy: Taxonomy, nlp: Language, label_of: dict[str, str]
) -> Iterator[tuple[Annotated, dict[str, Any]]]:
    """The annotated sentences, read by taggers and group classifiers that did not see them."""
    vectors, blank = WordVectors.load(), pipeline.blank()
    taggers = models.unseen_taggers(data, vectors, blank)
    linker: SkillLinker = nlp.get_pipe(components.linker.FACTORY)  # type: ignore[assignment]
    for fold, trained in enumerate(taggers):
        seen = [s for s in data.own if models.fold_of(s) != fold]
        verdicts = data.verdicts_without(fold)
        models.assembled(nlp, trained, linker.ranker)
        linker.acceptance = models.train_acceptance(verdicts, taggers, blank)
        linker.groups = models.train_groups(seen, verdicts, taxonomy, vectors, blank)
        linker.forget()
        yield from read([s for s in data.own if models.fold_of(s) == fold], nlp, label_of, 0)


def links_unseen(
    data: Data, taxonomy: Taxonomy, nlp: Language, label_of: dict[str, str]
) -> Iterator[tuple[Annotated, dict[str, Any]]]:
    """The linking benchmark's validation sentences, read by rankers that did not see them."""
    trained = SkillTagger.load()
    workbench = Workbench.of(taxonomy, pipeline.blank(), LearnedPhrases.load())
    prepared = models.prepare(data.linked + data.synthetic, workbench, trained)
    for fold in range(FOLDS):
        seen = [p for p in prepared if _fold(p.sentence) != fold]
        curve, threshold = ranker.concept_curve(seen)
        calibration = Calibration(curve, threshold)
        models.assembled(nlp, trained, Ranker(ranker.train(seen), calibration))
        nlp.get_pipe(components.linker.FACTORY).forget()  # type: ignore[attr-defined]
        yield from read([s for s in data.linked if _fold(s) == fold], nlp, label_of, RANKED_N)


def verdicts_unseen(data: Data) -> pl.DataFrame:
    """The judged mentions with the chance that an acceptance curve gives them that did not see
    their documents; `score` is what the mention would have in a run.
    """
    nlp = pipeline.blank()
    unseen = models.unseen_taggers(data, WordVectors.load(), nlp)
    chances = models.unseen_chances(data.verdicts, unseen, nlp).tolist()
    scores = [v.link_score or chance for v, chance in zip(data.verdicts, chances, strict=True)]
    profiles, curve = OccupationProfiles.load(), Plausibility.load()
    lifts = plausibility.lifts_of(data.verdicts, scores, data.occupation_of(), profiles)
    for n, lift in lifts.items():
        [scores[n]] = curve.scores([scores[n]], [data.verdicts[n].kind], np.array([lift]))
    rows = [
        (v.source, v.draw, v.kind, v.verdict, round(chance, 3), round(score, 3))
        for v, chance, score in zip(data.verdicts, chances, scores, strict=True)
    ]
    columns = ["source", "draw", "kind", "verdict", "chance", "score"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _fold(sentence: Annotated) -> int:
    return zlib.crc32(sentence.text.encode()) % FOLDS


def main() -> None:
    """Command line: read the data, train, write ``out_of_fold_*.jsonl``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public files")
    parser.add_argument("--part", choices=["verdicts", "links", "spans"], action="append")
    options = parser.parse_args()
    data, taxonomy = Data.read(options.data), Taxonomy.load()
    label_of = dict(taxonomy.skills.select("skill_id", "preferred_label").iter_rows())
    parts = {"spans": spans_unseen, "links": links_unseen}
    chosen = options.part or ["verdicts", *parts]
    if "verdicts" in chosen:
        verdicts_unseen(data).write_csv(HERE / "out_of_fold_verdicts.csv")
    for name in (name for name in parts if name in chosen):
        nlp = with_sections(pipeline.load_cached(CACHE, taxonomy))
        with (HERE / f"out_of_fold_{name}.jsonl").open("w", encoding="utf-8") as file:
            for sentence, record in parts[name](data, taxonomy, nlp, label_of):
                del record["sentence"]
                line = {"sentence_hash": sentence_hash(sentence.text), **record}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
