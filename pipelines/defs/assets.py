"""The assets: one a table, its key the table's name. Each wraps one call into a room."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines.contracts import TABLES
from pipelines.contracts.rules import COUNTINGS, WEIGHTINGS
from pipelines.defs.inputs import (
    FILE_COLUMNS,
    extraction_version,
    fingerprint,
    naming_version,
    reading_version,
)
from pipelines.defs.metadata import column_schema, table_metadata
from pipelines.defs.resources import Sources, Warehouse, Watcher
from pipelines.defs.stored import (
    RAW,
    clear,
    earlier_reading,
    store_drop,
    texts_to_search,
    withdraw_others,
)
from pipelines.extraction.accuracy import accuracy_counts, group_accuracy
from pipelines.extraction.runner import extract_mentions, load_pipeline
from pipelines.extraction.sections import Kind
from pipelines.gap_metrics.accuracy import add_accuracy
from pipelines.gap_metrics.changes import alignments, changes
from pipelines.gap_metrics.correction import add_correction
from pipelines.gap_metrics.coverage import program_coverage
from pipelines.gap_metrics.demand import add_demand, weighed
from pipelines.gap_metrics.gap import add_gap, alignment
from pipelines.gap_metrics.resampling import alignment_intervals
from pipelines.gap_metrics.stability import RANKED_BY, stability, top_gaps
from pipelines.gap_metrics.trends import add_trends
from pipelines.ingest.drop import read_drop
from pipelines.ingest.duplicates import COMPARED_COLUMNS, copies
from pipelines.ingest.feeds.fetch import fetch_each
from pipelines.warehouse import database
from pipelines.warehouse.between import CAUSES, Between, between_runs
from pipelines.warehouse.publish import publish, published_before, standing_snapshot
from skills_taxonomy.grains import skill_members, skill_names
from skills_taxonomy.occupations import (
    cip_occupations,
    occupation_sectors,
    occupations_frame,
    title_occupations,
)
from skills_taxonomy.sectors import industry_words, sectors_frame
from skills_taxonomy.taxonomy import Taxonomy

TAXONOMY: dict[str, Callable[[Taxonomy], pl.DataFrame]] = {
    "core.skills": lambda taxonomy: taxonomy.skills,
    "core.skill_groups": lambda taxonomy: taxonomy.skill_groups,
    "core.skill_labels": lambda taxonomy: taxonomy.skill_labels,
    "core.skill_relations": lambda taxonomy: taxonomy.skill_relations,
    "core.skill_names": skill_names,
    "core.skill_members": skill_members,
}
PUBLISHED = dg.AssetKey(["published", "snapshot"])
FEED_DROPS = dg.AssetKey("feed_drops")
EXTRACTED_N = 5_000
"""Documents whose mentions are stored together: a run that stops has those before it."""


def key(name: str) -> dg.AssetKey:
    """The asset key of a table."""
    return dg.AssetKey(name.split("."))


def _spec(name: str, deps: tuple[str, ...] = ()) -> dg.AssetSpec:
    schema = name.split(".")[0]
    return dg.AssetSpec(
        key(name),
        group_name=schema,
        description=f"One row is {TABLES[name].grain}.",
        deps=[key(dep) for dep in deps],
        kinds={"duckdb"},
        metadata={"dagster/column_schema": column_schema(name)},
    )


def _store(warehouse: Warehouse, name: str, frame: pl.DataFrame) -> dg.MaterializeResult:
    with warehouse.connect() as connection:
        database.replace(connection, name, frame)
    return dg.MaterializeResult(asset_key=key(name), metadata=table_metadata(name, frame))


def _materialized(
    context: dg.AssetExecutionContext,
    connection: duckdb.DuckDBPyConnection,
    names: Iterable[str],
) -> Iterator[dg.MaterializeResult]:
    """The tables that the run asked for, among those that are made together."""
    for name in names:
        if key(name) in context.selected_asset_keys:
            metadata = table_metadata(name, database.read(connection, name))
            yield dg.MaterializeResult(asset_key=key(name), metadata=metadata)


@dg.multi_asset(
    name="feed_drops",
    specs=[
        dg.AssetSpec(
            FEED_DROPS,
            group_name="feeds",
            description="What the feeds of the sources gave, recorded in their folders.",
            kinds={"http"},
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_feed_answered",
            asset=FEED_DROPS,
            description="A feed that fails keeps its earlier drop, and the run goes on with it.",
        )
    ],
)
def feed_drops(
    context: dg.AssetExecutionContext, sources: Sources, watch: dg.ResourceParam[Watcher]
) -> Iterator[dg.MaterializeResult]:
    """Every feed fetched; nothing where no source declares one."""
    with_feed = [source for source in sources.find() if source.feed]
    failures = {}
    metadata = {}
    for number, outcome in enumerate(fetch_each(with_feed), start=1):
        metadata[outcome.source_id] = f"{outcome.result}, {outcome.records_n:,} records"
        for warning in outcome.warnings:
            context.log.warning(f"{outcome.source_id}: {warning}")
        if outcome.failure:
            context.log.error(outcome.failure)
            failures[outcome.source_id] = outcome.failure
        watch("fetching feeds", number, len(with_feed))
    answered = dg.AssetCheckResult(
        check_name="every_feed_answered", passed=not failures, metadata=failures
    )
    yield dg.MaterializeResult(asset_key=FEED_DROPS, metadata=metadata, check_results=[answered])


@dg.multi_asset(
    name="ingest",
    specs=[_spec(name).merge_attributes(deps=[FEED_DROPS]) for name in RAW],
    can_subset=True,
)
def ingest(
    context: dg.AssetExecutionContext,
    sources: Sources,
    warehouse: Warehouse,
    watch: dg.ResourceParam[Watcher],
) -> Iterator[dg.MaterializeResult]:
    """New and changed files read; what was withdrawn leaves no rows behind."""
    found = sources.find()
    with warehouse.connect() as connection:
        with database.transaction(connection):
            if warehouse.rebuild or not database.holds(connection, *RAW):
                for name in RAW:
                    database.create(connection, name)
            withdraw_others(connection, found)
            for number, source in enumerate(found, start=1):
                earlier = earlier_reading(connection, source)
                drop = read_drop(source, earlier=earlier, reading_version=reading_version())
                store_drop(connection, drop)
                for warning in drop.warnings():
                    context.log.warning(f"{source.source_id}: {warning}")
                watch("reading sources", number, len(found))
        yield from _materialized(context, connection, RAW)


@dg.multi_asset(name="taxonomy", specs=[_spec(name) for name in TAXONOMY], can_subset=True)
def taxonomy(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult]:
    """Concepts, groups, labels and relations of the taxonomy in use, and what is measured."""
    current = warehouse.taxonomy()
    for name, part in TAXONOMY.items():
        if key(name) in context.selected_asset_keys:
            yield _store(warehouse, name, part(current))


def _code_list(name: str, frame: Callable[[], pl.DataFrame]) -> dg.AssetsDefinition:
    """The asset of a shipped table of codes."""

    @dg.multi_asset(name=name.replace(".", "__"), specs=[_spec(name)])
    def asset(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
        yield _store(warehouse, name, frame())

    return asset


@dg.multi_asset(
    name="core__title_occupations", specs=[_spec("core.title_occupations", ("raw.postings",))]
)
def named_titles(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """Occupations of titles; those that the same code has named before are kept."""
    name, version = "core.title_occupations", naming_version()
    with warehouse.connect() as connection:
        titles = database.read(connection, "raw.postings", ["title"]).unique(maintain_order=True)
        is_of_use = database.holds(connection, name) and not warehouse.rebuild
        stored = (
            database.read(connection, name, where={"naming_version": version})
            if is_of_use
            else pl.DataFrame(schema=TABLES[name].polars_schema)
        )
    kept = stored.join(titles, on="title", how="semi")
    fresh = titles.join(kept, on="title", how="anti")
    if fresh.height:
        named = title_occupations(fresh).with_columns(naming_version=pl.lit(version))
        kept = pl.concat([kept, named.select(kept.columns)])
    yield _store(warehouse, name, kept)


@dg.multi_asset(
    name="core__posting_copies", specs=[_spec("core.posting_copies", ("raw.postings",))]
)
def posting_copies(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """Which records are copies of one vacancy: any new one may join others, so all are compared."""
    with warehouse.connect() as connection:
        postings = database.read(connection, "raw.postings", COMPARED_COLUMNS)
    yield _store(warehouse, "core.posting_copies", copies(postings))


def _from_sql(
    name: str,
    *deps: str,
    formula: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
) -> dg.AssetsDefinition:
    """The asset of a table that its SQL file selects, and a formula completes."""

    @dg.multi_asset(name=name.replace(".", "__"), specs=[_spec(name, deps)])
    def asset(sources: Sources, warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
        with warehouse.connect() as connection:
            selected = database.select(connection, name, sources.variables())
        yield _store(warehouse, name, formula(selected))

    return asset


def _mentions(
    name: str, texts: str, documents: str, id_column: str, kind: Kind, *more: str
) -> dg.AssetsDefinition:
    """The asset of the mentions in a table of documents, and of the texts they were found in.

    Documents are read with `more` of their columns.

    Texts that were searched before, by the same taxonomy, models and code, keep their mentions.
    """

    @dg.multi_asset(
        name=name.replace(".", "__"),
        specs=[_spec(table, (documents, "core.skills")) for table in (texts, name)],
        can_subset=True,
    )
    def asset(
        context: dg.AssetExecutionContext,
        warehouse: Warehouse,
        watch: dg.ResourceParam[Watcher],
    ) -> Iterator[dg.MaterializeResult]:
        version = extraction_version(warehouse.taxonomy_path)
        with warehouse.connect() as connection:
            if warehouse.rebuild:
                clear(connection, texts, name)
            fresh = texts_to_search(connection, texts, name, version)
            if fresh.height:
                columns = [id_column, "title", "text", *more]
                written = database.read(connection, documents, columns)
                nlp = load_pipeline(warehouse.path / "extraction", warehouse.taxonomy())
            for done in range(0, fresh.height, EXTRACTED_N):
                part = fresh.slice(done, EXTRACTED_N)
                asked = written.join(part, on=id_column, how="semi")
                mentions = extract_mentions(
                    asked.rename({id_column: "document_id"}),
                    kind,
                    nlp,
                    progress=_onward(watch, f"extracting skills, {documents}", done, fresh.height),
                )
                with database.transaction(connection):
                    database.append(connection, texts, part)
                    database.append(connection, name, mentions.rename({"document_id": id_column}))
            yield from _materialized(context, connection, (texts, name))

    return asset


@dg.multi_asset(name="core__decisions", specs=[_spec("core.decisions")])
def decisions(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """The log of what reviewers decided, as it stands now."""
    yield _store(warehouse, "core.decisions", warehouse.read_decisions())


@dg.multi_asset(
    name="mart__extraction_accuracy", specs=[_spec("mart.extraction_accuracy", ("core.skills",))]
)
def extraction_accuracy(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """Extraction on the labeled sample; measured once for a taxonomy, models and code."""
    name, version = "mart.extraction_accuracy", extraction_version(warehouse.taxonomy_path)
    measured = pl.DataFrame(schema=TABLES[name].polars_schema)
    with warehouse.connect() as connection:
        if database.holds(connection, name) and not warehouse.rebuild:
            measured = database.read(connection, name, where={"extraction_version": version})
    if measured.is_empty():
        nlp = load_pipeline(warehouse.path / "extraction", warehouse.taxonomy())
        measured = add_accuracy(accuracy_counts(nlp)).with_columns(
            extraction_version=pl.lit(version)
        )
    yield _store(warehouse, name, measured)


@dg.multi_asset(
    name="mart__gap_stability",
    specs=[
        _spec(
            "mart.gap_stability",
            ("mart.sector_skill_demand", "mart.program_skill_coverage", "core.programs"),
        )
    ],
)
def gap_stability(
    sources: Sources, warehouse: Warehouse, watch: dg.ResourceParam[Watcher]
) -> Iterator[dg.MaterializeResult]:
    """The first gaps under every choice of `rules.COUNTINGS` and `rules.WEIGHTINGS`; only the score
    from which a mention counts changes what courses teach.
    """
    found: list[pl.DataFrame] = []
    taught: dict[float, pl.DataFrame] = {}
    with warehouse.connect() as connection:
        programs = database.read(connection, "core.programs", ["program_id"])
        for number, counting in enumerate(COUNTINGS, start=1):
            variables = {**sources.variables(), **counting}
            counts = database.select(connection, "mart.sector_skill_demand", variables, RANKED_BY)
            score = float(counting["min_mention_score"])
            if score not in taught:
                ways = database.select(connection, "mart.program_skill_coverage", variables)
                taught[score] = program_coverage(ways)
            found.extend(
                top_gaps(add_demand(weighed(counts, weighting)), taught[score], programs)
                for weighting in WEIGHTINGS
            )
            watch("ranking under every way to count", number, len(COUNTINGS))
    yield _store(warehouse, "mart.gap_stability", stability(found))


def _onward(watch: Watcher, step: str, before: int, total: int) -> Callable[[int, int], None]:
    """Tells `watch` how far the whole step is while one part of it runs."""
    return lambda done, _: watch(step, before + done, total)


@dg.multi_asset(
    name="mart__program_sector_alignment",
    specs=[
        _spec(
            "mart.program_sector_alignment",
            (
                "mart.program_sector_gap",
                "mart.sector_skill_demand",
                "core.programs",
                "core.posting_sectors",
                "core.postings",
                "core.sector_employers",
                "core.employer_skills",
            ),
        )
    ],
)
def program_sector_alignment(
    sources: Sources, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult]:
    """Alignment, with its interval over draws of the sector's employers."""
    name = "mart.program_sector_alignment"
    with warehouse.connect() as connection:
        aligned = alignment(database.select(connection, name, sources.variables()))
        intervals = alignment_intervals(
            database.read(connection, "core.sector_employers"),
            database.read(connection, "core.employer_skills"),
            database.read(connection, "mart.program_sector_gap"),
            database.read(connection, "mart.sector_skill_demand"),
        )
    keys = ["program_id", "sector_code", "grain"]
    yield _store(warehouse, name, aligned.join(intervals, on=keys, how="left"))


