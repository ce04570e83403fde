"""The SQL of core and mart on a market small enough to work out by hand."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator

import duckdb
import polars as pl
import pytest

from pipelines.contracts import TABLES
from pipelines.gap_metrics.demand import WEIGHED, weighed
from pipelines.ingest.duplicates import copies
from pipelines.ingest.employers import employer_id
from pipelines.warehouse import database

VARIABLES = {"as_of": dt.date(2026, 10, 31), "window_months": 12}
DEFAULTS = {pl.String: "x", pl.Int64: 0, pl.Float64: 1.0, pl.Boolean: False}


def frame(name: str, rows: list[dict]) -> pl.DataFrame:
    """Rows of a table; a column that a row leaves out gets a harmless value, or none."""
    contract = TABLES[name]
    filled = [
        {
            column.name: row.get(
                column.name,
                None
                if column.nullable
                else DEFAULTS.get(contract.polars_schema[column.name], dt.datetime(2026, 11, 1))
                if column.type != "VARCHAR[]"
                else [],
            )
            for column in contract.columns
        }
        for row in rows
    ]
    return pl.DataFrame(filled, schema=contract.polars_schema)


@pytest.fixture
def connection(tmp_path) -> Iterator[duckdb.DuckDBPyConnection]:
    with database.open_working(tmp_path) as opened:
        for name in TABLES:
            database.create(opened, name)
        sectors = [
            {"sector_code": "62", "is_group": False, "naics_prefixes": ["62"]},
            {"sector_code": "31-33", "is_group": False, "naics_prefixes": ["31", "32", "33"]},
            {"sector_code": "hospitals", "is_group": True, "naics_prefixes": ["622", "623"]},
        ]
        database.replace(opened, "core.sectors", frame("core.sectors", sectors))
        yield opened


def build(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    rows = database.select(connection, name, VARIABLES)
    database.replace(connection, name, rows)
    return rows


def raw_posting(record_id: str, **columns) -> dict:
    return {
        "source_record_id": record_id,
        "content_hash": f"{record_id:0>16}",
        "posted_on": dt.date(2026, 6, 1),
        "text": f"the words of posting {record_id}",
        "employer": "Mercy Hospital",
        "employer_id": employer_id(columns.get("employer", "Mercy Hospital")),
        "naics_code": "622110",
    } | columns


def postings_of(connection, *rows: dict) -> dict[str, dict]:
    postings = frame("raw.postings", list(rows))
    database.replace(connection, "raw.postings", postings)
    database.replace(connection, "core.posting_copies", copies(postings))
    build(connection, "core.sector_evidence")
    build(connection, "core.period")
    return {row["source_record_id"]: row for row in build(connection, "core.postings").to_dicts()}


def test_the_latest_copy_is_kept_and_the_others_are_counted(connection) -> None:
    copies = [
        raw_posting("1", content_hash="same" * 4, posted_on=dt.date(2026, 1, 1)),
        raw_posting("2", content_hash="same" * 4, posted_on=dt.date(2026, 3, 1)),
        raw_posting("3"),
    ]
    kept = postings_of(connection, *copies)
    assert set(kept) == {"2", "3"}
    assert kept["2"]["duplicate_n"] == 1
    assert kept["2"]["first_posted_on"] == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("columns", "sector", "method"),
    [
        ({"naics_code": "622110"}, "62", "source_code"),
        ({"naics_code": "332999"}, "31-33", "source_code"),
        ({"naics_code": None, "default_naics_code": "62"}, "62", "source_default"),
        ({"naics_code": None}, "unknown", "unknown"),
        ({"naics_code": "99"}, "unknown", "unknown"),
    ],
)
def test_the_sector_and_how_it_is_known(connection, columns, sector, method) -> None:
    row = postings_of(connection, raw_posting("1", **columns))["1"]
    assert (row["sector_code"], row["sector_method"]) == (sector, method)


@pytest.mark.parametrize(
    ("columns", "sector", "method"),
    [
        ({"industry": "Hospitals and Clinics"}, "62", "source_words"),
        ({"employer_id": "lathe works"}, "31-33", "employer"),
        ({"title": "Staff Nurse"}, "62", "occupation"),
        ({"text": "our hospital, the hospital's clinic, a hospital"}, "62", "text"),
        ({"text": "one hospital"}, "unknown", "unknown"),
        ({"text": "health insurance, life insurance, dental insurance"}, "unknown", "unknown"),
        ({"industry": "Insurance"}, "52", "source_words"),
        ({"industry": "Hospitals", "title": "Staff Nurse", "naics_code": "332999"}, "31-33",
         "source_code"),
    ],
)  # fmt: skip
def test_the_ladder_from_the_surest_to_unknown(connection, columns, sector, method) -> None:
    words = [
        {"words": "hospitals?", "sector_code": "62", "counts_in_text": True},
        {"words": "clinics?", "sector_code": "62", "counts_in_text": True},
        {"words": "insurance", "sector_code": "52", "counts_in_text": False},
    ]
    database.replace(connection, "core.industry_words", frame("core.industry_words", words))
    nurse = {
        "title": "Staff Nurse",
        "occupation_code": "29-1141",
        "method": "listed",
        "confidence": 1,
    }
    database.replace(connection, "core.title_occupations", frame("core.title_occupations", [nurse]))
    mix = [
        {"occupation_code": "29-1141", "sector_code": "62", "sector_share": 0.86},
        {"occupation_code": "29-1141", "sector_code": "61", "sector_share": 0.14},
    ]
    database.replace(connection, "core.occupation_sectors", frame("core.occupation_sectors", mix))
    known = [raw_posting(f"k{n}", employer_id="lathe works", naics_code="333517") for n in range(3)]
    asked = raw_posting("1", **{"naics_code": None, "employer_id": "someone"} | columns)
    row = postings_of(connection, *known, asked)["1"]
    assert (row["sector_code"], row["sector_method"]) == (sector, method)


@pytest.mark.parametrize(
    ("posted_on", "is_in_window"),
    [
        (dt.date(2026, 10, 31), True),
        (dt.date(2025, 11, 1), True),
        (dt.date(2025, 10, 31), False),
        (dt.date(2026, 11, 1), False),
        (None, False),
    ],
)
def test_the_window_is_the_trailing_year(connection, posted_on, is_in_window) -> None:
    row = postings_of(connection, raw_posting("1", posted_on=posted_on))["1"]
    assert row["is_in_window"] is is_in_window


def test_flags_and_one_form_of_an_employer(connection) -> None:
    kept = postings_of(
        connection,
        raw_posting("1", employer="Ferrous & Son, Inc."),
        raw_posting("2", employer="FERROUS & SON"),
        raw_posting("3", employer="Bright Staffing LLC"),
        raw_posting("4", valid_through_on=dt.date(2027, 6, 1)),
        raw_posting("5", employer=None),
    )
    assert kept["1"]["employer_id"] == kept["2"]["employer_id"] == "ferrous and son"
    assert [n for n, row in kept.items() if row["is_staffing_agency"]] == ["3"]
    assert [n for n, row in kept.items() if row["is_stale"]] == ["4"]
    assert kept["5"]["employer_id"] is None


def test_an_ad_kept_alive_by_posting_it_again_is_perpetual(connection) -> None:
    def again(record_id: str, words: str, posted_on: dt.date) -> dict:
        return raw_posting(record_id, content_hash=words * 16, posted_on=posted_on)

    kept = postings_of(
        connection,
        again("1", "a", dt.date(2026, 1, 1)),
        again("2", "a", dt.date(2026, 4, 1)),
        again("3", "a", dt.date(2026, 7, 1)),
        again("4", "b", dt.date(2026, 1, 1)),
        again("5", "b", dt.date(2026, 6, 30)),
        raw_posting("6", posted_on=dt.date(2026, 1, 1), valid_through_on=dt.date(2027, 1, 1)),
    )
    assert [n for n, row in kept.items() if row["is_perpetual"]] == ["3"]
    assert [n for n, row in kept.items() if row["is_stale"]] == ["3", "6"]
    quality = build(connection, "mart.run_quality")
    shares = quality.filter(pl.col("check_name") == "perpetual share")
    assert dict(shares.select("subject", "value").rows()) == {"all": 1 / 3, "62": 1 / 3}
    asked = quality.filter(pl.col("check_name") == "copies set aside")
    assert asked["value"].to_list() == [3]


def test_a_posting_belongs_to_its_sector_and_its_groups(connection) -> None:
    kept = postings_of(
        connection,
        raw_posting("1", naics_code="622110"),
        raw_posting("2", naics_code="621"),
        raw_posting("3", naics_code=None),
    )
    pairs = build(connection, "core.posting_sectors")
    of = {n: row["posting_id"] for n, row in kept.items()}
    assert set(pairs.rows()) == {(of["1"], "62"), (of["1"], "hospitals"), (of["2"], "62")}


def test_a_group_that_lists_a_whole_sector_holds_postings_of_no_finer_code(connection) -> None:
    whole = {"sector_code": "care", "is_group": True, "naics_prefixes": ["62", "71"]}
    sectors = [*connection.table("core.sectors").pl().to_dicts(), whole]
    database.replace(connection, "core.sectors", frame("core.sectors", sectors))
    words = [{"words": "healthcare", "sector_code": "62", "counts_in_text": True}]
    database.replace(connection, "core.industry_words", frame("core.industry_words", words))
    kept = postings_of(connection, raw_posting("1", naics_code=None, industry="Healthcare"))
    pairs = build(connection, "core.posting_sectors")
    assert kept["1"]["naics_code"] is None
    assert set(pairs["sector_code"]) == {"62", "care"}


def test_courses_programs_and_what_is_missing(connection) -> None:
    syllabi = [
        {"source_record_id": "1", "institution": "C", "course_code": "NUR 101", "text": "short"},
        {"source_record_id": "2", "institution": "C", "course_code": "NUR 101", "text": "the full"},
        {"source_record_id": "3", "institution": "C", "course_code": "ART 1", "text": "draw"},
        {"source_record_id": "4", "institution": "Other", "course_code": "NUR 9", "text": "no"},
    ]
    programs = [
        {
            "program_id": "n",
            "institution": "C",
            "required_courses": ["NUR *", "BIO 1"],
            "elective_courses": ["ART 1", "NUR 101"],
        }
    ]
    database.replace(connection, "raw.syllabi", frame("raw.syllabi", syllabi))
    database.replace(connection, "raw.programs", frame("raw.programs", programs))
    courses = build(connection, "core.courses")
    nursing = courses.row(by_predicate=pl.col("course_code") == "NUR 101", named=True)
    assert (nursing["text"], nursing["documents_n"]) == ("the full", 2)
    pairs = build(connection, "core.program_courses")
    codes = dict(courses.select("course_id", "course_code").rows())
    found = {(codes[row["course_id"]], row["is_required"]) for row in pairs.to_dicts()}
    assert found == {("NUR 101", True), ("ART 1", False)}
    (program,) = build(connection, "core.programs").to_dicts()
    assert (program["courses_n"], program["missing_courses"]) == (2, ["BIO 1"])


def measured(connection, skill_ids: list[str], groups: dict[str, list[str]] | None = None) -> None:
    """Fills the tables that say what is measured: each concept, and groups with their members."""
    members = [
        *(("concept", skill_id, skill_id) for skill_id in skill_ids),
        *(("group", code, inside) for code, held in (groups or {}).items() for inside in held),
    ]
    schema = ["grain", "skill_id", "member_id"]
    rows = [dict(zip(schema, row, strict=True)) for row in members]
    database.replace(connection, "core.skill_members", frame("core.skill_members", rows))
    names = {(row["grain"], row["skill_id"]): row for row in rows}.values()
    database.replace(connection, "core.skill_names", frame("core.skill_names", list(names)))


@pytest.mark.parametrize(
    ("program", "occupations"),
    [
        ({"occupation_codes": ["31-9092"], "cip_code": "51.3801"}, {("31-9092", "program")}),
        ({"cip_code": "51.3801"}, {("29-1141", "crosswalk")}),
        ({"cip_code": "51.3899"}, {("29-1141", "crosswalk"), ("11-9111", "crosswalk")}),
        ({"cip_code": None}, set()),
    ],
)
def test_the_occupations_of_a_program(connection, program, occupations) -> None:
    crosswalk = [
        {"cip_code": "51.3801", "occupation_code": "29-1141"},
        {"cip_code": "51.3802", "occupation_code": "11-9111"},
        {"cip_code": "51.3802", "occupation_code": "29-1141"},
        {"cip_code": "51.0801", "occupation_code": "31-9092"},
    ]
    database.replace(connection, "core.cip_occupations", frame("core.cip_occupations", crosswalk))
    database.replace(
        connection, "raw.programs", frame("raw.programs", [{"program_id": "p"} | program])
    )
    found = build(connection, "core.program_occupations")
    assert set(found.select("occupation_code", "method").rows()) == occupations


def test_a_programs_market_is_its_occupations_in_the_sectors_it_feeds(connection) -> None:
    nurse = {
        "title": "Nurse", "occupation_code": "29-1141", "method": "listed", "confidence": 1
    }  # fmt: skip
    database.replace(connection, "core.title_occupations", frame("core.title_occupations", [nurse]))
    kept = postings_of(
        connection,
        raw_posting("1", title="Nurse"),
        raw_posting("2", title="Nurse", naics_code="331"),
        raw_posting("3", title="Clerk"),
    )
    programs = [{"program_id": "p", "occupation_codes": ["29-1141"],
                 "sector_codes": ["62", "hospitals"]}]  # fmt: skip
    database.replace(connection, "raw.programs", frame("raw.programs", programs))
    build(connection, "core.program_occupations")
    pairs = build(connection, "core.posting_sectors")
    market = pairs.filter(pl.col("sector_code") == "program:p")["posting_id"].to_list()
    assert market == [kept["1"]["posting_id"]]


def skill_mention(posting_id: str, skill_id: str, n: int = 1, **columns) -> dict:
    return {"posting_id": posting_id, "skill_id": skill_id, "mention_n": n} | columns


def test_demand_counts_each_posting_once_and_employers_as_clusters(connection) -> None:
    kept = postings_of(
        connection,
        raw_posting("1", employer="A"),
        raw_posting("2", employer="A"),
        raw_posting("3", employer="B"),
        raw_posting("4", employer="B", naics_code="331"),
        raw_posting("5", employer="C", posted_on=dt.date(2020, 1, 1)),
    )
    of = {n: row["posting_id"] for n, row in kept.items()}
    build(connection, "core.posting_sectors")
    measured(connection, ["s"])
    mentions = [
        skill_mention(of["1"], "s", requirement="required"),
        skill_mention(of["1"], "s", 2),
        skill_mention(of["2"], "s"),
        skill_mention(of["3"], "s", score=0.1),
        skill_mention(of["4"], "s"),
        skill_mention(of["5"], "s"),
    ]
    database.replace(connection, "core.posting_skills", frame("core.posting_skills", mentions))
    build(connection, "core.asked_skills")
    build(connection, "core.posting_weights")
    rows = database.select(connection, "mart.sector_skill_demand", VARIABLES)
    health = rows.row(by_predicate=pl.col("sector_code") == "62", named=True)
    expected = {
        "postings_n": 2,
        "required_n": 1,
        "sector_postings_n": 3,
        "employers_n": 1,
        "skill_weight": 2.0,
        "sector_weight": 3.0,
        "clusters_n": 2,
        "skill_weight_squares": 4.0,
        "weight_products": 4.0,
        "sector_weight_squares": 5.0,
        "skill_weight_everywhere": 3.0,
        "weight_everywhere": 4.0,
        "period_start_on": dt.date(2025, 11, 1),
        "period_end_on": dt.date(2026, 10, 31),
    }
    assert {name: health[name] for name in expected} == expected


def test_what_a_posting_asks_for_at_both_grains(connection) -> None:
    """Two concepts of a group, .6 and .5 sure, and an unlinked mention (.8, half right) of it."""
    measured(connection, ["cut", "sew"], {"S3.2": ["cut", "sew"]})
    mentions = [
        skill_mention("p", "cut", 1, score=0.6, requirement="preferred"),
        skill_mention("p", "cut", 2, score=0.3, requirement="required"),
        skill_mention("p", "sew", 3, score=0.5, requirement="required"),
        skill_mention("p", None, 4, score=0.8, group_codes=["S3.2", "S1.0"]),
        skill_mention("p", None, 5, score=0.8),
    ]
    database.replace(connection, "core.posting_skills", frame("core.posting_skills", mentions))
    rows = {row["skill_id"]: row for row in build(connection, "core.asked_skills").to_dicts()}
    assert set(rows) == {"cut", "sew", "S3.2"}
    assert rows["cut"]["chance"] == pytest.approx(1 - 0.4 * 0.7)
    assert (rows["cut"]["is_required"], rows["cut"]["is_preferred"]) == (False, True)
    assert rows["S3.2"]["chance"] == pytest.approx(1 - 0.4 * 0.7 * 0.5 * 0.6)
    assert rows["S3.2"]["best_score"] == 0.6
    assert rows["S3.2"]["is_required"]


@pytest.mark.parametrize(("rule", "weight"), [("threshold", 1.0), ("expectation", 0.9 + 0.2)])
def test_the_counting_rule(connection, rule, weight) -> None:
    kept = postings_of(connection, raw_posting("1", employer="A"), raw_posting("2", employer="B"))
    of = {n: row["posting_id"] for n, row in kept.items()}
    build(connection, "core.posting_sectors")
    measured(connection, ["s"])
    mentions = [skill_mention(of["1"], "s", score=0.9), skill_mention(of["2"], "s", score=0.2)]
    database.replace(connection, "core.posting_skills", frame("core.posting_skills", mentions))
    build(connection, "core.asked_skills")
    build(connection, "core.posting_weights")
    variables = {**VARIABLES, "counting_rule": rule}
    rows = database.select(connection, "mart.sector_skill_demand", variables)
    health = rows.row(by_predicate=pl.col("sector_code") == "62", named=True)
    assert health["skill_weight"] == pytest.approx(weight)
    assert health["postings_n"] == 1


def test_weights_wages_and_the_calibrated_share(connection) -> None:
    """Three nurses' ads and one cook's, where the sector employs one of each.

    Nurses are 3/4 of the ads and 1/2 of the employed: weight 2/3; the cook's 2. Of nurses' ads one
    names the skill, of cooks' the only one: (2/3 + 2) / (3 · 2/3 + 2).
    """
    mix = [
        {"occupation_code": "29-1141", "sector_code": "62", "employment_n": 500,
         "median_usd_year": 90_000.0},
        {"occupation_code": "35-2014", "sector_code": "62", "employment_n": 500,
         "median_usd_year": 40_000.0},
    ]  # fmt: skip
    database.replace(connection, "core.occupation_sectors", frame("core.occupation_sectors", mix))
    titles = [
        {"title": title, "occupation_code": code, "method": "listed", "confidence": 1}
        for title, code in (("Nurse", "29-1141"), ("Cook", "35-2014"))
    ]
    database.replace(connection, "core.title_occupations", frame("core.title_occupations", titles))
    ads = [raw_posting(f"{n}", title="Nurse", employer=f"E{n}") for n in range(3)]
    kept = postings_of(connection, *ads, raw_posting("3", title="Cook", employer="E3"))
    of = {n: row["posting_id"] for n, row in kept.items()}
    weights = dict(
        build(connection, "core.posting_weights").select("posting_id", "calibrated_weight").rows()
    )
    assert weights[of["0"]] == pytest.approx(2 / 3)
    assert weights[of["3"]] == pytest.approx(2)
    build(connection, "core.posting_sectors")
    measured(connection, ["s"])
    mentions = [skill_mention(of[n], "s") for n in ("0", "3")]
    database.replace(connection, "core.posting_skills", frame("core.posting_skills", mentions))
    build(connection, "core.asked_skills")
    rows = database.select(connection, "mart.sector_skill_demand", VARIABLES)
    health = rows.row(by_predicate=pl.col("sector_code") == "62", named=True)
    assert health["share_calibrated"] == pytest.approx((2 / 3 + 2) / 4)
    assert health["calibrated_n"] == pytest.approx(16 / (3 * 4 / 9 + 4))
    assert (health["wage_usd_year"], health["wage_source"]) == (65_000, "official")
    calibrated = weighed(rows, "calibrated").row(
        by_predicate=pl.col("sector_code") == "62", named=True
    )
    sums = {name: calibrated[name] for name in WEIGHED}
    assert sums == pytest.approx(
        {
            "skill_weight": 2 / 3 + 2,
            "sector_weight": 4,
            "skill_weight_squares": 4 / 9 + 4,
            "weight_products": 4 / 9 + 4,
            "sector_weight_squares": 3 * 4 / 9 + 4,
        }
    )


def test_everywhere_weighs_sectors_as_they_employ_people(connection) -> None:
    """Three ads in health care and one in manufacturing, where both employ as many."""
    mix = [
        {"occupation_code": "29-1141", "sector_code": code, "employment_n": 500}
        for code in ("62", "31-33")
    ]
    database.replace(connection, "core.occupation_sectors", frame("core.occupation_sectors", mix))
    kept = postings_of(
        connection,
        *(raw_posting(f"{n}", employer=f"E{n}") for n in range(3)),
        raw_posting("3", employer="E3", naics_code="331"),
    )
    weights = build(connection, "core.posting_weights")
    weight_of = dict(weights.select("posting_id", "sector_weight").rows())
    assert weight_of[kept["0"]["posting_id"]] == pytest.approx(2 / 3)
    assert weight_of[kept["3"]["posting_id"]] == pytest.approx(2)
    build(connection, "core.posting_sectors")
    measured(connection, ["s"])
    mentions = [skill_mention(kept["3"]["posting_id"], "s")]
    database.replace(connection, "core.posting_skills", frame("core.posting_skills", mentions))
    build(connection, "core.asked_skills")
    rows = database.select(connection, "mart.sector_skill_demand", VARIABLES)
    row = rows.row(by_predicate=pl.col("sector_code") == "31-33", named=True)
    assert row["skill_weight_everywhere"] / row["weight_everywhere"] == pytest.approx(0.5)


def test_posted_pay_goes_before_official_wages_once_enough_say_it(connection) -> None:
    pay = {"pay_low_usd_year": 50_000.0, "pay_high_usd_year": 70_000.0}
    kept = postings_of(
        connection, *(raw_posting(f"{n}", employer=f"E{n}", **pay) for n in range(10))
    )
    build(connection, "core.posting_sectors")
    build(connection, "core.posting_weights")
    measured(connection, ["s"])
    mentions = [skill_mention(row["posting_id"], "s") for row in kept.values()]
    database.replace(connection, "core.posting_skills", frame("core.posting_skills", mentions))
    build(connection, "core.asked_skills")
    rows = database.select(connection, "mart.sector_skill_demand", VARIABLES)
    health = rows.row(by_predicate=pl.col("sector_code") == "62", named=True)
    assert (health["wage_usd_year"], health["wage_source"], health["paid_n"]) == (
        60_000,
        "posted",
        10,
    )


def test_a_course_covers_the_skill_its_broader_and_its_narrower(connection) -> None:
    measured(connection, ["top", "mid", "low", "far"], {"S1.1": ["mid", "far"]})
    relations = [
        {"skill_id": "low", "related_skill_id": "mid", "relation": "broader"},
        {"skill_id": "mid", "related_skill_id": "top", "relation": "broader"},
        {"skill_id": "mid", "related_skill_id": "far", "relation": "related"},
    ]
    database.replace(connection, "core.skill_relations", frame("core.skill_relations", relations))
    tables = {
        "core.courses": [{"course_id": "c", "course_code": "NUR 101"}],
        "core.program_courses": [{"program_id": "p", "course_id": "c", "is_required": True}],
        "core.course_skills": [
            {"course_id": "c", "mention_n": 1, "skill_id": "mid", "depth": "practiced"},
            {
                "course_id": "c",
                "mention_n": 2,
                "skill_id": "far",
                "depth": "assessed",
                "score": 0.1,
            },
        ],
    }
    for name, rows in tables.items():
        database.replace(connection, name, frame(name, rows))
    build(connection, "core.taught_skills")
    ways = database.select(connection, "mart.program_skill_coverage")
    assert set(ways.select("skill_id", "covered_by", "covering_skill_id", "depth").rows()) == {
        ("mid", "itself", "mid", "practiced"),
        ("top", "narrower", "mid", "practiced"),
        ("low", "broader", "mid", "practiced"),
        ("S1.1", "itself", "S1.1", "practiced"),
    }


def test_every_sql_file_is_a_table_and_selects_its_columns_by_name() -> None:
    for path in database.SQL.glob("*/*.sql"):
        name = f"{path.parent.name}.{path.stem}"
        assert name in TABLES
        text = path.read_text(encoding="utf-8").upper()
        assert "GROUP BY ALL" not in text
        assert "SELECT *\n" not in text.rsplit(")", 1)[-1]


def test_phrases_no_concept_covers(connection: duckdb.DuckDBPyConnection) -> None:
    """Six employers ask for one phrase in two spellings, one course teaches another once."""
    postings = [{"posting_id": f"p{n}", "employer_id": f"e{n}"} for n in range(6)]
    database.replace(connection, "core.postings", frame("core.postings", postings))
    asked = [
        {
            "posting_id": f"p{n}",
            "mention_n": 1,
            "label": "Sterile draping" if n % 2 else "sterile draping.",
            "group_codes": ["S3.2"] if n else ["K091"],
            "score": 0.8 if n else 0.9,
            "sentence": f"s{n}",
        }
        for n in range(6)
    ]
    linked = {"posting_id": "p0", "mention_n": 2, "skill_id": "k", "label": "sterile draping"}
    doubtful = {"posting_id": "p1", "mention_n": 2, "label": "other words", "score": 0.1}
    rows = frame("core.posting_skills", [*asked, linked, doubtful])
    database.replace(connection, "core.posting_skills", rows)
    taught = [{"course_id": "c1", "mention_n": 1, "label": "Patient lifts", "score": 0.8}]
    database.replace(connection, "core.course_skills", frame("core.course_skills", taught))
    found = build(connection, "core.unlabeled_phrases")
    assert found.to_dicts() == [
        {
            "phrase": "sterile draping",
            "postings_n": 6,
            "employers_n": 6,
            "courses_n": 0,
            "group_code": "S3.2",
            "mean_score": pytest.approx((0.9 + 5 * 0.8) / 6),
            "sentence": "s0",
            "provisional_skill_id": "local:sterile-draping",
        }
    ]


@pytest.fixture
def two_sides(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Four postings of three employers, one of them old; two courses of one program."""
    tables = {
        "core.skills": [{"skill_id": "v", "preferred_label": "measure vital signs"}],
        "core.postings": [
            {"posting_id": "p1", "employer_id": "e1", "employer": "E1", "is_in_window": True},
            {"posting_id": "p2", "employer_id": "e1", "employer": "E1", "is_in_window": True},
            {"posting_id": "p3", "employer_id": "e2", "is_in_window": True},
            {"posting_id": "old", "employer_id": "e3", "is_in_window": False},
        ],
        "core.posting_sectors": [
            {"posting_id": "p1", "sector_code": "62"},
            {"posting_id": "p1", "sector_code": "hospitals"},
            {"posting_id": "p2", "sector_code": "62"},
        ],
        "core.courses": [
            {"course_id": "c1", "course_code": "NUR 1"},
            {"course_id": "c2", "course_code": "NUR 2"},
        ],
        "core.program_courses": [{"program_id": "nursing", "course_id": "c1"}],
    }
    for name, rows in tables.items():
        database.replace(connection, name, frame(name, rows))
    return connection


