"""The one-way rule: who may import whom. Reads the imports, runs nothing."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = {
    path.name
    for path in (ROOT / "pipelines").iterdir()
    if path.is_dir() and (path / "__init__.py").exists()
} - {"contracts", "defs", "cli"}
READERS = {
    "reports": {"presentation"},
    "dashboard": {"presentation", "warehouse.publish", "gap_metrics", "decisions"},
}
"""Rooms that read the published snapshot and change nothing in it, and what they may use of others:
what all of them say alike; for the dashboard also the opening of a snapshot, the formulas, so that
"what if" is reckoned as the run reckons, and the store that people's decisions are written to.
Nobody may import from a reader but `cli`.
"""
MODULES = sorted([*(ROOT / "pipelines").rglob("*.py"), *(ROOT / "skills_taxonomy").rglob("*.py")])


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def allowed(path: Path) -> set[str]:
    """The places of ours that a module may import from."""
    place = path.relative_to(ROOT).with_suffix("").parts
    if place[0] == "skills_taxonomy":
        return {"skills_taxonomy"}
    room = place[1]
    if room == "contracts":
        return {"pipelines.contracts"}
    if room in ROOMS:
        lower = {f"pipelines.{place}" for place in READERS.get(room, ())}
        return {f"pipelines.{room}", "pipelines.contracts", "skills_taxonomy"} | lower
    everything = {f"pipelines.{name}" for name in ROOMS | {"contracts", "defs"}}
    return everything | {"skills_taxonomy", "pipelines.places", f"pipelines.{room}"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    ours = {name for name in imports_of(path) if name.startswith(("pipelines", "skills_taxonomy"))}
    permitted = allowed(path)
    stray = {
        name
        for name in ours
        if not any(name == place or name.startswith(f"{place}.") for place in permitted)
    }
    assert not stray, f"{path.name} may import from {sorted(permitted)}"


def test_only_defs_and_its_callers_know_dagster() -> None:
    knowing = {
        path.relative_to(ROOT / "pipelines").parts[0]
        for path in (ROOT / "pipelines").rglob("*.py")
        if any(name.split(".")[0] == "dagster" for name in imports_of(path))
    }
    assert knowing == {"defs"}


def test_sql_is_in_sql_files() -> None:
    """No module of the rooms but the warehouse holds a SELECT of its own."""
    offenders = [
        path
        for path in (ROOT / "pipelines").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        and any(
            isinstance(part, ast.Constant) and str(part.value).lstrip().upper().startswith("SELECT")
            for part in node.values
        )
    ]
    assert not offenders
