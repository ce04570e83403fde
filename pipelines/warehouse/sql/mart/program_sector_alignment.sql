-- Gap rows with what alignment needs of program and sector; gap_metrics.gap sums them up.
-- A pair without any skill in demand has one row with an empty skill_id.
WITH sectors AS (
    SELECT
        sectors.sector_code,
        count(*) AS sector_postings_n,
        count(DISTINCT postings.employer_id) AS sector_employers_n
    FROM core.posting_sectors AS sectors
    INNER JOIN core.postings AS postings ON postings.posting_id = sectors.posting_id
    WHERE postings.is_in_window
    GROUP BY sectors.sector_code
),
wanted AS (
    SELECT sector_code, sector_postings_n, sector_employers_n
    FROM sectors
    UNION ALL
    SELECT targets.sector_code, 0 AS sector_postings_n, 0 AS sector_employers_n
    FROM (
        SELECT unnest(sector_codes) AS sector_code
        FROM core.programs
        UNION
        SELECT getvariable('program_market') || program_id
        FROM core.programs
    ) AS targets
    WHERE targets.sector_code NOT IN (SELECT sector_code FROM sectors)
)
SELECT
    programs.program_id,
    wanted.sector_code,
    grains.grain,
    list_contains(programs.sector_codes, wanted.sector_code)
    OR starts_with(wanted.sector_code, getvariable('program_market')) AS is_target,
    wanted.sector_postings_n,
    wanted.sector_employers_n,
    gaps.skill_id,
    gaps.demand,
    gaps.coverage,
    gaps.status
FROM core.programs
INNER JOIN wanted
    ON NOT starts_with(wanted.sector_code, getvariable('program_market'))
    OR wanted.sector_code = getvariable('program_market') || programs.program_id
CROSS JOIN (SELECT unnest(getvariable('grains')) AS grain) AS grains
LEFT JOIN mart.program_sector_gap AS gaps
    ON gaps.program_id = programs.program_id
    AND gaps.sector_code = wanted.sector_code
    AND gaps.grain = grains.grain
