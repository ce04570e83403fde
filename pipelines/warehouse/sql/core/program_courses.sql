-- The courses of a program: its registry names codes or patterns ('NUR *') of its institution.
WITH named AS (
    SELECT program_id, institution, unnest(required_courses) AS code, true AS is_required
    FROM raw.programs
    UNION ALL
    SELECT program_id, institution, unnest(elective_courses) AS code, false AS is_required
    FROM raw.programs
)
SELECT named.program_id, courses.course_id, bool_or(named.is_required) AS is_required
FROM named
INNER JOIN core.courses
    ON courses.institution = named.institution
    AND courses.course_code GLOB named.code
GROUP BY named.program_id, courses.course_id
