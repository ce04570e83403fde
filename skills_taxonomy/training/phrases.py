"""Learns which phrases speak for which concepts from sentences whose concepts are named.

Belongs here: counting and what is kept. Does not belong here: what phrases are worth later
(`ranker`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from skills_taxonomy.phrases import LearnedPhrases, phrases
from skills_taxonomy.training.corpora import Annotated

MIN_COUNT = 2
"""Sentences of a concept in which a phrase must stand to speak for it."""
DOUBT = 3.0
"""Sentences linked as all sentences are, which each phrase is taken to have had before any."""
MIN_SHARE, MIN_LIFT = 0.05, 4.0
"""Of the sentences with a phrase at least this share, and so many times as often as of all
sentences, must have been linked to the concept."""


def train(
    sentences: Sequence[Annotated],
    concept_of: Mapping[str, str],
    forms: Callable[[str], list[str]],
) -> LearnedPhrases:
    """The phrases of `sentences`.

    `concept_of` gives the skill_id of a preferred label in lower case; `forms` the normal forms of
    a sentence that matter.
    """
    in_sentences: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    linked: Counter[str] = Counter()
    for sentence in sentences:
        said = list(dict.fromkeys(phrases(forms(sentence.text))))
        meant = [concept_of[label] for label in sorted(sentence.concepts) if label in concept_of]
        in_sentences.update(said)
        linked.update(meant)
        together.update((phrase, concept) for phrase in said for concept in meant)
    shares = {}
    for (phrase, concept), count in together.items():
        usual = linked[concept] / len(sentences)
        share = (count + DOUBT * usual) / (in_sentences[phrase] + DOUBT)
        if count >= MIN_COUNT and share >= max(MIN_SHARE, MIN_LIFT * usual):
            shares[phrase, concept] = share
    return LearnedPhrases.of(shares)
