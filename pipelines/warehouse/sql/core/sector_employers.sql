-- The weight of every employer's postings in a sector; a posting without employer is its own.
SELECT
    sectors.sector_code,
    coalesce(postings.employer_id, postings.posting_id) AS cluster_id,
    sum(postings.posting_weight) AS weight
FROM core.postings
INNER JOIN core.posting_sectors AS sectors ON sectors.posting_id = postings.posting_id
WHERE postings.is_in_window
GROUP BY sectors.sector_code, coalesce(postings.employer_id, postings.posting_id)
