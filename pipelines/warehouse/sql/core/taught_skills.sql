-- How deep each course goes into a concept, or into any of a group's, at each depth it reaches.
-- A mention without a concept speaks for its likeliest group, as far as that group is right; a skill
-- that a reviewer accepts for a course counts as a mention without doubt. Variables:
-- first_group_chance.
WITH counted AS (
    SELECT mentions.course_id, mentions.skill_id, mentions.group_codes, score, depth
    FROM core.course_skills AS mentions
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'courses'
        AND decided.document_id = mentions.course_id
        AND decided.mention_n = mentions.mention_n
),
accepted AS (
    SELECT decisions.subject_id AS course_id, decisions.skill_id, 1.0 AS score, decisions.depth
    FROM core.decisions AS decisions
    SEMI JOIN core.courses AS courses ON courses.course_id = decisions.subject_id
    WHERE
        decisions.is_current
        AND decisions.subject_kind = 'course_skill'
        AND decisions.verdict = 'accept'
),
mentions AS (
    SELECT counted.course_id, members.grain, members.skill_id, counted.score, counted.depth
    FROM (
        SELECT course_id, skill_id, score, depth FROM counted
        UNION ALL
        SELECT course_id, skill_id, score, depth FROM accepted
    ) AS counted
    INNER JOIN core.skill_members AS members ON members.member_id = counted.skill_id
    UNION ALL
    SELECT
        course_id,
        'group' AS grain,
        group_codes[1] AS skill_id,
        score * getvariable('first_group_chance') AS score,
        depth
    FROM counted
    WHERE skill_id IS NULL AND len(group_codes) > 0
    UNION ALL
    SELECT accepted.course_id, names.grain, accepted.skill_id, accepted.score, accepted.depth
    FROM accepted
    INNER JOIN core.skill_names AS names
        ON names.grain = 'group' AND names.skill_id = accepted.skill_id
)
SELECT
    course_id,
    grain,
    skill_id,
    depth,
    max(score) AS best_score
FROM mentions
GROUP BY course_id, grain, skill_id, depth
