"""Contracts of the mart layer: the figures that people read, small and ready."""

from pipelines.contracts.core import (
    COURSE_ID,
    GRAIN,
    MEASURED_SKILL_ID,
    POSTING_ID,
    PROGRAM_ID,
    SECTOR_CODE,
    SKILL_ID,
)
from pipelines.contracts.rules import DEPTHS, GAP_STATUSES, SIDES, TRENDS, WAGE_SOURCES
from pipelines.contracts.table import Column, Table

SKILL_LABEL = Column("skill_label", "VARCHAR", "Its name.")
POSTINGS_N = Column("postings_n", "BIGINT", "Postings naming the skill.", minimum=0)
EMPLOYERS_N = Column("employers_n", "BIGINT", "Employers naming the skill.", minimum=0)
SHARE = Column("share", "DOUBLE", "Weighted share of the sector's postings.", "0-1", False, 0, 1)
CI_LOW = Column(
    "ci_low", "DOUBLE", "Lower end of the 95 % interval of the share.", "0-1", False, 0, 1
)
CI_HIGH = Column("ci_high", "DOUBLE", "Upper end of the interval.", "0-1", False, 0, 1)
DEMAND = Column("demand", "DOUBLE", "Share weighted by specificity.", "0-1", False, 0, 1)
COVERAGE = Column("coverage", "DOUBLE", "How well the program covers it.", "0-1", False, 0, 1)
IS_PUBLISHABLE = Column("is_publishable", "BOOLEAN", "Enough evidence to rank.")
EVIDENCE_N = Column("evidence_n", "BIGINT", "Place among the sentences kept.", minimum=1)
SENTENCE = Column("sentence", "VARCHAR", "The sentence.")
SENTENCE_HASH = Column("sentence_hash", "VARCHAR", "SHA-256 of the sentence.")
MENTION_START = Column("mention_start", "BIGINT", "Start in the sentence.", "characters", False, 0)
MENTION_END = Column("mention_end", "BIGINT", "End in the sentence.", "characters", False, 0)
SIDE = Column("side", "VARCHAR", "Who says it.", allowed=SIDES)

