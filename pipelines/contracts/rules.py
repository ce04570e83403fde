"""Every constant and code list that a figure depends on. Their one home.

The formulas that use them: `pipelines.gap_metrics`; their sources: docs/methods.md.
"""

DEPTH_COVERAGE = {"mentioned": 0.25, "introduced": 0.5, "practiced": 0.75, "assessed": 1.0}
"""Coverage that one course gives a skill, by how deep it goes."""

ELECTIVE_FACTOR = 0.5
"""An elective reaches only some of the students."""

NARROWER_COVERS_BROADER = 1.0
BROADER_COVERS_NARROWER = 0.5
"""Credit across the taxonomy's broader relation, one way and the other."""

ALIGNED_COVERAGE = 0.75
"""From this coverage on a skill in demand counts as aligned: practiced in a required course."""

MIN_POSTINGS = 30
MIN_EMPLOYERS = 5
"""A cell with fewer postings in the sector or fewer employers naming the skill is not ranked."""

WINDOW_MONTHS = 12
"""Length of the window of postings that counts as today's demand."""

FALSE_DISCOVERY_RATE = 0.05
"""Of the skills that a sector's page calls emerging or fading, at most this share is expected to
be neither (Benjamini and Hochberg 1995)."""

PROGRAM_MARKET = "program:"
"""Before a program's id, the sector code of its own market: postings for the occupations that it
prepares for, in the sectors that it feeds."""

MOST_CALIBRATED_WEIGHT = 5.0
"""A posting counts at most this many times, and at least its inverse, when the sample is weighed to
official employment: a handful of ads cannot stand for a profession."""

MIN_PAID_POSTINGS = 10
"""With fewer postings that say their pay, the official wage of their occupations is shown."""

STALE_AFTER_DAYS = 180
"""An ad open longer than this is flagged stale; one kept so long by posting it again, perpetual."""

NEAR_COPY_SIMILARITY = 0.8
SHINGLE_WORDS = 5
COPY_WINDOW_DAYS = 90
"""Two ads of one vacancy share this much of their runs of so many words, and are at most so many
days apart (`pipelines.ingest.duplicates` states the whole rule)."""

AGENCY_WORDS = (
    "staffing|recruit\\w*|talent|personnel|temps?|temporary services|manpower|headhunt\\w*|"
    "workforce (?:partners|solutions)|employment agency"
)
"""In an employer's name, what makes it an agency: a regular expression."""

LEAST_SECTOR_CONFIDENCE = 0.5
"""Below this a posting's sector is unknown; unknown is counted and shown, never dropped."""

MIN_MENTION_SCORE = 0.45
"""Mentions below this score stay in the table and out of the figures. Scores are calibrated: what
counts is right about as likely as not, or likelier."""

COUNTING_RULE = "threshold"
"""How a posting counts for a skill: "threshold", wholly once a mention of it reaches
`MIN_MENTION_SCORE`; or "expectation", by the chance that any of its mentions is right. The other
rule is one of the variants of rank stability."""

FIRST_GROUP_CHANCE = 0.5
"""How often the likeliest group of a mention without a concept is right; measured, see
`benchmarks/extraction`."""

COUNTINGS = tuple(
    {"min_mention_score": score, "counting_rule": rule, "counts_agencies": agencies}
    for score in (0.35, MIN_MENTION_SCORE, 0.6)
    for rule in ("threshold", "expectation")
    for agencies in (True, False)
)
WEIGHTINGS = ("raw", "calibrated")
VARIANTS_N = len(COUNTINGS) * len(WEIGHTINGS)
"""The grid of choices over which the stability of a rank is counted: the score from which a mention
counts, the counting rule, whether ads of staffing agencies do, each with both weightings."""

SYLLABUS_LABEL_SCORE = 0.6
"""The least score of a trusted label in a syllabus: all that is taught counts there, and 197 of 209
such labels judged by hand were right, whatever their sentence looked like."""

EVIDENCE_SENTENCES = 3
"""Sentences kept a side for each skill as evidence."""

TERMS_A_SIDE = 20
"""Terms kept a side for each skill: rarer ones are the words of single documents."""

LIKELY_GROUPS = 3
"""Likely groups kept for a phrase that no concept covers."""

SIDES = ("courses", "postings")

DECISION_SUBJECTS = ("mention", "term", "course_skill")
"""What a reviewer decides on: a sentence and a skill, words and a skill, a course and a skill."""

VERDICTS = ("accept", "reject", "withdrawn")

ROLES = ("reader", "reviewer", "admin")
"""Of a user, each with what those before it may: read and vote; decide and hold ballots; close the
ballots of others."""

BALLOT_ANSWERS = ("yes", "no", "not sure")

