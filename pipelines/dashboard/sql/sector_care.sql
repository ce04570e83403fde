-- Postings of a sector in the period, and those to read with care. Parameters: sector_code.
SELECT
    count(*) AS postings_n,
    count(DISTINCT postings.employer_id) AS employers_n,
    coalesce(avg(postings.is_stale::INTEGER), 0) AS stale_share,
    coalesce(avg(postings.is_perpetual::INTEGER), 0) AS perpetual_share,
    coalesce(avg(postings.is_staffing_agency::INTEGER), 0) AS agency_share
FROM core.posting_sectors AS sectors
INNER JOIN core.postings AS postings ON postings.posting_id = sectors.posting_id
WHERE sectors.sector_code = $sector_code AND postings.is_in_window
