-- Every way in which courses would cover skills once skills are added to them: as
-- warehouse/sql/mart/program_skill_coverage.sql, for the additions alone.
-- Parameters: program_id; skill_ids, course_ids and depths, of equal length.
WITH RECURSIVE added AS (
    SELECT
        unnest($skill_ids::VARCHAR[]) AS skill_id,
        unnest($course_ids::VARCHAR[]) AS course_id,
        unnest($depths::VARCHAR[]) AS depth
),
taught AS (
    SELECT members.grain, members.skill_id, added.course_id, added.depth
    FROM added
    INNER JOIN core.skill_members AS members ON members.member_id = added.skill_id
    UNION
    SELECT names.grain, names.skill_id, added.course_id, added.depth
    FROM added
    INNER JOIN core.skill_names AS names
        ON names.skill_id = added.skill_id AND names.grain = 'group'
),
above (covering_skill_id, skill_id) AS (
    SELECT relations.skill_id, relations.related_skill_id
    FROM core.skill_relations AS relations
    INNER JOIN added ON added.skill_id = relations.skill_id
    WHERE relations.relation = 'broader'
    UNION
    SELECT above.covering_skill_id, relations.related_skill_id
    FROM above
    INNER JOIN core.skill_relations AS relations
        ON relations.skill_id = above.skill_id AND relations.relation = 'broader'
),
below (covering_skill_id, skill_id) AS (
    SELECT relations.related_skill_id, relations.skill_id
    FROM core.skill_relations AS relations
    INNER JOIN added ON added.skill_id = relations.related_skill_id
    WHERE relations.relation = 'broader'
    UNION
    SELECT below.covering_skill_id, relations.skill_id
    FROM below
    INNER JOIN core.skill_relations AS relations
        ON relations.related_skill_id = below.skill_id AND relations.relation = 'broader'
),
ways AS (
    SELECT grain, skill_id, skill_id AS covering_skill_id, 'itself' AS covered_by
    FROM core.skill_names
    UNION ALL
    SELECT 'concept', skill_id, covering_skill_id, 'narrower'
    FROM above
    UNION ALL
    SELECT 'concept', skill_id, covering_skill_id, 'broader'
    FROM below
)
SELECT
    program_courses.program_id,
    ways.grain,
    ways.skill_id,
    names.skill_label,
    ways.covered_by,
    ways.covering_skill_id,
    courses.course_code,
    taught.depth,
    program_courses.is_required
FROM taught
INNER JOIN core.program_courses
    ON program_courses.course_id = taught.course_id AND program_courses.program_id = $program_id
INNER JOIN core.courses ON courses.course_id = taught.course_id
INNER JOIN ways ON ways.grain = taught.grain AND ways.covering_skill_id = taught.skill_id
INNER JOIN core.skill_names AS names ON names.grain = ways.grain AND names.skill_id = ways.skill_id