def mentions(table: str, id_column: str, *rows: tuple) -> pl.DataFrame:
    """Mentions of (document, skill or none, words, score), numbered."""
    return frame(
        table,
        [
            {
                id_column: document,
                "mention_n": n,
                "skill_id": skill,
                "label": label,
                "score": score,
                "sentence": f"{label} {n}",
                "group_codes": [] if skill else ["S3.2", "K091"],
            }
            for n, (document, skill, label, score) in enumerate(rows, start=1)
        ],
    )


def test_the_words_of_courses_beside_the_words_of_employers(two_sides) -> None:
    """Of four mentions that count, one is in words that a course uses: a shared share of .25."""
    asked = mentions(
        "core.posting_skills",
        "posting_id",
        ("p1", "v", "Vital  signs", 0.9),
        ("p1", "v", "- vital signs,", 0.9),
        ("p2", "v", "(vital signs", 0.9),
        ("p3", "v", "Measure vital signs", 0.9),
        ("p3", "v", "obs", 0.1),
        ("old", "v", "take obs", 0.9),
        ("p3", "x", "asked only", 0.9),
    )
    taught = mentions(
        "core.course_skills",
        "course_id",
        ("c1", "v", "measure vital signs", 0.9),
        ("c2", "v", "monitor patients", 0.9),
        ("c2", "v", "monitor patients", 0.9),
    )
    skills = [{"skill_id": s, "preferred_label": s} for s in ("v", "x")]
    database.replace(two_sides, "core.skills", frame("core.skills", skills))
    database.replace(two_sides, "core.posting_skills", asked)
    database.replace(two_sides, "core.course_skills", taught)
    found = build(two_sides, "mart.term_crosswalk").sort("skill_id", "side", "term_n")
    columns = ["side", "term_n", "term", "mentions_n", "documents_n", "employers_n"]
    assert found.select("skill_id", *columns).rows() == [
        ("v", "courses", 1, "monitor patients", 2, 1, 0),
        ("v", "courses", 2, "measure vital signs", 1, 1, 0),
        ("v", "postings", 1, "vital signs", 3, 2, 1),
        ("v", "postings", 2, "measure vital signs", 1, 1, 1),
        ("x", "postings", 1, "asked only", 1, 1, 1),
    ]
    assert found["is_shared"].to_list() == [False, True, False, True, False]
    assert found["shared_share"].to_list() == [0.25, 0.25, 0.25, 0.25, None]
    assert found["mention_share"].to_list() == [2 / 3, 1 / 3, 0.75, 0.25, 1]
    assert found["scope_codes"].to_list() == [[], ["nursing"], ["62", "hospitals"], [], []]


