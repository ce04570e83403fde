"""What people decide: reviewers' decisions, an advisory board's votes, and who may.

Many write at once while runs go on, so it is kept in a database of its own (SQLite, or PostgreSQL).
Runs read the log of decisions as they read source files.
"""
