"""Where the project keeps its things, unless the user says otherwise."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"
SOURCES = ROOT / "data" / "sources"
WAREHOUSE = ROOT / "data" / "warehouse"