def test_who_says_the_phrases_no_concept_covers(two_sides) -> None:
    """One phrase in two sectors, a group and a program; an old ad and a rare phrase stay out."""
    asked = mentions(
        "core.posting_skills",
        "posting_id",
        ("p1", None, "Sterile draping", 0.8),
        ("p2", None, "sterile draping.", 0.9),
        ("p3", None, "sterile draping", 0.7),
        ("old", None, "sterile draping", 0.99),
        ("p3", None, "once only", 0.9),
    )
    taught = mentions("core.course_skills", "course_id", ("c1", None, "Sterile draping", 0.6))
    database.replace(two_sides, "core.posting_skills", asked)
    database.replace(two_sides, "core.course_skills", taught)
    build(two_sides, "core.unlabeled_phrases")
    found = build(two_sides, "mart.unlabeled_phrases").sort("side", "scope_code")
    columns = ["side", "scope_code", "documents_n", "employers_n", "sentence"]
    assert found.select(columns).rows() == [
        ("courses", "all", 1, 0, "Sterile draping 1"),
        ("courses", "nursing", 1, 0, "Sterile draping 1"),
        ("postings", "62", 2, 1, "sterile draping. 2"),
        ("postings", "all", 3, 2, "sterile draping. 2"),
        ("postings", "hospitals", 1, 1, "Sterile draping 1"),
    ]
    assert set(found["phrase"]) == {"sterile draping"}
    assert found["group_codes"].to_list() == [["S3.2", "K091"]] * 5
    assert found["said_by"].to_list() == ["NUR 1", "NUR 1", "E1", "E1", "E1"]


