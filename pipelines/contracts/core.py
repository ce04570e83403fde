"""Contracts of the core layer: cleaned, distinct, linked to the taxonomy."""

from pipelines.contracts.raw import PAY_HIGH, PAY_LOW
from pipelines.contracts.rules import (
    COPY_KINDS,
    DECISION_SUBJECTS,
    DEPTHS,
    GRAINS,
    OCCUPATION_METHODS,
    PROGRAM_OCCUPATION_METHODS,
    REQUIREMENTS,
    SECTOR_METHODS,
    SIDES,
    VERDICTS,
)
from pipelines.contracts.table import Column, Table

POSTING_ID = Column("posting_id", "VARCHAR", "Stable id of a distinct posting.")
COURSE_ID = Column("course_id", "VARCHAR", "Stable id of a course: institution and code.")
PROGRAM_ID = Column("program_id", "VARCHAR", "Stable id of the program.")
OCCUPATION_CODE = Column("occupation_code", "VARCHAR", "SOC 2018 occupation.")
SKILL_ID = Column("skill_id", "VARCHAR", "URI of a concept of the taxonomy.")
GRAIN = Column("grain", "VARCHAR", "A concept, or a group of concepts.", allowed=GRAINS)
MEASURED_SKILL_ID = Column(
    "skill_id", "VARCHAR", "URI of a concept; or the level 2 code of a group (S3.2, K091)."
)
BEST_SCORE = Column("best_score", "DOUBLE", "Of its surest mention.", minimum=0, maximum=1)
SECTOR_CODE = Column(
    "sector_code",
    "VARCHAR",
    "NAICS 2022 two-digit sector; a sector group; or 'program:' and a program's id, for postings "
    "of its occupations in the sectors it feeds.",
)

TEXT_COLUMNS = (
    Column("text_hash", "VARCHAR", "SHA-256 of the title and the text that were searched."),
    Column(
        "extraction_version", "VARCHAR", "SHA-256 of the taxonomy, models and code that searched."
    ),
)

IS_TRANSVERSAL = Column("is_transversal", "BOOLEAN", "Any work may ask for it, as for teamwork.")
CLUSTER_ID = Column("cluster_id", "VARCHAR", "The employer; a posting without one is its own.")
WEIGHT = Column("weight", "DOUBLE", "Weight of its postings there.", minimum=0)

DECIDED_SIDE = Column("side", "VARCHAR", "Whose documents it speaks of.", allowed=SIDES)

MENTION_COLUMNS = (
    Column("mention_n", "BIGINT", "Number of the mention in its document.", minimum=1),
    Column("skill_id", "VARCHAR", "URI of the concept; none where unlinked.", nullable=True),
    Column("label", "VARCHAR", "The words in the text."),
    Column(
        "group_codes",
        "VARCHAR[]",
        "ESCO level 2 groups of the skill (K091: ISCED-F field 091), likeliest first.",
    ),
    Column("sentence", "VARCHAR", "The sentence around the mention."),
    Column("sentence_n", "BIGINT", "Number of the sentence in its document.", minimum=1),
    Column("sentence_start", "BIGINT", "Where the sentence starts.", unit="characters", minimum=0),
    Column("start", "BIGINT", "Where the mention starts.", unit="characters", minimum=0),
    Column("end", "BIGINT", "Where the mention ends.", unit="characters", minimum=0),
    Column("section", "VARCHAR", "Section of the document it stands in."),
    Column("method", "VARCHAR", "How it was found."),
    Column("score", "DOUBLE", "How sure the method is.", minimum=0, maximum=1),
)

