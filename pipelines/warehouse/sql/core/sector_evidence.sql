-- What says which sector a record of a posting belongs to, one row a way of knowing.
-- The ways, surest first: the source's NAICS code; its industry words; the code that its source.yml
-- gives for all; the sector of the employer's other records; the sectors that employ the occupation
-- (BLS OEWS); words in the text, where nothing else speaks.
WITH sectors AS (
    SELECT sector_code, unnest(naics_prefixes) AS prefix
    FROM core.sectors
    WHERE NOT is_group
),
by_code AS (
    SELECT source_id, source_record_id, 'source_code' AS sector_method, sector_code,
        1.0 AS sector_confidence
    FROM raw.postings
    INNER JOIN sectors ON prefix = left(naics_code, 2)
),
by_words AS (
    SELECT source_id, source_record_id, 'source_words' AS sector_method,
        arg_max(sector_code, (length(words), sector_code)) AS sector_code, 0.9 AS sector_confidence
    FROM (SELECT DISTINCT industry FROM raw.postings WHERE industry IS NOT NULL) AS named
    INNER JOIN core.industry_words
        ON regexp_matches(lower(industry), '\b' || words || '\b')
    INNER JOIN raw.postings USING (industry)
    GROUP BY source_id, source_record_id
),
by_default AS (
    SELECT source_id, source_record_id, 'source_default' AS sector_method, sector_code,
        0.9 AS sector_confidence
    FROM raw.postings
    INNER JOIN sectors ON prefix = left(default_naics_code, 2)
),
from_source AS (
    FROM by_code UNION ALL FROM by_words UNION ALL FROM by_default
),
employer_sectors AS (
    SELECT employer_id, sector_code,
        count(*) / sum(count(*)) OVER (PARTITION BY employer_id) AS share,
        sum(count(*)) OVER (PARTITION BY employer_id) AS records_n
    FROM raw.postings
    INNER JOIN by_code USING (source_id, source_record_id)
    WHERE employer_id IS NOT NULL
    GROUP BY employer_id, sector_code
),
by_employer AS (
    SELECT source_id, source_record_id, 'employer' AS sector_method,
        arg_max(sector_code, (share, sector_code)) AS sector_code,
        0.9 * max(share) AS sector_confidence
    FROM raw.postings
    INNER JOIN employer_sectors USING (employer_id)
    WHERE records_n >= 3
        AND NOT regexp_matches(employer_id, '\b(' || getvariable('agency_words') || ')\b')
    GROUP BY source_id, source_record_id
),
by_occupation AS (
    SELECT source_id, source_record_id, 'occupation' AS sector_method,
        arg_max(sector_code, (sector_share, sector_code)) AS sector_code,
        max(sector_share) * any_value(confidence) AS sector_confidence
    FROM raw.postings
    INNER JOIN core.title_occupations USING (title)
    INNER JOIN core.occupation_sectors USING (occupation_code)
    GROUP BY source_id, source_record_id
),
without_text AS (
    FROM from_source UNION ALL FROM by_employer UNION ALL FROM by_occupation
),
silent AS (
    SELECT source_id, source_record_id, lower(text) AS text
    FROM raw.postings
    WHERE NOT EXISTS (
        FROM without_text
        WHERE without_text.source_id = postings.source_id
            AND without_text.source_record_id = postings.source_record_id
            AND sector_confidence >= getvariable('least_sector_confidence')
    )
),
sector_patterns AS (
    SELECT sector_code, '\b(' || string_agg(words, '|' ORDER BY words) || ')\b' AS pattern
    FROM core.industry_words
    WHERE counts_in_text
    GROUP BY sector_code
),
hits AS (
    SELECT source_id, source_record_id, sector_code,
        len(regexp_extract_all(text, pattern)) AS hits_n
    FROM silent
    CROSS JOIN sector_patterns
),
by_text AS (
    SELECT source_id, source_record_id, 'text' AS sector_method,
        arg_max(sector_code, (hits_n, sector_code)) AS sector_code,
        0.7 * max(hits_n) / sum(hits_n) AS sector_confidence
    FROM hits
    WHERE hits_n > 0
    GROUP BY source_id, source_record_id
    HAVING sum(hits_n) >= 3
)
FROM without_text UNION ALL FROM by_text
