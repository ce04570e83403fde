-- Every way in which a course of a program covers a skill: it names the skill itself, a
-- narrower or a broader one (groups: the group itself). gap_metrics.coverage weighs the ways and keeps the best.
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
    SELECT
        program_courses.program_id,
        skills.grain,
        skills.skill_id,
        courses.course_code,
        skills.depth,
        program_courses.is_required
    FROM core.taught_skills AS skills
    INNER JOIN core.program_courses ON program_courses.course_id = skills.course_id
    INNER JOIN core.courses ON courses.course_id = skills.course_id
    WHERE skills.best_score >= getvariable('min_mention_score')
),
ways AS (
    SELECT grain, skill_id, skill_id AS covering_skill_id, 'itself' AS covered_by
    FROM core.skill_names
    UNION ALL
    SELECT 'concept', broader_id, skill_id, 'narrower'
    FROM broader
    UNION ALL
    SELECT 'concept', skill_id, broader_id, 'broader'
    FROM broader
)
SELECT
    taught.program_id,
    ways.grain,
    ways.skill_id,
    names.skill_label,
    ways.covered_by,
    ways.covering_skill_id,
    taught.course_code,
    taught.depth,
    taught.is_required
FROM taught
INNER JOIN ways ON ways.grain = taught.grain AND ways.covering_skill_id = taught.skill_id
INNER JOIN core.skill_names AS names ON names.grain = ways.grain AND names.skill_id = ways.skill_id