@dg.multi_asset(
    name="mart__run_changes",
    specs=[
        _spec(
            "mart.run_changes",
            (
                "mart.program_sector_alignment",
                "core.asked_skills",
                "core.courses",
                "core.course_texts",
                "core.group_accuracy",
                "core.occupation_sectors",
                "core.period",
                "core.posting_sectors",
                "core.posting_texts",
                "core.posting_weights",
                "core.postings",
                "core.program_courses",
                "core.programs",
                "core.skill_names",
                "core.skill_relations",
                "core.taught_skills",
            ),
        )
    ],
)
def run_changes(
    context: dg.AssetExecutionContext, sources: Sources, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult]:
    """Why alignments differ from those of the published run before; empty where there is none."""
    name = "mart.run_changes"
    frame = pl.DataFrame(schema=TABLES[name].polars_schema)
    if published := published_before(warehouse.path):
        path, since_at = published
        with (
            warehouse.connect() as connection,
            between_runs(connection, path) as between,
        ):
            after = database.read(connection, "mart.program_sector_alignment")
            if between.is_comparable:
                frame = _changes(between, after, sources).with_columns(since_at=since_at)
            else:
                context.log.warning("the tables of the run before are of another version")
    yield _store(warehouse, name, frame)


def _changes(between: Between, after: pl.DataFrame, sources: Sources) -> pl.DataFrame:
    connection, steps = between.connection, []
    documents = between.documents()
    before = between.published("mart.program_sector_alignment")
    for cause in CAUSES:
        between.step(cause)
        demand = database.select(
            connection, "mart.sector_skill_demand", sources.variables(), RANKED_BY
        )
        ways = database.select(connection, "mart.program_skill_coverage", sources.variables())
        programs = database.read(connection, "core.programs", ["program_id"])
        found = alignments(add_demand(demand), program_coverage(ways), programs)
        steps.append((cause, found))
    counts = pl.col("new_n", "gone_n", "changed_n")
    return (
        changes([*steps, ("postings", after)], before)
        .join(documents, on="cause", how="left")
        .with_columns(counts.fill_null(0))
    )


