-- Where the records of each source of postings went. A record is kept, a copy of another that is
-- kept, or refused.
WITH fates AS (
    SELECT
        source_id,
        kept.posting_id IS NOT NULL AS is_kept,
        kept.posting_id IS NULL AND vacancy_id IN (
            SELECT vacancy_id
            FROM core.postings
            INNER JOIN core.posting_copies USING (source_id, source_record_id)
        ) AS is_copy
    FROM core.posting_copies
    LEFT JOIN core.postings AS kept USING (source_id, source_record_id)
)
SELECT
    source_id,
    any_value(rows_n) AS records_n,
    count(*) FILTER (WHERE is_kept) AS kept_n,
    count(*) FILTER (WHERE is_copy) AS copies_n,
    any_value(rejects_n) AS rejects_n
FROM raw.sources
LEFT JOIN fates USING (source_id)
WHERE kind = 'postings'
GROUP BY source_id
ORDER BY source_id
