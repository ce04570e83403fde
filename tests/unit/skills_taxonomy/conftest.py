"""The shipped taxonomy and its pipeline, once a session."""

from pathlib import Path

import pytest
from spacy.language import Language

from skills_taxonomy import Taxonomy, pipeline


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp().parent / "skills-pipeline"


@pytest.fixture(scope="session")
def nlp(taxonomy: Taxonomy, cache_dir: Path) -> Language:
    return pipeline.load_cached(cache_dir, taxonomy)
