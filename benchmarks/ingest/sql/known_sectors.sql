-- The sector of each record whose source says it: its own code before that of its source.yml.
SELECT
    source_id,
    source_record_id,
    first(sector_code ORDER BY sector_method = 'source_default') AS known_code
FROM core.sector_evidence
WHERE sector_method IN ('source_code', 'source_default')
GROUP BY source_id, source_record_id