MART = (
    Table(
        name="mart.sector_skill_demand",
        grain="a sector, a skill and a period",
        key=("sector_code", "grain", "skill_id", "period_end_on"),
        columns=(
            SECTOR_CODE,
            GRAIN,
            MEASURED_SKILL_ID,
            SKILL_LABEL,
            Column("period_start_on", "DATE", "First day of the window."),
            Column("period_end_on", "DATE", "Last day of the window."),
            POSTINGS_N,
            Column("required_n", "BIGINT", "Postings that require it.", minimum=0),
            Column("preferred_n", "BIGINT", "Postings that prefer it.", minimum=0),
            Column("sector_postings_n", "BIGINT", "Postings of the sector.", minimum=1),
            EMPLOYERS_N,
            SHARE,
            CI_LOW,
            CI_HIGH,
            Column("effective_n", "DOUBLE", "Effective sample size.", "postings", False, 0),
            Column(
                "share_calibrated",
                "DOUBLE",
                "The share with postings weighed to official employment.",
                "0-1",
                False,
                0,
                1,
            ),
            Column(
                "calibrated_n",
                "DOUBLE",
                "Effective sample size of the sector when weighed so.",
                "postings",
                False,
                0,
            ),
            Column(
                "wage_usd_year",
                "DOUBLE",
                "Median pay of postings naming the skill; else official of their occupations.",
                "USD a year",
                True,
                0,
            ),
            Column(
                "wage_source", "VARCHAR", "Which of the two.", nullable=True, allowed=WAGE_SOURCES
            ),
            Column("paid_n", "BIGINT", "Postings naming the skill that say their pay.", minimum=0),
            Column(
                "specificity", "DOUBLE", "Share here over share everywhere (RCA).", "", False, 0
            ),
            DEMAND,
            IS_PUBLISHABLE,
            Column("unpublishable_reason", "VARCHAR", "Why it is not ranked.", nullable=True),
        ),
    ),
    Table(
        name="mart.sector_skill_trends",
        grain="a sector, a grain and a skill, this window beside the one before",
        key=("sector_code", "grain", "skill_id"),
        columns=(
            SECTOR_CODE,
            GRAIN,
            MEASURED_SKILL_ID,
            SKILL_LABEL,
            Column("before_start_on", "DATE", "First day of the window before."),
            Column("after_start_on", "DATE", "First day of the window."),
            Column("period_end_on", "DATE", "Last day of the window."),
            Column("sector_before_n", "BIGINT", "Postings of the sector before.", minimum=0),
            Column("sector_after_n", "BIGINT", "Postings of the sector in the window.", minimum=0),
            Column("before_n", "BIGINT", "Of the former, naming the skill.", minimum=0),
            Column("after_n", "BIGINT", "Of the latter, naming the skill.", minimum=0),
            EMPLOYERS_N,
            Column("share_before", "DOUBLE", "Weighted share before.", "0-1", False, 0, 1),
            Column("share_after", "DOUBLE", "Weighted share in the window.", "0-1", False, 0, 1),
            Column("change", "DOUBLE", "The latter less the former.", "−1 to 1", False, -1, 1),
            Column("ci_low", "DOUBLE", "Lower end of its 95 % interval.", "−1 to 1", True, -1, 1),
            Column("ci_high", "DOUBLE", "Upper end of the interval.", "−1 to 1", True, -1, 1),
            Column("p_value", "DOUBLE", "Two-sided, of no change.", "0-1", True, 0, 1),
            Column("q_value", "DOUBLE", "The same among all skills tested.", "0-1", True, 0, 1),
            Column("trend", "VARCHAR", "What to read from it.", allowed=TRENDS),
            Column("untested_reason", "VARCHAR", "Why it was not tested.", nullable=True),
        ),
    ),
    Table(
        name="mart.program_skill_coverage",
        grain="a program and a skill",
        key=("program_id", "grain", "skill_id"),
        columns=(
            PROGRAM_ID,
            GRAIN,
            MEASURED_SKILL_ID,
            SKILL_LABEL,
            COVERAGE,
            Column("depth", "VARCHAR", "Deepest treatment in a course.", "", True, allowed=DEPTHS),
            Column(
                "covered_by",
                "VARCHAR",
                "The skill itself, or a narrower or broader one that is taught.",
                allowed=("itself", "narrower", "broader"),
            ),
            Column("covering_skill_id", "VARCHAR", "The skill that gives the coverage."),
            Column("courses_n", "BIGINT", "Courses that name the covering skill.", minimum=1),
            Column("course_codes", "VARCHAR[]", "Those courses, best first."),
        ),
    ),
    Table(
        name="mart.gap_stability",
        grain="a program, a sector and a skill among the first gaps in any variant",
        key=("program_id", "sector_code", "grain", "skill_id"),
        columns=(
            PROGRAM_ID,
            SECTOR_CODE,
            GRAIN,
            MEASURED_SKILL_ID,
            Column("top_n", "BIGINT", "Variants in which it is among them.", minimum=1),
            Column("best_rank", "BIGINT", "Its best rank there.", minimum=1),
            Column("worst_rank", "BIGINT", "Its worst rank there.", minimum=1),
        ),
    ),
    Table(
        name="mart.program_sector_gap",
        grain="a program, a sector and a skill",
        key=("program_id", "sector_code", "grain", "skill_id"),
        columns=(
            PROGRAM_ID,
            SECTOR_CODE,
            GRAIN,
            MEASURED_SKILL_ID,
            SKILL_LABEL,
            Column("skill_type", "VARCHAR", "Skill, knowledge, software, ..., or group."),
            POSTINGS_N,
            EMPLOYERS_N,
            SHARE,
            CI_LOW,
            CI_HIGH,
            DEMAND,
            COVERAGE,
            Column("gap", "DOUBLE", "Demand not covered.", "0-1", False, 0, 1),
            Column(
                "rank", "BIGINT", "Place by gap; none where too thin.", nullable=True, minimum=1
            ),
            Column("top_n", "BIGINT", "Variants in which it is among the first gaps.", minimum=0),
            Column("variants_n", "BIGINT", "Variants tried.", minimum=1),
            Column("status", "VARCHAR", "What to read from it.", allowed=GAP_STATUSES),
            Column("depth", "VARCHAR", "Deepest treatment in a course.", "", True, allowed=DEPTHS),
            Column("course_codes", "VARCHAR[]", "Courses that teach it."),
            Column(
                "nearest_skill_id",
                "VARCHAR",
                "Where it is not taught: the best covered skill of its ESCO level-3 group.",
                nullable=True,
            ),
        ),
    ),
    Table(
        name="mart.program_sector_alignment",
        grain="a program, a sector and a grain",
        key=("program_id", "sector_code", "grain"),
        columns=(
            PROGRAM_ID,
            SECTOR_CODE,
            GRAIN,
            Column("is_target", "BOOLEAN", "The program says that it feeds this sector."),
            Column(
                "alignment",
                "DOUBLE",
                "Share of the sector's demand that the program covers; none where too thin.",
                "0-1",
                True,
                0,
                1,
            ),
            Column(
                "ci_low",
                "DOUBLE",
                "Lower end of its 95 % interval, employers resampled.",
                "0-1",
                True,
                0,
                1,
            ),
            Column("ci_high", "DOUBLE", "Upper end of the interval.", "0-1", True, 0, 1),
            Column("skills_n", "BIGINT", "Publishable skills in demand.", minimum=0),
            Column("gap_n", "BIGINT", "Of these, not taught.", minimum=0),
            Column("partly_taught_n", "BIGINT", "Of these, partly taught.", minimum=0),
            Column("aligned_n", "BIGINT", "Of these, aligned.", minimum=0),
            Column("sector_postings_n", "BIGINT", "Postings of the sector.", minimum=0),
            Column("sector_employers_n", "BIGINT", "Employers of the sector.", minimum=0),
        ),
    ),
    Table(
        name="mart.posting_evidence",
        grain="a sector, a skill and a sentence kept",
        key=("sector_code", "grain", "skill_id", "evidence_n"),
        columns=(
            SECTOR_CODE,
            GRAIN,
            MEASURED_SKILL_ID,
            EVIDENCE_N,
            POSTING_ID,
            SENTENCE,
            SENTENCE_HASH,
            MENTION_START,
            MENTION_END,
            Column("employer", "VARCHAR", "The employer.", nullable=True),
            Column("title", "VARCHAR", "The posting's title."),
            Column("posted_on", "DATE", "Date of posting.", nullable=True),
            Column("source_id", "VARCHAR", "The source."),
            Column("locator", "VARCHAR", "Its place there."),
        ),
    ),
    Table(
        name="mart.course_evidence",
        grain="a program, a skill and a sentence kept",
        key=("program_id", "grain", "skill_id", "evidence_n"),
        columns=(
            PROGRAM_ID,
            GRAIN,
            MEASURED_SKILL_ID,
            EVIDENCE_N,
            COURSE_ID,
            Column("course_code", "VARCHAR", "The course."),
            Column("title", "VARCHAR", "Its title."),
            SENTENCE,
            SENTENCE_HASH,
            MENTION_START,
            MENTION_END,
            Column("depth", "VARCHAR", "How deep the course goes.", allowed=DEPTHS),
            Column("source_id", "VARCHAR", "The source."),
            Column("locator", "VARCHAR", "Its place there."),
        ),
    ),
    Table(
        name="mart.term_crosswalk",
        grain="a skill, a side and a term that it is said in",
        key=("skill_id", "side", "term"),
        columns=(
            SKILL_ID,
            SKILL_LABEL,
            SIDE,
            Column("term_n", "BIGINT", "Place by documents, 1 the most frequent.", minimum=1),
            Column("term", "VARCHAR", "The words of a mention, in lower case."),
            Column("mentions_n", "BIGINT", "Mentions in these words.", minimum=1),
            Column("documents_n", "BIGINT", "Postings or courses that use them.", minimum=1),
            Column("employers_n", "BIGINT", "Employers that use them; 0 for courses.", minimum=0),
            Column("mention_share", "DOUBLE", "Of the side's mentions.", "0-1", False, 0, 1),
            Column("is_shared", "BOOLEAN", "The other side uses the same term."),
            Column(
                "shared_share",
                "DOUBLE",
                "Share of employers' mentions of the skill whose term some course uses; none where "
                "only one side names the skill.",
                "0-1",
                True,
                0,
                1,
            ),
            Column(
                "scope_codes",
                "VARCHAR[]",
                "Sectors and sector groups of the postings, or programs of the courses, that use "
                "the term.",
            ),
        ),
    ),
    Table(
        name="mart.unlabeled_phrases",
        grain="a phrase no concept covers, a side, and a sector or a program that says it",
        key=("phrase", "side", "scope_code"),
        columns=(
            Column("phrase", "VARCHAR", "The words, in lower case."),
            SIDE,
            Column(
                "scope_code", "VARCHAR", "'all', a sector or sector group (postings), or a program."
            ),
            Column("documents_n", "BIGINT", "Postings or courses that say it.", minimum=1),
            Column("employers_n", "BIGINT", "Employers that say it; 0 for courses.", minimum=0),
            Column("group_codes", "VARCHAR[]", "The phrase's likely groups, likeliest first."),
            Column("mean_score", "DOUBLE", "Mean score of its mentions.", minimum=0, maximum=1),
            Column("sentence", "VARCHAR", "The sentence that shows it best."),
            Column("said_by", "VARCHAR", "The employer (else the source), or the course, of it."),
            Column("source_id", "VARCHAR", "The source."),
            Column("locator", "VARCHAR", "Its place there."),
        ),
    ),
    Table(
        name="mart.run_quality",
        grain="a check of the run",
        key=("check_name", "subject"),
        columns=(
            Column("check_name", "VARCHAR", "What was counted."),
            Column("subject", "VARCHAR", "Of what: 'all', or a source."),
            Column("value", "DOUBLE", "The figure."),
            Column("unit", "VARCHAR", "'rows' or 'share'.", allowed=("rows", "share")),
        ),
    ),
)
