"""Which stretches the tagger's probabilities make, worked out by hand."""

from hypothesis import given
from hypothesis import strategies as st

from skills_taxonomy.windows import SPAN_CORE, SPAN_EDGE, skill_spans

CHANCES = st.lists(st.floats(0, 1), max_size=12)


def inside(*chances: float) -> list[tuple[float, float, float]]:
    """Words that continue a span with these probabilities and never begin one."""
    return [(1 - chance, chance, 0.0) for chance in chances]


def test_a_span_reaches_as_far_as_words_are_likely() -> None:
    assert skill_spans(inside(0.1, 0.4, 0.9, 0.4, 0.1)) == [(1, 4)]


def test_a_gap_that_is_likely_joins_and_one_that_is_not_parts() -> None:
    assert skill_spans(inside(0.9, 0.4, 0.9)) == [(0, 3)]
    assert skill_spans(inside(0.9, 0.3, 0.9)) == [(0, 1), (2, 3)]


def test_words_that_are_only_just_likely_are_no_span() -> None:
    assert skill_spans(inside(0.1, 0.4, 0.4, 0.1)) == []


def test_a_word_that_rather_begins_a_span_parts_two() -> None:
    assert skill_spans([(0.1, 0.9, 0.0), (0.1, 0.2, 0.7), (0.1, 0.9, 0.0)]) == [(0, 1), (1, 3)]


@given(CHANCES)
def test_spans_hold_every_sure_word_and_no_unlikely_one(chances) -> None:
    covered = {n for start, end in skill_spans(inside(*chances)) for n in range(start, end)}
    margin = 1e-9
    assert {n for n, chance in enumerate(chances) if chance > SPAN_CORE + margin} <= covered
    assert all(chances[n] > SPAN_EDGE - margin for n in covered)
