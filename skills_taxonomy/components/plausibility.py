"""Moves the scores of concepts by how well they fit their document.

Belongs here: the spaCy component. Does not belong here: the formula (`plausibility`).
"""

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from skills_taxonomy.components.linker import SPAN_GROUP, kind_of
from skills_taxonomy.plausibility import OccupationProfiles, Plausibility

FACTORY = "skill_plausibility"

Doc.set_extension("occupation_code", default=None, force=True)


class SkillPlausibility:
    """Callable component; see `skill_plausibility`."""

    def __init__(self, profiles: OccupationProfiles, curve: Plausibility) -> None:
        self.profiles = profiles
        self.curve = curve

    def __call__(self, doc: Doc) -> Doc:
        known: list[Span] = [
            span for span in doc.spans[SPAN_GROUP] if span._.skill.skill_id in self.profiles.row_of
        ]
        if known:
            skills = [span._.skill for span in known]
            scores = [skill.score for skill in skills]
            ids = [skill.skill_id for skill in skills]
            lifts = self.profiles.lifts(ids, scores, doc._.occupation_code)
            moved = self.curve.scores(scores, [kind_of(skill) for skill in skills], lifts)
            for span, skill, score in zip(known, skills, moved.tolist(), strict=True):
                span._.skill = replace(skill, score=round(score, 3))
        return doc


@Language.factory(FACTORY, requires=["doc.spans"], assigns=["doc.spans"])
def skill_plausibility(nlp: Language, name: str) -> SkillPlausibility:
    """Scores in span group ``skills``, higher for concepts of the document's field of work.

    Reads ``doc._.occupation_code``, a SOC 2018 code, where it is known.
    """
    return SkillPlausibility(OccupationProfiles.load(), Plausibility.load())