SENTENCES = {"sews": "She sews.", "cuts": "She cuts and sews."}


@pytest.fixture
def decided(connection: duckdb.DuckDBPyConnection) -> Callable[..., None]:
    """Two postings and two courses that name skills of one group; decisions are put upon them."""
    measured(connection, ["cut", "sew"], {"S3.2": ["cut", "sew"]})
    said = [("sew", "Sews,", "sews", []), ("cut", "cuts", "cuts", []), ("sew", "sews", "cuts", []),
            (None, "stitching", "cuts", ["S3.2"])]  # fmt: skip
    for table, id_column in (
        ("core.posting_skills", "posting_id"),
        ("core.course_skills", "course_id"),
    ):
        rows = [
            {id_column: document, "mention_n": n, "skill_id": skill, "label": label,
             "sentence": SENTENCES[sentence], "group_codes": codes, "depth": "practiced",
             "requirement": "required"}
            for document in ("d1", "d2")
            for n, (skill, label, sentence, codes) in enumerate(said, start=1)
        ]  # fmt: skip
        database.replace(connection, table, frame(table, rows))
    courses = [{"course_id": "d1", "course_code": "A 1"}, {"course_id": "d2"}, {"course_id": "d3"}]
    database.replace(connection, "core.courses", frame("core.courses", courses))

    def decide(*acts: tuple[str, str, str, str, str]) -> None:
        rows = [
            {"decision_id": number, "subject_kind": kind, "side": side, "skill_id": skill_id,
             "subject_id": hashlib.sha256(subject.encode()).hexdigest()
             if kind == "mention" else subject,
             "verdict": verdict, "is_current": True,
             "depth": "assessed" if (kind, verdict) == ("course_skill", "accept") else None}
            for number, (kind, side, skill_id, subject, verdict) in enumerate(acts, start=1)
        ]  # fmt: skip
        database.replace(connection, "core.decisions", frame("core.decisions", rows))
        build(connection, "core.decided_mentions")

    return decide


