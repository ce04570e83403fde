"""Reads the YAML vocabularies into typed records.

Belongs here: file reading and validation of the vocabulary. What is done with the words does not.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

VOCABULARY = Path(__file__).parent / "vocabulary"
SKILL_FILES = (
    "skills_technology.yml",
    "skills_health_care.yml",
    "skills_manufacturing_trades.yml",
    "skills_entertainment.yml",
    "skills_generic.yml",
)


@dataclass(frozen=True)
class Skill:
    """One skill: its taxonomy label, matchable forms, and the words of employers and of courses."""

    key: str
    label: str
    match: list[str]
    ads: list[str]
    duties: list[str]
    otherwise: list[str]
    learn: list[str]
    topic: list[str]
    source: str = "esco"

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches any matchable form as whole words, ignoring case."""
        return label_pattern(self.match)


def label_pattern(labels: list[str]) -> re.Pattern[str]:
    """A pattern that finds any of the labels as whole words, ignoring case and line breaks."""
    forms = (r"\s+".join(re.escape(word) for word in label.split()) for label in labels)
    return re.compile(rf"(?<![\w/]){'(?:' + '|'.join(forms) + ')'}(?![\w/+#])", re.IGNORECASE)


@functools.cache
def load_yaml(name: str) -> Any:
    """The content of one vocabulary file, read once; callers leave it unchanged."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((VOCABULARY / name).read_text(encoding="utf-8"), Loader=loader)


@functools.cache
def load_skills() -> dict[str, Skill]:
    """All skills by key. Raises ValueError where a phrase breaks the vocabulary's own rule."""
    skills: dict[str, Skill] = {}
    for name in SKILL_FILES:
        for key, fields in load_yaml(name).items():
            if key in skills:
                raise ValueError(f"{name}: {key} is defined twice")
            skills[key] = Skill(key=key, **fields)
    for skill in skills.values():
        for phrase in skill.duties + skill.learn + skill.topic:
            if not skill.pattern.search(phrase):
                raise ValueError(f"{skill.key}: {phrase!r} carries none of {skill.match}")
        for phrase in skill.otherwise:
            if skill.pattern.search(phrase):
                raise ValueError(f"{skill.key}: {phrase!r} should not carry a label")
    return skills
