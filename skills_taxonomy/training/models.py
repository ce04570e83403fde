"""All models in their order: word vectors, tagger, groups, ranker and its curves.

Belongs here: which sentences each model learns from. Does not belong here: how it learns.
"""

import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from spacy.language import Language

from skills_taxonomy import components, pipeline
from skills_taxonomy.acceptance import Acceptance
from skills_taxonomy.components.linker import SkillLinker
from skills_taxonomy.components.tagger import TokenTagger
from skills_taxonomy.concept_index import ConceptIndex
from skills_taxonomy.label_index import LabelIndex
from skills_taxonomy.occupations import title_occupations
from skills_taxonomy.phrases import LearnedPhrases
from skills_taxonomy.plausibility import OccupationProfiles, Plausibility
from skills_taxonomy.ranker import Calibration, Ranker
from skills_taxonomy.tagger import SkillTagger
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training import (
    acceptance,
    corpora,
    groups,
    occupations,
    phrases,
    plausibility,
    ranker,
    tagger,
    tool_context,
    word_vectors,
)
from skills_taxonomy.training.corpora import Annotated, Verdict
from skills_taxonomy.windows import whole, windows
from skills_taxonomy.word_features import MEANINGS, WordVectors

MATCHES = components.matcher.SPAN_GROUP
SYNTHETIC_N = 1500
FOLDS = 5
SHUFFLE_SEED = 20261125
Say = Callable[[str], None]


@dataclass(frozen=True)
class Data:
    """Everything there is to learn from.

    Of the synthetic sentences the ranker learns from other ones (`synthetic`) than the phrases
    (`phrased`): to it, phrases must be as sure as they are in sentences that did not teach them.
    """

    directory: Path
    own: list[Annotated]
    skillspan: list[Annotated]
    linked: list[Annotated]
    synthetic: list[Annotated]
    phrased: list[Annotated]
    verdicts: list[Verdict]

    @classmethod
    def read(cls, directory: Path) -> "Data":
        """Read the public files. SkillSpan's sentences that the linking benchmark holds are left
        out, so that its figures stay those of unseen sentences.
        """
        annotated = directory / "annotated"
        linked = corpora.read_linked(annotated)
        held = {_letters(sentence.text) for sentence in linked}
        synthetic = corpora.read_synthetic(annotated)
        random.Random(SHUFFLE_SEED).shuffle(synthetic)
        return cls(
            directory,
            corpora.read_hand_annotated(annotated) + corpora.read_own_annotations(directory),
            [s for s in corpora.read_skillspan(annotated) if _letters(s.text) not in held],
            linked,
            synthetic[:SYNTHETIC_N],
            synthetic[SYNTHETIC_N:],
            corpora.read_verdicts(directory),
        )

    def verdicts_without(self, fold: int) -> list[Verdict]:
        """The verdicts on neither a document nor a sentence of `fold`; many ads share sentences."""
        held = {s.text for s in self.own if fold_of(s) == fold}
        held |= {v.text for v in self.verdicts if fold_of(v) == fold}
        return [v for v in self.verdicts if v.text not in held]

    def occupation_of(self) -> dict[str, str]:
        """The SOC code that the first line of a judged document names, where it names one."""
        judged = {v.document for v in self.verdicts}
        titles = {
            name: text.strip().split("\n", 1)[0]
            for name, text in corpora.public_texts(self.directory)
            if name in judged
        }
        found = title_occupations(pl.DataFrame({"title": list(titles.values())}))
        codes = dict(found.select("title", "occupation_code").iter_rows())
        return {name: codes[title] for name, title in titles.items() if codes[title]}


STEPS = (
    "occupations",
    "word_vectors",
    "tagger",
    "tool_context",
    "acceptance",
    "groups",
    "phrases",
    "ranker",
)
"""The models in the order in which they need each other."""


