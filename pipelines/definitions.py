"""What `dagster dev` loads."""

from pipelines.defs.build import build_defs

defs = build_defs()