def rejected(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, int]]:
    found = connection.table("core.decided_mentions").filter("is_rejected")
    return set(found.select("side, document_id, mention_n").fetchall())


@pytest.mark.parametrize(
    ("acts", "out"),
    [
        (
            [("mention", "postings", "sew", SENTENCES["cuts"], "reject")],
            {("postings", "d1", 3), ("postings", "d2", 3)},
        ),
        ([("mention", "courses", "sew", "Other words.", "reject")], set()),
        (
            [("term", "courses", "sew", "sews", "reject")],
            {("courses", d, n) for d in ("d1", "d2") for n in (1, 3)},
        ),
        (
            [("course_skill", "courses", "sew", "d2", "reject")],
            {("courses", "d2", 1), ("courses", "d2", 3)},
        ),
        (
            [("mention", "postings", "S3.2", SENTENCES["cuts"], "reject")],
            {("postings", d, n) for d in ("d1", "d2") for n in (2, 3, 4)},
        ),
        (
            [
                ("term", "courses", "sew", "sews", "reject"),
                ("mention", "courses", "sew", SENTENCES["cuts"], "accept"),
            ],
            {("courses", "d1", 1), ("courses", "d2", 1)},
        ),
        ([("mention", "postings", "sew", SENTENCES["cuts"], "accept")], set()),
        ([("term", "postings", "sew", "sews", "withdrawn")], set()),
    ],
)
def test_which_mentions_a_decision_takes_out(connection, decided, acts, out) -> None:
    decided(*acts)
    assert rejected(connection) == out


