"""The labels that are looked for in texts, keyed by their normal form.

Belongs here: which labels are worth looking for, which concept a shared label means, variants.
Does not belong here: tokenising (the caller passes a tokeniser) or matching (`components.matcher`).

A spaCy PhraseMatcher over the same labels takes several seconds to refill at every start; this
index is one dictionary from a normal form to an entry and loads in a fraction of a second.
"""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
import srsly

from skills_taxonomy.ambiguity import (
    WordClass,
    WordLists,
    is_trusted_alternative,
    shipped_word_lists,
    word_class,
)
from skills_taxonomy.frames import USER
from skills_taxonomy.normalization import base_label, normal_form, word_form
from skills_taxonomy.taxonomy import Taxonomy

_ICT_GROUP = "061"
_NAME = re.compile(r"[\w.+#&/'’-]*[\w+#]")
_EXCLUDED = Path(__file__).parent / "data" / "excluded_labels.csv"
_MAX_WORDS = 9
_SOURCE_RANK = {USER: 0, "local": 0, "esco": 1, "onet": 2}
_NOUN_OF_VERB = {"administ": "administr", "maintain": "mainten", "analyz": "analysi"}
_NOUN_ENDINGS = ("ing", "ment", "tion", "sion", "ance", "sis", "val", "sal", "ral", "ery")
_FUNCTION_WORDS = frozenset(
    [
        "and",
        "or",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "with",
        "by",
        "as",
        "but",
        "than",
        "that",
        "this",
        "these",
        "is",
        "are",
        "be",
        "not",
    ]
)
_HEALTH_CARE = ("health", "care")

Forms = Callable[[str], list[str]]


class Entry(NamedTuple):
    """What one normal form means. `method` is preferred, alternative, hidden or reordered.

    `labels` are the concept's labels that share the form (``CNC programs``, ``CNC programming``).
    """

    skill_id: str
    labels: tuple[str, ...]
    method: str
    kind: WordClass
    is_software: bool


class LabelIndex:
    """Entries by space-joined normal forms.

    Of the labels of two words or more, `firsts` are the first words, and `lengths` the lengths in
    words worth trying by the first two.
    """

    def __init__(self, entries: dict[str, Entry]) -> None:
        self.entries = entries
        lengths: dict[str, set[int]] = {}
        for key in entries:
            words = key.split(" ")
            if len(words) > 1:
                lengths.setdefault(" ".join(words[:2]), set()).add(len(words))
        self.firsts = {pair.split(" ", 1)[0] for pair in lengths}
        self.lengths = {pair: tuple(sorted(n)) for pair, n in lengths.items()}

    @classmethod
    def build(
        cls, taxonomy: Taxonomy, forms: Forms, lists: WordLists | None = None
    ) -> "LabelIndex":
        """Index a taxonomy. `forms` gives a label's normal forms as the document will have them."""
        lists = lists or shipped_word_lists()
        excluded = excluded_labels()
        ranked: dict[str, list[tuple[tuple, Entry]]] = {}
        for key, rank, entry in _entries(taxonomy, forms, lists, excluded):
            ranked.setdefault(key, []).append((rank, entry))
        winners = {key: _winner(key, found) for key, found in ranked.items()}
        entries = {key: entry for key, entry in winners.items() if entry is not None}
        for key, entry in list(_reordered(entries, taxonomy)):
            entries.setdefault(key, entry)
        return cls(entries)

    def trusts(self, form: str, skill_id: str) -> bool:
        """Whether a one-word label of this form names the concept wherever it stands."""
        entry = self.entries.get(form)
        return entry is not None and entry.kind == "plain" and entry.skill_id == skill_id

    def to_bytes(self) -> bytes:
        """MessagePack of the entries."""
        data: bytes = srsly.msgpack_dumps({k: list(e) for k, e in self.entries.items()})
        return data

    @classmethod
    def from_bytes(cls, data: bytes) -> "LabelIndex":
        """The index `to_bytes` wrote."""
        packed = srsly.msgpack_loads(data)
        return cls(
            {
                key: Entry(skill_id, tuple(labels), *rest)
                for key, (skill_id, labels, *rest) in packed.items()
            }
        )


def is_nominal(surface: str) -> bool:
    """Whether a word looks like the noun of a deed (``assessment``, ``monitoring``)."""
    return surface.lower().rstrip("s").endswith(_NOUN_ENDINGS) or surface.lower().endswith("sis")