CORE = (
    Table(
        name="core.sectors",
        grain="a sector or a sector group",
        key=("sector_code",),
        columns=(
            SECTOR_CODE,
            Column("title", "VARCHAR", "Its name."),
            Column("is_group", "BOOLEAN", "A named set of sectors, not a sector."),
            Column("naics_prefixes", "VARCHAR[]", "NAICS 2022 codes that it covers."),
        ),
    ),
    Table(
        name="core.skills",
        grain="a concept",
        key=("skill_id",),
        columns=(
            SKILL_ID,
            Column("preferred_label", "VARCHAR", "The concept's preferred label."),
            Column("skill_type", "VARCHAR", "Skill, knowledge, software, ..."),
            Column("reuse_level", "VARCHAR", "How widely ESCO says it is used.", nullable=True),
            Column("source", "VARCHAR", "Taxonomy it comes from."),
            Column("source_version", "VARCHAR", "Version of that taxonomy."),
            Column("group_codes", "VARCHAR[]", "Groups that hold it."),
            Column("is_deprecated", "BOOLEAN", "Dropped by its source, kept for old figures."),
        ),
    ),
    Table(
        name="core.skill_groups",
        grain="a skill group",
        key=("group_code",),
        columns=(
            Column("group_code", "VARCHAR", "Code of the group."),
            Column("group_id", "VARCHAR", "URI of the group."),
            Column("label", "VARCHAR", "Its name."),
            Column("level", "BIGINT", "Depth in its hierarchy.", minimum=0),
            Column("parent_group_code", "VARCHAR", "The group above.", nullable=True),
            Column("scheme", "VARCHAR", "Which hierarchy.", allowed=("esco", "isced-f")),
        ),
    ),
    Table(
        name="core.skill_labels",
        grain="a label of a concept",
        key=("skill_id", "label", "label_type"),
        columns=(
            SKILL_ID,
            Column("label", "VARCHAR", "The words."),
            Column(
                "label_type",
                "VARCHAR",
                "Its role (SKOS).",
                allowed=("preferred", "alternative", "hidden"),
            ),
        ),
    ),
    Table(
        name="core.skill_relations",
        grain="a related pair of concepts",
        key=("skill_id", "related_skill_id", "relation"),
        columns=(
            SKILL_ID,
            Column("related_skill_id", "VARCHAR", "The other concept."),
            Column(
                "relation",
                "VARCHAR",
                "What the other is to this one.",
                allowed=("broader", "related"),
            ),
        ),
    ),
    Table(
        name="core.skill_names",
        grain="a skill that is measured: a concept or a group",
        key=("grain", "skill_id"),
        columns=(
            GRAIN,
            MEASURED_SKILL_ID,
            Column("skill_label", "VARCHAR", "Its name."),
            Column("skill_type", "VARCHAR", "Skill, knowledge, software, ..., or group."),
            IS_TRANSVERSAL,
        ),
    ),
    Table(
        name="core.skill_members",
        grain="a skill that is measured and a concept in it",
        key=("grain", "skill_id", "member_id"),
        columns=(
            GRAIN,
            MEASURED_SKILL_ID,
            Column("member_id", "VARCHAR", "URI of the concept."),
        ),
    ),
    Table(
        name="core.occupations",
        grain="an occupation of SOC 2018",
        key=("occupation_code",),
        columns=(
            OCCUPATION_CODE,
            Column("title", "VARCHAR", "Its official title."),
        ),
    ),
    Table(
        name="core.occupation_sectors",
        grain="an occupation and a sector that employs it",
        key=("occupation_code", "sector_code"),
        columns=(
            OCCUPATION_CODE,
            SECTOR_CODE,
            Column("employment_n", "BIGINT", "People employed (BLS OEWS, May 2025).", minimum=0),
            Column("sector_share", "DOUBLE", "Of the occupation.", minimum=0, maximum=1),
            Column(
                "median_usd_year",
                "DOUBLE",
                "Median wage there; none where suppressed.",
                "USD a year",
                True,
                0,
            ),
        ),
    ),
    Table(
        name="core.cip_occupations",
        grain="a program code and an occupation it leads to",
        key=("cip_code", "occupation_code"),
        columns=(
            Column("cip_code", "VARCHAR", "CIP 2020 code."),
            OCCUPATION_CODE,
        ),
    ),
    Table(
        name="core.program_occupations",
        grain="a program and an occupation it prepares for",
        key=("program_id", "occupation_code"),
        columns=(
            PROGRAM_ID,
            OCCUPATION_CODE,
            Column("method", "VARCHAR", "Who says so.", allowed=PROGRAM_OCCUPATION_METHODS),
        ),
    ),
    Table(
        name="core.industry_words",
        grain="words that name a sector",
        key=("words",),
        columns=(
            Column("words", "VARCHAR", "Whole words, in lower case."),
            SECTOR_CODE,
            Column("counts_in_text", "BOOLEAN", "In a text they name no benefit, degree or task."),
        ),
    ),
    Table(
        name="core.period",
        grain="the window that counts as today's demand",
        key=("end_on",),
        columns=(
            Column("end_on", "DATE", "Its last day; none without dated postings.", nullable=True),
            Column("start_on", "DATE", "Its first day.", nullable=True),
            Column("before_start_on", "DATE", "First day of the one before.", nullable=True),
            Column("earliest_on", "DATE", "The earliest posting's.", nullable=True),
        ),
    ),
    Table(
        name="core.title_occupations",
        grain="a distinct title",
        key=("title",),
        columns=(
            Column("title", "VARCHAR", "The title as given."),
            Column("occupation_code", "VARCHAR", "SOC 2018 occupation.", nullable=True),
            Column("method", "VARCHAR", "How it is known.", allowed=OCCUPATION_METHODS),
            Column("confidence", "DOUBLE", "How sure.", minimum=0, maximum=1),
            Column("naming_version", "VARCHAR", "SHA-256 of the titles and code that named it."),
        ),
    ),
    Table(
        name="core.posting_copies",
        grain="a record of a source of postings",
        key=("source_id", "source_record_id"),
        columns=(
            Column("source_id", "VARCHAR", "The source."),
            Column("source_record_id", "VARCHAR", "Its id there."),
            Column("vacancy_id", "VARCHAR", "The same for all copies of one vacancy."),
            Column("copy_kind", "VARCHAR", "Whether it has copies.", allowed=COPY_KINDS),
            Column("similarity", "DOUBLE", "To the nearest other wording.", minimum=0, maximum=1),
        ),
    ),
    Table(
        name="core.sector_evidence",
        grain="a record of a source of postings and a way to know its sector",
        key=("source_id", "source_record_id", "sector_method"),
        columns=(
            Column("source_id", "VARCHAR", "The source."),
            Column("source_record_id", "VARCHAR", "Its id there."),
            Column("sector_method", "VARCHAR", "The way.", allowed=SECTOR_METHODS),
            SECTOR_CODE,
            Column("sector_confidence", "DOUBLE", "How sure.", minimum=0, maximum=1),
        ),
    ),
    Table(
        name="core.postings",
        grain="a distinct posting",
        key=("posting_id",),
        columns=(
            POSTING_ID,
            Column("source_id", "VARCHAR", "The source of the copy that was kept."),
            Column("source_record_id", "VARCHAR", "Its id there."),
            Column("locator", "VARCHAR", "Its place there."),
            Column("title", "VARCHAR", "The title."),
            Column("text", "VARCHAR", "Readable text, title line first."),
            Column("employer", "VARCHAR", "The employer's name.", nullable=True),
            Column("employer_id", "VARCHAR", "The employer's name in one form.", nullable=True),
            Column("posted_on", "DATE", "Date of the latest copy.", nullable=True),
            Column("first_posted_on", "DATE", "Date of the first copy.", nullable=True),
            Column("location", "VARCHAR", "Place as given.", nullable=True),
            Column("country_code", "VARCHAR", "ISO 3166-1 country.", nullable=True),
            Column("state_code", "VARCHAR", "US state, two letters.", nullable=True),
            Column("salary", "VARCHAR", "Pay as given.", nullable=True),
            PAY_LOW,
            PAY_HIGH,
            Column("occupation_code", "VARCHAR", "SOC 2018 occupation.", nullable=True),
            Column("occupation_method", "VARCHAR", "How it is known.", allowed=OCCUPATION_METHODS),
            Column("occupation_confidence", "DOUBLE", "How sure.", minimum=0, maximum=1),
            Column("naics_code", "VARCHAR", "Finest NAICS code known.", nullable=True),
            Column("sector_code", "VARCHAR", "NAICS two-digit sector, or 'unknown'."),
            Column("sector_method", "VARCHAR", "How it is known.", allowed=SECTOR_METHODS),
            Column("sector_confidence", "DOUBLE", "How sure.", minimum=0, maximum=1),
            Column(
                "duplicate_n", "BIGINT", "Copies, exact and near, dropped beside it.", minimum=0
            ),
            Column("posting_weight", "DOUBLE", "Weight in every share.", minimum=0),
            Column("is_staffing_agency", "BOOLEAN", "The employer is an agency."),
            Column("is_stale", "BOOLEAN", "Open longer than the rule allows."),
            Column("is_perpetual", "BOOLEAN", "Posted again for longer than the rule allows."),
            Column("is_in_window", "BOOLEAN", "Counts as today's demand."),
            Column("url", "VARCHAR", "Where the ad was.", nullable=True),
        ),
    ),
    Table(
        name="core.posting_sectors",
        grain="a posting and a sector or group that holds it",
        key=("posting_id", "sector_code"),
        columns=(POSTING_ID, SECTOR_CODE),
    ),
    Table(
        name="core.posting_weights",
        grain="a posting that counts as today's demand",
        key=("posting_id",),
        columns=(
            POSTING_ID,
            Column(
                "calibrated_weight",
                "DOUBLE",
                "So that the occupations of a sector weigh as they employ people.",
                minimum=0,
            ),
            Column(
                "sector_weight",
                "DOUBLE",
                "So that sectors weigh as they employ people in what is asked everywhere.",
                minimum=0,
            ),
        ),
    ),
    Table(
        name="core.courses",
        grain="a course",
        key=("course_id",),
        columns=(
            COURSE_ID,
            Column("institution", "VARCHAR", "The school."),
            Column("course_code", "VARCHAR", "Subject and number."),
            Column("title", "VARCHAR", "The course's title."),
            Column("text", "VARCHAR", "Readable text, title line first."),
            Column("term", "VARCHAR", "Term of the latest copy.", nullable=True),
            Column("credits", "DOUBLE", "Credit hours.", unit="credits", nullable=True, minimum=0),
            Column("course_level", "VARCHAR", "Level as given.", nullable=True),
            Column("documents_n", "BIGINT", "Documents that describe it.", minimum=1),
            Column("source_id", "VARCHAR", "The source of the copy that was kept."),
            Column("locator", "VARCHAR", "Its place there."),
        ),
    ),
    Table(
        name="core.programs",
        grain="a program",
        key=("program_id",),
        columns=(
            PROGRAM_ID,
            Column("title", "VARCHAR", "The program's title."),
            Column("institution", "VARCHAR", "The school."),
            Column("cip_code", "VARCHAR", "CIP 2020 code.", nullable=True),
            Column("award_level", "VARCHAR", "Award level.", nullable=True),
            Column("sector_codes", "VARCHAR[]", "Sectors or sector groups it feeds."),
            Column("occupation_codes", "VARCHAR[]", "SOC 2018 occupations it aims at."),
            Column("courses_n", "BIGINT", "Courses found for it.", minimum=0),
            Column("missing_courses", "VARCHAR[]", "Course codes named and not found."),
        ),
    ),
    Table(
        name="core.program_courses",
        grain="a program and a course of it",
        key=("program_id", "course_id"),
        columns=(
            PROGRAM_ID,
            COURSE_ID,
            Column("is_required", "BOOLEAN", "Required, not elective."),
        ),
    ),
    Table(
        name="core.posting_texts",
        grain="a posting whose text was searched for skills",
        key=("posting_id",),
        columns=(POSTING_ID, *TEXT_COLUMNS),
    ),
    Table(
        name="core.posting_skills",
        grain="a mention in a posting",
        key=("posting_id", "mention_n"),
        columns=(
            POSTING_ID,
            *MENTION_COLUMNS,
            Column("requirement", "VARCHAR", "How it is asked.", allowed=REQUIREMENTS),
            Column(
                "years_n",
                "DOUBLE",
                "Years of experience asked beside it.",
                unit="years",
                nullable=True,
            ),
        ),
    ),
    Table(
        name="core.course_texts",
        grain="a course whose text was searched for skills",
        key=("course_id",),
        columns=(COURSE_ID, *TEXT_COLUMNS),
    ),
    Table(
        name="core.course_skills",
        grain="a mention in a course",
        key=("course_id", "mention_n"),
        columns=(
            COURSE_ID,
            *MENTION_COLUMNS,
            Column("depth", "VARCHAR", "How deep the course goes.", allowed=DEPTHS),
        ),
    ),
    Table(
        name="core.decisions",
        grain="a reviewer's act in the log of decisions",
        key=("decision_id",),
        columns=(
            Column("decision_id", "BIGINT", "Number of the act; a later one is higher.", minimum=1),
            Column("decided_at", "TIMESTAMP", "When they did.", unit="UTC"),
            Column("reviewer", "VARCHAR", "Who decided."),
            Column("subject_kind", "VARCHAR", "On what.", allowed=DECISION_SUBJECTS),
            DECIDED_SIDE,
            MEASURED_SKILL_ID,
            Column(
                "subject_id",
                "VARCHAR",
                "SHA-256 of the sentence (mention), the words (term), or the course's id.",
            ),
            Column("skill_label", "VARCHAR", "The skill's name, as it was shown."),
            Column("said", "VARCHAR", "The sentence, the words or the course, as it was shown."),
            Column("verdict", "VARCHAR", "What was decided.", allowed=VERDICTS),
            Column(
                "depth",
                "VARCHAR",
                "How deep the course goes, where its skill is accepted.",
                nullable=True,
                allowed=DEPTHS,
            ),
            Column("note", "VARCHAR", "Why; may be empty."),
            Column("is_current", "BOOLEAN", "No later act has the same subject: it counts."),
        ),
    ),
    Table(
        name="core.decided_mentions",
        grain="a mention and a current decision that speaks of it",
        key=("side", "document_id", "mention_n", "decision_id"),
        columns=(
            DECIDED_SIDE,
            Column("document_id", "VARCHAR", "The posting or course."),
            Column("mention_n", "BIGINT", "Number of the mention in its document.", minimum=1),
            Column("decision_id", "BIGINT", "The decision.", minimum=1),
            Column("is_rejected", "BOOLEAN", "The mention counts nowhere."),
        ),
    ),
    Table(
        name="core.asked_skills",
        grain="a posting and a skill (a concept or a group) it may ask for",
        key=("posting_id", "grain", "skill_id"),
        columns=(
            POSTING_ID,
            GRAIN,
            MEASURED_SKILL_ID,
            BEST_SCORE,
            Column("chance", "DOUBLE", "That any of its mentions is right.", minimum=0, maximum=1),
            Column("is_required", "BOOLEAN", "A mention that counts says it is required."),
            Column("is_preferred", "BOOLEAN", "A mention that counts says it is preferred."),
            Column("sentences_n", "BIGINT", "Sentences with a mention that counts.", minimum=0),
        ),
    ),
    Table(
        name="core.group_accuracy",
        grain="a group of skills in annotated sentences of ads",
        key=("group_code",),
        columns=(
            Column("group_code", "VARCHAR", "Level 2 code of the group."),
            Column("right_n", "BIGINT", "Sentences that are right about it.", minimum=0),
            Column("wrong_n", "BIGINT", "Sentences that wrongly name it.", minimum=0),
            Column("missed_n", "BIGINT", "Sentences in which it was missed.", minimum=0),
        ),
    ),
    Table(
        name="core.sector_employers",
        grain="a sector and an employer with postings there",
        key=("sector_code", "cluster_id"),
        columns=(SECTOR_CODE, CLUSTER_ID, WEIGHT),
    ),
    Table(
        name="core.employer_skills",
        grain="a sector, a skill and an employer that names it there",
        key=("sector_code", "grain", "skill_id", "cluster_id"),
        columns=(SECTOR_CODE, GRAIN, MEASURED_SKILL_ID, CLUSTER_ID, WEIGHT),
    ),
    Table(
        name="core.taught_skills",
        grain="a course, a skill (a concept or a group) and a depth it reaches",
        key=("course_id", "grain", "skill_id", "depth"),
        columns=(
            COURSE_ID,
            GRAIN,
            MEASURED_SKILL_ID,
            Column("depth", "VARCHAR", "How deep the course goes.", allowed=DEPTHS),
            BEST_SCORE,
        ),
    ),
    Table(
        name="core.unlabeled_phrases",
        grain="a phrase that two documents name and no concept covers",
        key=("phrase",),
        columns=(
            Column("phrase", "VARCHAR", "The words, in lower case."),
            Column("postings_n", "BIGINT", "Postings that ask for it.", minimum=0),
            Column("employers_n", "BIGINT", "Employers that ask for it.", minimum=0),
            Column("courses_n", "BIGINT", "Courses that teach it.", minimum=0),
            Column("group_code", "VARCHAR", "Its likeliest group.", nullable=True),
            Column("mean_score", "DOUBLE", "Mean score of its mentions.", minimum=0, maximum=1),
            Column("sentence", "VARCHAR", "The sentence that shows it best."),
            Column(
                "provisional_skill_id",
                "VARCHAR",
                "Id of the local concept it may become; set from five employers on.",
                nullable=True,
            ),
        ),
    ),
)
