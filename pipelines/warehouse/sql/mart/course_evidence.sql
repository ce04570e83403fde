-- The courses' sentences for a skill in a program: deepest first, one a course.
WITH counted AS (
    SELECT mentions.*
    FROM core.course_skills AS mentions
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'courses'
        AND decided.document_id = mentions.course_id
        AND decided.mention_n = mentions.mention_n
),
skills AS (
    SELECT members.grain, members.skill_id, mentions.* EXCLUDE (skill_id)
    FROM counted AS mentions
    INNER JOIN core.skill_members AS members ON members.member_id = mentions.skill_id
    UNION ALL
    SELECT 'group' AS grain, group_codes[1] AS skill_id, mentions.* EXCLUDE (skill_id)
    FROM counted AS mentions
    WHERE skill_id IS NULL AND len(group_codes) > 0
),
mentions AS (
    SELECT
        program_courses.program_id,
        skills.grain,
        skills.skill_id,
        courses.course_id,
        courses.course_code,
        courses.title,
        skills.sentence,
        skills.start - skills.sentence_start AS mention_start,
        skills."end" - skills.sentence_start AS mention_end,
        skills.depth,
        list_position(['mentioned', 'introduced', 'practiced', 'assessed'], skills.depth)
            AS depth_n,
        courses.source_id,
        courses.locator,
        row_number() OVER (
            PARTITION BY
                program_courses.program_id, skills.grain, skills.skill_id, courses.course_id
            ORDER BY depth_n DESC, skills.score DESC, skills.mention_n
        ) AS course_mention_n
    FROM skills
    INNER JOIN core.courses AS courses ON courses.course_id = skills.course_id
    INNER JOIN core.program_courses ON program_courses.course_id = skills.course_id
    WHERE skills.score >= getvariable('min_mention_score')
)
SELECT
    program_id,
    grain,
    skill_id,
    row_number() OVER (
        PARTITION BY program_id, grain, skill_id
        ORDER BY depth_n DESC, course_code
    ) AS evidence_n,
    course_id,
    course_code,
    title,
    sentence,
    sha256(sentence) AS sentence_hash,
    mention_start,
    mention_end,
    depth,
    source_id,
    locator
FROM mentions
WHERE course_mention_n = 1
QUALIFY evidence_n <= getvariable('evidence_sentences')