def excluded_labels() -> set[str]:
    """Normal forms of the labels that are not looked for (``excluded_labels.csv``)."""
    with _EXCLUDED.open(encoding="utf-8", newline="") as file:
        return {normal_form(row["label"]) for row in csv.DictReader(file)}


def _entries(
    taxonomy: Taxonomy, forms: Forms, lists: WordLists, excluded: set[str]
) -> Iterator[tuple[str, tuple, Entry]]:
    joined = taxonomy.skill_labels.join(
        taxonomy.skills.filter(~pl.col("is_deprecated")).select(
            "skill_id", "preferred_label", "skill_type", "group_codes"
        ),
        on="skill_id",
    ).sort("skill_id", "label_type", "label")
    for skill_id, full_label, label_type, source, preferred, skill_type, codes in joined.select(
        "skill_id",
        "label",
        "label_type",
        "source",
        "preferred_label",
        "skill_type",
        "group_codes",
    ).iter_rows():
        label = base_label(full_label)
        if normal_form(label) in excluded:
            continue
        words = forms(label)
        if (
            not words
            or len(words) > _MAX_WORDS
            or ({words[0], words[-1]} & _FUNCTION_WORDS or label.endswith(" other"))
        ):
            continue
        is_software = skill_type == "software" or (
            label[0].isupper() and any(code.startswith(_ICT_GROUP) for code in codes or [])
        )
        kind: WordClass = "plain"
        if len(words) == 1:
            if not _is_indexed_word(label, label_type, source, base_label(preferred), lists):
                continue
            kind = word_class(label, is_software, lists)
            if kind == "never":
                continue
            is_software = is_software or kind == "tool"
        entry = Entry(skill_id, (label,), label_type, kind, is_software)
        rank = (
            label_type != "preferred" and source not in (USER, "local"),
            _SOURCE_RANK[source],
            -_overlap(words, preferred),
            len(preferred),
            skill_id,
        )
        yield " ".join(words), rank, entry
        if _HEALTH_CARE[0] + _HEALTH_CARE[1] in words:
            spread = " ".join(words).replace("healthcar", "health care")
            yield spread, rank, entry


def _is_indexed_word(
    label: str, label_type: str, source: str, preferred: str, lists: WordLists
) -> bool:
    if not _NAME.fullmatch(label) or label.isdigit() or (len(label) == 1 and not label.isupper()):
        return False
    if label_type == "preferred" or source != "esco":
        return True
    return is_trusted_alternative(label, preferred, lists)


def _overlap(words: list[str], preferred: str) -> float:
    have = {word_form(word) for word in preferred.split()}
    return len(have & set(words)) / max(len(have), 1)


def _winner(key: str, found: list[tuple[tuple, Entry]]) -> Entry | None:
    """The entry a shared normal form means; None for a word several concepts merely lean on."""
    found.sort(key=lambda pair: pair[0])
    best = found[0][1]
    labels = dict.fromkeys(e.labels[0] for _, e in found if e.skill_id == best.skill_id)
    best = best._replace(labels=tuple(labels))
    rivals = {entry.skill_id for _, entry in found if entry.method == best.method}
    if best.method == "preferred" or len(rivals) == 1 or found[0][0][1] == _SOURCE_RANK["local"]:
        return best
    return best if " " in key else None


def _reordered(entries: dict[str, Entry], taxonomy: Taxonomy) -> Iterator[tuple[str, Entry]]:
    """Variants of verb + object labels: ``patient assessment``, ``assessment of patients``."""
    skills = set(
        taxonomy.skills.filter(pl.col("skill_type").is_in(["skill", "transversal"]))["skill_id"]
    )
    for key, entry in entries.items():
        words = key.split(" ")
        if entry.skill_id not in skills or not 2 <= len(words) <= 4:
            continue
        if is_nominal(entry.labels[0].split()[-1]):
            continue
        if entry.method != "preferred" and not entry.skill_id.startswith("local:"):
            continue
        verb, rest = words[0], words[1:]
        if len(verb) < 4 or set(rest) & {
            "of",
            "to",
            "in",
            "on",
            "with",
            "for",
            "and",
            "or",
            "from",
        }:
            continue
        variant = entry._replace(method="reordered")
        for noun in {verb, _NOUN_OF_VERB.get(verb, verb)}:
            yield " ".join([*rest, noun]), variant
            yield " ".join([noun, "of", *rest]), variant
