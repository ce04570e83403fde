-- The taxonomy-miss lane: of the phrases in core.unlabeled_phrases, who says them. Postings count by
-- sector, courses by program, and both also in 'all'. Postings count as today's demand does.
-- Variables: min_mention_score, likely_groups.
WITH mentions AS (
    SELECT
        'postings' AS side,
        skills.label,
        skills.posting_id AS document_id,
        postings.employer_id,
        coalesce(postings.employer, postings.source_id) AS said_by,
        postings.source_id,
        postings.locator,
        skills.group_codes,
        skills.score,
        skills.sentence
    FROM core.posting_skills AS skills
    INNER JOIN core.postings AS postings ON postings.posting_id = skills.posting_id
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'postings'
        AND decided.document_id = skills.posting_id
        AND decided.mention_n = skills.mention_n
    WHERE
        postings.is_in_window
        AND skills.skill_id IS NULL
        AND skills.score >= getvariable('min_mention_score')
    UNION ALL
    SELECT
        'courses' AS side,
        skills.label,
        skills.course_id AS document_id,
        NULL AS employer_id,
        courses.course_code AS said_by,
        courses.source_id,
        courses.locator,
        skills.group_codes,
        skills.score,
        skills.sentence
    FROM core.course_skills AS skills
    INNER JOIN core.courses AS courses ON courses.course_id = skills.course_id
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'courses'
        AND decided.document_id = skills.course_id
        AND decided.mention_n = skills.mention_n
    WHERE skills.skill_id IS NULL AND skills.score >= getvariable('min_mention_score')
),
scopes AS (
    SELECT 'postings' AS side, posting_id AS document_id, sector_code AS scope_code
    FROM core.posting_sectors
    UNION ALL
    SELECT 'courses' AS side, course_id AS document_id, program_id AS scope_code
    FROM core.program_courses
    UNION ALL
    SELECT 'postings' AS side, posting_id AS document_id, 'all' AS scope_code
    FROM core.postings
    UNION ALL
    SELECT 'courses' AS side, course_id AS document_id, 'all' AS scope_code
    FROM core.courses
),
said AS (
    SELECT phrases.phrase, scopes.scope_code, mentions.*
    FROM mentions
    INNER JOIN core.unlabeled_phrases AS phrases
        ON phrases.phrase = trim(lower(mentions.label), ' .,;:-')
    INNER JOIN scopes
        ON scopes.side = mentions.side AND scopes.document_id = mentions.document_id
),
group_weights AS ( -- the likeliest group of a mention weighs most: 1, 1/2, 1/3
    SELECT phrase, group_code, sum(1.0 / group_n) AS weight
    FROM (
        SELECT
            phrase,
            unnest(group_codes) AS group_code,
            unnest(range(1, len(group_codes) + 1)) AS group_n
        FROM said
        WHERE scope_code = 'all'
    )
    GROUP BY phrase, group_code
),
likely_groups AS (
    SELECT
        phrase,
        list(group_code ORDER BY weight DESC, group_code)[:getvariable('likely_groups')]
            AS group_codes
    FROM group_weights
    GROUP BY phrase
)
SELECT
    said.phrase,
    said.side,
    said.scope_code,
    count(DISTINCT said.document_id) AS documents_n,
    count(DISTINCT said.employer_id) AS employers_n,
    coalesce(any_value(likely_groups.group_codes), []) AS group_codes,
    avg(said.score) AS mean_score,
    arg_max(said.sentence, (said.score, said.document_id)) AS sentence,
    arg_max(said.said_by, (said.score, said.document_id)) AS said_by,
    arg_max(said.source_id, (said.score, said.document_id)) AS source_id,
    arg_max(said.locator, (said.score, said.document_id)) AS locator
FROM said
LEFT JOIN likely_groups ON likely_groups.phrase = said.phrase
GROUP BY said.phrase, said.side, said.scope_code
