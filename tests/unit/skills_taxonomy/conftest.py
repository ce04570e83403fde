"""The shipped taxonomy and its pipeline, once a session."""

from pathlib import Path

import pytest
from spacy.language import Language

from skills_taxonomy import Taxonomy, pipeline


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


@pytest.fixture(scope="session")
def nlp(taxonomy: Taxonomy, extraction_cache: Path) -> Language:
    return pipeline.load_cached(extraction_cache, taxonomy)
