-- The employers with most postings of a sector in the period, with the name most of their ads give.
-- Parameters: sector_code, limit_n.
WITH largest AS (
    SELECT cluster_id, weight
    FROM core.sector_employers
    WHERE sector_code = $sector_code
    ORDER BY weight DESC, cluster_id
    LIMIT $limit_n
)
SELECT
    mode(postings.employer) AS employer,
    count(*) AS postings_n,
    bool_or(postings.is_staffing_agency) AS is_staffing_agency
FROM largest
INNER JOIN core.postings AS postings ON postings.employer_id = largest.cluster_id
INNER JOIN core.posting_sectors AS sectors
    ON sectors.posting_id = postings.posting_id AND sectors.sector_code = $sector_code
WHERE postings.is_in_window
GROUP BY largest.cluster_id
ORDER BY postings_n DESC, employer