def _published(deps: list[str]) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="published_snapshot",
        specs=[
            dg.AssetSpec(
                PUBLISHED,
                group_name="published",
                description="An immutable copy of all tables, which pages and reports read.",
                deps=[key(name) for name in deps],
                kinds={"duckdb"},
            )
        ],
    )
    def asset(
        context: dg.AssetExecutionContext, sources: Sources, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult]:
        is_whole = {key(name) for name in deps} <= context.job_def.asset_layer.selected_asset_keys
        project = sources.project()
        with warehouse.connect() as connection:
            files = database.read(connection, "raw.files", FILE_COLUMNS)
            applied = database.read(connection, "core.decisions")
            taxonomy = warehouse.taxonomy_path
            made_of = fingerprint(files, project, taxonomy, applied) if is_whole else ""
            standing = None if warehouse.rebuild else standing_snapshot(warehouse.path, made_of)
            snapshot = standing or publish(
                connection, warehouse.path, project.title, warehouse.taxonomy().version, made_of
            )
        metadata: dict[str, Any] = {
            "file": snapshot.file,
            "is_new": standing is None,
            **snapshot.rows,
        }
        yield dg.MaterializeResult(asset_key=PUBLISHED, metadata=metadata)

    return asset


ASSETS = [
    feed_drops,
    ingest,
    taxonomy,
    _code_list("core.sectors", sectors_frame),
    _code_list("core.industry_words", industry_words),
    _code_list("core.occupations", occupations_frame),
    _code_list("core.occupation_sectors", occupation_sectors),
    _code_list("core.cip_occupations", cip_occupations),
    _code_list("core.group_accuracy", group_accuracy),
    _from_sql("core.program_occupations", "raw.programs", "core.cip_occupations"),
    named_titles,
    posting_copies,
    _from_sql(
        "core.sector_evidence",
        "raw.postings",
        "core.sectors",
        "core.industry_words",
        "core.title_occupations",
        "core.occupation_sectors",
    ),
    _from_sql("core.period", "raw.postings"),
    _from_sql(
        "core.postings",
        "raw.postings",
        "core.period",
        "core.posting_copies",
        "core.sector_evidence",
        "core.title_occupations",
    ),
    _from_sql("core.posting_weights", "core.postings", "core.occupation_sectors"),
    _from_sql(
        "core.posting_sectors",
        "core.postings",
        "core.sectors",
        "core.program_occupations",
        "raw.programs",
    ),
    _from_sql("core.courses", "raw.syllabi"),
    _from_sql("core.program_courses", "raw.programs", "core.courses"),
    _from_sql("core.programs", "raw.programs", "core.courses", "core.program_courses"),
    _mentions(
        "core.posting_skills",
        "core.posting_texts",
        "core.postings",
        "posting_id",
        "posting",
        "occupation_code",
    ),
    _mentions("core.course_skills", "core.course_texts", "core.courses", "course_id", "syllabus"),
    decisions,
    _from_sql(
        "core.decided_mentions",
        "core.decisions",
        "core.posting_skills",
        "core.course_skills",
        "core.skill_members",
    ),
    _from_sql(
        "core.unlabeled_phrases",
        "core.posting_skills",
        "core.course_skills",
        "core.decided_mentions",
        "core.postings",
    ),
    _from_sql(
        "core.asked_skills", "core.posting_skills", "core.decided_mentions", "core.skill_members"
    ),
    _from_sql("core.sector_employers", "core.postings", "core.posting_sectors"),
    _from_sql("core.employer_skills", "core.asked_skills", "core.postings", "core.posting_sectors"),
    _from_sql(
        "core.taught_skills",
        "core.course_skills",
        "core.decided_mentions",
        "core.decisions",
        "core.courses",
        "core.skill_members",
        "core.skill_names",
    ),
    _from_sql(
        "mart.sector_skill_demand",
        "core.asked_skills",
        "core.occupation_sectors",
        "core.posting_sectors",
        "core.posting_weights",
        "core.postings",
        "core.skill_names",
        "core.group_accuracy",
        "core.period",
        formula=lambda sums: add_correction(add_demand(sums)),
    ),
    _from_sql(
        "mart.sector_skill_trends",
        "core.asked_skills",
        "core.posting_sectors",
        "core.postings",
        "core.skill_names",
        "core.period",
        formula=add_trends,
    ),
    _from_sql(
        "mart.program_skill_coverage",
        "core.taught_skills",
        "core.courses",
        "core.program_courses",
        "core.skill_names",
        "core.skill_relations",
        formula=program_coverage,
    ),
    extraction_accuracy,
    gap_stability,
    _from_sql(
        "mart.program_sector_gap",
        "mart.gap_stability",
        "mart.sector_skill_demand",
        "mart.program_skill_coverage",
        "core.programs",
        "core.skills",
        "core.skill_names",
        formula=add_gap,
    ),
    program_sector_alignment,
    run_changes,
    _from_sql(
        "mart.posting_evidence",
        "core.posting_skills",
        "core.decided_mentions",
        "core.postings",
        "core.posting_sectors",
        "core.skill_members",
    ),
    _from_sql(
        "mart.course_evidence",
        "core.course_skills",
        "core.decided_mentions",
        "core.courses",
        "core.program_courses",
        "core.skill_members",
    ),
    _from_sql(
        "mart.term_crosswalk",
        "core.posting_skills",
        "core.course_skills",
        "core.decided_mentions",
        "core.postings",
        "core.posting_sectors",
        "core.program_courses",
        "core.skills",
    ),
    _from_sql(
        "mart.unlabeled_phrases",
        "core.unlabeled_phrases",
        "core.posting_skills",
        "core.course_skills",
        "core.decided_mentions",
        "core.postings",
        "core.courses",
        "core.posting_sectors",
        "core.program_courses",
    ),
    _from_sql(
        "mart.run_quality",
        "raw.sources",
        "raw.rejects",
        "core.postings",
        "core.posting_skills",
        "core.courses",
        "core.course_skills",
        "core.decisions",
        "core.decided_mentions",
    ),
    _published(list(TABLES)),
]
