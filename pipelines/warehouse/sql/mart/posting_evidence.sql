-- The employers' sentences for a skill in a sector: newest first, one an employer, surest first.
WITH counted AS (
    SELECT
        mentions.posting_id,
        mentions.mention_n,
        mentions.skill_id,
        mentions.group_codes,
        mentions.score,
        coalesce(mentions.requirement = 'required', false) AS is_required,
        length(mentions.sentence) BETWEEN 40 AND 240 AS is_of_reading_length
    FROM core.posting_skills AS mentions
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'postings'
        AND decided.document_id = mentions.posting_id
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
        sectors.sector_code,
        skills.grain,
        skills.skill_id,
        skills.posting_id,
        skills.mention_n,
        skills.is_of_reading_length,
        postings.posted_on,
        row_number() OVER (
            PARTITION BY
                sectors.sector_code,
                skills.grain,
                skills.skill_id,
                coalesce(postings.employer_id, postings.posting_id)
            ORDER BY
                skills.is_required DESC,
                skills.score DESC,
                skills.is_of_reading_length DESC,
                postings.posted_on DESC,
                postings.posting_id,
                skills.mention_n
        ) AS employer_mention_n
    FROM skills
    INNER JOIN core.postings AS postings ON postings.posting_id = skills.posting_id
    INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = skills.posting_id
    WHERE
        postings.is_in_window
        AND skills.score >= getvariable('min_mention_score')
),
chosen AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY sector_code, grain, skill_id
            ORDER BY is_of_reading_length DESC, posted_on DESC, posting_id
        ) AS evidence_n
    FROM mentions
    WHERE employer_mention_n = 1
    QUALIFY evidence_n <= getvariable('evidence_sentences')
)
SELECT
    chosen.sector_code,
    chosen.grain,
    chosen.skill_id,
    chosen.evidence_n,
    chosen.posting_id,
    mentions.sentence,
    sha256(mentions.sentence) AS sentence_hash,
    mentions.start - mentions.sentence_start AS mention_start,
    mentions."end" - mentions.sentence_start AS mention_end,
    postings.employer,
    postings.title,
    postings.posted_on,
    postings.source_id,
    postings.locator
FROM chosen
INNER JOIN core.posting_skills AS mentions
    ON mentions.posting_id = chosen.posting_id AND mentions.mention_n = chosen.mention_n
INNER JOIN core.postings AS postings ON postings.posting_id = chosen.posting_id
