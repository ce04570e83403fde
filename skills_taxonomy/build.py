"""Writes the shipped taxonomy once: ``python -m skills_taxonomy.build --esco … --onet …``.

Belongs here: putting the sources together and recording where they come from.
Does not belong here: reading formats (`importers`) or later imports (`update`).
"""

import argparse
import datetime as dt
import hashlib
from pathlib import Path

import polars as pl
import yaml

from skills_taxonomy.frames import Frames, concatenate
from skills_taxonomy.importers import read_esco, read_local, read_onet
from skills_taxonomy.importers.occupations import read_sector_mix, read_titles
from skills_taxonomy.sectors import CROSSWALKS, sectors_frame
from skills_taxonomy.taxonomy import SHIPPED, Taxonomy, write_frames
from skills_taxonomy.update import mark_software

_SOURCES = {
    "esco": {
        "title": "ESCO, the European classification of skills, competences and occupations",
        "publisher": "European Commission",
        "license": "CC BY 4.0",
        "attribution": "This service uses the ESCO classification of the European Commission.",
        "url": "https://esco.ec.europa.eu/en/use-esco/download",
        "holds": "labels, types, groups and relations; no descriptions",
    },
    "onet": {
        "title": "O*NET Database, Technology Skills",
        "publisher": "U.S. Department of Labor, Employment and Training Administration",
        "license": "CC BY 4.0",
        "attribution": "Includes information from the O*NET Database by the U.S. Department of "
        "Labor, Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 "
        "license. O*NET is a trademark of USDOL/ETA. Names equal to ESCO labels were merged.",
        "url": "https://www.onetcenter.org/database.html",
        "holds": "software names, commodity titles, hot technology and in demand flags",
    },
    "local": {
        "title": "Local additions",
        "publisher": "this project",
        "license": "MIT",
        "attribution": "",
        "url": "",
        "holds": "concepts and short forms that ESCO and O*NET lack",
    },
}
_OTHER_FILES = {
    "word_frequencies.csv": {
        "source": "wordfreq 3.1 (Robyn Speer), Zipf frequencies of English",
        "license": "CC BY-SA 4.0 (data)",
        "holds": "the frequency of each word that is a whole label of the taxonomy",
    },
    "crosswalks/naics_sectors.csv": {
        "source": "U.S. Census Bureau, NAICS 2022",
        "license": "public domain",
        "holds": "the 20 two-digit sectors",
    },
    "crosswalks/industry_words.csv": {
        "source": "this project",
        "license": "MIT",
        "holds": "words that name a sector, as regular expressions",
    },
    "crosswalks/occupation_titles.parquet": {
        "source": "O*NET 29.3, Occupation Data and Alternate Titles (USDOL/ETA)",
        "license": "CC BY 4.0",
        "holds": "titles of each SOC 2018 occupation",
    },
    "crosswalks/occupation_sectors.parquet": {
        "source": "BLS, Occupational Employment and Wage Statistics, May 2025",
        "license": "public domain",
        "holds": "people employed and their median wage, by occupation and sector",
    },
    "crosswalks/sector_groups.csv": {
        "source": "this project",
        "license": "MIT",
        "holds": "sector groups as NAICS prefixes",
    },
    "crosswalks/cip_soc.csv": {
        "source": "NCES and BLS, CIP 2020 to SOC 2018 crosswalk",
        "license": "public domain",
        "holds": "program codes, occupation codes and their titles",
    },
    "local_skills.csv": {"source": "this project", "license": "MIT", "holds": "local concepts"},
    "local_labels.csv": {"source": "this project", "license": "MIT", "holds": "local labels"},
    "ambiguous_words.csv": {
        "source": "this project",
        "license": "MIT",
        "holds": "words that count only with corroboration, or never",
    },
    "excluded_labels.csv": {
        "source": "this project",
        "license": "MIT",
        "holds": "labels that are not looked for in texts, with the reason",
    },
    "onet_commodity_groups.csv": {
        "source": "this project",
        "license": "MIT",
        "holds": "ESCO or ISCED-F group of an O*NET commodity code",
    },
}


def assemble(esco: Path, onet: Path) -> Taxonomy:
    """The taxonomy of both bundles and the local additions.

    Raises BundleError for a bad bundle, LocalClashError if a local addition repeats another source.
    """
    backbone = read_esco(esco)
    software = read_onet(onet, backbone)
    merged = set(software.skill_labels["skill_id"]) - set(software.skills["skill_id"])
    backbone = Frames(
        mark_software(backbone.skills, merged),
        backbone.skill_groups,
        backbone.skill_labels,
        backbone.skill_relations,
    )
    known = concatenate(backbone, software)
    return Taxonomy.of(concatenate(known, read_local(known)))


def provenance(taxonomy: Taxonomy, files: list[Path], directory: Path, on: dt.date) -> dict:
    """What ``provenance.yml`` says: sources, then each file with rows, sha256 and origin."""
    sources = {}
    for source, facts in _SOURCES.items():
        own = taxonomy.skills.filter(pl.col("source") == source)
        sources[source] = {
            **facts,
            "version": own["source_version"][0],
            "concepts_n": own.height,
            "labels_n": taxonomy.skill_labels.filter(pl.col("source") == source).height,
        }
    entries = {}
    for path in files:
        entries[path.name] = {
            "rows_n": pl.read_parquet(path).height,
            "sha256": _sha256(path),
            "source": "esco, onet, local",
        }
    for name, facts in _OTHER_FILES.items():
        path = directory / name
        read = (
            pl.read_parquet(path)
            if path.suffix == ".parquet"
            else pl.read_csv(path, infer_schema=False)
        )
        rows_n = read.height
        entries[name] = {"rows_n": rows_n, "sha256": _sha256(path), **facts}
    return {
        "taxonomy_version": taxonomy.version,
        "built_on": on.isoformat(),
        "sources": sources,
        "files": entries,
    }


def main(arguments: list[str] | None = None) -> None:
    """Command line: read both bundles and overwrite the shipped files and provenance."""
    parser = argparse.ArgumentParser(prog="python -m skills_taxonomy.build", description=__doc__)
    parser.add_argument("--esco", type=Path, required=True, help="ESCO CSV bundle: zip or folder")
    parser.add_argument("--onet", type=Path, required=True, help="O*NET bundle: zip or folder")
    parser.add_argument("--oews", type=Path, required=True, help="OEWS sector by occupation: CSV")
    options = parser.parse_args(arguments)
    sector_codes = sectors_frame().filter(~pl.col("is_group"))["sector_code"].to_list()
    read_titles(options.onet).write_parquet(CROSSWALKS / "occupation_titles.parquet")
    mix = read_sector_mix(options.oews, sector_codes)
    mix.write_parquet(CROSSWALKS / "occupation_sectors.parquet")
    taxonomy = assemble(options.esco, options.onet)
    files = write_frames(taxonomy.frames, SHIPPED)
    record = provenance(taxonomy, files, SHIPPED, dt.datetime.now(dt.UTC).date())
    (SHIPPED / "provenance.yml").write_text(
        yaml.safe_dump(record, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    print(f"{taxonomy.version}: {taxonomy.skills.height} concepts, "
          f"{taxonomy.skill_labels.height} labels")  # fmt: skip


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
