"""Extraction: texts of postings and syllabi to mentions of skills.

Belongs here: sections, requirement and depth, the batch runner.
Does not belong here: the taxonomy and its matching (`skills_taxonomy`), tables, Dagster.
"""
