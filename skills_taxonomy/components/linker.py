"""Joins what the labels and the tagger found into mentions of skills.

Belongs here: which concept a stretch of a sentence is linked to, and which stays unlinked.
Does not belong here: candidates (`concept_index`), probabilities (`ranker`, `tagger`), sections.

A mention is one of three kinds, its `method` says which:

* ``preferred``, ``alternative``, ``hidden``, ``reordered``: a label stands in the text;
* ``inferred``: the words come near a concept's labels, and the ranker is sure enough;
* ``unlinked``: the tagger sees a skill, no concept is sure enough; `skill_id` is None.

`score` is the calibrated probability that the mention is right in what it claims.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from skills_taxonomy.ambiguity import SURE_TAGGED
from skills_taxonomy.components import matcher
from skills_taxonomy.components.normalizer import BARRIER, SKIPPED
from skills_taxonomy.components.sentences import sentence_bounds, text_of
from skills_taxonomy.components.tagger import BATCH_N, TAGGED
from skills_taxonomy.concept_index import ConceptIndex
from skills_taxonomy.groups import GroupClassifier, level_2
from skills_taxonomy.ranker import Ranker
from skills_taxonomy.tagger import OUTSIDE
from skills_taxonomy.windows import SPAN_THRESHOLD, Window, tagged_spans, whole, windows
from skills_taxonomy.word_features import MODELS

FACTORY = "skill_linker"
SPAN_GROUP = "skills"
INFERRED, UNLINKED = "inferred", "unlinked"
CONCEPTS_A_WINDOW = 4
RANKED_A_WINDOW = 12
_CACHED_SENTENCES = 60_000
_ESCO = "http"
_LOOSE_ENDS = frozenset(
    {
        BARRIER,
        SKIPPED,
        *["and", "or", "of", "in", "on", "at", "to", "for", "from", "with", "by", "as"],
    }
)
_UNSUPPORTED = 0.25
"""What is left of the score of a concept that only a word without support joins."""
LEAST_TAGGED = 0.25
"""A sentence in which no word reaches this gets no windows; labels in it still count."""
LEAST_GROUP, MOST_GROUPS = 0.06, 3
"""A mention that no label names has the groups that are at least this likely, at most so many."""

Span.set_extension("groups", default=(), force=True)


@dataclass(frozen=True)
class Ranked:
    """A concept that a sentence may speak of."""

    skill_id: str
    label: str
    score: float


@dataclass
class _Sentence:
    """A sentence of a Doc: its tokens that are not space, their forms and probabilities."""

    doc: Doc
    text: str
    tokens: list[int]
    forms: list[str]
    tagged: np.ndarray
    summed: list[float]
    matches: list[Span]
    windows: list[Window]

    def skill_probability(self, start: int, end: int) -> float:
        """The mean probability of a skill over words `start` to `end`."""
        return (self.summed[end] - self.summed[start]) / (end - start)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Tokens of words `start` to `end`, counted from the sentence's first."""
        return self.tokens[start] - self.tokens[0], self.tokens[end - 1] + 1 - self.tokens[0]


@dataclass
class _Mention:
    """A mention; start and end count tokens from the sentence's first that is not space."""

    start: int
    end: int
    skill_id: str | None
    method: str
    score: float
    is_software: bool = False
    groups: tuple[str, ...] = ()


