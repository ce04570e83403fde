"""Why a sentence gives the mentions it gives, in words and as displaCy's HTML.

Belongs here: putting in words what the components saw. Does not belong here: seeing it.
"""

from collections.abc import Iterator

from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc

from pipelines.extraction.runner import Mention, Sentence, read_documents, sentences_of
from pipelines.extraction.sections import Kind
from skills_taxonomy import components
from skills_taxonomy.components.linker import INFERRED, UNLINKED, Ranked, SkillLinker
from skills_taxonomy.components.tagger import TAGGED
from skills_taxonomy.tagger import OUTSIDE

NEAREST_N = 3
_HOW = {
    "preferred": "the concept's preferred label stands in the text",
    "alternative": "an alternative label of the concept stands in the text",
    "hidden": "a hidden label of the concept stands in the text",
    "reordered": "a label of the concept stands in the text in another order",
    INFERRED: "the words come near the concept's labels; phrases of linked sentences weigh in",
    UNLINKED: "the words read like a skill, no concept is near enough",
}


class Explanation:
    """One sentence read by `nlp`: `in_words` and `html` say what was found and why."""

    def __init__(self, text: str, kind: Kind, nlp: Language, label_of: dict[str, str]) -> None:
        self.doc: Doc = next(read_documents([text], kind, nlp, one_sentence=True))
        self.sentence: Sentence = next(sentences_of(self.doc, kind), Sentence(text, 0, [], []))
        linker: SkillLinker = nlp.get_pipe(components.linker.FACTORY)  # type: ignore[assignment]
        self.nearest: list[Ranked] = next(iter(linker.rank(self.doc, NEAREST_N)), [])
        self._label_of = label_of

    def in_words(self) -> Iterator[str]:
        """Lines for a terminal."""
        words = [
            f"{token.text} {100 * (1 - row[OUTSIDE]):.0f} %"
            for token, row in zip(self.doc, self.doc.user_data[TAGGED], strict=True)
            if not token.is_space
        ]
        yield "Chance of each word to lie in words that name a skill: " + ", ".join(words)
        if not self.sentence.mentions:
            yield "No mention of a skill."
        for mention in self.sentence.mentions:
            yield self._mention_in_words(mention)
        for span in self.doc.spans[components.matcher.SPAN_GROUP]:
            if span._.entry.is_software:
                chance = 100 * span._.tool_context
                yield f"What surrounds '{span.text}' makes it a tool's name by {chance:.0f} %."
        for text, reason in self.sentence.dropped:
            yield f"'{text}' gives no mention: {reason}."
        if self.nearest:
            yield "Nearest ESCO concepts, whatever the threshold: " + ", ".join(
                f"{near.label} ({near.score:.2f})" for near in self.nearest
            )

    def _mention_in_words(self, mention: Mention) -> str:
        name = self._label_of.get(mention.skill_id or "", "no concept")
        groups = ", ".join(mention.group_codes) or "none"
        asked = f"; {mention.requirement}" if mention.requirement else ""
        asked += f"; {mention.years_n:g} years" if mention.years_n else ""
        asked += f"; {mention.depth}" if mention.depth else ""
        return (
            f"'{mention.label}' → {name}, right with a chance of {100 * mention.score:.0f} %: "
            f"{_HOW[mention.method]}; groups {groups}; section {mention.section}{asked}."
        )

    def html(self) -> str:
        """A page by displaCy with every mention marked."""
        marked = {
            "text": self.doc.text,
            "spans": [],
            "ents": [
                {
                    "start": mention.start,
                    "end": mention.end,
                    "label": self._label_of.get(mention.skill_id or "", UNLINKED),
                }
                for mention in _apart(self.sentence.mentions)
            ],
            "title": None,
        }
        page: str = displacy.render(marked, style="ent", manual=True, page=True, jupyter=False)
        return page


def _apart(mentions: list[Mention]) -> Iterator[Mention]:
    """Mentions that do not overlap, as displaCy needs them: the likelier of two stays."""
    taken: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: -m.score):
        if all(mention.end <= other.start or other.end <= mention.start for other in taken):
            taken.append(mention)
    yield from sorted(taken, key=lambda m: m.start)
