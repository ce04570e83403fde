"""The spaCy pipeline that finds skills: build once, save as a directory, load in a moment.

Belongs here: putting components together and caching. Does not belong here: sections of documents.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import spacy
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokenizer import Tokenizer

from skills_taxonomy import components
from skills_taxonomy.components.corroboration import SkillCorroboration
from skills_taxonomy.components.linker import SkillLinker
from skills_taxonomy.components.matcher import SkillMatcher
from skills_taxonomy.components.normalizer import SkillNormalizer
from skills_taxonomy.concept_index import ConceptIndex
from skills_taxonomy.label_index import LabelIndex
from skills_taxonomy.normalization import BARRIER, SKIPPED, base_label
from skills_taxonomy.phrases import LearnedPhrases
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.word_features import MEANINGS, WordVectors

_MAX_CHARACTERS = 10_000_000
_WHOLE_WORDS = ("C#", "F#", "J#", "A+", "GD&T", "R&D")
_PACKAGE = Path(__file__).parent
_CODE = (
    "normalization.py",
    "ambiguity.py",
    "label_index.py",
    "pipeline.py",
    "components/*.py",
    "data/ambiguous_words.csv",
    "data/word_frequencies.csv",
    "data/excluded_labels.csv",
    "concept_index.py",
    "models/meanings.npz",
    "models/occupations_n.parquet",
)
LABEL_FACTORIES = (
    components.sentences.FACTORY,
    components.normalizer.FACTORY,
    components.matcher.FACTORY,
    components.corroboration.FACTORY,
)
FACTORIES = (
    *LABEL_FACTORIES[:-1],
    components.tagger.FACTORY,
    LABEL_FACTORIES[-1],
    components.linker.FACTORY,
    components.plausibility.FACTORY,
)


def blank() -> Language:
    """A blank English pipeline whose tokenizer keeps ``C#`` and its like whole."""
    nlp = spacy.blank("en")
    nlp.max_length = _MAX_CHARACTERS
    tokenizer: Tokenizer = nlp.tokenizer  # type: ignore[assignment]
    for word in _WHOLE_WORDS:
        tokenizer.add_special_case(word, [{ORTH: word}])
    return nlp


def words_and_forms(text: str, nlp: Language) -> tuple[list[str], list[str]]:
    """The words of a text and their normal forms as its Doc has them, without space tokens."""
    doc = SkillNormalizer()(nlp.make_doc(text))
    tokens = [token for token in doc if not token.is_space]
    return [token.text for token in tokens], [token.norm_ for token in tokens]


def label_forms(label: str, nlp: Language) -> list[str]:
    """The normal forms of a label that matter when it is compared."""
    return [form for form in words_and_forms(label, nlp)[1] if form not in (SKIPPED, BARRIER)]


def is_looked_for(label: str, skill_id: str, taxonomy: Taxonomy) -> bool:
    """Whether the label matcher looks for a label of the concept in texts at all.

    It does not for labels of more than nine words, words excluded or never trusted, and most
    single words that ESCO gives as alternatives (`ambiguity`).
    """
    nlp = blank()
    concept = pl.col("skill_id") == skill_id
    alone = replace(
        taxonomy,
        skills=taxonomy.skills.filter(concept),
        skill_labels=taxonomy.skill_labels.filter(concept),
    )
    index = LabelIndex.build(alone, lambda text: label_forms(text, nlp))
    return " ".join(label_forms(base_label(label), nlp)) in index.entries


def build(taxonomy: Taxonomy) -> Language:
    """The pipeline of all `FACTORIES`, its indexes filled from `taxonomy`.

    Takes some fifteen seconds: every label is tokenized. Use `load_cached` to pay once.
    """
    nlp = blank()
    for factory in FACTORIES:
        nlp.add_pipe(factory)

    def forms(label: str) -> list[str]:
        return label_forms(label, nlp)

    matcher: SkillMatcher = nlp.get_pipe(components.matcher.FACTORY)  # type: ignore[assignment]
    matcher.index = LabelIndex.build(taxonomy, forms)
    linker: SkillLinker = nlp.get_pipe(components.linker.FACTORY)  # type: ignore[assignment]
    linker.index = ConceptIndex.build(
        taxonomy, forms, WordVectors.load(MEANINGS), matcher.index, LearnedPhrases.load()
    )
    corroboration: SkillCorroboration = nlp.get_pipe(  # type: ignore[assignment]
        components.corroboration.FACTORY
    )
    codes = dict(taxonomy.skills.select("skill_id", "group_codes").iter_rows())
    corroboration.group_codes = linker.group_codes = codes
    nlp.meta["name"] = "skills"
    nlp.meta["taxonomy_version"] = taxonomy.version
    return nlp


def save(nlp: Language, directory: Path) -> None:
    """Write `nlp` as a directory that `load` reads; an existing one is replaced in one step."""
    directory = Path(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=directory.parent, prefix=f".{directory.name}-"))
    nlp.to_disk(fresh)
    if directory.exists():
        shutil.rmtree(directory)
    os.replace(fresh, directory)


def load(directory: Path) -> Language:
    """The pipeline `save` wrote. Raises OSError if `directory` holds none."""
    nlp = spacy.load(directory)
    nlp.max_length = _MAX_CHARACTERS
    linker: SkillLinker = nlp.get_pipe(components.linker.FACTORY)  # type: ignore[assignment]
    corroboration: SkillCorroboration = nlp.get_pipe(  # type: ignore[assignment]
        components.corroboration.FACTORY
    )
    linker.group_codes = corroboration.group_codes
    return nlp


def load_cached(cache_dir: Path, taxonomy: Taxonomy) -> Language:
    """The pipeline of `taxonomy` from `cache_dir`, built and saved there on first use.

    The directory's name holds the taxonomy's version and a hash of this package's code, so that a
    new taxonomy or new rules never meet an old index.
    """
    directory = Path(cache_dir) / f"skills-{taxonomy.version}-{code_version()}"
    if not (directory / "meta.json").is_file():
        save(build(taxonomy), directory)
    return load(directory)


@cache
def code_version() -> str:
    """Ten hex digits over the code and word lists that shape the index."""
    digest = hashlib.sha256(spacy.__version__.encode())
    for pattern in _CODE:
        for path in sorted(_PACKAGE.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