class SkillLinker:
    """Callable component; see `skill_linker`. `index` is set by `pipeline.build` or from disk.

    With `infers` off, only labels that stand in the text are linked.
    """

    def __init__(self, ranker: Ranker, groups: GroupClassifier) -> None:
        self.ranker = ranker
        self.groups = groups
        self.index: ConceptIndex | None = None
        self.group_codes: dict[str, list[str]] = {}
        self.infers = True
        self._known: dict[tuple[str, bool], list[_Mention]] = {}

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_N) -> Iterator[Doc]:
        """Link Docs in batches."""
        for batch in minibatch(stream, batch_size):
            for doc in batch:
                doc.spans[SPAN_GROUP] = []
            self._link([s for doc in batch for s in self._sentences(doc)])
            yield from batch

    def forget(self) -> None:
        """Forget what sentences and windows said before, after a model was exchanged."""
        self._known.clear()
        self.ranker.forget()

    def rank(self, doc: Doc, most: int) -> list[list[Ranked]]:
        """The `most` likeliest ESCO concepts of each sentence, whatever the threshold.

        A sentence that is skipped or all space has none.
        """
        index = self._index()
        sentences = self._sentences(doc, least_tagged=0.0)
        for sentence in sentences:
            everything = whole(sentence.forms)
            if everything.forms:
                sentence.windows.append(everything)
        ranked = {}
        found = self._best(sentences, RANKED_A_WINDOW, supported=False)
        for sentence, best in zip(sentences, found, strict=True):
            order = sorted(best, key=lambda c: (-best[c][0], c))[:most]
            ranked[sentence.tokens[0]] = [
                Ranked(index.skill_ids[c], index.preferred_labels[c], best[c][0]) for c in order
            ]
        return [
            next((ranked[i] for i in range(start, end) if i in ranked), [])
            for start, end in sentence_bounds(doc)
        ]

    def _index(self) -> ConceptIndex:
        if self.index is None:
            raise ValueError("the skill linker has no concept index; build or load the pipeline")
        return self.index

    def _sentences(self, doc: Doc, least_tagged: float = LEAST_TAGGED) -> list[_Sentence]:
        """The sentences of `doc` that have a label or a word tagged at least so likely."""
        text = text_of(doc)
        likely = 1 - doc.user_data[TAGGED][:, OUTSIDE]
        matches = list(doc.spans.get(matcher.SPAN_GROUP, []))
        found, at = [], 0
        for start, end in sentence_bounds(doc):
            inside = []
            while at < len(matches) and matches[at].start < end:
                inside.append(matches[at])
                at += 1
            is_likely = likely[start:end].max() >= least_tagged
            if (is_likely or inside) and start not in doc._.skipped_sentences:
                sentence = self._sentence(doc, text, (start, end), inside)
                if sentence is not None and is_likely:
                    self._set_windows(sentence, least_tagged)
                if sentence is not None:
                    found.append(sentence)
        return found

    def _sentence(
        self, doc: Doc, text: str, place: tuple[int, int], matches: list[Span]
    ) -> _Sentence | None:
        """Tokens `place` of `doc`, whose text is `text`; None where they are all space."""
        kept = [token for token in doc[place[0] : place[1]] if not token.is_space]
        if not kept:
            return None
        tokens = [token.i for token in kept]
        part = doc.user_data[TAGGED][tokens]
        return _Sentence(
            doc,
            text[kept[0].idx : kept[-1].idx + len(kept[-1])],
            tokens,
            [token.norm_ for token in kept],
            part,
            [0.0, *np.cumsum(1 - part[:, OUTSIDE], dtype=float).tolist()],
            matches,
            [],
        )

    def _set_windows(self, sentence: _Sentence, least_tagged: float) -> None:
        is_known = (sentence.text, self.infers) in self._known
        if least_tagged == 0 or (self.infers and not is_known):
            words = [sentence.doc[i].text for i in sentence.tokens]
            sentence.windows = windows(words, sentence.forms, sentence.tagged, self._index())

    def _best(
        self, sentences: list[_Sentence], most: int, *, supported: bool
    ) -> list[dict[int, tuple[float, Window]]]:
        """For each sentence the best score and window of the concepts its windows come near.

        With `supported`, a concept that only one word joins, or an ambiguous label, loses score
        unless the label matcher found it corroborated or the tagger is sure of it.
        """
        index = self._index()
        asked = [(n, window) for n, s in enumerate(sentences) for window in s.windows]
        rankings = self.ranker.rankings(index, [window.forms for _, window in asked], most)
        best: list[dict[int, tuple[float, Window]]] = [{} for _ in sentences]
        if not asked:
            return best
        matched = [{m._.skill_id for m in sentence.matches} for sentence in sentences]
        lengths = [len(concepts) for concepts, _, _ in rankings]
        tagged = [sentences[n].skill_probability(w.start, w.end) for n, w in asked]
        is_match = [
            index.skill_ids[concept] in matched[n]
            for (n, _), (concepts, _, _) in zip(asked, rankings, strict=True)
            for concept in concepts
        ]
        present = np.array(is_match, bool)
        probabilities = self.ranker.probability(
            np.concatenate([margins for _, margins, _ in rankings]),
            np.repeat(tagged, lengths),
            present,
        )
        if supported:
            is_word = np.repeat([len(window.forms) == 1 for _, window in asked], lengths)
            needs_label = is_word | np.concatenate([needs for _, _, needs in rankings])
            unsure = np.repeat(tagged, lengths) < SURE_TAGGED["common"]
            probabilities[needs_label & ~present & unsure] *= _UNSUPPORTED
        scores = probabilities.tolist()
        at = 0
        for (n, window), (concepts, _, _) in zip(asked, rankings, strict=True):
            for concept in concepts:
                if scores[at] > best[n].get(concept, (0.0,))[0]:
                    best[n][concept] = (scores[at], window)
                at += 1
        return best

    def _link(self, sentences: list[_Sentence]) -> None:
        """Set what the sentences say; what a sentence said before is remembered."""
        new = {s.text: s for s in sentences if (s.text, self.infers) not in self._known}
        self._known.update(
            ((text, self.infers), found)
            for text, found in zip(new, self._found(list(new.values())), strict=True)
        )
        for sentence in sentences:
            begin = sentence.tokens[0]
            mentions = self._known[sentence.text, self.infers]
            spans = [self._span(sentence.doc, begin, mention) for mention in mentions]
            sentence.doc.spans[SPAN_GROUP].extend(spans)
        if len(self._known) > _CACHED_SENTENCES:
            self._known.clear()

    def _found(self, sentences: list[_Sentence]) -> list[list[_Mention]]:
        """The mentions of each sentence, in order."""
        index = self._index()
        found = []
        for sentence, best in zip(
            sentences, self._best(sentences, CONCEPTS_A_WINDOW, supported=True), strict=True
        ):
            linked = {
                index.skill_ids[concept]: (score, window)
                for concept, (score, window) in best.items()
                if score >= self.ranker.threshold
            }
            mentions = [self._label_mention(sentence, span, linked) for span in sentence.matches]
            mentions += [
                _Mention(*sentence.place(w.start, w.end), skill_id, INFERRED, score)
                for skill_id, (score, w) in linked.items()
            ]
            kept = _without_echoes([m for m in mentions if self._is_sure_enough(m)])
            kept += self._uncovered(sentence, kept)
            found.append(sorted(kept, key=lambda m: (m.start, m.end)))
        self._set_groups(sentences, found)
        return found

    def _is_sure_enough(self, mention: _Mention) -> bool:
        """Whether a concept counts; tools and local additions do wherever their label stands."""
        is_of_esco = str(mention.skill_id).startswith(_ESCO)
        return not is_of_esco or mention.score >= self.ranker.threshold

    def _span(self, doc: Doc, begin: int, mention: _Mention) -> Span:
        label = mention.skill_id or mention.method
        span = Span(doc, begin + mention.start, begin + mention.end, label=label)
        span._.skill_id = mention.skill_id
        span._.method = mention.method
        span._.score = round(mention.score, 3)
        span._.is_software = mention.is_software
        span._.groups = mention.groups
        return span

    def _label_mention(
        self, sentence: _Sentence, span: Span, linked: dict[str, tuple[float, Window]]
    ) -> _Mention:
        """The mention of a label that stands in the text; takes its concept out of `linked`."""
        inferred, _ = linked.pop(span._.skill_id, (0.0, None))
        start = bisect_left(sentence.tokens, span.start)
        tagged = sentence.skill_probability(start, bisect_left(sentence.tokens, span.end))
        score = max(self.ranker.label_probability(tagged), inferred)
        begin = sentence.tokens[0]
        return _Mention(
            span.start - begin,
            span.end - begin,
            span._.skill_id,
            span._.method,
            score,
            bool(span._.is_software),
        )

    def _uncovered(self, sentence: _Sentence, mentions: list[_Mention]) -> list[_Mention]:
        """Tagged spans of which mentions cover less than half, as unlinked mentions."""
        covered = {i for m in mentions for i in range(m.start, m.end)}
        begin = sentence.tokens[0]
        found = []
        for tagged_start, tagged_end in tagged_spans(sentence.tagged, SPAN_THRESHOLD):
            start, end = _without_hinges(sentence.forms, tagged_start, tagged_end)
            words = [
                sentence.tokens[n] - begin
                for n in range(start, end)
                if sentence.forms[n] not in (BARRIER, SKIPPED)
            ]
            if words and 2 * len(covered.intersection(words)) < len(words):
                score = self.ranker.span_probability(sentence.skill_probability(start, end))
                found.append(_Mention(*sentence.place(start, end), None, UNLINKED, score))
        return found

    def _set_groups(self, sentences: list[_Sentence], found: list[list[_Mention]]) -> None:
        """The groups of linked mentions' concepts, and the likely ones where no label stands."""
        asked, guessed = [], []
        for sentence, mentions in zip(sentences, found, strict=True):
            begin = sentence.tokens[0]
            for mention in mentions:
                if mention.skill_id is not None:
                    mention.groups = tuple(level_2(self.group_codes.get(mention.skill_id, ())))
                if mention.method not in (INFERRED, UNLINKED):
                    continue
                tokens = sentence.doc[begin + mention.start : begin + mention.end]
                forms = [t.norm_ for t in tokens if t.norm_ not in (BARRIER, SKIPPED)]
                asked.append(([token.text for token in tokens], forms))
                guessed.append(mention)
        if not asked:
            return
        for mention, row in zip(guessed, self.groups.probabilities(asked), strict=True):
            order = np.argsort(-row)[:MOST_GROUPS]
            likely = [self.groups.codes[i] for i in order if row[i] >= LEAST_GROUP]
            mention.groups = tuple(dict.fromkeys([*mention.groups, *likely]))

    def to_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> None:
        """Write the concept index into the directory `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        self._index().save(Path(path))

    def from_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> "SkillLinker":
        """Read the concept index from the directory `path`."""
        self.index = ConceptIndex.load(Path(path))
        return self


def _without_hinges(forms: list[str], start: int, end: int) -> tuple[int, int]:
    """Words `start` to `end` without joining words and punctuation at either end."""
    while end > start and (forms[end - 1] in _LOOSE_ENDS):
        end -= 1
    while start < end and forms[start] in _LOOSE_ENDS:
        start += 1
    return start, end


def _without_echoes(mentions: list[_Mention]) -> list[_Mention]:
    """`mentions` without the inferred ones that lie wholly inside a label or a likelier one."""
    return [
        m
        for m in mentions
        if not any(
            other.start <= m.start
            and m.end <= other.end
            and (other.method != INFERRED or other.score > m.score)
            for other in mentions
            if other.method != INFERRED or (other.start, other.end) != (m.start, m.end)
        )
        or m.method != INFERRED
    ]


@Language.factory(
    FACTORY,
    requires=["doc.spans", "doc.sents", "doc.user_data", "token.norm"],
    assigns=["doc.spans"],
)
def skill_linker(nlp: Language, name: str) -> SkillLinker:
    """Span group ``skills``: ``skill_id``, ``method``, ``score``, ``groups``, ``is_software``."""
    return SkillLinker(Ranker.load(MODELS), GroupClassifier.load(MODELS))
