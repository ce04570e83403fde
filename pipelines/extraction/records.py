"""Mentions as JSON: one record a sentence.

Belongs here: the shape that `skillgap extract` writes. Does not belong here: reading files.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import tee
from typing import Any

from spacy.language import Language

from pipelines.extraction.runner import Mention, Sentence, read_documents, sentences_of
from pipelines.extraction.sections import Kind
from skills_taxonomy import components
from skills_taxonomy.components.linker import SkillLinker

Document = tuple[str | None, str]
"""An id where the input has one, and a text."""


def sentence_records(
    documents: Iterable[Document],
    kind: Kind,
    nlp: Language,
    label_of: dict[str, str],
    *,
    one_sentence: bool = False,
    rank: int = 0,
) -> Iterator[dict[str, Any]]:
    """One record for each sentence of each document, in order.

    ``sentence``; ``mentions``, each with ``skill_id`` (or None), ``label`` (the concept's preferred
    label, or the words where no concept is sure), ``groups`` (ESCO level 2), ``start`` and ``end``
    in the sentence, ``section``, ``requirement``, ``method``, ``score``, for ads also ``years`` of
    experience asked, for courses ``depth``. With `rank` also ``ranked``: so many ESCO concepts,
    likeliest first. ``id`` where the document has one. With `one_sentence` every document is one
    sentence and gives one record, an empty one too.
    """
    linker: SkillLinker = nlp.get_pipe(components.linker.FACTORY)  # type: ignore[assignment]
    names, texts = tee(documents)
    docs = read_documents((text for _, text in texts), kind, nlp, one_sentence=one_sentence)
    for (name, text), doc in zip(names, docs, strict=True):
        found = list(sentences_of(doc, kind))
        ranked = linker.rank(doc, rank) if rank else [[]] * len(found)
        if one_sentence:
            mentions = found[0].mentions if found else []
            found, ranked = [Sentence(text, 0, mentions, [])], ranked or [[]]
        for sentence, concepts in zip(found, ranked, strict=True):
            record: dict[str, Any] = {} if name is None else {"id": name}
            record["sentence"] = sentence.text
            record["mentions"] = [_mention(m, sentence, label_of) for m in sentence.mentions]
            if rank:
                record["ranked"] = [asdict(concept) for concept in concepts]
            yield record


def _mention(mention: Mention, sentence: Sentence, label_of: dict[str, str]) -> dict[str, Any]:
    asked_or_taught = (
        {"depth": mention.depth}
        if mention.depth
        else {"requirement": mention.requirement, "years": mention.years_n}
    )
    return {
        "skill_id": mention.skill_id,
        "label": label_of.get(mention.skill_id or "", mention.label),
        "groups": mention.group_codes,
        "start": mention.start - sentence.start,
        "end": mention.end - sentence.start,
        "section": mention.section,
        **asked_or_taught,
        "method": mention.method,
        "score": mention.score,
    }
