-- The courses of a program and the skills they teach, with every depth reached; a course without
-- a skill has one row. Parameters: program_id, grain, min_mention_score.
SELECT
    courses.course_id,
    courses.course_code,
    courses.title,
    program_courses.is_required,
    taught.skill_id,
    taught.depth
FROM core.program_courses
INNER JOIN core.courses ON courses.course_id = program_courses.course_id
LEFT JOIN core.taught_skills AS taught
    ON taught.course_id = program_courses.course_id
    AND taught.grain = $grain
    AND taught.best_score >= $min_mention_score
WHERE program_courses.program_id = $program_id
ORDER BY program_courses.is_required DESC, courses.course_code
