-- Counts and sums, with raw and with calibrated weights, from which gap_metrics.demand computes
-- share, interval, specificity and demand. An employer is a cluster; a posting without one is its own.
-- Variables: counting_rule, counts_agencies, min_mention_score, min_paid_postings.
WITH postings AS (
    SELECT
        postings.posting_id,
        postings.employer_id,
        coalesce(postings.employer_id, postings.posting_id) AS cluster_id,
        postings.posting_weight,
        weights.calibrated_weight,
        weights.sector_weight,
        (postings.pay_low_usd_year + postings.pay_high_usd_year) / 2 AS posted_usd_year,
        official.median_usd_year AS official_usd_year
    FROM core.postings AS postings
    INNER JOIN core.posting_weights AS weights ON weights.posting_id = postings.posting_id
    LEFT JOIN core.occupation_sectors AS official
        ON official.occupation_code = postings.occupation_code
        AND official.sector_code = postings.sector_code
    WHERE
        postings.is_in_window
        AND (getvariable('counts_agencies') OR NOT postings.is_staffing_agency)
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
        END AS counted,
        is_required,
        is_preferred,
        sentences_n
    FROM core.asked_skills
),
sector_clusters AS (
    SELECT
        sectors.sector_code,
        postings.cluster_id,
        count(*) AS postings_n,
        sum(postings.posting_weight) AS weight,
        sum(postings.calibrated_weight) AS calibrated_weight,
        sum(postings.calibrated_weight * postings.calibrated_weight) AS calibrated_squares
    FROM postings
    INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = postings.posting_id
    GROUP BY sectors.sector_code, postings.cluster_id
),
sector_totals AS (
    SELECT
        sector_code,
        sum(postings_n) AS postings_n,
        count(*) AS clusters_n,
        sum(weight) AS weight,
        sum(weight * weight) AS weight_squares,
        sum(calibrated_weight) AS calibrated_weight,
        sum(calibrated_weight * calibrated_weight) AS calibrated_weight_squares,
        sum(calibrated_weight) * sum(calibrated_weight) / sum(calibrated_squares) AS calibrated_n
    FROM sector_clusters
    GROUP BY sector_code
),
skill_clusters AS (
    SELECT
        sectors.sector_code,
        asked.grain,
        asked.skill_id,
        postings.cluster_id,
        count(*) FILTER (WHERE asked.is_named) AS postings_n,
        count(*) FILTER (WHERE asked.is_named AND asked.is_required) AS required_n,
        count(*) FILTER (WHERE asked.is_named AND asked.is_preferred) AS preferred_n,
        sum(asked.sentences_n) FILTER (WHERE asked.is_named) AS sentences_n,
        any_value(postings.employer_id) FILTER (WHERE asked.is_named) AS employer_id,
        sum(postings.posting_weight * asked.counted) AS weight,
        sum(postings.calibrated_weight * asked.counted) AS calibrated_weight
    FROM asked
    INNER JOIN postings ON postings.posting_id = asked.posting_id
    INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = postings.posting_id
    GROUP BY sectors.sector_code, asked.grain, asked.skill_id, postings.cluster_id
),
wages AS (
    SELECT
        sectors.sector_code,
        asked.grain,
        asked.skill_id,
        count(postings.posted_usd_year) AS paid_n,
        median(postings.posted_usd_year) AS posted_usd_year,
        avg(postings.official_usd_year) AS official_usd_year
    FROM asked
    INNER JOIN postings ON postings.posting_id = asked.posting_id
    INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = postings.posting_id
    WHERE asked.is_named
    GROUP BY sectors.sector_code, asked.grain, asked.skill_id
),
skill_totals AS (
    SELECT asked.grain, asked.skill_id, sum(postings.sector_weight * asked.counted) AS weight
    FROM asked
    INNER JOIN postings ON postings.posting_id = asked.posting_id
    GROUP BY asked.grain, asked.skill_id
),
everywhere AS (
    SELECT sum(sector_weight) AS weight
    FROM postings
),
labeled AS (
    SELECT sum(right_n) AS right_n, sum(wrong_n) AS wrong_n, sum(missed_n) AS missed_n
    FROM core.group_accuracy
)
SELECT
    skill_clusters.sector_code,
    skill_clusters.grain,
    skill_clusters.skill_id,
    any_value(names.skill_label) AS skill_label,
    any_value(names.is_transversal) AS is_transversal,
    any_value(period.start_on) AS period_start_on,
    any_value(period.end_on) AS period_end_on,
    sum(skill_clusters.postings_n) AS postings_n,
    sum(skill_clusters.required_n) AS required_n,
    sum(skill_clusters.preferred_n) AS preferred_n,
    any_value(sector_totals.postings_n) AS sector_postings_n,
    count(skill_clusters.employer_id) AS employers_n,
    sum(skill_clusters.weight) AS skill_weight,
    any_value(sector_totals.weight) AS sector_weight,
    any_value(sector_totals.clusters_n) AS clusters_n,
    sum(skill_clusters.weight * skill_clusters.weight) AS skill_weight_squares,
    sum(skill_clusters.weight * sector_clusters.weight) AS weight_products,
    any_value(sector_totals.weight_squares) AS sector_weight_squares,
    any_value(skill_totals.weight) AS skill_weight_everywhere,
    any_value(everywhere.weight) AS weight_everywhere,
    sum(skill_clusters.calibrated_weight) AS calibrated_skill_weight,
    any_value(sector_totals.calibrated_weight) AS calibrated_sector_weight,
    sum(skill_clusters.calibrated_weight * skill_clusters.calibrated_weight)
        AS calibrated_skill_weight_squares,
    sum(skill_clusters.calibrated_weight * sector_clusters.calibrated_weight)
        AS calibrated_weight_products,
    any_value(sector_totals.calibrated_weight_squares) AS calibrated_sector_weight_squares,
    least(
        sum(skill_clusters.calibrated_weight) / any_value(sector_totals.calibrated_weight), 1
    ) AS share_calibrated,
    any_value(sector_totals.calibrated_n) AS calibrated_n,
    greatest(sum(skill_clusters.sentences_n) / sum(skill_clusters.postings_n), 1)
        AS sentences_mean,
    CASE WHEN skill_clusters.grain = 'group' THEN coalesce(any_value(accuracy.right_n), 0) END
        AS right_n,
    CASE WHEN skill_clusters.grain = 'group' THEN coalesce(any_value(accuracy.wrong_n), 0) END
        AS wrong_n,
    CASE WHEN skill_clusters.grain = 'group' THEN coalesce(any_value(accuracy.missed_n), 0) END
        AS missed_n,
    any_value(labeled.right_n) AS labeled_right_n,
    any_value(labeled.wrong_n) AS labeled_wrong_n,
    any_value(labeled.missed_n) AS labeled_missed_n,
    any_value(wages.paid_n) AS paid_n,
    CASE
        WHEN any_value(wages.paid_n) >= getvariable('min_paid_postings')
            THEN any_value(wages.posted_usd_year)
        ELSE any_value(wages.official_usd_year)
    END AS wage_usd_year,
    CASE
        WHEN any_value(wages.paid_n) >= getvariable('min_paid_postings') THEN 'posted'
        WHEN any_value(wages.official_usd_year) IS NOT NULL THEN 'official'
    END AS wage_source
FROM skill_clusters
INNER JOIN sector_clusters
    ON sector_clusters.sector_code = skill_clusters.sector_code
    AND sector_clusters.cluster_id = skill_clusters.cluster_id
INNER JOIN sector_totals ON sector_totals.sector_code = skill_clusters.sector_code
INNER JOIN skill_totals
    ON skill_totals.grain = skill_clusters.grain
    AND skill_totals.skill_id = skill_clusters.skill_id
INNER JOIN wages
    ON wages.sector_code = skill_clusters.sector_code
    AND wages.grain = skill_clusters.grain
    AND wages.skill_id = skill_clusters.skill_id
INNER JOIN core.skill_names AS names
    ON names.grain = skill_clusters.grain AND names.skill_id = skill_clusters.skill_id
LEFT JOIN core.group_accuracy AS accuracy ON accuracy.group_code = skill_clusters.skill_id
CROSS JOIN everywhere
CROSS JOIN labeled
CROSS JOIN core.period
GROUP BY skill_clusters.sector_code, skill_clusters.grain, skill_clusters.skill_id
HAVING sum(skill_clusters.postings_n) > 0