def test_a_decision_that_a_later_one_replaced_does_nothing(connection, decided) -> None:
    decided(("term", "postings", "sew", "sews", "reject"))
    acts = connection.table("core.decisions").pl().with_columns(is_current=pl.lit(False))
    database.replace(connection, "core.decisions", acts)
    assert build(connection, "core.decided_mentions").is_empty()


def test_rejected_mentions_count_nowhere(connection, decided) -> None:
    """Of sewing nothing is left; cutting and an unlinked mention still speak for the group."""
    decided(
        ("mention", "postings", "sew", SENTENCES["sews"], "reject"),
        ("term", "postings", "sew", "sews", "reject"),
        ("term", "courses", "sew", "sews", "reject"),
    )
    assert set(build(connection, "core.asked_skills")["skill_id"]) == {"cut", "S3.2"}
    assert set(build(connection, "core.taught_skills")["skill_id"]) == {"cut", "S3.2"}
    skills = [{"skill_id": s, "preferred_label": s} for s in ("cut", "sew")]
    database.replace(connection, "core.skills", frame("core.skills", skills))
    postings = [{"posting_id": d, "is_in_window": True} for d in ("d1", "d2")]
    database.replace(connection, "core.postings", frame("core.postings", postings))
    sectors = [{"posting_id": d, "sector_code": "62"} for d in ("d1", "d2")]
    database.replace(connection, "core.posting_sectors", frame("core.posting_sectors", sectors))
    pairs = [{"program_id": "p", "course_id": d} for d in ("d1", "d2")]
    database.replace(connection, "core.program_courses", frame("core.program_courses", pairs))
    assert set(build(connection, "mart.term_crosswalk")["term"]) == {"cuts"}
    for evidence in ("mart.posting_evidence", "mart.course_evidence"):
        shown = build(connection, evidence)
        assert set(shown["skill_id"]) == {"cut", "S3.2"}
        assert set(shown["sentence"]) == {SENTENCES["cuts"]}
        assert set(shown["sentence_hash"]) == {
            hashlib.sha256(SENTENCES["cuts"].encode()).hexdigest()
        }


