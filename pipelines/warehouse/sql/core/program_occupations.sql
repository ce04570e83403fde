-- The occupations a program prepares for: those its registry names; where it names none, those of
-- its CIP code in the crosswalk (by the first code that is listed: six digits, else four).
WITH named AS (
    SELECT program_id, unnest(occupation_codes) AS occupation_code
    FROM raw.programs
),
listed AS (
    SELECT programs.program_id, crosswalk.occupation_code
    FROM raw.programs
    INNER JOIN core.cip_occupations AS crosswalk ON crosswalk.cip_code = programs.cip_code
),
near AS (
    SELECT DISTINCT -- several six-digit codes of the same four lead to one occupation
        programs.program_id,
        crosswalk.occupation_code
    FROM raw.programs
    INNER JOIN core.cip_occupations AS crosswalk
        ON left(crosswalk.cip_code, 5) = left(programs.cip_code, 5)
    WHERE programs.program_id NOT IN (SELECT program_id FROM listed)
)
SELECT program_id, occupation_code, 'program' AS method
FROM named
UNION ALL
SELECT program_id, occupation_code, 'crosswalk' AS method
FROM (
    SELECT program_id, occupation_code
    FROM listed
    UNION ALL
    SELECT program_id, occupation_code
    FROM near
) AS crosswalked
WHERE program_id NOT IN (SELECT program_id FROM named)
