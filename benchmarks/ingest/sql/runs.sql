-- What a run made of its sources of postings, a row a measure.
SELECT 'files' AS measure, sum(files_n)::DOUBLE AS value
FROM raw.sources
WHERE kind = 'postings'
UNION ALL
SELECT 'records in', sum(rows_n)
FROM raw.sources
WHERE kind = 'postings'
UNION ALL
SELECT 'refused, ' || reason_code, count(*)
FROM raw.rejects
GROUP BY reason_code
UNION ALL
SELECT 'records with copies, ' || copy_kind, count(*)
FROM core.posting_copies
WHERE copy_kind <> 'only'
GROUP BY copy_kind
UNION ALL
SELECT 'vacancies kept', count(*)
FROM core.postings
UNION ALL
SELECT 'copies set aside', sum(duplicate_n)
FROM core.postings
UNION ALL
SELECT 'stale', count(*) FILTER (WHERE is_stale)
FROM core.postings
UNION ALL
SELECT 'perpetual', count(*) FILTER (WHERE is_perpetual)
FROM core.postings
UNION ALL
SELECT 'sector known, share', avg((sector_code <> 'unknown')::INTEGER)
FROM core.postings
UNION ALL
SELECT 'occupation named, share', avg((occupation_code IS NOT NULL)::INTEGER)
FROM core.postings
UNION ALL
SELECT 'pay known, share', avg((pay_low_usd_year IS NOT NULL)::INTEGER)
FROM core.postings
