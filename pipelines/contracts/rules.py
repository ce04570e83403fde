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

STALE_AFTER_DAYS = 180
"""An ad open longer than this is flagged stale."""

NEAR_COPY_SIMILARITY = 0.8
COPY_WINDOW_DAYS = 90
"""Two ads of one vacancy share this much of their runs of five words, and are at most so many days
apart (`pipelines.ingest.duplicates` states the whole rule)."""

AGENCY_WORDS = (
    "staffing|recruit\\w*|talent|personnel|temps?|manpower|headhunt\\w*|employment agency"
)
"""In an employer's name, what makes it an agency: a regular expression."""

LEAST_SECTOR_CONFIDENCE = 0.5
"""Below this a posting's sector is unknown; unknown is counted and shown, never dropped."""

MIN_MENTION_SCORE = 0.5
"""Mentions below this score stay in the table and out of the figures. Scores are calibrated: what
counts is likelier right than not."""

EVIDENCE_SENTENCES = 3
"""Sentences kept a side for each skill as evidence."""

TOP_GAPS = 10
"""Length of a ranked list that a committee reads."""

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
COPY_KINDS = ("only", "exact", "near")
GAP_STATUSES = ("gap", "partly taught", "aligned", "taught, not asked", "too few postings")
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
    "unexpected_column": "the row has more values than the header has columns",
}
