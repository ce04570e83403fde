"""The generator makes the committed files again, and markets of any size without two ads alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from market import GROUP_SHARES, draw_posting, employer
from posting_sources import scaled_items
from syllabi import write_syllabi
from vocabulary import load_skills, load_yaml

from tests.unit.sample.conftest import SAMPLE

SEED = 20261031


def run_generator(*arguments: str) -> None:
    """Runs generate.py in its own process, as a reader would."""
    command = [sys.executable, "-B", str(SAMPLE / "generate.py"), *arguments]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "7"})


def written_files(folder: Path) -> set[str]:
    """Relative names of generated files."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "generator" not in path.parts and path.name != "generate.py"
    }


@pytest.fixture(scope="module")
def written_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the whole sample was generated once more."""
    folder = tmp_path_factory.mktemp("sample")
    run_generator("--out", str(folder))
    return folder


def test_the_committed_sample_is_written_again_byte_for_byte(written_again: Path) -> None:
    names = written_files(written_again)
    assert names == {name for name in written_files(SAMPLE) if "__pycache__" not in name}
    for name in names:
        ours, again = SAMPLE / name, written_again / name
        if name.endswith(".parquet"):
            assert pl.read_parquet(ours).equals(pl.read_parquet(again))
        elif not name.endswith((".pdf", ".docx")):
            assert ours.read_bytes() == again.read_bytes(), name


def test_documents_do_not_depend_on_the_time_or_process_of_writing(
    written_again: Path, tmp_path: Path
) -> None:
    write_syllabi(tmp_path, SEED)
    for path in (tmp_path / "syllabi").iterdir():
        assert path.read_bytes() == (written_again / "syllabi" / path.name).read_bytes(), path.name


def test_two_thousand_scaled_postings_are_all_different() -> None:
    items = list(scaled_items(2000, SEED))
    assert len({item["body"] for item in items}) == 2000
    assert len({item["id"] for item in items}) == 2000
    with_firm_out = {item["body"].replace(item["company"]["name"], "") for item in items}
    assert len(with_firm_out) == 2000


def test_a_scaled_market_is_streamed_as_one_source(tmp_path: Path) -> None:
    run_generator("--only", "postings", "--postings", "150", "--out", str(tmp_path))
    lines = (tmp_path / "postings_feed" / "feed.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 150
    assert {"id", "headline", "body", "company", "dates"} <= set(json.loads(lines[-1]))
    assert written_files(tmp_path) == {"postings_feed/feed.jsonl", "postings_feed/source.yml"}


def test_scaling_over_the_committed_sample_is_refused() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run_generator("--postings", "10")


def test_another_seed_makes_another_market() -> None:
    bodies = [{item["body"] for item in scaled_items(50, seed)} for seed in (1, 2)]
    assert not bodies[0] & bodies[1]


def test_a_posting_depends_on_its_number_and_the_seed_only() -> None:
    assert draw_posting(41, SEED, 1300) == draw_posting(41, SEED, 1300)
    assert draw_posting(41, SEED, 1300) != draw_posting(42, SEED, 1300)


def test_employer_names_do_not_repeat_within_a_sector_group() -> None:
    for group in GROUP_SHARES:
        assert len({employer(group, index).name for index in range(2000)}) == 2000


def test_every_occupation_asks_only_for_known_skills() -> None:
    known = set(load_skills())
    for group, occupations in load_yaml("occupations.yml").items():
        assert sum(o["share"] for o in occupations.values()) == pytest.approx(1.0), group
        for name, occupation in occupations.items():
            assert set(occupation["skills"]) <= known, name


def test_the_vocabulary_is_rich() -> None:
    assert len(load_skills()) >= 122
    assert len(load_yaml("skills_generic.yml")) >= 12


def test_labels_are_those_of_the_taxonomies() -> None:
    links = load_yaml("taxonomy_links.yml")
    assert set(links) == set(load_skills())
    for key, skill in load_skills().items():
        assert skill.label in links[key]["labels"], key
