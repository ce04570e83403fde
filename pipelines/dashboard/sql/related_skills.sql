-- Skills near a skill in the taxonomy: the groups that hold it and its neighbors; for a group its
-- concepts that are asked for (DISTINCT: in any sector). With the most postings that name each in one sector. Parameters: skill_id, limit_n.
WITH near AS (
    SELECT 'group' AS relation, members.skill_id, 0 AS place
    FROM core.skill_members AS members
    WHERE members.member_id = $skill_id AND members.grain = 'group'
    UNION ALL
    SELECT 'broader', related_skill_id, 1
    FROM core.skill_relations
    WHERE skill_id = $skill_id AND relation = 'broader'
    UNION ALL
    SELECT 'narrower', skill_id, 2
    FROM core.skill_relations
    WHERE related_skill_id = $skill_id AND relation = 'broader'
    UNION ALL
    SELECT 'related', related_skill_id, 3
    FROM core.skill_relations
    WHERE skill_id = $skill_id AND relation = 'related'
    UNION ALL
    SELECT 'concept', members.member_id, 4
    FROM core.skill_members AS members
    INNER JOIN (SELECT DISTINCT skill_id FROM mart.sector_skill_demand) AS demanded
        ON demanded.skill_id = members.member_id
    WHERE members.skill_id = $skill_id AND members.grain = 'group'
),
asked AS (
    SELECT skill_id, max(postings_n) AS postings_n
    FROM mart.sector_skill_demand
    GROUP BY skill_id
)
SELECT
    near.relation,
    near.skill_id,
    names.skill_label,
    coalesce(asked.postings_n, 0) AS postings_n
FROM near
INNER JOIN core.skill_names AS names ON names.skill_id = near.skill_id
LEFT JOIN asked ON asked.skill_id = near.skill_id
QUALIFY row_number() OVER (
    PARTITION BY near.relation
    ORDER BY asked.postings_n DESC NULLS LAST, names.skill_label
) <= $limit_n
ORDER BY near.place, coalesce(asked.postings_n, 0) DESC, names.skill_label
