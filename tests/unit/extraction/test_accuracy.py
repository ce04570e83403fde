"""The labeled sample, and how marked words and mentions are compared."""

from spacy.language import Language

from pipelines.extraction.accuracy import accuracy_counts, compare, labeled_sentences
from skills_taxonomy.sectors import sectors_frame


def test_the_sample_has_both_sides_of_every_sector_group_and_sentences_without_a_skill() -> None:
    sentences = labeled_sentences()
    groups = set(sectors_frame().filter("is_group")["sector_code"])
    for side in ("postings", "courses"):
        assert {s.sector_code for s in sentences if s.side == side} == groups
    assert 0.25 < sum(not s.spans for s in sentences) / len(sentences) < 0.4
    assert not any("[" in s.text or "]" in s.text for s in sentences)


def test_marks_are_where_the_brackets_were() -> None:
    marked = {s.text[a:b] for s in labeled_sentences() for a, b in s.spans}
    assert {"venipuncture", "assess patients on arrival", "Ohm's law"} <= marked


def test_half_of_the_words_make_a_mention_right_and_a_skill_found() -> None:
    text = "weld pipes and read plans"
    marked = ((0, 10), (15, 25))
    assert compare(text, marked, [(0, 4)]) == (1, 1)
    assert compare(text, marked, [(11, 14)]) == (0, 0)
    assert compare(text, marked, [(5, 19), (20, 25)]) == (2, 2)
    assert compare(text, marked, []) == (0, 0)


def test_extraction_is_right_in_every_sector_of_the_sample(nlp: Language) -> None:
    """The floor that a run warns below is far; this one holds each sector."""
    for side, sector_code, _, marked_n, found_n, mentions_n, right_n in accuracy_counts(nlp).rows():
        assert right_n >= 0.7 * mentions_n, (side, sector_code)
        assert found_n >= 0.5 * marked_n, (side, sector_code)
