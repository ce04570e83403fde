"""The answers a reader should find in the sample, measured on what was written.

Belongs here: counting planted facts in the generated texts, answers.yml and the README. Nothing
here changes what is generated.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from market import GROUP_SHARES, LAST_DAY, LAST_YEAR_START, Posting, telling_digits
from posting_sources import FiledPostings
from syllabi import Syllabus
from vocabulary import VOCABULARY, Skill, label_pattern, load_skills, load_yaml

LEAST_PLANTED_CHANGE = 0.08
LARGEST_SEASONAL_CHANGE = 0.05
ALL_MONTHS = range(1, 13)
CROSSWALK = {
    "activedirectory": (
        "CYB 130",
        "distributed directory information services",
        "Active Directory",
    ),
    "vitals": ("NUR 101", "monitor basic patients signs", "check patient's vital signs"),
    "woundcare": ("NUR 120", "apply wound care techniques", "carry out wound care"),
    "microscopy": ("MLT 110", "microscopic techniques", "microscopy"),
}


def skill_entry(skill: Skill) -> dict[str, Any]:
    """Label, taxonomy and identifier of a skill."""
    link = load_yaml("taxonomy_links.yml")[skill.key]
    entry = {"skill": skill.key, "label": skill.label, "taxonomy": link["source"]}
    return entry | ({"uri": link["uri"]} if "uri" in link else {})


class Evidence:
    """Counts skills in the clean texts of the distinct postings that state a sector."""

    def __init__(self, filed: FiledPostings) -> None:
        self.rows: list[tuple[Posting, str]] = [
            (posting, filed.clean_texts[posting.number])
            for posting in filed.postings
            if posting.has_sector
        ]

    def demand(
        self, group: str, skill: Skill, is_recent: bool, months: Collection[int] = ALL_MONTHS
    ) -> dict[str, Any]:
        """Postings, employers and share of the group's postings that carry a label of the skill."""
        rows = [
            (posting, text)
            for posting, text in self.rows
            if posting.employer.group == group
            and (posting.posted_on >= LAST_YEAR_START) == is_recent
            and posting.posted_on.month in months
        ]
        hits = [posting for posting, text in rows if skill.pattern.search(text)]
        return {
            "share": round(len(hits) / len(rows), 3),
            "postings_n": len(hits),
            "employers_n": len({posting.employer.name for posting in hits}),
        }


def planted_answers(evidence: Evidence, syllabi: list[Syllabus]) -> dict[str, Any]:
    """Gaps, aligned, partly taught, and taught-not-asked skills by program."""
    skills, links = load_skills(), load_yaml("taxonomy_links.yml")
    programs = {}
    for program in load_yaml("programs.yml")["programs"]:
        group, planted = program["group"], program["planted"]
        courses = [s for s in syllabi if program["program_id"] in s.programs]

        def entries(
            name: str, group: str = group, planted: Any = planted, courses: Any = courses
        ) -> list[dict[str, Any]]:
            rows = []
            for key in planted[name]:
                row = skill_entry(skills[key]) | evidence.demand(group, skills[key], True)
                where = {
                    depth: [s.code for s in courses if key in s.depths[depth]]
                    for depth in ("assessed", "practiced", "introduced", "mentioned")
                }
                where = {depth: codes for depth, codes in where.items() if codes}
                if where:
                    row["taught"] = where
                else:
                    row["labels"] = sorted({*links[key]["labels"], *skills[key].match})
                rows.append(row)
            return rows

        programs[program["program_id"]] = {
            "sector_group": group.replace("_", "-"),
            "gaps": entries("gaps"),
            "aligned": entries("aligned"),
            "partly_taught": entries("partly"),
            "taught_not_asked": entries("not_asked"),
        }
    return programs


def planted_trends(evidence: Evidence) -> dict[str, Any]:
    """Share in the first and in the last 12 months of every skill with a planted trend."""
    skills = load_skills()
    trends: dict[str, Any] = {}
    for group, directions in load_yaml("trends.yml").items():
        trends[group.replace("_", "-")] = {
            direction: [
                skill_entry(skills[key])
                | {
                    "first_year_share": evidence.demand(group, skills[key], False)["share"],
                    "last_year_share": evidence.demand(group, skills[key], True)["share"],
                }
                for key in keys
            ]
            for direction, keys in directions.items()
        }
    return trends


