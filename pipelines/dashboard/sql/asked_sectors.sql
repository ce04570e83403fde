-- Sectors with a posting in the period. DISTINCT: the table has a row a skill too.
SELECT DISTINCT sector_code
FROM core.sector_employers
