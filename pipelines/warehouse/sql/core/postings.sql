-- A distinct posting: of all copies of one vacancy (core.posting_copies) the latest is kept.
-- Variables: stale_after_days, least_sector_confidence, agency_words.
WITH ladder AS (
    SELECT
        source_id,
        source_record_id,
        first(sector_code ORDER BY rung) AS sector_code,
        first(sector_method ORDER BY rung) AS sector_method,
        first(sector_confidence ORDER BY rung) AS sector_confidence
    FROM (
        SELECT *, list_position(getvariable('sector_methods'), sector_method) AS rung
        FROM core.sector_evidence
        WHERE sector_confidence >= getvariable('least_sector_confidence')
    )
    GROUP BY source_id, source_record_id
),
copies AS (
    SELECT
        *,
        row_number() OVER newest_first AS copy_n,
        count(*) OVER one_vacancy AS copies_n,
        min(posted_on) OVER one_vacancy AS first_posted_on,
        max(valid_through_on) OVER one_vacancy AS open_until_on
    FROM raw.postings
    INNER JOIN core.posting_copies USING (source_id, source_record_id)
    WINDOW
        one_vacancy AS (PARTITION BY vacancy_id),
        newest_first AS (
            PARTITION BY vacancy_id
            ORDER BY posted_on DESC NULLS LAST, source_id, source_record_id
        )
)
SELECT
    left(content_hash, 16) AS posting_id,
    source_id,
    source_record_id,
    locator,
    copies.title,
    text,
    employer,
    employer_id,
    posted_on,
    first_posted_on,
    location,
    country_code,
    state_code,
    salary,
    pay_low_usd_year,
    pay_high_usd_year,
    occupation_code,
    coalesce(title_occupations.method, 'none') AS occupation_method,
    coalesce(title_occupations.confidence, 0) AS occupation_confidence,
    CASE
        WHEN sector_method IN ('source_code', 'source_default')
            THEN coalesce(naics_code, default_naics_code)
    END AS naics_code,
    coalesce(sector_code, 'unknown') AS sector_code,
    coalesce(sector_method, 'unknown') AS sector_method,
    coalesce(sector_confidence, 0) AS sector_confidence,
    copies_n - 1 AS duplicate_n,
    1.0 AS posting_weight,
    coalesce(
        regexp_matches(employer_id, '\b(' || getvariable('agency_words') || ')\b'), false
    ) AS is_staffing_agency,
    coalesce(
        greatest(posted_on, open_until_on) - first_posted_on > getvariable('stale_after_days'),
        false
    ) AS is_stale,
    coalesce(
        posted_on - first_posted_on > getvariable('stale_after_days'), false
    ) AS is_perpetual,
    coalesce(
        posted_on BETWEEN period.start_on AND period.end_on, false
    ) AS is_in_window,
    url
FROM copies
LEFT JOIN ladder USING (source_id, source_record_id)
LEFT JOIN core.title_occupations ON title_occupations.title = copies.title
CROSS JOIN core.period
WHERE copy_n = 1
