-- By cause of a change, the documents behind it: new ones, ones that are gone, changed ones.
WITH postings AS (
    SELECT
        coalesce(now.posting_id, earlier.posting_id) AS document_id,
        now.posting_id IS NOT NULL AS is_now,
        earlier.posting_id IS NOT NULL AS was_there
    FROM (FROM working.core.postings WHERE is_in_window) AS now
    FULL JOIN (FROM published.core.postings WHERE is_in_window) AS earlier
        ON earlier.posting_id = now.posting_id
),
texts AS (
    SELECT 'postings' AS cause, posting_id AS document_id, text_hash, extraction_version
    FROM working.core.posting_texts
    UNION ALL
    SELECT 'syllabi', course_id, text_hash, extraction_version
    FROM working.core.course_texts
),
earlier_texts AS (
    SELECT 'postings' AS cause, posting_id AS document_id, text_hash, extraction_version
    FROM published.core.posting_texts
    UNION ALL
    SELECT 'syllabi', course_id, text_hash, extraction_version
    FROM published.core.course_texts
),
both_texts AS (
    SELECT
        texts.cause,
        texts.text_hash <> earlier.text_hash AS is_changed,
        texts.text_hash = earlier.text_hash
        AND texts.extraction_version <> earlier.extraction_version AS is_read_anew
    FROM texts
    INNER JOIN earlier_texts AS earlier
        ON earlier.cause = texts.cause AND earlier.document_id = texts.document_id
),
counts AS (
    SELECT 'postings' AS cause, count(*) FILTER (WHERE NOT was_there) AS new_n,
        count(*) FILTER (WHERE NOT is_now) AS gone_n, 0 AS changed_n
    FROM postings
    UNION ALL
    SELECT 'syllabi', count(*) FILTER (WHERE earlier.course_id IS NULL),
        count(*) FILTER (WHERE now.course_id IS NULL), 0
    FROM working.core.courses AS now
    FULL JOIN published.core.courses AS earlier ON earlier.course_id = now.course_id
    UNION ALL
    SELECT cause, 0, 0, count(*) FILTER (WHERE is_changed)
    FROM both_texts
    GROUP BY cause
    UNION ALL
    SELECT 'readings', 0, 0, count(*) FILTER (WHERE is_read_anew)
    FROM both_texts
)
SELECT
    cause,
    sum(new_n)::BIGINT AS new_n,
    sum(gone_n)::BIGINT AS gone_n,
    sum(changed_n)::BIGINT AS changed_n
FROM counts
GROUP BY cause
