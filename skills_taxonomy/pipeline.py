"""The spaCy pipeline that finds skills: build once, save as a directory, load in a moment.

Belongs here: putting components together and caching. Does not belong here: sections of documents.
"""

import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import spacy
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokenizer import Tokenizer

from skills_taxonomy import components
from skills_taxonomy.components.corroboration import SkillCorroboration
from skills_taxonomy.components.matcher import SkillMatcher
from skills_taxonomy.components.normalizer import BARRIER, SKIPPED
from skills_taxonomy.label_index import LabelIndex
from skills_taxonomy.taxonomy import Taxonomy

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
)
FACTORIES = (
    components.sentences.FACTORY,
    components.normalizer.FACTORY,
    components.matcher.FACTORY,
    components.corroboration.FACTORY,
)


def build(taxonomy: Taxonomy) -> Language:
    """A blank English pipeline with the four components, its index filled from `taxonomy`.

    Takes some ten seconds: every label is tokenised. Use `load_cached` to pay once.
    """
    nlp = spacy.blank("en")
    nlp.max_length = _MAX_CHARACTERS
    tokenizer: Tokenizer = nlp.tokenizer  # type: ignore[assignment]
    for word in _WHOLE_WORDS:
        tokenizer.add_special_case(word, [{ORTH: word}])
    for factory in FACTORIES:
        nlp.add_pipe(factory)
    normalizer = nlp.get_pipe(components.normalizer.FACTORY)

    def forms(label: str) -> list[str]:
        tokens = normalizer(nlp.make_doc(label))
        return [t.norm_ for t in tokens if t.norm_ not in (SKIPPED, BARRIER) and not t.is_space]

    index = LabelIndex.build(taxonomy, forms)
    matcher: SkillMatcher = nlp.get_pipe(components.matcher.FACTORY)  # type: ignore[assignment]
    corroboration: SkillCorroboration = nlp.get_pipe(  # type: ignore[assignment]
        components.corroboration.FACTORY
    )
    matcher.index = index
    corroboration.group_codes = index.group_codes
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
