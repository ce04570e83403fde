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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from skills_taxonomy.acceptance import Acceptance, Stretch
from skills_taxonomy.ambiguity import SURE_TAGGED, tool_chance
from skills_taxonomy.components import matcher
from skills_taxonomy.components.sentences import sentence_bounds
from skills_taxonomy.components.tagger import BATCH_N, TAGGED
from skills_taxonomy.components.words import forms_of, text_of, words_of
from skills_taxonomy.concept_index import ConceptIndex
from skills_taxonomy.groups import GroupClassifier, level_2
from skills_taxonomy.label_index import Entry
from skills_taxonomy.normalization import BARRIER, SKIPPED
from skills_taxonomy.ranker import Ranker
from skills_taxonomy.tagger import OUTSIDE
from skills_taxonomy.windows import Window, skill_spans, whole, windows
from skills_taxonomy.word_features import MODELS

FACTORY = "skill_linker"
SPAN_GROUP = "skills"
INFERRED, UNLINKED = "inferred", "unlinked"
CONCEPTS_A_WINDOW = 4
RANKED_A_WINDOW, NEAREST_A_WINDOW = 12, 5
"""Concepts compared with each window where all are ranked: by shared words, by meaning."""
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
LEAST_CHANCE = {"label": 0.25, INFERRED: 0.35, UNLINKED: 0.35}
"""A mention that a reader accepts with less than this is none; chosen by the F1 of spans."""
LEAST_GROUP, MOST_GROUPS = 0.01, 4
"""A mention that no label names has the groups that are at least this likely, at most so many."""

Span.set_extension("skill", default=None, force=True)


@dataclass(frozen=True)
class Ranked:
    """A concept that a sentence may speak of."""

    skill_id: str
    label: str
    score: float


@dataclass(slots=True)
class Skill:
    """What a mention says; `start` and `end` count tokens from its sentence's first word."""

    start: int
    end: int
    skill_id: str | None
    method: str
    score: float
    is_software: bool = False
    groups: tuple[str, ...] = ()

    @property
    def is_beyond_esco(self) -> bool:
        """Whether it is linked to a software name or a local addition."""
        return self.skill_id is not None and not self.skill_id.startswith(_ESCO)


class _Place(NamedTuple):
    """A sentence of a Doc that is worth reading: its words' tokens, its text, labels found in it.

    Words are tokens that are not space. `is_likely` says whether the tagger sees a skill in it.
    """

    doc: Doc
    tokens: list[int]
    text: str
    matches: list[Span]
    is_likely: bool


@dataclass
class _Sentence:
    """A sentence with its words' forms, their probabilities and the windows to compare.

    `chances` are the words' probabilities of naming a skill, `summed` their running sum.
    """

    place: _Place
    words: list[str]
    forms: list[str]
    tagged: list[list[float]]
    chances: list[float]
    summed: list[float]
    windows: list[Window]

    def skill_probability(self, start: int, end: int) -> float:
        """The mean probability of a skill over words `start` to `end`."""
        return (self.summed[end] - self.summed[start]) / (end - start)

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """Tokens of words `start` to `end`, counted from the sentence's first word."""
        tokens = self.place.tokens
        return tokens[start] - tokens[0], tokens[end - 1] + 1 - tokens[0]

    def stretch(self, skill: Skill) -> Stretch:
        """The words of `skill` in the sentence."""
        tokens = self.place.tokens
        start, end = (bisect_left(tokens, tokens[0] + at) for at in (skill.start, skill.end))
        return Stretch(self.words, self.forms, start, end, self.chances, kind_of(skill))