def train_all(
    data: Data, taxonomy: Taxonomy, out: Path, say: Say, steps: Sequence[str] = STEPS
) -> None:
    """Train the models of `steps` and write them into `out`; the others are read from there."""
    out.mkdir(parents=True, exist_ok=True)
    nlp = pipeline.blank()
    for step in (step for step in STEPS if step in steps):
        say(step)
        if step == "occupations":
            occupations.train(data.directory, taxonomy, out)
        elif step == "word_vectors":
            word_vectors.train(_texts(data, taxonomy), nlp.tokenizer, out / "word_vectors.npz")
        elif step == "tagger":
            vectors = WordVectors.load(out / "word_vectors.npz")
            trained = tagger.train(data.own + data.skillspan, data.verdicts, nlp.tokenizer, vectors)
            tagger.save(trained, out / "tagger.npz")
        elif step == "tool_context":
            tool_context.train(SkillTagger.load(out), nlp).save(out)
        elif step == "acceptance":
            unseen = unseen_taggers(data, WordVectors.load(out / "word_vectors.npz"), nlp)
            train_acceptance(data.verdicts, unseen, nlp).save(out)
            scores = unseen_scores(data.verdicts, unseen, nlp)
            train_plausibility(data, scores, OccupationProfiles.load(out)).save(out)
        elif step == "groups":
            vectors = WordVectors.load(out / "word_vectors.npz")
            groups_of = train_groups(data.own, data.verdicts, taxonomy, vectors, nlp)
            groups_of.save(out / "groups.npz")
        elif step == "phrases":
            train_phrases(data.phrased, taxonomy, nlp).save(out)
        else:
            workbench = Workbench.of(taxonomy, nlp, LearnedPhrases.load(out))
            train_ranker(data, workbench, SkillTagger.load(out)).save(out / "ranker.npz")


def unseen_taggers(data: Data, vectors: WordVectors, nlp: Language) -> list[SkillTagger]:
    """For each fold of documents a tagger that learned from the others."""
    return [
        tagger.train(
            [s for s in data.own if fold_of(s) != fold] + data.skillspan,
            data.verdicts_without(fold),
            nlp.tokenizer,
            vectors,
        )
        for fold in range(FOLDS)
    ]


def train_acceptance(
    verdicts: Sequence[Verdict], unseen: Sequence[SkillTagger], nlp: Language
) -> Acceptance:
    """The acceptance curve, each verdict read by the tagger of `unseen_taggers` for its fold."""
    return acceptance.train(verdicts, [unseen[fold_of(v)] for v in verdicts], nlp)


def unseen_chances(
    verdicts: Sequence[Verdict], unseen: Sequence[SkillTagger], nlp: Language
) -> np.ndarray:
    """Chance that a reader accepts each (verdicts,), by curves that saw neither its document nor
    its sentence.
    """
    fold = np.array([fold_of(v) for v in verdicts])
    chances = np.zeros(len(fold))
    for held, trained in enumerate(unseen):
        asked = [v for v, f in zip(verdicts, fold, strict=True) if f == held]
        texts = {v.text for v in asked}
        seen = [v for v in verdicts if v.text not in texts]
        read = acceptance.stretches(asked, [trained] * len(asked), nlp)
        chances[fold == held] = train_acceptance(seen, unseen, nlp).probabilities(read)
    return chances


def unseen_scores(
    verdicts: Sequence[Verdict], unseen: Sequence[SkillTagger], nlp: Language
) -> list[float]:
    """The scores that the linker would give them: the ranker's where a concept was inferred."""
    chances = unseen_chances(verdicts, unseen, nlp).tolist()
    return [v.link_score or chance for v, chance in zip(verdicts, chances, strict=True)]


def train_plausibility(
    data: Data, scores: Sequence[float], profiles: OccupationProfiles
) -> Plausibility:
    """How far a document's field of work moves the scores of its concepts."""
    return plausibility.train(data.verdicts, scores, data.occupation_of(), profiles)


def _texts(data: Data, taxonomy: Taxonomy) -> list[str]:
    texts = [text for _, text in corpora.public_texts(data.directory)]
    return (
        texts + corpora.task_statements(data.directory) + taxonomy.skill_labels["label"].to_list()
    )


