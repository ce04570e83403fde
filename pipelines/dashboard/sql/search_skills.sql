-- Skills with words in one of their labels, the most asked first; all of them for no words.
-- Parameters: words, limit_n.
WITH asked AS (
    SELECT skill_id, max(postings_n) AS postings_n
    FROM mart.sector_skill_demand
    GROUP BY skill_id
),
labeled AS (
    SELECT skill_id, min(label) AS label
    FROM (
        SELECT skill_id, label
        FROM core.skill_labels
        UNION ALL
        SELECT skill_id, skill_label
        FROM core.skill_names
    ) AS labels
    WHERE contains(lower(label), lower($words))
    GROUP BY skill_id
)
SELECT
    names.skill_id,
    names.skill_label,
    names.grain,
    coalesce(asked.postings_n, 0) AS postings_n
FROM labeled
INNER JOIN core.skill_names AS names ON names.skill_id = labeled.skill_id
LEFT JOIN asked ON asked.skill_id = names.skill_id
ORDER BY
    coalesce(asked.postings_n, 0) DESC,
    names.skill_label,
    names.skill_id
LIMIT $limit_n
