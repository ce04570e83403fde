"""Assets, checks, resources, schedule: the only room that knows Dagster. Thin wrappers."""
