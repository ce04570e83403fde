"""Demand, coverage, gap, alignment: pure functions over frames. No database, no files.

Each formula with its source, limits and a worked example: docs/methods.md.
"""
