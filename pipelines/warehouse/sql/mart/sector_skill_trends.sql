-- Sums over employers from which gap_metrics.trends compares the window with the one before it:
-- the same months of two years, so that a season is no trend. An employer is a cluster; y is the
-- weight of its postings that name the skill, w of all its postings in the sector.
-- Variables: counting_rule, min_mention_score.
WITH postings AS (
    SELECT
        postings.posting_id,
        postings.employer_id,
        coalesce(postings.employer_id, postings.posting_id) AS cluster_id,
        postings.posting_weight AS weight,
        postings.posted_on >= period.start_on AS is_after
    FROM core.postings AS postings
    CROSS JOIN core.period
    WHERE postings.posted_on BETWEEN period.before_start_on AND period.end_on
),
sector_clusters AS (
    SELECT
        sectors.sector_code,
        postings.cluster_id,
        count(*) FILTER (WHERE postings.is_after) AS after_n,
        count(*) FILTER (WHERE NOT postings.is_after) AS before_n,
        coalesce(sum(postings.weight) FILTER (WHERE postings.is_after), 0) AS w_after,
        coalesce(sum(postings.weight) FILTER (WHERE NOT postings.is_after), 0) AS w_before
    FROM postings
    INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = postings.posting_id
    GROUP BY sectors.sector_code, postings.cluster_id
),
sector_totals AS (
    SELECT
        sector_code,
        count(*) AS clusters_n,
        sum(after_n) AS after_postings_n,
        sum(before_n) AS before_postings_n,
        sum(w_after) AS w_after,
        sum(w_before) AS w_before,
        sum(w_after * w_after) AS ww_after,
        sum(w_before * w_before) AS ww_before,
        sum(w_after * w_before) AS ww_both
    FROM sector_clusters
    GROUP BY sector_code
),
asked AS (
    SELECT
        posting_id,
        grain,
        skill_id,
        best_score >= getvariable('min_mention_score') AS is_named,
        CASE getvariable('counting_rule')
            WHEN 'expectation' THEN chance
            ELSE (best_score >= getvariable('min_mention_score'))::INTEGER
        END AS counted
    FROM core.asked_skills
),
skill_clusters AS (
    SELECT
        sectors.sector_code,
        asked.grain,
        asked.skill_id,
        postings.cluster_id,
        any_value(postings.employer_id) FILTER (WHERE asked.is_named) AS employer_id,
        count(*) FILTER (WHERE asked.is_named AND postings.is_after) AS after_n,
        count(*) FILTER (WHERE asked.is_named AND NOT postings.is_after) AS before_n,
        coalesce(sum(postings.weight * asked.counted) FILTER (WHERE postings.is_after), 0)
            AS y_after,
        coalesce(sum(postings.weight * asked.counted) FILTER (WHERE NOT postings.is_after), 0)
            AS y_before
    FROM asked
    INNER JOIN postings ON postings.posting_id = asked.posting_id
    INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = postings.posting_id
    GROUP BY sectors.sector_code, asked.grain, asked.skill_id, postings.cluster_id
)
SELECT
    skills.sector_code,
    skills.grain,
    skills.skill_id,
    any_value(names.skill_label) AS skill_label,
    any_value(period.before_start_on) AS before_start_on,
    any_value(period.start_on) AS after_start_on,
    any_value(period.end_on) AS period_end_on,
    any_value(period.earliest_on) AS earliest_on,
    any_value(totals.before_postings_n) AS sector_before_n,
    any_value(totals.after_postings_n) AS sector_after_n,
    sum(skills.before_n) AS before_n,
    sum(skills.after_n) AS after_n,
    count(DISTINCT skills.employer_id) AS employers_n,
    any_value(totals.clusters_n) AS clusters_n,
    any_value(totals.w_after) AS w_after,
    any_value(totals.w_before) AS w_before,
    any_value(totals.ww_after) AS ww_after,
    any_value(totals.ww_before) AS ww_before,
    any_value(totals.ww_both) AS ww_both,
    sum(skills.y_after) AS y_after,
    sum(skills.y_before) AS y_before,
    sum(skills.y_after * skills.y_after) AS yy_after,
    sum(skills.y_before * skills.y_before) AS yy_before,
    sum(skills.y_after * skills.y_before) AS yy_both,
    sum(skills.y_after * clusters.w_after) AS y_after_w_after,
    sum(skills.y_after * clusters.w_before) AS y_after_w_before,
    sum(skills.y_before * clusters.w_after) AS y_before_w_after,
    sum(skills.y_before * clusters.w_before) AS y_before_w_before
FROM skill_clusters AS skills
INNER JOIN sector_clusters AS clusters
    ON clusters.sector_code = skills.sector_code AND clusters.cluster_id = skills.cluster_id
INNER JOIN sector_totals AS totals ON totals.sector_code = skills.sector_code
INNER JOIN core.skill_names AS names
    ON names.grain = skills.grain AND names.skill_id = skills.skill_id
CROSS JOIN core.period
GROUP BY skills.sector_code, skills.grain, skills.skill_id
HAVING sum(skills.after_n) + sum(skills.before_n) > 0
