-- Every sector and sector group that holds a posting. A group lists NAICS codes; a posting
-- belongs to it when its own code is one of these or lies below one.
SELECT posting_id, sector_code
FROM core.postings
WHERE sector_code <> 'unknown'
UNION
SELECT postings.posting_id, sector_groups.sector_code
FROM core.postings
INNER JOIN (
    SELECT sector_code, unnest(naics_prefixes) AS prefix
    FROM core.sectors
    WHERE is_group
) AS sector_groups
    ON starts_with(postings.naics_code, sector_groups.prefix)
