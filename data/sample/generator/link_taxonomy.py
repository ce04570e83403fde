"""Looks the vocabulary's skills up in the official taxonomy files and writes taxonomy_links.yml.

Belongs here: the one link between the sample's vocabulary and ESCO 1.2 / O*NET 29.3 (facts: labels,
identifiers). It is run by hand after the vocabulary changes; the generator reads only its output.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from vocabulary import VOCABULARY, load_skills


def read_esco(path: Path) -> dict[str, dict[str, Any]]:
    """Concepts of skills_en.csv(.gz) by preferred label: uri and all labels."""
    concepts: dict[str, dict[str, Any]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            labels = [row["preferredLabel"]]
            for field in ("altLabels", "hiddenLabels"):
                labels += [label.strip() for label in row[field].split("\n") if label.strip()]
            concepts[row["preferredLabel"]] = {
                "uri": row["conceptUri"],
                "labels": sorted(set(labels), key=lambda label: (label.lower(), label)),
            }
    return concepts


def main() -> None:
    """Writes the links, and reports every skill or label that the taxonomies do not have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("esco_skills", type=Path, help="skills_en.csv.gz of ESCO 1.2")
    parser.add_argument("onet_technology", type=Path, help="Technology Skills.xlsx of O*NET 29.3")
    arguments = parser.parse_args()
    esco = read_esco(arguments.esco_skills)
    onet = set(pl.read_excel(arguments.onet_technology)["Example"].to_list())
    links: dict[str, Any] = {}
    for key, skill in load_skills().items():
        if skill.source == "esco":
            concept = esco.get(skill.label)
            if concept is None:
                print(f"{key}: no ESCO concept {skill.label!r}")
                continue
            links[key] = {"source": "ESCO 1.2", "label": skill.label, **concept}
            known = {label.lower() for label in concept["labels"]}
            for form in skill.match:
                if form.lower() not in known:
                    print(f"{key}: {form!r} is no label of {skill.label!r}")
        elif skill.source == "onet":
            if skill.label not in onet:
                print(f"{key}: no O*NET technology {skill.label!r}")
            links[key] = {"source": "O*NET 29.3", "label": skill.label, "labels": [skill.label]}
        else:
            links[key] = {"source": "trade term", "label": skill.label, "labels": skill.match}
    text = yaml.safe_dump(links, sort_keys=True, allow_unicode=True, width=100)
    note = "# Written by link_taxonomy.py. ESCO 1.2: European Commission. O*NET 29.3: CC BY 4.0.\n"
    (VOCABULARY / "taxonomy_links.yml").write_text(note + text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
