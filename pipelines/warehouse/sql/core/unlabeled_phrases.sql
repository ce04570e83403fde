-- Words that read like a skill and that no concept covers, compared in lower case: what employers and
-- courses say that the taxonomy lacks a name for. Asked by enough employers, a phrase has a
-- provisional local id, for a reviewer to take or refuse.
-- Variables: min_mention_score, min_employers.
WITH said AS (
    SELECT
        trim(lower(mentions.label), ' .,;:-') AS phrase,
        mentions.posting_id,
        coalesce(postings.employer_id, postings.posting_id) AS employer_id,
        NULL AS course_id,
        mentions.group_codes,
        mentions.score,
        mentions.sentence
    FROM core.posting_skills AS mentions
    INNER JOIN core.postings AS postings ON postings.posting_id = mentions.posting_id
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'postings'
        AND decided.document_id = mentions.posting_id
        AND decided.mention_n = mentions.mention_n
    WHERE mentions.skill_id IS NULL AND mentions.score >= getvariable('min_mention_score')
    UNION ALL
    SELECT
        trim(lower(mentions.label), ' .,;:-') AS phrase,
        NULL AS posting_id,
        NULL AS employer_id,
        mentions.course_id,
        mentions.group_codes,
        mentions.score,
        mentions.sentence
    FROM core.course_skills AS mentions
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'courses'
        AND decided.document_id = mentions.course_id
        AND decided.mention_n = mentions.mention_n
    WHERE mentions.skill_id IS NULL AND mentions.score >= getvariable('min_mention_score')
)
SELECT
    phrase,
    count(DISTINCT posting_id) AS postings_n,
    count(DISTINCT employer_id) AS employers_n,
    count(DISTINCT course_id) AS courses_n,
    mode(group_codes[1] ORDER BY group_codes[1]) AS group_code,
    avg(score) AS mean_score,
    arg_max(sentence, (score, sentence)) AS sentence,
    if(
        count(DISTINCT employer_id) >= getvariable('min_employers'),
        'local:' || trim(regexp_replace(phrase, '[^a-z0-9]+', '-', 'g'), '-'),
        NULL
    ) AS provisional_skill_id
FROM said
WHERE length(phrase) > 2
GROUP BY phrase
HAVING count(DISTINCT posting_id) + count(DISTINCT course_id) >= 2
