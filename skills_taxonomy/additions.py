"""A user's own concepts and labels, in one file beside the imported taxonomy.

Belongs here: reading, checking, changing and writing that file; laying it over a taxonomy.
Does not belong here: the shipped additions (`importers.local`), official bundles (`update`).

The file outlives every import: it is laid over whatever taxonomy is in use, when it is loaded.
"""

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pydantic
import yaml

from skills_taxonomy import frames
from skills_taxonomy.frames import SKILL_TYPES, USER, Frames, concatenate
from skills_taxonomy.normalization import (
    base_label,
    is_same_phrase,
    normal_form,
    strict_form,
    words,
)

FILE = "additions.yml"
MAX_LABEL_CHARACTERS = 120
_LOOSE_ENDS = " .,;:-"


class AdditionError(ValueError):
    """An addition cannot be made, or the file cannot be used; the text says why and what to do."""


class LabelTakenError(AdditionError):
    """Another concept has the label already."""

    def __init__(self, label: str, skill_id: str, preferred_label: str) -> None:
        super().__init__(
            f"'{label}' is a label of '{preferred_label}' ({skill_id}) already. "
            f"To have it looked for as that concept, add it there: --to {skill_id}"
        )


class AddedConcept(pydantic.BaseModel, frozen=True, extra="forbid"):
    """A concept that the user added."""

    skill_id: str
    preferred_label: str
    alternative_labels: tuple[str, ...] = ()
    skill_type: str = "skill"
    group_codes: tuple[str, ...] = ()
    broader_skill_id: str | None = None
    note: str = ""
    added_on: dt.date

    @property
    def labels(self) -> tuple[str, ...]:
        """All its labels, the preferred one first."""
        return (self.preferred_label, *self.alternative_labels)


class AddedLabel(pydantic.BaseModel, frozen=True, extra="forbid"):
    """An alternative label that the user gave to a concept of another source."""

    skill_id: str
    label: str
    note: str = ""
    added_on: dt.date


