"""The assets: one a table, its key the table's name. Each wraps one call into a room."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
import polars as pl

from pipelines.contracts import TABLES
from pipelines.contracts.rules import VARIANTS
from pipelines.defs.metadata import column_schema, table_metadata
from pipelines.defs.resources import Sources, Warehouse, Watcher
from pipelines.extraction.runner import extract_mentions, load_pipeline
from pipelines.extraction.sections import Kind
from pipelines.gap_metrics.coverage import program_coverage
from pipelines.gap_metrics.demand import add_demand
from pipelines.gap_metrics.gap import add_gap, alignment
from pipelines.gap_metrics.stability import stability, top_gaps
from pipelines.gap_metrics.trends import add_trends
from pipelines.ingest.drop import read_drop
from pipelines.ingest.duplicates import COMPARED_COLUMNS, copies
from pipelines.ingest.feeds.fetch import fetch_each
from pipelines.warehouse import database
from pipelines.warehouse.publish import publish
from skills_taxonomy.grains import skill_members, skill_names
from skills_taxonomy.occupations import (
    cip_occupations,
    occupation_sectors,
    occupations_frame,
    title_occupations,
)
from skills_taxonomy.sectors import industry_words, sectors_frame
from skills_taxonomy.taxonomy import Taxonomy

RAW = [name for name in TABLES if name.startswith("raw.")]
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
)
def ingest(
    context: dg.AssetExecutionContext,
    sources: Sources,
    warehouse: Warehouse,
    watch: dg.ResourceParam[Watcher],
) -> Iterator[dg.MaterializeResult]:
    """Every source read afresh; a source that was withdrawn leaves no rows behind."""
    found = sources.find()
    with warehouse.connect() as connection:
        connection.begin()
        for name in RAW:
            database.create(connection, name)
        for number, source in enumerate(found, start=1):
            drop = read_drop(source)
            for name, frame in drop.frames().items():
                database.append(connection, name, frame)
            for warning in drop.warnings():
                context.log.warning(f"{source.source_id}: {warning}")
            watch("reading sources", number, len(found))
        connection.commit()
        frames = {name: database.read(connection, name) for name in RAW}
    for name, frame in frames.items():
        yield dg.MaterializeResult(asset_key=key(name), metadata=table_metadata(name, frame))


@dg.multi_asset(name="taxonomy", specs=[_spec(name) for name in TAXONOMY])
def taxonomy(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """Concepts, groups, labels and relations of the taxonomy in use, and what is measured."""
    current = warehouse.taxonomy()
    for name, part in TAXONOMY.items():
        yield _store(warehouse, name, part(current))


def _code_list(name: str, frame: Callable[[], pl.DataFrame]) -> dg.AssetsDefinition:
    """The asset of a shipped table of codes."""

    @dg.multi_asset(name=name.replace(".", "__"), specs=[_spec(name)])
    def asset(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
        yield _store(warehouse, name, frame())

    return asset


def _from_postings(
    name: str, columns: list[str], formula: Callable[[pl.DataFrame], pl.DataFrame]
) -> dg.AssetsDefinition:
    """The asset of a table that a formula makes of columns of raw.postings."""

    @dg.multi_asset(name=name.replace(".", "__"), specs=[_spec(name, ("raw.postings",))])
    def asset(warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
        with warehouse.connect() as connection:
            postings = database.read(connection, "raw.postings", columns)
        yield _store(warehouse, name, formula(postings))

    return asset


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
    name: str, documents: str, id_column: str, kind: Kind, *more: str
) -> dg.AssetsDefinition:
    """The asset of the mentions in a table of documents, read with `more` of its columns."""

    @dg.multi_asset(name=name.replace(".", "__"), specs=[_spec(name, (documents, "core.skills"))])
    def asset(
        warehouse: Warehouse, watch: dg.ResourceParam[Watcher]
    ) -> Iterator[dg.MaterializeResult]:
        with warehouse.connect() as connection:
            texts = database.read(connection, documents, [id_column, "title", "text", *more])
        nlp = load_pipeline(warehouse.path / "extraction", warehouse.taxonomy())
        mentions = extract_mentions(
            texts.rename({id_column: "document_id"}),
            kind,
            nlp,
            progress=lambda done, total: watch(f"extracting skills, {documents}", done, total),
        )
        yield _store(warehouse, name, mentions.rename({"document_id": id_column}))

    return asset


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
    """The first gaps under every variant of `rules.VARIANTS`."""
    found = []
    with warehouse.connect() as connection:
        programs = database.read(connection, "core.programs", ["program_id"])
        for number, variant in enumerate(VARIANTS, start=1):
            variables = {**sources.variables(), **variant}
            demand = database.select(connection, "mart.sector_skill_demand", variables)
            ways = database.select(connection, "mart.program_skill_coverage", variables)
            found.append(top_gaps(add_demand(demand), program_coverage(ways), programs))
            watch("ranking under every variant", number, len(VARIANTS))
    yield _store(warehouse, "mart.gap_stability", stability(found))


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
    def asset(sources: Sources, warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
        with warehouse.connect() as connection:
            snapshot = publish(
                connection,
                warehouse.path,
                sources.project().title,
                warehouse.taxonomy().version,
            )
        metadata: dict[str, Any] = {"file": snapshot.file, **snapshot.rows}
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
    _from_sql("core.program_occupations", "raw.programs", "core.cip_occupations"),
    _from_postings("core.title_occupations", ["title"], title_occupations),
    _from_postings("core.posting_copies", COMPARED_COLUMNS, copies),
    _from_sql(
        "core.sector_evidence",
        "raw.postings",
        "core.sectors",
        "core.industry_words",
        "core.title_occupations",
        "core.occupation_sectors",
    ),
    _from_sql(
        "core.postings",
        "raw.postings",
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
    _mentions("core.posting_skills", "core.postings", "posting_id", "posting", "occupation_code"),
    _mentions("core.course_skills", "core.courses", "course_id", "syllabus"),
    _from_sql(
        "core.unlabeled_phrases", "core.posting_skills", "core.course_skills", "core.postings"
    ),
    _from_sql("core.asked_skills", "core.posting_skills", "core.skill_members"),
    _from_sql("core.taught_skills", "core.course_skills", "core.skill_members"),
    _from_sql(
        "mart.sector_skill_demand",
        "core.asked_skills",
        "core.occupation_sectors",
        "core.posting_sectors",
        "core.posting_weights",
        "core.postings",
        "core.skill_names",
        "raw.postings",
        formula=add_demand,
    ),
    _from_sql(
        "mart.sector_skill_trends",
        "core.asked_skills",
        "core.posting_sectors",
        "core.postings",
        "core.skill_names",
        "raw.postings",
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
    _from_sql(
        "mart.program_sector_alignment",
        "mart.program_sector_gap",
        "core.programs",
        "core.posting_sectors",
        "core.postings",
        formula=alignment,
    ),
    _from_sql(
        "mart.posting_evidence",
        "core.posting_skills",
        "core.postings",
        "core.posting_sectors",
        "core.skill_members",
    ),
    _from_sql(
        "mart.course_evidence",
        "core.course_skills",
        "core.courses",
        "core.program_courses",
        "core.skill_members",
    ),
    _from_sql(
        "mart.term_crosswalk",
        "core.posting_skills",
        "core.course_skills",
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
    ),
    _published(list(TABLES)),
]
