-- How likely each posting asks for a concept, or for any of a group's, over its mentions.
-- A mention without a concept speaks for its likeliest group, as far as that group is right.
-- Variables: first_group_chance, min_mention_score.
WITH counted AS (
    SELECT mentions.posting_id, mentions.skill_id, mentions.group_codes, score, requirement
    FROM core.posting_skills AS mentions
    ANTI JOIN core.decided_mentions AS decided
        ON decided.is_rejected
        AND decided.side = 'postings'
        AND decided.document_id = mentions.posting_id
        AND decided.mention_n = mentions.mention_n
),
mentions AS (
    SELECT
        counted.posting_id,
        members.grain,
        members.skill_id,
        counted.score,
        counted.requirement
    FROM counted
    INNER JOIN core.skill_members AS members ON members.member_id = counted.skill_id
    UNION ALL
    SELECT
        posting_id,
        'group' AS grain,
        group_codes[1] AS skill_id,
        score * getvariable('first_group_chance') AS score,
        requirement
    FROM counted
    WHERE skill_id IS NULL AND len(group_codes) > 0
)
SELECT
    posting_id,
    grain,
    skill_id,
    max(score) AS best_score,
    1 - exp(sum(ln(1 - least(score, 0.999)))) AS chance,
    coalesce(
        bool_or(requirement = 'required') FILTER (WHERE score >= getvariable('min_mention_score')),
        false
    ) AS is_required,
    coalesce(
        bool_or(requirement = 'preferred') FILTER (WHERE score >= getvariable('min_mention_score')),
        false
    ) AS is_preferred
FROM mentions
GROUP BY posting_id, grain, skill_id