def train_groups(
    annotated: Sequence[Annotated],
    verdicts: Sequence[Verdict],
    taxonomy: Taxonomy,
    vectors: WordVectors,
    nlp: Language,
) -> groups.GroupClassifier:
    """The group classifier of these annotated sentences, judged mentions and all labels."""

    def forms(text: str) -> tuple[list[str], list[str]]:
        return pipeline.words_and_forms(text, nlp)[0], pipeline.label_forms(text, nlp)

    return groups.train(taxonomy, annotated, verdicts, forms, vectors)


def train_phrases(
    sentences: Sequence[Annotated], taxonomy: Taxonomy, nlp: Language
) -> LearnedPhrases:
    """What phrases of `sentences` speak for ESCO's concepts."""
    skills = taxonomy.skills.filter(pl.col("source") == "esco", ~pl.col("is_deprecated"))
    concept_of = {
        label.casefold(): skill_id
        for label, skill_id in skills.select("preferred_label", "skill_id").iter_rows()
    }
    return phrases.train(sentences, concept_of, lambda text: pipeline.label_forms(text, nlp))


@dataclass(frozen=True)
class Workbench:
    """What the ranker's examples are made with: indexes and the components that match labels."""

    nlp: Language
    index: ConceptIndex

    @classmethod
    def of(cls, taxonomy: Taxonomy, nlp: Language, learned: LearnedPhrases) -> "Workbench":
        """Indexes of `taxonomy`; `nlp` gains the components that match labels."""
        for factory in pipeline.LABEL_FACTORIES:
            nlp.add_pipe(factory)

        def forms(label: str) -> list[str]:
            return pipeline.label_forms(label, nlp)

        label_index = LabelIndex.build(taxonomy, forms)
        nlp.get_pipe(components.matcher.FACTORY).index = label_index  # type: ignore[attr-defined]
        codes = dict(taxonomy.skills.select("skill_id", "group_codes").iter_rows())
        nlp.get_pipe(components.corroboration.FACTORY).group_codes = codes  # type: ignore[attr-defined]
        meanings = WordVectors.load(MEANINGS)
        return cls(nlp, ConceptIndex.build(taxonomy, forms, meanings, label_index, learned))


def train_ranker(data: Data, workbench: Workbench, trained: SkillTagger) -> Ranker:
    """Trees from linked and synthetic sentences; the curve from trees that did not see them."""
    prepared = prepare(data.linked + data.synthetic, workbench, trained)
    curve, threshold = ranker.concept_curve(prepared)
    return Ranker(ranker.train(prepared), Calibration(curve, threshold))


def prepare(
    sentences: Sequence[Annotated], workbench: Workbench, trained: SkillTagger
) -> list[ranker.Prepared]:
    """The ranker's examples of `sentences`."""
    prepared = []
    for sentence in sentences:
        words, forms = pipeline.words_and_forms(sentence.text, workbench.nlp)
        tagged = trained.probabilities([words])[0]
        asked = windows(words, forms, tagged.tolist(), workbench.index)
        asked += [everything] if (everything := whole(forms)).forms else []
        doc = workbench.nlp(sentence.text)
        matched = {span._.entry.skill_id for span in doc.spans[MATCHES]}
        prepared.append(ranker.prepare(sentence, asked, tagged, matched, workbench.index))
    return prepared


def fold_of(sentence: Annotated | Verdict) -> int:
    """The fold of a sentence's document."""
    return zlib.crc32(sentence.document.encode()) % FOLDS


def assembled(nlp: Language, trained: SkillTagger, ranked: Ranker) -> Language:
    """`nlp`, a whole pipeline, with these models in place of the shipped ones."""
    token_tagger: TokenTagger = nlp.get_pipe(components.tagger.FACTORY)  # type: ignore[assignment]
    linker: SkillLinker = nlp.get_pipe(components.linker.FACTORY)  # type: ignore[assignment]
    token_tagger.tagger, linker.ranker = trained, ranked
    return nlp


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
