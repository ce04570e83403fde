"""How often a sentence of an ad is right about a group of skills, from the annotated sentences.

``python -m benchmarks.extraction.groups`` writes ``pipelines/extraction/group_accuracy.csv``, by
which shares are corrected, from ``out_of_fold_spans.jsonl`` (what models found in sentences that
they did not see). Needs the public files.
"""

import argparse
from collections import Counter
from pathlib import Path

import polars as pl

from benchmarks.extraction.measure import out_of_fold
from pipelines.contracts.rules import FIRST_GROUP_CHANCE, MIN_MENTION_SCORE
from pipelines.extraction.accuracy import GROUP_ACCURACY, GROUP_COUNTS
from skills_taxonomy.grains import skill_members
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training import corpora
from skills_taxonomy.training.corpora import Annotated, sentence_hash

Groups = dict[str, set[str]]


def counted_groups(mentions: list[dict], groups_of: Groups) -> set[str]:
    """The groups for which a sentence with these mentions counts in figures."""
    found = set()
    for mention in mentions:
        score, groups = mention["score"], mention["groups"]
        if mention["skill_id"]:
            groups = groups_of.get(mention["skill_id"], set())
        else:
            score, groups = score * FIRST_GROUP_CHANCE, groups[:1]
        if score >= MIN_MENTION_SCORE:
            found.update(groups)
    return found


def counts(sentences: list[Annotated], groups_of: Groups) -> pl.DataFrame:
    """By group: sentences right about it, wrong about it, and those in which it was missed."""
    records = out_of_fold("spans")
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for sentence in sentences:
        marked = {group for *_, group in sentence.spans if group}
        found = counted_groups(records[sentence_hash(sentence.text)]["mentions"], groups_of)
        right.update(marked & found)
        wrong.update(found - marked)
        missed.update(marked - found)
    rows = [(g, right[g], wrong[g], missed[g]) for g in sorted({*right, *wrong, *missed})]
    return pl.DataFrame(rows, schema=GROUP_COUNTS, orient="row")


def main() -> None:
    """Command line: count over the annotated sentences of ads, write and print the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    directory = parser.parse_args().data
    sentences = corpora.read_hand_annotated(directory / "annotated")
    sentences += corpora.read_own_annotations(directory)
    ads = [sentence for sentence in sentences if sentence.source != "course"]
    groups_of: Groups = {}
    members = skill_members(Taxonomy.load()).filter(pl.col("grain") == "group")
    for group, skill_id in members.select("skill_id", "member_id").rows():
        groups_of.setdefault(skill_id, set()).add(group)
    found = counts(ads, groups_of)
    found.write_csv(GROUP_ACCURACY)
    print(f"{len(ads)} sentences of ads:", found.sum().drop("group_code").row(0, named=True))


if __name__ == "__main__":
    main()
