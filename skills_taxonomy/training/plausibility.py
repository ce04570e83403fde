"""Learns how far a document's field of work moves the score of a concept. Needs scipy.

Belongs here: examples and fitting. Does not belong here: the formula (`plausibility`).
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from skills_taxonomy.plausibility import KINDS, OccupationProfiles, Plausibility, log_odds
from skills_taxonomy.training.corpora import Verdict

PENALTY = 1.0
"""Weighs the square of the weight in the loss."""


def train(
    verdicts: Sequence[Verdict],
    scores: Sequence[float],
    occupation_of: dict[str, str],
    profiles: OccupationProfiles,
) -> Plausibility:
    """The curve of the concepts in documents that were judged as a whole.

    `scores` are the verdicts' without the document; `occupation_of` gives documents' SOC codes.
    """
    lifts = lifts_of(verdicts, scores, occupation_of, profiles)
    fitted = []
    for kind in KINDS:
        chosen = [n for n, v in enumerate(verdicts) if v.kind == kind and n in lifts]
        odds = log_odds([scores[n] for n in chosen])
        lift = np.array([lifts[n] for n in chosen])
        right = np.array([verdicts[n].verdict == "right" for n in chosen])
        fitted.append(_fit(odds, lift, right))
    return Plausibility(np.array(fitted))


def lifts_of(
    verdicts: Sequence[Verdict],
    scores: Sequence[float],
    occupation_of: dict[str, str],
    profiles: OccupationProfiles,
) -> dict[int, float]:
    """The lift of each verdict on a concept with a profile, in documents judged as a whole."""
    inside = defaultdict(list)
    for n, verdict in enumerate(verdicts):
        if verdict.draw == "document" and verdict.skill_id in profiles.row_of:
            inside[verdict.document].append(n)
    lifts: dict[int, float] = {}
    for document, found in inside.items():
        ids = [verdicts[n].skill_id or "" for n in found]
        code = occupation_of.get(document)
        of_document = profiles.lifts(ids, [scores[n] for n in found], code)
        lifts.update(zip(found, of_document.tolist(), strict=True))
    return lifts


def _fit(odds: np.ndarray, lift: np.ndarray, right: np.ndarray) -> float:
    """The weight of the lift by penalized logistic regression, the odds as an offset.

    A constant takes up how much more readers accept than the scores claim; it is not kept, so that
    a document that says nothing of its field leaves scores as they were.
    """

    def loss(parameters: np.ndarray) -> float:
        weight, constant = parameters
        signed = np.where(right, 1, -1) * (odds + weight * lift + constant)
        return float(np.logaddexp(0, -signed).sum() + PENALTY * weight**2)

    return float(minimize(loss, np.zeros(2), method="BFGS").x[0])
