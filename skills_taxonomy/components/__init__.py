"""spaCy components, one module each; importing this package registers their factories.

Belongs here: what runs over a Doc. Does not belong here: sections of postings and syllabi
(`pipelines.extraction`), or which labels are looked for (`label_index`).
"""

from skills_taxonomy.components import (
    corroboration,
    linker,
    matcher,
    normalizer,
    plausibility,
    sentences,
    tagger,
)

__all__ = [
    "corroboration",
    "linker",
    "matcher",
    "normalizer",
    "plausibility",
    "sentences",
    "tagger",
]
