-- Weights that bring the mix of occupations in each sector's postings to official employment (BLS
-- OEWS): the share of a SOC major group in the sector's employment over its share in the sector's
-- postings, between the bounds; and the mix of sectors the same way, for what is asked everywhere. A
-- posting without occupation or sector, or in a cell that nobody counts, has weight 1.
-- Variables: most_calibrated_weight.
WITH cells AS (
    SELECT
        posting_id,
        sector_code,
        left(occupation_code, 2) AS major_group
    FROM core.postings
    WHERE is_in_window
),
employment AS (
    SELECT
        sector_code,
        left(occupation_code, 2) AS major_group,
        sum(employment_n) AS employment_n
    FROM core.occupation_sectors
    GROUP BY sector_code, left(occupation_code, 2)
),
sampled AS (
    SELECT
        cells.sector_code,
        cells.major_group,
        count(*) AS postings_n,
        any_value(employment.employment_n) AS employment_n
    FROM cells
    INNER JOIN employment
        ON employment.sector_code = cells.sector_code
        AND employment.major_group = cells.major_group
    GROUP BY cells.sector_code, cells.major_group
),
weights AS (
    SELECT
        sector_code,
        major_group,
        (employment_n / sum(employment_n) OVER (PARTITION BY sector_code))
        / (postings_n / sum(postings_n) OVER (PARTITION BY sector_code)) AS weight
    FROM sampled
),
sectors AS (
    SELECT
        postings.sector_code,
        (employed.employment_n / sum(employed.employment_n) OVER ())
        / (postings.postings_n / sum(postings.postings_n) OVER ()) AS weight
    FROM (SELECT sector_code, count(*) AS postings_n FROM cells GROUP BY sector_code) AS postings
    INNER JOIN (
        SELECT sector_code, sum(employment_n) AS employment_n
        FROM core.occupation_sectors
        GROUP BY sector_code
    ) AS employed ON employed.sector_code = postings.sector_code
)
SELECT
    cells.posting_id,
    greatest(
        1 / getvariable('most_calibrated_weight'),
        least(getvariable('most_calibrated_weight'), coalesce(weights.weight, 1))
    ) AS calibrated_weight,
    greatest(
        1 / getvariable('most_calibrated_weight'),
        least(getvariable('most_calibrated_weight'), coalesce(sectors.weight, 1))
    ) AS sector_weight
FROM cells
LEFT JOIN sectors ON sectors.sector_code = cells.sector_code
LEFT JOIN weights
    ON weights.sector_code = cells.sector_code AND weights.major_group = cells.major_group
