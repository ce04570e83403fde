-- A distinct posting: of all copies with the same words and employer the latest is kept.
-- Variables: as_of (DATE or NULL: the latest posting date), window_months, stale_after_days.
WITH sectors AS (
    SELECT sector_code, unnest(naics_prefixes) AS prefix
    FROM core.sectors
    WHERE NOT is_group
),
coded AS (
    SELECT
        postings.*,
        coalesce(postings.naics_code, postings.default_naics_code) AS known_naics_code,
        sectors.sector_code,
        trim(regexp_replace(
            regexp_replace(lower(employer), '[^\p{L}\p{N} ]', ' ', 'g'),
            '\s+((inc|llc|ltd|limited|plc|corp|corporation|co|company|gmbh)\b\s*)*$|\s+', ' ', 'g'
        )) AS employer_id
    FROM raw.postings AS postings
    LEFT JOIN sectors
        ON sectors.prefix = left(coalesce(postings.naics_code, postings.default_naics_code), 2)
),
copies AS (
    SELECT
        *,
        row_number() OVER newest_first AS copy_n,
        count(*) OVER same_words AS copies_n,
        min(posted_on) OVER same_words AS first_posted_on,
        max(valid_through_on) OVER same_words AS open_until_on
    FROM coded
    WINDOW
        same_words AS (PARTITION BY content_hash),
        newest_first AS (
            PARTITION BY content_hash
            ORDER BY posted_on DESC NULLS LAST, source_id, source_record_id
        )
),
period AS (
    SELECT coalesce(getvariable('as_of')::DATE, max(posted_on)) AS end_on
    FROM raw.postings
)
SELECT
    left(content_hash, 16) AS posting_id,
    source_id,
    source_record_id,
    locator,
    title,
    text,
    employer,
    employer_id,
    posted_on,
    first_posted_on,
    location,
    known_naics_code AS naics_code,
    coalesce(sector_code, 'unknown') AS sector_code,
    CASE
        WHEN sector_code IS NULL THEN 'unknown'
        WHEN naics_code IS NOT NULL THEN 'source_code'
        ELSE 'source_default'
    END AS sector_method,
    CASE
        WHEN sector_code IS NULL THEN 0.0
        WHEN naics_code IS NOT NULL THEN 1.0
        ELSE 0.9
    END AS sector_confidence,
    copies_n - 1 AS duplicate_n,
    1.0 AS posting_weight,
    coalesce(
        regexp_matches(employer_id, '\b(staffing|recruit\w*|talent|personnel|temps?)\b'), false
    ) AS is_staffing_agency,
    coalesce(
        greatest(posted_on, open_until_on) - first_posted_on > getvariable('stale_after_days'),
        false
    ) AS is_stale,
    coalesce(
        posted_on <= period.end_on
        AND posted_on > period.end_on - to_months(getvariable('window_months')::INTEGER),
        false
    ) AS is_in_window,
    url
FROM copies
CROSS JOIN period
WHERE copy_n = 1
