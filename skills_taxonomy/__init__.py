"""Skills taxonomy library: taxonomy data, label index and spaCy components.

Belongs here: everything that knows what a skill is called. Imports nothing of `pipelines`.
Does not belong here: documents' sections, courses, postings, metrics.
"""

from skills_taxonomy.taxonomy import SkillDetails, SkillNotFoundError, Taxonomy
from skills_taxonomy.update import ImportReport, import_esco, import_onet, update

__all__ = [
    "ImportReport",
    "SkillDetails",
    "SkillNotFoundError",
    "Taxonomy",
    "import_esco",
    "import_onet",
    "update",
]
