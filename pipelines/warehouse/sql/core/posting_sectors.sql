-- Every sector and sector group that holds a posting, and every program whose occupations it asks
-- for in a sector that the program feeds. A group lists NAICS codes; a posting belongs to it when
-- its own code is one of these or lies below one; where only its sector is known, when the group
-- lists all of that sector.
WITH sectors AS (
    SELECT posting_id, sector_code
    FROM core.postings
    WHERE sector_code <> 'unknown'
    UNION
    SELECT postings.posting_id, sector_groups.sector_code
    FROM core.postings
    INNER JOIN core.sectors AS own ON own.sector_code = postings.sector_code AND NOT own.is_group
    INNER JOIN core.sectors AS sector_groups
        ON sector_groups.is_group
        AND CASE
            WHEN postings.naics_code IS NULL
                THEN list_has_all(sector_groups.naics_prefixes, own.naics_prefixes)
            ELSE
                len(
                    list_filter(
                        sector_groups.naics_prefixes,
                        lambda prefix: starts_with(postings.naics_code, prefix)
                    )
                ) > 0
        END
)
SELECT posting_id, sector_code
FROM sectors
UNION ALL
SELECT DISTINCT -- a posting may stand in several of the program's sectors
    postings.posting_id,
    getvariable('program_market') || programs.program_id AS sector_code
FROM core.program_occupations AS programs
INNER JOIN core.postings ON postings.occupation_code = programs.occupation_code
INNER JOIN sectors ON sectors.posting_id = postings.posting_id
INNER JOIN raw.programs AS registry ON registry.program_id = programs.program_id
WHERE list_contains(registry.sector_codes, sectors.sector_code)
