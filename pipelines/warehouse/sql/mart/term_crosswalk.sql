-- The words that courses use for a concept beside the words that employers use for it: of each
-- side the most frequent. Variables: min_mention_score, terms_a_side.
WITH mentions AS (
    SELECT
        'postings' AS side,
        skills.skill_id,
        skills.label,
        skills.posting_id AS document_id,
        coalesce(postings.employer_id, postings.posting_id) AS employer_id
    FROM core.posting_skills AS skills
    INNER JOIN core.postings AS postings ON postings.posting_id = skills.posting_id
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'postings'
        AND decided.document_id = skills.posting_id
        AND decided.mention_n = skills.mention_n
    WHERE
        postings.is_in_window
        AND skills.skill_id IS NOT NULL
        AND skills.score >= getvariable('min_mention_score')
    UNION ALL
    SELECT
        'courses' AS side,
        skills.skill_id,
        skills.label,
        skills.course_id AS document_id,
        NULL AS employer_id
    FROM core.course_skills AS skills
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'courses'
        AND decided.document_id = skills.course_id
        AND decided.mention_n = skills.mention_n
    WHERE skills.skill_id IS NOT NULL AND skills.score >= getvariable('min_mention_score')
),
said AS (
    SELECT
        side,
        skill_id,
        term_of(label) AS term,
        document_id,
        employer_id
    FROM mentions
),
scopes AS (
    SELECT 'postings' AS side, posting_id AS document_id, sector_code AS scope_code
    FROM core.posting_sectors
    UNION ALL
    SELECT 'courses' AS side, course_id AS document_id, program_id AS scope_code
    FROM core.program_courses
),
heard AS (
    SELECT
        said.side,
        said.skill_id,
        said.term,
        -- a term has many mentions in a scope
        list_sort(list(DISTINCT scopes.scope_code)) AS scope_codes
    FROM said
    INNER JOIN scopes ON scopes.side = said.side AND scopes.document_id = said.document_id
    GROUP BY said.side, said.skill_id, said.term
),
counted AS (
    SELECT
        side,
        skill_id,
        term,
        count(*) AS mentions_n,
        count(DISTINCT document_id) AS documents_n,
        count(DISTINCT employer_id) AS employers_n
    FROM said
    GROUP BY side, skill_id, term
),
compared AS (
    SELECT
        side,
        skill_id,
        term,
        mentions_n,
        documents_n,
        employers_n,
        mentions_n / sum(mentions_n) OVER of_side AS mention_share,
        count(*) OVER (PARTITION BY skill_id, term) = 2 AS is_shared,
        row_number() OVER (
            of_side ORDER BY documents_n DESC, mentions_n DESC, term
        ) AS term_n
    FROM counted
    WINDOW of_side AS (PARTITION BY skill_id, side)
),
agreement AS (
    SELECT
        skill_id,
        sum(mention_share) FILTER (WHERE side = 'postings' AND is_shared) AS shared_share
    FROM compared
    GROUP BY skill_id
    HAVING count(DISTINCT side) = 2
)
SELECT
    compared.skill_id,
    skills.preferred_label AS skill_label,
    compared.side,
    compared.term_n,
    compared.term,
    compared.mentions_n,
    compared.documents_n,
    compared.employers_n,
    compared.mention_share,
    compared.is_shared,
    CASE WHEN agreement.skill_id IS NOT NULL THEN coalesce(agreement.shared_share, 0) END
        AS shared_share,
    coalesce(heard.scope_codes, []) AS scope_codes
FROM compared
INNER JOIN core.skills AS skills ON skills.skill_id = compared.skill_id
LEFT JOIN agreement ON agreement.skill_id = compared.skill_id
LEFT JOIN heard
    ON heard.side = compared.side
    AND heard.skill_id = compared.skill_id
    AND heard.term = compared.term
WHERE compared.term_n <= getvariable('terms_a_side')
