"""Contracts of the raw layer: what the sources said, under our names, and what was set aside."""

from pipelines.contracts.rules import REJECT_REASONS
from pipelines.contracts.table import Column, Table

SOURCE_ID = Column("source_id", "VARCHAR", "The source, as its source.yml names it.")
FILE = Column("file", "VARCHAR", "The file of the source, its path from the source.yml.")
LOCATOR = Column("locator", "VARCHAR", "Where it stands: file, and line, row or page in it.")
INGESTED_AT = Column("ingested_at", "TIMESTAMP", "When it was read.", unit="UTC")
CONTENT_HASH = Column("content_hash", "VARCHAR", "SHA-256 of its words; of an ad, place too.")
PAY_LOW = Column(
    "pay_low_usd_year", "DOUBLE", "Least of the posted pay.", unit="USD a year", nullable=True
)
PAY_HIGH = Column(
    "pay_high_usd_year", "DOUBLE", "Most of the posted pay.", unit="USD a year", nullable=True
)

RAW = (
    Table(
        name="raw.sources",
        grain="a source",
        key=("source_id",),
        columns=(
            SOURCE_ID,
            Column(
                "kind", "VARCHAR", "What it gives.", allowed=("postings", "syllabi", "programs")
            ),
            Column("publisher", "VARCHAR", "Who publishes it.", nullable=True),
            Column("licence", "VARCHAR", "Under which terms.", nullable=True),
            Column("files_n", "BIGINT", "Files read.", minimum=0),
            Column("rows_n", "BIGINT", "Records found, accepted and refused.", minimum=0),
            Column("rejects_n", "BIGINT", "Records and files refused.", minimum=0),
            Column("unread_columns", "VARCHAR[]", "Columns of the source that nothing reads."),
            INGESTED_AT,
        ),
    ),
    Table(
        name="raw.files",
        grain="a file of a source",
        key=("source_id", "file"),
        columns=(
            SOURCE_ID,
            FILE,
            Column("file_hash", "VARCHAR", "SHA-256 of its bytes as they were read."),
            Column(
                "reading_hash",
                "VARCHAR",
                "SHA-256 of what else its rows depend on: its source.yml and the reading code.",
            ),
            Column("rows_n", "BIGINT", "Records found, accepted and refused.", minimum=0),
            Column("rejects_n", "BIGINT", "Records refused, or the file.", minimum=0),
            Column("unread_columns", "VARCHAR[]", "Columns of the file that nothing reads."),
            Column(
                "repeated_ids", "VARCHAR[]", "Ids of its records that the source gave before them."
            ),
            Column(
                "rereading_on",
                "DATE",
                "When a date that lay in the future comes, and the file is read again.",
                nullable=True,
            ),
            INGESTED_AT,
        ),
    ),
    Table(
        name="raw.postings",
        grain="a record of a source drop",
        key=("source_id", "source_record_id"),
        columns=(
            SOURCE_ID,
            Column("source_record_id", "VARCHAR", "The source's own id, or one from its place."),
            FILE,
            LOCATOR,
            Column("title", "VARCHAR", "The title as given."),
            Column(
                "description", "VARCHAR", "The description, markup included, personal data masked."
            ),
            Column("text", "VARCHAR", "Title line and description as readable text, masked."),
            Column("employer", "VARCHAR", "The employer as given.", nullable=True),
            Column("employer_id", "VARCHAR", "The employer's name in one form.", nullable=True),
            Column("posted_on", "DATE", "Date of posting.", nullable=True),
            Column("valid_through_on", "DATE", "Last day the ad is open.", nullable=True),
            Column(
                "naics_code", "VARCHAR", "The source's NAICS code, 2 to 6 digits.", nullable=True
            ),
            Column(
                "default_naics_code", "VARCHAR", "The code its source.yml gives.", nullable=True
            ),
            Column("industry", "VARCHAR", "Industry in the source's words.", nullable=True),
            Column("location", "VARCHAR", "Place as given.", nullable=True),
            Column("country", "VARCHAR", "Country as given.", nullable=True),
            Column("country_code", "VARCHAR", "ISO 3166-1 country.", nullable=True),
            Column("state_code", "VARCHAR", "US state, two letters.", nullable=True),
            Column("salary", "VARCHAR", "Pay as given.", nullable=True),
            PAY_LOW,
            PAY_HIGH,
            Column("url", "VARCHAR", "Where the ad was.", nullable=True),
            CONTENT_HASH,
            INGESTED_AT,
        ),
    ),
    Table(
        name="raw.syllabi",
        grain="a course in a document",
        key=("source_id", "source_record_id"),
        columns=(
            SOURCE_ID,
            Column("source_record_id", "VARCHAR", "Course code and place in the source."),
            FILE,
            LOCATOR,
            Column("institution", "VARCHAR", "The school."),
            Column("course_code", "VARCHAR", "Subject and number, as 'NUR 101'."),
            Column("title", "VARCHAR", "The course's title."),
            Column("text", "VARCHAR", "Title line and sections as readable text."),
            Column("term", "VARCHAR", "Term as given.", nullable=True),
            Column("credits", "DOUBLE", "Credit hours.", unit="credits", nullable=True, minimum=0),
            Column("course_level", "VARCHAR", "Level as given.", nullable=True),
            CONTENT_HASH,
            INGESTED_AT,
        ),
    ),
    Table(
        name="raw.programs",
        grain="a program row",
        key=("program_id",),
        columns=(
            SOURCE_ID,
            FILE,
            LOCATOR,
            Column("program_id", "VARCHAR", "Stable id of the program."),
            Column("title", "VARCHAR", "The program's title."),
            Column("institution", "VARCHAR", "The school."),
            Column("cip_code", "VARCHAR", "CIP 2020 code.", nullable=True),
            Column("award_level", "VARCHAR", "Award level.", nullable=True),
            Column("sector_codes", "VARCHAR[]", "Sectors or sector groups it feeds."),
            Column("occupation_codes", "VARCHAR[]", "SOC 2018 occupations it aims at."),
            Column("required_courses", "VARCHAR[]", "Course codes or patterns ('NUR *')."),
            Column("elective_courses", "VARCHAR[]", "Course codes or patterns."),
            INGESTED_AT,
        ),
    ),
    Table(
        name="raw.rejects",
        grain="a refused record or file",
        key=("source_id", "locator", "reason_code"),
        columns=(
            SOURCE_ID,
            FILE,
            LOCATOR,
            Column("reason_code", "VARCHAR", "Why it was refused.", allowed=tuple(REJECT_REASONS)),
            Column("message", "VARCHAR", "Why, in words, and what would mend it."),
            Column("excerpt", "VARCHAR", "The beginning of what was refused."),
            INGESTED_AT,
        ),
    ),
)
