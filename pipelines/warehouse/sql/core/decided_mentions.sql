-- The mentions that current decisions speak of: a sentence or words of a side and a skill, or a
-- course and a skill; of a group, the mentions of its concepts and those that speak for it. A mention
-- is rejected where any decision rejects it, unless its sentence itself is accepted.
WITH decisions AS (
    SELECT decision_id, subject_kind, side, skill_id, subject_id, verdict
    FROM core.decisions
    WHERE is_current AND verdict <> 'withdrawn'
),
mentions AS (
    SELECT
        'postings' AS side,
        posting_id AS document_id,
        mention_n,
        skill_id,
        group_codes[1] AS group_code,
        label,
        sentence
    FROM core.posting_skills
    UNION ALL
    SELECT
        'courses' AS side,
        course_id AS document_id,
        mention_n,
        skill_id,
        group_codes[1] AS group_code,
        label,
        sentence
    FROM core.course_skills
),
members AS (
    SELECT skill_id, member_id
    FROM core.skill_members
    WHERE skill_id IN (SELECT skill_id FROM decisions)
),
spoken AS (
    SELECT mentions.* EXCLUDE (skill_id, group_code), members.skill_id
    FROM mentions
    INNER JOIN members ON members.member_id = mentions.skill_id
    UNION ALL
    SELECT * EXCLUDE (skill_id, group_code), group_code AS skill_id
    FROM mentions
    WHERE skill_id IS NULL AND group_code IN (SELECT skill_id FROM decisions)
)
SELECT
    spoken.side,
    spoken.document_id,
    spoken.mention_n,
    decisions.decision_id,
    bool_or(decisions.verdict = 'reject') OVER of_mention
    AND NOT bool_or(decisions.verdict = 'accept' AND decisions.subject_kind = 'mention')
        OVER of_mention AS is_rejected
FROM spoken
INNER JOIN decisions
    ON decisions.side = spoken.side
    AND decisions.skill_id = spoken.skill_id
    AND decisions.subject_id = CASE decisions.subject_kind
        WHEN 'mention' THEN sha256(spoken.sentence)
        WHEN 'term' THEN term_of(spoken.label)
        WHEN 'course_skill' THEN spoken.document_id
    END
WINDOW of_mention AS (PARTITION BY spoken.side, spoken.document_id, spoken.mention_n)
