-- The weight of every employer's postings in a sector that name a skill, as they count.
-- Variables: counting_rule, min_mention_score.
SELECT
    sectors.sector_code,
    asked.grain,
    asked.skill_id,
    coalesce(postings.employer_id, postings.posting_id) AS cluster_id,
    sum(
        postings.posting_weight
        * CASE getvariable('counting_rule')
            WHEN 'expectation' THEN asked.chance
            ELSE (asked.best_score >= getvariable('min_mention_score'))::INTEGER
        END
    ) AS weight
FROM core.asked_skills AS asked
INNER JOIN core.postings ON postings.posting_id = asked.posting_id
INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = asked.posting_id
WHERE postings.is_in_window
GROUP BY
    sectors.sector_code,
    asked.grain,
    asked.skill_id,
    coalesce(postings.employer_id, postings.posting_id)
HAVING sum(
    CASE getvariable('counting_rule')
        WHEN 'expectation' THEN asked.chance
        ELSE (asked.best_score >= getvariable('min_mention_score'))::INTEGER
    END
) > 0