MIN_BOARD_VOTES = 3
BOARD_MAJORITY = 0.5
"""With fewer votes of yes or no, a board is not said to disagree with the postings. It does where
less than this share of them is yes and the whole interval of the postings' share lies above the
median share of the sector's ranked skills; or more than it, and the whole interval below."""

BALLOT_SKILLS = 20
"""First gaps that a ballot is chosen from: more do not fit a sheet, or a meeting."""

TOP_GAPS = 10
"""Length of a ranked list that a committee reads."""

TRANSVERSAL_GAPS = 3
"""So many gaps in skills that every sector asks for are shown below those in the sector's own."""

MAX_ROW_FILE_BYTES = 16 << 30
"""A file of rows (CSV, TSV, JSON Lines, Parquet) is streamed up to this size, unpacked if it is
compressed; a larger one is refused before it is opened."""

MAX_RECORD_BYTES = 16 << 20
"""A row, a line or a value longer than this is no record of a posting or course."""

MAX_JSON_BYTES = 128 << 20
"""A JSON file has to be held whole; larger feeds come as JSON Lines."""

MAX_TEXT_BYTES = 16 << 20
"""Text of one document: a catalog of some 10,000 courses."""

MAX_DOCUMENT_BYTES = 256 << 20
"""A PDF, Office or spreadsheet file, its pictures included."""

MAX_PAGES = 5_000
MAX_PAGE_CHARACTERS = 1_000_000
MAX_PDF_STREAM_BYTES = 16 << 20
"""Pages of one PDF, characters of a page, and what a stream may unpack to before its ratio
counts: a blank scan is large too."""

MAX_PARSER_BYTES = 1 << 30
MAX_PARSER_SECONDS = 120
"""Memory and time that the parser of one PDF or Office file may take."""

MAX_CARTRIDGE_BYTES = 8 << 30
"""A course export may hold videos; only its few text members are opened."""

MAX_ARCHIVE_MEMBERS = 50_000
MAX_MEMBER_BYTES = 128 << 20
MAX_UNPACKED_BYTES = 256 << 20
"""Members of an archive, the size of one that is read, and of all that are read together."""

MAX_COMPRESSION_RATIO = 200
COMPRESSION_RATIO_FROM_BYTES = 8 << 20
"""Text seldom shrinks to a fiftieth: what unfolds beyond this ratio, and beyond this size, is a
bomb."""

MAX_SHEET_CELLS = 10_000_000
"""Rows times columns of a worksheet up to its last used cell."""

MAX_REJECTS_OF_FILE = 10_000
"""A file with more refused rows than this, and than good ones, is not what its name says."""

GRAINS = ("concept", "group")
CHANGE_CAUSES = ("readings", "syllabi", "postings", "measurable now", "measurable no more")
"""Why an alignment is another than in the run before: the same texts read anew (taxonomy, program
or decisions changed), other courses, other postings; or only one of the runs could measure it."""

LEAST_PRECISION, LEAST_RECALL = 0.8, 0.6
"""Of extraction on the labeled sample, all sectors of a side together: below, a run warns."""

ACCURACY_PRIOR_N = 10
"""Labeled sentences that the accuracy of all groups together is worth in that of one."""

ACCURACY_MEASURES = ("precision", "recall")
WAGE_SOURCES = ("posted", "official")
REQUIREMENTS = ("required", "preferred", "unstated")
DEPTHS = tuple(DEPTH_COVERAGE)
SECTOR_METHODS = (
    "source_code",
    "source_words",
    "source_default",
    "employer",
    "occupation",
    "text",
    "unknown",
)
"""The rungs of the ladder by which a posting's sector is known, surest first."""

OCCUPATION_METHODS = ("listed", "near", "none")
PROGRAM_OCCUPATION_METHODS = ("program", "crosswalk")
COPY_KINDS = ("only", "exact", "near")
TRENDS = ("emerging", "fading", "steady", "too few postings")
GAP_STATUSES = ("gap", "partly taught", "aligned", "taught, not asked", "too few postings")
PUBLISHABLE_STATUSES = ("gap", "partly taught", "aligned")
"""Skills with evidence enough: alignment is made of these."""

REJECT_REASONS = {
    "unreadable_file": "the file could not be opened or parsed",
    "no_text": "the document holds no text (a scan, or empty)",
    "unknown_format": "no reader knows this kind of file",
    "malformed_row": "the row does not parse",
    "changed_schema": "the record lacks fields that its feed has always had",
    "missing_title": "the record has no title",
    "missing_description": "the record has no description",
    "bad_date": "the posting date is not a date, or lies in the future",
    "duplicate_record_id": "the same source already gave a different record under this id",
    "missing_course_code": "the course has no code",
    "too_large": "the file, or what it unpacks to, is beyond the limits of ingestion",
    "unsafe_content": "an archive entry points out of the archive, or XML declares entities",
    "unexpected_column": "the row has more values than the header has columns",
}
