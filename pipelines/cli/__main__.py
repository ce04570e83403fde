"""`python -m pipelines.cli`: the same as `skillgap`."""

from pipelines.cli import main

main()
