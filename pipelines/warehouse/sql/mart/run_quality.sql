-- Volumes and shares that say how far to trust the run.
SELECT 'records read' AS check_name, source_id AS subject, rows_n::DOUBLE AS value, 'rows' AS unit
FROM raw.sources
UNION ALL
SELECT 'records refused', source_id, rejects_n, 'rows'
FROM raw.sources
UNION ALL
SELECT 'records refused, ' || reason_code, source_id, count(*), 'rows'
FROM raw.rejects
GROUP BY source_id, reason_code
UNION ALL
SELECT 'refused share', 'all', coalesce(sum(rejects_n) / nullif(sum(rows_n), 0), 0), 'share'
FROM raw.sources
UNION ALL
SELECT 'distinct postings', 'all', count(*), 'rows'
FROM core.postings
UNION ALL
SELECT 'distinct postings', sector_code, count(*), 'rows'
FROM core.postings
GROUP BY sector_code
UNION ALL
SELECT 'records with copies, ' || copy_kind, 'all', count(*), 'rows'
FROM core.posting_copies
WHERE copy_kind <> 'only'
GROUP BY copy_kind
UNION ALL
SELECT 'copies set aside', 'all', coalesce(sum(duplicate_n), 0), 'rows'
FROM core.postings
UNION ALL
SELECT 'postings in the window', 'all', count(*) FILTER (WHERE is_in_window), 'rows'
FROM core.postings
UNION ALL
SELECT 'postings without a date', 'all', count(*) FILTER (WHERE posted_on IS NULL), 'rows'
FROM core.postings
UNION ALL
SELECT
    'duplicate share', 'all',
    coalesce(sum(duplicate_n) / nullif(sum(duplicate_n) + count(*), 0), 0), 'share'
FROM core.postings
UNION ALL
SELECT 'sector unknown share', 'all', coalesce(avg((sector_code = 'unknown')::INTEGER), 0), 'share'
FROM core.postings
UNION ALL
SELECT 'stale share', 'all', coalesce(avg(is_stale::INTEGER), 0), 'share'
FROM core.postings
UNION ALL
SELECT 'stale share', sector_code, avg(is_stale::INTEGER), 'share'
FROM core.postings
GROUP BY sector_code
UNION ALL
SELECT 'perpetual share', 'all', coalesce(avg(is_perpetual::INTEGER), 0), 'share'
FROM core.postings
UNION ALL
SELECT 'perpetual share', sector_code, avg(is_perpetual::INTEGER), 'share'
FROM core.postings
GROUP BY sector_code
UNION ALL
SELECT 'staffing agency share', 'all', coalesce(avg(is_staffing_agency::INTEGER), 0), 'share'
FROM core.postings
UNION ALL
SELECT 'staffing agency share', sector_code, avg(is_staffing_agency::INTEGER), 'share'
FROM core.postings
GROUP BY sector_code
UNION ALL
SELECT 'sector known, ' || sector_method, 'all', count(*), 'rows'
FROM core.postings
GROUP BY sector_method
UNION ALL
SELECT
    'postings without a skill', 'all',
    coalesce(avg((posting_id NOT IN (SELECT posting_id FROM core.posting_skills))::INTEGER), 0),
    'share'
FROM core.postings
UNION ALL
SELECT 'courses', 'all', count(*), 'rows'
FROM core.courses
UNION ALL
SELECT
    'courses without a skill', 'all',
    coalesce(avg((course_id NOT IN (SELECT course_id FROM core.course_skills))::INTEGER), 0),
    'share'
FROM core.courses
UNION ALL
SELECT 'decisions that count', 'all', count(*), 'rows'
FROM core.decisions
WHERE is_current AND verdict <> 'withdrawn'
UNION ALL
SELECT 'decisions whose subject is not there', 'all', count(*), 'rows'
FROM core.decisions AS decisions
ANTI JOIN core.decided_mentions AS decided ON decided.decision_id = decisions.decision_id
ANTI JOIN core.courses AS courses
    ON decisions.subject_kind = 'course_skill' AND courses.course_id = decisions.subject_id
WHERE decisions.is_current AND decisions.verdict <> 'withdrawn'
UNION ALL
SELECT 'mentions that reviewers rejected', side, count(DISTINCT (document_id, mention_n)), 'rows'
FROM core.decided_mentions
WHERE is_rejected
GROUP BY side
