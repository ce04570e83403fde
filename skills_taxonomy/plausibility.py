"""How well a concept fits the document that it was found in.

A word that is a skill in one trade is an ordinary word in another: *signs*, *culture*, *dressing*.
ESCO says which occupations ask for a concept, so a document that is about one field of work makes
the concepts of that field likelier, and those of others less so.

Belongs here: the concepts' profiles over occupations, the lift that a document gives a concept,
and how a lift moves a score. Does not belong here: learning how much it moves it
(`training.plausibility`), Docs (`components.plausibility`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import expit, logit

from skills_taxonomy.word_features import MODELS

PROFILES = "skill_occupations.parquet"
KINDS = ("label", "inferred")
PRIOR_N, OCCUPATION_N = 2.0, 10.0
"""A document is about work in general as if so many mentions said so, and about the occupation
that its title names as if so many did. Chosen on judged mentions (see `training.plausibility`)."""
_MAJOR_GROUP_DIGITS = 2
_FILE = "plausibility.npz"
_LEAST = 0.02


class OccupationProfiles:
    """Share of each SOC major group among the occupations that ask for a concept."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """`frame` is skill_id, major_group (two digits), occupations_n."""
        wide = frame.pivot("major_group", index="skill_id", values="occupations_n").fill_null(0)
        counts = wide.drop("skill_id").to_numpy().astype(float)
        self.row_of = {skill_id: row for row, skill_id in enumerate(wide["skill_id"])}
        self.column_of = {group: column for column, group in enumerate(wide.columns[1:])}
        self.shares = counts / counts.sum(axis=1, keepdims=True)
        self.general = self.shares.mean(axis=0)

    @classmethod
    def load(cls, directory: Path = MODELS) -> "OccupationProfiles":
        """Those of ESCO's occupations: ``skill_occupations.parquet``."""
        return cls(pl.read_parquet(directory / PROFILES))

    def lifts(
        self, skill_ids: Sequence[str], scores: Sequence[float], occupation_code: str | None
    ) -> np.ndarray:
        """How much likelier each mention's concept is in this document than in any (mentions,).

        The logarithm of Σ p·d / Σ p·g over major groups: p the concept's profile, g the mean
        profile, d what the document is about: its other concepts' profiles by their scores, its
        occupation, and g. `skill_ids` must have profiles; a concept named twice counts once.
        """
        rows = np.array([self.row_of[skill_id] for skill_id in skill_ids])
        profiles = self.shares[rows]
        _, first, concept = np.unique(rows, return_index=True, return_inverse=True)
        best = np.zeros(len(first))
        np.maximum.at(best, concept, scores)
        own = best[concept, None] * profiles
        about = PRIOR_N * self.general + best @ profiles[first] - own
        column = self.column_of.get((occupation_code or "")[:_MAJOR_GROUP_DIGITS])
        if column is not None:
            about[:, column] += OCCUPATION_N
        about /= about.sum(axis=1, keepdims=True)
        lift: np.ndarray = np.log((profiles * about).sum(axis=1) / (profiles @ self.general))
        return lift


@dataclass(frozen=True)
class Plausibility:
    """What a lift of one adds to the log odds of a score, for each of `KINDS` (kinds,)."""

    weight: np.ndarray

    @classmethod
    def load(cls, directory: Path = MODELS) -> "Plausibility":
        """Read ``plausibility.npz``."""
        with np.load(directory / _FILE) as file:
            return cls(file["weight"])

    def save(self, directory: Path) -> None:
        """Write ``plausibility.npz``."""
        np.savez(directory / _FILE, weight=self.weight)

    def scores(
        self, scores: Sequence[float], kinds: Sequence[str], lifts: np.ndarray
    ) -> np.ndarray:
        """The scores (mentions,) once their lifts are known."""
        weight = self.weight[[KINDS.index(name) for name in kinds]]
        moved: np.ndarray = expit(log_odds(scores) + weight * lifts)
        return moved


def log_odds(scores: Sequence[float]) -> np.ndarray:
    """Log odds of scores (n,), those at the ends brought in a little."""
    odds: np.ndarray = logit(np.clip(np.asarray(scores, float), _LEAST, 1 - _LEAST))
    return odds
