"""The pipeline with sections over the shipped taxonomy, once a session."""

from pathlib import Path

import pytest
from spacy.language import Language

from pipelines.extraction.runner import load_pipeline
from skills_taxonomy import Taxonomy


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


@pytest.fixture(scope="session")
def nlp(taxonomy: Taxonomy, extraction_cache: Path) -> Language:
    return load_pipeline(extraction_cache, taxonomy)
