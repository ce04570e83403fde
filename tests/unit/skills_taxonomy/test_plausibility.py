"""A concept of another field of work loses score, one of the document's own gains."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from skills_taxonomy.components.linker import SPAN_GROUP
from skills_taxonomy.plausibility import KINDS, OccupationProfiles, Plausibility

PROFILES = OccupationProfiles(
    pl.DataFrame(
        [("nurse", "29", 4), ("weld", "51", 2), ("talk", "29", 1), ("talk", "51", 1)],
        schema=["skill_id", "major_group", "occupations_n"],
        orient="row",
    )
)
"""Shares by (29, 51): nurse (1, 0), weld (0, 1), talk (½, ½); the mean of the three is (½, ½)."""

LIFEGUARD, SURVEYOR = "33-9092", "17-1022"


def test_worked_by_hand() -> None:
    """About nurse, talk at score .5 and 2 of the mean: of weld is seen 1 + 0 + ¼ in 29, 1 + ¼ in
    51; weld itself does not count for weld.
    """
    lifts = PROFILES.lifts(["nurse", "weld", "talk"], [1.0, 1.0, 0.5], None)
    about_weld = np.array([1 + 1 + 0.25, 1 + 0.25])
    about_weld /= about_weld.sum()
    assert lifts[1] == pytest.approx(math.log(about_weld[1] / 0.5))
    assert lifts[2] == pytest.approx(0.0), "what is asked everywhere fits everywhere"


def test_an_occupation_speaks_for_its_own_concepts() -> None:
    nurse, weld = PROFILES.lifts(["nurse", "weld"], [0.9, 0.9], "29-1141")
    assert nurse > 0 > weld


def test_a_concept_named_twice_counts_once() -> None:
    once = PROFILES.lifts(["nurse", "weld"], [0.8, 0.9], None)
    twice = PROFILES.lifts(["nurse", "weld", "nurse"], [0.8, 0.9, 0.3], None)
    assert twice[:2] == pytest.approx(once)


@given(
    score=st.floats(0, 1),
    lift=st.floats(-8, 8),
    more=st.floats(0, 4),
    kind=st.sampled_from(KINDS),
)
def test_a_score_stays_one_and_follows_its_lift(
    score: float, lift: float, more: float, kind: str
) -> None:
    low, high = Plausibility.load().scores([score] * 2, [kind] * 2, np.array([lift, lift + more]))
    assert 0 <= low <= high <= 1


def test_in_a_document(nlp: Language) -> None:
    """A surveyor who conducts surveys surveys land; a lifeguard hardly does."""

    def score(occupation_code: str) -> float:
        doc = nlp.make_doc("Conducts surveys of all new plots.")
        doc._.occupation_code = occupation_code
        [found] = [s._.skill for s in nlp(doc).spans[SPAN_GROUP] if s.text == "Conducts surveys"]
        return float(found.score)

    assert score(SURVEYOR) > score(LIFEGUARD)
