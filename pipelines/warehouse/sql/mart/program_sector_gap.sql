-- Demand of every sector beside what every program covers of it, and what a program teaches
-- that the sector does not ask. gap_metrics.gap computes gap, status and rank.
WITH pairs AS (
    SELECT programs.program_id, demand.sector_code, demand.grain, demand.skill_id
    FROM core.programs
    INNER JOIN mart.sector_skill_demand AS demand
        ON NOT starts_with(demand.sector_code, getvariable('program_market'))
        OR demand.sector_code = getvariable('program_market') || programs.program_id
    UNION
    SELECT coverage.program_id, sectors.sector_code, coverage.grain, coverage.skill_id
    FROM mart.program_skill_coverage AS coverage
    INNER JOIN (SELECT DISTINCT sector_code FROM mart.sector_skill_demand) AS sectors
        ON NOT starts_with(sectors.sector_code, getvariable('program_market'))
        OR sectors.sector_code = getvariable('program_market') || coverage.program_id
    WHERE coverage.covered_by = 'itself'
),
narrow_groups AS ( -- ESCO level 3; broader groups and all software together say little
    SELECT skill_id, unnest(list_filter(group_codes, lambda code: code LIKE '%.%.%')) AS group_code
    FROM core.skills
    WHERE skill_type <> 'software'
),
neighbors AS (
    SELECT
        coverage.program_id,
        wanted.skill_id,
        arg_max(coverage.skill_id, (coverage.coverage, coverage.skill_id)) AS nearest_skill_id
    FROM (SELECT DISTINCT skill_id FROM mart.sector_skill_demand) AS demanded
    INNER JOIN narrow_groups AS wanted ON wanted.skill_id = demanded.skill_id
    INNER JOIN narrow_groups AS same_group
        ON same_group.group_code = wanted.group_code AND same_group.skill_id <> wanted.skill_id
    INNER JOIN mart.program_skill_coverage AS coverage
        ON coverage.skill_id = same_group.skill_id AND coverage.covered_by = 'itself'
    GROUP BY coverage.program_id, wanted.skill_id
)
SELECT
    pairs.program_id,
    pairs.sector_code,
    pairs.grain,
    pairs.skill_id,
    names.skill_label,
    names.skill_type,
    names.is_transversal,
    coalesce(demand.postings_n, 0) AS postings_n,
    coalesce(demand.employers_n, 0) AS employers_n,
    coalesce(demand.share, 0) AS share,
    coalesce(demand.ci_low, 0) AS ci_low,
    coalesce(demand.ci_high, 0) AS ci_high,
    coalesce(demand.demand, 0) AS demand,
    coalesce(demand.is_publishable, false) AS is_publishable,
    coalesce(coverage.coverage, 0) AS coverage,
    coalesce(stability.top_n, 0) AS top_n,
    getvariable('variants_n') AS variants_n,
    coverage.depth,
    coalesce(coverage.course_codes, []) AS course_codes,
    CASE WHEN coverage.skill_id IS NULL THEN neighbors.nearest_skill_id END AS nearest_skill_id
FROM pairs
INNER JOIN core.skill_names AS names
    ON names.grain = pairs.grain AND names.skill_id = pairs.skill_id
LEFT JOIN mart.sector_skill_demand AS demand
    ON demand.sector_code = pairs.sector_code
    AND demand.grain = pairs.grain
    AND demand.skill_id = pairs.skill_id
LEFT JOIN mart.program_skill_coverage AS coverage
    ON coverage.program_id = pairs.program_id
    AND coverage.grain = pairs.grain
    AND coverage.skill_id = pairs.skill_id
LEFT JOIN mart.gap_stability AS stability
    ON stability.program_id = pairs.program_id
    AND stability.sector_code = pairs.sector_code
    AND stability.grain = pairs.grain
    AND stability.skill_id = pairs.skill_id
LEFT JOIN neighbors
    ON neighbors.program_id = pairs.program_id AND neighbors.skill_id = pairs.skill_id