class SkillLinker:
    """Callable component; see `skill_linker`. `index` is set by `pipeline.build` or from disk.

    With `infers` off, only labels that stand in the text are linked.
    """

    def __init__(self, ranker: Ranker, acceptance: Acceptance, groups: GroupClassifier) -> None:
        self.ranker = ranker
        self.acceptance = acceptance
        self.groups = groups
        self.index: ConceptIndex | None = None
        self.group_codes: dict[str, list[str]] = {}
        self.infers = True
        self._known: dict[tuple[str, bool], list[Skill]] = {}

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_N) -> Iterator[Doc]:
        """Link Docs in batches."""
        for batch in minibatch(stream, batch_size):
            self._link(batch)
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
        sentences = [self._sentence(place) for place in _worth_reading(doc, least_tagged=0.0)]
        for sentence in sentences:
            self._set_windows(sentence)
            everything = whole(sentence.forms)
            if everything.forms:
                sentence.windows.append(everything)
        ranked = {}
        found = self._best(sentences, RANKED_A_WINDOW, NEAREST_A_WINDOW)
        for sentence, best in zip(sentences, found, strict=True):
            order = sorted(best, key=lambda c: (-best[c][0], c))[:most]
            ranked[sentence.place.tokens[0]] = [
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

    def _sentence(self, place: _Place) -> _Sentence:
        texts, forms = words_of(place.doc).texts, forms_of(place.doc)
        tagged = place.doc.user_data[TAGGED][place.tokens]
        chances = 1 - tagged[:, OUTSIDE].astype(float)
        return _Sentence(
            place,
            [texts[i] for i in place.tokens],
            [forms[i] for i in place.tokens],
            tagged.tolist(),
            chances.tolist(),
            [0.0, *np.cumsum(chances).tolist()],
            [],
        )

    def _set_windows(self, sentence: _Sentence) -> None:
        sentence.windows = windows(sentence.words, sentence.forms, sentence.tagged, self._index())

    def _best(
        self, sentences: list[_Sentence], most: int, nearest: int = 0, *, least: float = 0.0
    ) -> list[dict[int, tuple[float, Window]]]:
        """For each sentence the best score and window of the concepts its windows come near.

        With a `least` score, a concept that only one word joins, or an ambiguous label, loses score
        unless the label matcher found it corroborated or the tagger is sure of it.
        """
        index = self._index()
        asked = [(n, window) for n, s in enumerate(sentences) for window in s.windows]
        best: list[dict[int, tuple[float, Window]]] = [{} for _ in sentences]
        if not asked:
            return best
        forms = [window.forms for _, window in asked]
        rankings = self.ranker.rankings(index, forms, most, nearest)
        lengths = [len(concepts) for concepts, _, _ in rankings]
        concept, margin, needs_label = (
            np.concatenate(part) for part in zip(*rankings, strict=True)
        )
        sentence = np.repeat([n for n, _ in asked], lengths)
        inside = [sentences[n].skill_probability(w.start, w.end) for n, w in asked]
        tagged = np.repeat(inside, lengths)
        labeled = [
            n * len(index.skill_ids) + index.concept_of[skill_id]
            for n, s in enumerate(sentences)
            for skill_id in (match._.entry.skill_id for match in s.place.matches)
            if skill_id in index.concept_of
        ]
        is_labeled = np.isin(sentence * len(index.skill_ids) + concept, labeled)
        score = self.ranker.probability(margin, tagged, is_labeled)
        if least:
            is_word = np.repeat([len(window.forms) == 1 for _, window in asked], lengths)
            unsure = tagged < SURE_TAGGED
            score[(needs_label | is_word) & ~is_labeled & unsure] *= _UNSUPPORTED
        window = np.repeat(np.arange(len(asked)), lengths)
        for pair in np.flatnonzero(score >= least).tolist():
            n, found = asked[window[pair]]
            value = float(score[pair])
            if value > best[n].get(int(concept[pair]), (0.0,))[0]:
                best[n][int(concept[pair])] = (value, found)
        return best

    def _link(self, docs: list[Doc]) -> None:
        """Set what the Docs' sentences say; what a sentence said before is remembered."""
        known, infers = self._known, self.infers
        places = [place for doc in docs for place in _worth_reading(doc, LEAST_TAGGED)]
        new = {p.text: p for p in places if (p.text, infers) not in known}
        found = self._found([self._sentence(place) for place in new.values()])
        known.update(((text, infers), skills) for text, skills in zip(new, found, strict=True))
        spans: dict[int, list[Span]] = {id(doc): [] for doc in docs}
        for place in places:
            for skill in known[place.text, infers]:
                spans[id(place.doc)].append(_span(place, skill))
        for doc in docs:
            doc.spans[SPAN_GROUP] = spans[id(doc)]
        if len(known) > _CACHED_SENTENCES:
            known.clear()

    def _found(self, sentences: list[_Sentence]) -> list[list[Skill]]:
        """What each sentence says, in order."""
        index = self._index()
        for sentence in sentences:
            if self.infers and sentence.place.is_likely:
                self._set_windows(sentence)
        linked = self._best(sentences, CONCEPTS_A_WINDOW, least=self.ranker.threshold)
        mentions = [
            self._concept_mentions(
                sentence, {index.skill_ids[c]: best for c, best in found.items()}
            )
            for sentence, found in zip(sentences, linked, strict=True)
        ]
        found = [_without_echoes(kept) for kept in self._accepted(sentences, mentions)]
        unlinked = [_uncovered(s, kept) for s, kept in zip(sentences, found, strict=True)]
        for kept, more in zip(found, self._accepted(sentences, unlinked), strict=True):
            kept.extend(more)
            kept.sort(key=lambda m: (m.start, m.end))
        self._set_groups(sentences, found)
        return found

    def _concept_mentions(
        self, sentence: _Sentence, linked: dict[str, tuple[float, Window]]
    ) -> list[Skill]:
        """Labels that stand in the sentence, then other concepts that its words come near."""
        first = sentence.place.tokens[0]
        mentions = []
        for span in sentence.place.matches:
            entry: Entry = span._.entry
            score, _ = linked.pop(entry.skill_id, (0.0, None))
            if entry.is_software:
                score = max(score, tool_chance(entry.kind, span._.tool_context))
            start, end = span.start - first, span.end - first
            mentions.append(
                Skill(start, end, entry.skill_id, entry.method, score, entry.is_software)
            )
        mentions += [
            Skill(*sentence.bounds(window.start, window.end), skill_id, INFERRED, score)
            for skill_id, (score, window) in linked.items()
        ]
        return mentions

    def _accepted(
        self, sentences: list[_Sentence], mentions: list[list[Skill]]
    ) -> list[list[Skill]]:
        """The mentions of each sentence that a reader would accept, with their scores.

        A concept that is inferred keeps the ranker's score. A tool's name is as likely as its
        surroundings make it; it and local additions count wherever their label stands.
        """
        asked = [
            sentence.stretch(skill)
            for sentence, skills in zip(sentences, mentions, strict=True)
            for skill in skills
        ]
        chances = iter(self.acceptance.probabilities(asked).tolist())
        found = []
        for skills in mentions:
            kept = []
            for skill, chance in zip(skills, chances, strict=False):
                if skill.is_software:
                    chance = max(chance, skill.score)
                if skill.method != INFERRED:
                    skill.score = max(skill.score, chance)
                skill.score = round(skill.score, 3)
                is_named = skill.is_beyond_esco or skill.is_software
                if is_named or chance >= LEAST_CHANCE[kind_of(skill)]:
                    kept.append(skill)
            found.append(kept)
        return found

    def _set_groups(self, sentences: list[_Sentence], found: list[list[Skill]]) -> None:
        """The groups of linked mentions' concepts, and the likely ones where no label stands."""
        guessed, asked, wholes, whole_of = [], [], [], []
        for sentence, mentions in zip(sentences, found, strict=True):
            is_first = True
            for mention in mentions:
                if mention.skill_id is not None:
                    mention.groups = tuple(level_2(self.group_codes.get(mention.skill_id, ())))
                if mention.method in (INFERRED, UNLINKED):
                    words, forms, start, end, *_ = sentence.stretch(mention)
                    if is_first:
                        wholes.append((words, _meaningful(forms)))
                        is_first = False
                    guessed.append(mention)
                    asked.append((words[start:end], _meaningful(forms[start:end])))
                    whole_of.append(len(wholes) - 1)
        if not asked:
            return
        near = self._groups_near([tuple(forms) for _, forms in asked])
        rows = self.groups.probabilities(asked, wholes, whole_of, near)
        for mention, row in zip(guessed, rows, strict=True):
            order = np.argsort(-row)[:MOST_GROUPS]
            likely = [self.groups.codes[i] for i in order if row[i] >= LEAST_GROUP]
            mention.groups = tuple(dict.fromkeys([*likely[:1], *mention.groups, *likely[1:]]))

    def _groups_near(self, stretches: list[tuple[str, ...]]) -> np.ndarray:
        """Share of each group in the odds of the concepts near stretches (stretches, codes).

        A row is zero where no concept is near, and where nothing is inferred.
        """
        shares = np.zeros((len(stretches), len(self.groups.codes)))
        if self.infers:
            index = self._index()
            rankings = self.ranker.rankings(index, stretches, CONCEPTS_A_WINDOW)
            for row, (concepts, margins, _) in zip(shares, rankings, strict=True):
                for concept, odds in zip(concepts.tolist(), np.exp(margins).tolist(), strict=True):
                    columns = self._group_columns(index.skill_ids[concept])
                    row[columns] = np.maximum(row[columns], odds)
            shares /= np.maximum(shares.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        return shares

    def _group_columns(self, skill_id: str) -> list[int]:
        """The places of a concept's groups among the classifier's codes."""
        column_of = self.groups.column_of
        return [
            column_of[code]
            for code in level_2(self.group_codes.get(skill_id, ()))
            if code in column_of
        ]

    def to_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> None:
        """Write the concept index into the directory `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        self._index().save(Path(path))

    def from_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> "SkillLinker":
        """Read the concept index from the directory `path`."""
        self.index = ConceptIndex.load(Path(path))
        return self


def _worth_reading(doc: Doc, least_tagged: float) -> list[_Place]:
    """The sentences of `doc` that have a label or a word tagged at least so likely."""
    text, words, bounds = text_of(doc), words_of(doc), sentence_bounds(doc)
    if not bounds:
        return []
    outside = doc.user_data[TAGGED][:, OUTSIDE]
    least = np.minimum.reduceat(outside, [start for start, _ in bounds]).tolist()
    matches: list[Span] = list(doc.spans.get(matcher.SPAN_GROUP, []))
    skipped, found, at = doc._.skipped_sentences, [], 0
    for (start, end), lowest in zip(bounds, least, strict=True):
        inside = []
        while at < len(matches) and matches[at].start < end:
            inside.append(matches[at])
            at += 1
        is_likely = 1 - lowest >= least_tagged
        if (is_likely or inside) and start not in skipped:
            tokens = [i for i in range(start, end) if not words.is_space[i]]
            if tokens:
                written = text[words.starts[tokens[0]] : words.end(tokens[-1])]
                found.append(_Place(doc, tokens, written, inside, is_likely))
    return found


def _span(place: _Place, skill: Skill) -> Span:
    first = place.tokens[0]
    label = skill.skill_id or skill.method
    span = Span(place.doc, first + skill.start, first + skill.end, label=label)
    span._.skill = skill
    return span


def _meaningful(forms: Sequence[str]) -> list[str]:
    return [form for form in forms if form not in (BARRIER, SKIPPED)]


def kind_of(skill: Skill) -> str:
    """Which of `acceptance.KINDS` a mention is."""
    return skill.method if skill.method in (INFERRED, UNLINKED) else "label"


def _uncovered(sentence: _Sentence, mentions: list[Skill]) -> list[Skill]:
    """Tagged spans of which mentions cover less than half, as unlinked mentions."""
    covered = {i for m in mentions for i in range(m.start, m.end)}
    tokens = sentence.place.tokens
    found = []
    for tagged_start, tagged_end in skill_spans(sentence.tagged):
        start, end = _without_hinges(sentence.forms, tagged_start, tagged_end)
        words = [
            tokens[n] - tokens[0]
            for n in range(start, end)
            if sentence.forms[n] not in (BARRIER, SKIPPED)
        ]
        if words and 2 * len(covered.intersection(words)) < len(words):
            found.append(Skill(*sentence.bounds(start, end), None, UNLINKED, 0.0))
    return found


def _without_hinges(forms: list[str], start: int, end: int) -> tuple[int, int]:
    """Words `start` to `end` without joining words and punctuation at either end."""
    while end > start and (forms[end - 1] in _LOOSE_ENDS):
        end -= 1
    while start < end and forms[start] in _LOOSE_ENDS:
        start += 1
    return start, end


def _without_echoes(mentions: list[Skill]) -> list[Skill]:
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
    """Span group ``skills``, each with its `Skill` in ``span._.skill``."""
    return SkillLinker(Ranker.load(MODELS), Acceptance.load(MODELS), GroupClassifier.load(MODELS))