def planted_seasons(evidence: Evidence) -> dict[str, Any]:
    """Shares in the two years, and in the season of each, of every skill with a planted season."""
    skills = load_skills()
    return {
        group.replace("_", "-"): [
            skill_entry(skills[key])
            | {"months": season["months"]}
            | {
                f"{year}_year{part}_share": evidence.demand(group, skills[key], is_recent, months)[
                    "share"
                ]
                for year, is_recent in (("first", False), ("last", True))
                for part, months in (("", ALL_MONTHS), ("_season", season["months"]))
            }
            for key, season in seasons.items()
        ]
        for group, seasons in load_yaml("seasons.yml").items()
    }


def naics_prefixes(group: str) -> list[str]:
    """The shortest NAICS prefixes under which the group's employers, and no other group's, file."""
    codes = [kind["naics"] for kind in load_yaml("employers.yml")["kinds"][group]]
    return sorted({code[: telling_digits(code)] for code in codes})


def measure(filed: FiledPostings, syllabi: list[Syllabus], seed: int) -> dict[str, Any]:
    """All answers as one mapping."""
    evidence = Evidence(filed)
    sources = {}
    for source in dict.fromkeys(sorted(r.source for r in filed.records)):
        records = filed.of_source(source)
        rejects = Counter(r.reject_reason for r in records if r.reject_reason)
        if source == "postings_feed":
            rejects["broken JSON line"] += 1
        sources["sample-" + source.removeprefix("postings_")] = {
            "rows": len(records) + rejects["broken JSON line"],
            "rejects": {reason: n for reason, n in sorted(rejects.items()) if n},
        }
    origins = Counter(r.origin for r in filed.records)
    traits = Counter(trait for r in filed.records for trait in r.traits)
    by_group = Counter(p.employer.group for p in filed.postings if p.has_sector)
    return {
        "seed": seed,
        "as_of": LAST_DAY,
        "window": {"from": LAST_YEAR_START, "to": LAST_DAY},
        "sector_groups": {
            group.replace("_", "-"): {
                "naics_prefixes": naics_prefixes(group),
                "distinct_postings_with_sector_n": by_group[group],
            }
            for group in GROUP_SHARES
        },
        "postings": {
            "rows": sum(source["rows"] for source in sources.values()),
            "rejects": sum(sum(source["rejects"].values()) for source in sources.values()),
            "accepted": sum(origins[o] for o in ("original", "repost", "agency")),
            "distinct": origins["original"],
            "exact_reposts": origins["repost"],
            "agency_reposts": origins["agency"],
            "employers": len({p.employer.name for p in filed.postings}),
            "agencies": len({r.employer for r in filed.records if r.origin == "agency"}),
            "without_sector_code": sum(not p.has_sector for p in filed.postings),
            "open_longer_than_a_year": sum(
                (p.valid_through_on - p.posted_on).days > 365 for p in filed.postings
            ),
            "html": traits["html"],
            "double_escaped_html": traits["double_escaped"],
            "mojibake": traits["mojibake"],
        },
        "sources": sources,
        "syllabi": {
            "courses": len(syllabi),
            "formats": dict(sorted(Counter(s.format for s in syllabi).items())),
        },
        "thin_sector": {
            "naics_sector": "11",
            "distinct_postings_with_sector_n": by_group["agriculture"],
            "reason": "too few postings",
        },
        "programs": planted_answers(evidence, syllabi),
        "trends": planted_trends(evidence),
        "seasons": planted_seasons(evidence),
        "term_crosswalk": [
            skill_entry(load_skills()[key])
            | {"course": code, "course_words": course, "employer_words": ad}
            for key, (code, course, ad) in CROSSWALK.items()
        ],
    }


def unborne_answers(answers: dict[str, Any], syllabi: list[Syllabus]) -> list[str]:
    """One sentence for every planted answer that the generated texts do not bear out."""
    faults = []
    for program_id, planted in answers["programs"].items():
        for row in planted["gaps"] + planted["aligned"]:
            if row["share"] < 0.15 or row["employers_n"] < 8:
                faults.append(f"{program_id}: {row['skill']} has a share of only {row['share']}")
        for row in planted["taught_not_asked"]:
            if row["share"] > 0.01:
                faults.append(f"{program_id}: {row['skill']} is asked for, share {row['share']}")
        texts = "\n".join(s.teaching_text() for s in syllabi if program_id in s.programs)
        for row in planted["gaps"]:
            named = label_pattern(row["labels"]).search(texts)
            if named:
                faults.append(f"{program_id}: a course names the gap {row['skill']}: {named[0]!r}")
    for group, directions in answers["trends"].items():
        for direction, rows in directions.items():
            sign = 1 if direction == "emerging" else -1
            for row in rows:
                change = sign * (row["last_year_share"] - row["first_year_share"])
                if change < LEAST_PLANTED_CHANGE:
                    faults.append(f"{group}: {row['skill']} is hardly {direction}: {change:.3f}")
    for group, rows in answers["seasons"].items():
        for row in rows:
            change = row["last_year_share"] - row["first_year_share"]
            if abs(change) > LARGEST_SEASONAL_CHANGE:
                faults.append(f"{group}: {row['skill']} is not only seasonal: {change:.3f}")
    return faults


