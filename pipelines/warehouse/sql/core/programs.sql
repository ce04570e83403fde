-- A program, with the courses that its registry names and no source has.
WITH named AS (
    SELECT program_id, institution, unnest(required_courses || elective_courses) AS code
    FROM raw.programs
),
missing AS (
    SELECT named.program_id, list(named.code ORDER BY named.code) AS codes
    FROM named
    WHERE NOT EXISTS (
        SELECT 1
        FROM core.courses
        WHERE courses.institution = named.institution AND courses.course_code GLOB named.code
    )
    GROUP BY named.program_id
),
found AS (
    SELECT program_id, count(*) AS courses_n
    FROM core.program_courses
    GROUP BY program_id
)
SELECT
    programs.program_id,
    programs.title,
    programs.institution,
    programs.cip_code,
    programs.award_level,
    programs.sector_codes,
    programs.occupation_codes,
    coalesce(found.courses_n, 0) AS courses_n,
    coalesce(missing.codes, []) AS missing_courses
FROM raw.programs
LEFT JOIN found ON found.program_id = programs.program_id
LEFT JOIN missing ON missing.program_id = programs.program_id