def test_an_unlinked_phrase_of_rejected_mentions_is_no_miss(connection, decided) -> None:
    decided(
        ("mention", "postings", "S3.2", SENTENCES["cuts"], "reject"),
        ("mention", "courses", "S3.2", SENTENCES["cuts"], "reject"),
    )
    assert build(connection, "core.unlabeled_phrases").is_empty()


def test_a_skill_accepted_for_a_course_is_taught_there_and_in_its_groups(
    connection, decided
) -> None:
    decided(
        ("course_skill", "courses", "cut", "d3", "accept"),
        ("course_skill", "courses", "S3.2", "gone", "accept"),
        ("course_skill", "courses", "sew", "d1", "reject"),
    )
    taught = build(connection, "core.taught_skills")
    assert set(taught.select("course_id", "grain", "skill_id", "depth").rows()) >= {
        ("d3", "concept", "cut", "assessed"),
        ("d3", "group", "S3.2", "assessed"),
    }
    assert "gone" not in set(taught["course_id"])
    assert ("d1", "sew") not in set(taught.select("course_id", "skill_id").rows())


def test_a_group_accepted_for_a_course_is_taught_there(connection, decided) -> None:
    decided(("course_skill", "courses", "S3.2", "d3", "accept"))
    taught = build(connection, "core.taught_skills").filter(pl.col("course_id") == "d3")
    assert taught.select("grain", "skill_id", "depth").rows() == [("group", "S3.2", "assessed")]


def test_decisions_and_those_whose_subject_is_not_there_are_counted(connection, decided) -> None:
    decided(
        ("term", "postings", "sew", "sews", "reject"),
        ("term", "postings", "sew", "hems", "reject"),
        ("course_skill", "courses", "sew", "d3", "reject"),
        ("course_skill", "courses", "sew", "gone", "reject"),
    )
    quality = build(connection, "mart.run_quality")
    value = {(row["check_name"], row["subject"]): row["value"] for row in quality.to_dicts()}
    assert value["decisions that count", "all"] == 4
    assert value["decisions whose subject is not there", "all"] == 2
    assert value["mentions that reviewers rejected", "postings"] == 4