def write_answers(out: Path, answers: dict[str, Any]) -> None:
    """Writes answers.yml and README.md."""
    note = "# What a reader should find in the sample; measured on the texts by generate.py\n"
    text = note + yaml.safe_dump(answers, sort_keys=False, allow_unicode=True, width=100)
    (out / "answers.yml").write_text(text, encoding="utf-8", newline="\n")
    template = (VOCABULARY / "readme_template.md").read_text(encoding="utf-8")
    (out / "README.md").write_text(readme(template, answers), encoding="utf-8", newline="\n")


def percent(row: dict[str, Any], name: str = "share") -> str:
    """A share as whole percent."""
    return f"{100 * row[name]:.0f} %"


def table(*rows: list[str]) -> str:
    """A Markdown table; the first row is its head."""
    head, *body = rows
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *body])


def program_table(answers: dict[str, Any]) -> str:
    """A row a program, a column a kind of answer."""
    kinds = ("gaps", "aligned", "partly_taught", "taught_not_asked")
    return table(
        ["program", "gaps (share of ads)", "aligned", "partly taught", "taught, not asked"],
        *(
            [
                program_id,
                *(
                    ", ".join(f"{row['label']} ({percent(row)})" for row in planted[k])
                    for k in kinds
                ),
            ]
            for program_id, planted in answers["programs"].items()
        ),
    )


def trend_table(answers: dict[str, Any]) -> str:
    """A row a planted trend."""
    return table(
        ["sector group", "direction", "skill", "Nov 2024 - Oct 2025", "Nov 2025 - Oct 2026"],
        *(
            [
                group,
                direction,
                row["label"],
                percent(row, "first_year_share"),
                percent(row, "last_year_share"),
            ]
            for group, directions in answers["trends"].items()
            for direction, rows in directions.items()
            for row in rows
        ),
    )


def season_table(answers: dict[str, Any]) -> str:
    """A row a planted season."""
    return table(
        ["sector group", "skill", "months", "year from Nov 2024", "year from Nov 2025"],
        *(
            [
                group,
                row["label"],
                ", ".join(calendar.month_abbr[month] for month in row["months"]),
                *(
                    f"{percent(row, f'{year}_year_share')}; "
                    f"in season {percent(row, f'{year}_year_season_share')}"
                    for year in ("first", "last")
                ),
            ]
            for group, rows in answers["seasons"].items()
            for row in rows
        ),
    )


def source_table(answers: dict[str, Any]) -> str:
    """Rows and rejects of each source."""
    lines = []
    for name, counts in answers["sources"].items():
        reasons = ", ".join(f"{n} {reason}" for reason, n in counts["rejects"].items()) or "none"
        lines.append([name, str(counts["rows"]), reasons])
    return table(["source", "rows", "rejects"], *lines)


def group_table(answers: dict[str, Any]) -> str:
    """Size and codes of each sector group."""
    return table(
        ["sector group", "NAICS", "distinct postings with a sector code"],
        *(
            [
                name,
                ", ".join(group["naics_prefixes"]),
                str(group["distinct_postings_with_sector_n"]),
            ]
            for name, group in answers["sector_groups"].items()
        ),
    )


def term_table(answers: dict[str, Any]) -> str:
    """Course words beside employers' words."""
    return table(
        ["course", "its words", "employers' words"],
        *([t["course"], t["course_words"], t["employer_words"]] for t in answers["term_crosswalk"]),
    )


def readme(template: str, answers: dict[str, Any]) -> str:
    """The README with every count and table filled in."""
    tables = {
        "programs": program_table,
        "trends": trend_table,
        "seasons": season_table,
        "sources": source_table,
        "groups": group_table,
        "terms": term_table,
    }
    counts = answers["postings"] | {
        "courses": answers["syllabi"]["courses"],
        "seed": answers["seed"],
    }

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        return tables[name](answers) if name in tables else str(counts[name])

    return re.sub(r"\[\[(\w+)\]\]", filled, template)