class Additions(pydantic.BaseModel, frozen=True, extra="forbid"):
    """All that a user added; an empty one is false."""

    concepts: tuple[AddedConcept, ...] = ()
    labels: tuple[AddedLabel, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.concepts or self.labels)

    @classmethod
    def read(cls, directory: Path) -> "Additions":
        """What stands in the file of `directory`; nothing where there is none.

        Raises AdditionError naming the file and its first mistake.
        """
        path = directory / FILE
        if not path.is_file():
            return cls()
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        except yaml.YAMLError as error:
            raise AdditionError(f"{path}: not YAML: {error}") from error
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise AdditionError(f"{path}: {where}: {first['msg']}") from error

    def write(self, directory: Path) -> Path:
        """Replace the file of `directory` in one step; gives its path."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / FILE
        fresh = path.with_name(f".{FILE}.{os.getpid()}")
        text = yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, path)
        return path

    def over(self, base: Frames) -> Frames:
        """`base` with the additions laid over it; a label that both have counts as the user's.

        Raises AdditionError if an addition points to a concept or group that `base` lacks.
        """
        own = self._frames()
        known = {*base.skills["skill_id"], *own.skills["skill_id"]}
        asked = {*own.skill_labels["skill_id"], *own.skill_relations["related_skill_id"]}
        codes = {code for concept in self.concepts for code in concept.group_codes}
        lost = sorted(asked - known) + sorted(codes - {*base.skill_groups["group_code"]})
        if lost:
            raise AdditionError(
                f"{FILE}: the taxonomy in use has no {lost[0]}; take it out of the file, or import "
                "the bundle that has it"
            )
        return concatenate(own, base)

    def _frames(self) -> Frames:
        skills = [
            (c.skill_id, c.preferred_label, c.skill_type, None, USER, c.added_on.isoformat(),
             list(c.group_codes), False, None, None, None)
            for c in self.concepts
        ]  # fmt: skip
        labels = [(c.skill_id, c.preferred_label, "preferred", USER) for c in self.concepts]
        labels += [
            (c.skill_id, label, "alternative", USER)
            for c in self.concepts
            for label in c.alternative_labels
        ]
        labels += [(added.skill_id, added.label, "alternative", USER) for added in self.labels]
        broader = [
            (c.skill_id, c.broader_skill_id, "broader") for c in self.concepts if c.broader_skill_id
        ]
        return Frames(
            pl.DataFrame(skills, schema=frames.SKILLS, orient="row"),
            frames.empty_groups(),
            pl.DataFrame(labels, schema=frames.SKILL_LABELS, orient="row"),
            pl.DataFrame(broader, schema=frames.SKILL_RELATIONS, orient="row"),
        )

    def has(self, skill_id: str, label: str) -> bool:
        """Whether the user gave `label` to the concept."""
        own = self._frames().skill_labels.filter(pl.col("skill_id") == skill_id)
        return any(is_same_label(label, other) for other in own["label"])

    def with_concept(self, concept: AddedConcept, base: Frames) -> "Additions":
        """These and one more concept; `base` is the taxonomy below the additions.

        Raises LabelTakenError if a concept has one of its labels; AdditionError for an unknown
        type, group or broader concept, an id that is taken or a label that is none.
        """
        known = self.over(base)
        ids = set(known.skills["skill_id"])
        _refuse_taken(concept.labels, known)
        if concept.skill_id in ids:
            raise AdditionError(
                f"{concept.skill_id} is the id of another concept; add it under a longer phrase"
            )
        if concept.skill_type not in SKILL_TYPES:
            raise AdditionError(f"no type '{concept.skill_type}': one of {', '.join(SKILL_TYPES)}")
        unknown = sorted(set(concept.group_codes) - set(known.skill_groups["group_code"]))
        if unknown:
            raise AdditionError(f"no group '{unknown[0]}'; core.skill_groups lists them")
        if concept.broader_skill_id and concept.broader_skill_id not in ids:
            raise AdditionError(f"no concept '{concept.broader_skill_id}' to be broader")
        return self.model_copy(update={"concepts": (*self.concepts, concept)})

    def with_label(self, added: AddedLabel, base: Frames) -> "Additions":
        """These and one more label of an existing concept.

        Raises LabelTakenError if a different concept has it; AdditionError if no concept has the
        id or the label is none.
        """
        known = self.over(base)
        if added.skill_id not in set(known.skills["skill_id"]):
            raise AdditionError(
                f"no concept has the id '{added.skill_id}'; `skillgap taxonomy search` finds ids"
            )
        _refuse_taken((added.label,), known, but=added.skill_id)
        return self.model_copy(update={"labels": (*self.labels, added)})

    def without(self, skill_id: str, label: str | None = None) -> "Additions":
        """These without a concept and its labels, or without one label of an existing concept.

        Raises AdditionError if it is not the user's, or another addition is narrower than it.
        """
        if label is None:
            concepts = tuple(c for c in self.concepts if c.skill_id != skill_id)
            if len(concepts) == len(self.concepts):
                raise AdditionError(f"{skill_id} is no addition of yours; others are not removed")
            narrower = [c.skill_id for c in concepts if c.broader_skill_id == skill_id]
            if narrower:
                raise AdditionError(f"{narrower[0]} is narrower than {skill_id}: remove it first")
            labels = tuple(added for added in self.labels if added.skill_id != skill_id)
            return Additions(concepts=concepts, labels=labels)
        labels = tuple(
            added
            for added in self.labels
            if added.skill_id != skill_id or not is_same_label(added.label, label)
        )
        if len(labels) == len(self.labels):
            raise AdditionError(f"'{label}' is no label that you added to {skill_id}")
        return Additions(concepts=self.concepts, labels=labels)

    def clashes(self, base: Frames) -> Iterator[tuple[str, str, str]]:
        """(own id, label, other id) of labels that concepts of `base` have got meanwhile."""
        for concept in self.concepts:
            for label, other_id, _ in _owners(concept.labels, base):
                yield concept.skill_id, label, other_id


def clean_label(text: str) -> str:
    """`text` as a label: single spaces, no marks at its ends.

    Raises AdditionError if nothing is left, or it is too long for a label.
    """
    label = " ".join(text.split()).strip(_LOOSE_ENDS)
    if not normal_form(label) or not label.isprintable():
        raise AdditionError(f"'{label}' has no words that could be a label")
    if len(label) > MAX_LABEL_CHARACTERS:
        raise AdditionError(f"a label has at most {MAX_LABEL_CHARACTERS} characters")
    return label


def group_code(code: str) -> str:
    """A group's code as the taxonomy has it: mentions write the ISCED-F field 091 as K091."""
    return code[1:] if re.fullmatch(r"K\d+", code) else code


def local_id(phrase: str) -> str:
    """The stable id of a phrase: the same rule as core.unlabeled_phrases has."""
    slug = re.sub(r"[^a-z0-9]+", "-", phrase.lower()).strip("-")
    return f"local:{slug or hashlib.sha256(phrase.encode()).hexdigest()[:10]}"


def is_same_label(first: str, second: str) -> bool:
    """Whether a text that says one says the other: equal but for case, marks and inflections."""
    one, other = base_label(first), base_label(second)
    return strict_form(one) == strict_form(other) or (
        normal_form(one) == normal_form(other) and is_same_phrase(tuple(words(one)), other)
    )


def _refuse_taken(labels: tuple[str, ...], known: Frames, but: str | None = None) -> None:
    for label, skill_id, preferred in _owners(labels, known, but):
        raise LabelTakenError(label, skill_id, preferred)


def _owners(
    labels: tuple[str, ...], known: Frames, but: str | None = None
) -> Iterator[tuple[str, str, str]]:
    """(label, id, preferred label) of current concepts that have one of the labels."""
    asked: dict[str, list[str]] = {}
    for label in labels:
        asked.setdefault(normal_form(base_label(label)), []).append(label)
    current = known.skills.filter(~pl.col("is_deprecated"), pl.col("skill_id") != (but or ""))
    rows = known.skill_labels.join(current.select("skill_id", "preferred_label"), on="skill_id")
    ordered = rows.sort(pl.col("label_type") != "preferred", "skill_id", "label")
    for skill_id, other, preferred in ordered.select(
        "skill_id", "label", "preferred_label"
    ).iter_rows():
        for label in asked.get(normal_form(base_label(other)), ()):
            if is_same_label(label, other):
                yield label, skill_id, preferred
