-- How deep each course goes into a concept, or into any of a group's, at each depth it reaches.
-- A mention without a concept speaks for its likeliest group, as far as that group is right.
-- Variables: first_group_chance.
WITH mentions AS (
    SELECT
        mentions.course_id,
        members.grain,
        members.skill_id,
        mentions.score,
        mentions.depth
    FROM core.course_skills AS mentions
    INNER JOIN core.skill_members AS members ON members.member_id = mentions.skill_id
    UNION ALL
    SELECT
        course_id,
        'group' AS grain,
        group_codes[1] AS skill_id,
        score * getvariable('first_group_chance') AS score,
        depth
    FROM core.course_skills
    WHERE skill_id IS NULL AND len(group_codes) > 0
)
SELECT
    course_id,
    grain,
    skill_id,
    depth,
    max(score) AS best_score
FROM mentions
GROUP BY course_id, grain, skill_id, depth
