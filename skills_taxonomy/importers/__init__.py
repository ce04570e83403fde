"""Readers of official taxonomy bundles. Each gives the four frames of `frames.Frames`.

Belongs here: file formats and column names of ESCO, O*NET and our own additions.
Does not belong here: merging with an existing taxonomy (`skills_taxonomy.update`).
"""

from skills_taxonomy.importers.bundle import BundleError
from skills_taxonomy.importers.esco import read_esco
from skills_taxonomy.importers.local import read_local
from skills_taxonomy.importers.onet import read_onet

__all__ = ["BundleError", "read_esco", "read_local", "read_onet"]
