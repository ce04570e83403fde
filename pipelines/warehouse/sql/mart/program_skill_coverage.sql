-- Every way in which a course of a program covers a skill: it names the skill itself, a
-- narrower or a broader one. gap_metrics.coverage weighs the ways and keeps the best.
WITH RECURSIVE broader (skill_id, broader_id) AS (
    SELECT skill_id, related_skill_id
    FROM core.skill_relations
    WHERE relation = 'broader'
    UNION
    SELECT broader.skill_id, relations.related_skill_id
    FROM broader
    INNER JOIN core.skill_relations AS relations
        ON relations.skill_id = broader.broader_id AND relations.relation = 'broader'
),
taught AS (
    SELECT DISTINCT -- a course names a skill more than once; each depth counts once
        program_courses.program_id,
        mentions.skill_id,
        courses.course_code,
        mentions.depth,
        program_courses.is_required
    FROM core.course_skills AS mentions
    INNER JOIN core.program_courses ON program_courses.course_id = mentions.course_id
    INNER JOIN core.courses ON courses.course_id = mentions.course_id
    WHERE mentions.skill_id IS NOT NULL AND mentions.score >= getvariable('min_mention_score')
),
ways AS (
    SELECT skill_id, skill_id AS covering_skill_id, 'itself' AS covered_by
    FROM core.skills
    UNION ALL
    SELECT broader_id, skill_id, 'narrower'
    FROM broader
    UNION ALL
    SELECT skill_id, broader_id, 'broader'
    FROM broader
)
SELECT
    taught.program_id,
    ways.skill_id,
    skills.preferred_label AS skill_label,
    ways.covered_by,
    ways.covering_skill_id,
    taught.course_code,
    taught.depth,
    taught.is_required
FROM taught
INNER JOIN ways ON ways.covering_skill_id = taught.skill_id
INNER JOIN core.skills AS skills ON skills.skill_id = ways.skill_id
