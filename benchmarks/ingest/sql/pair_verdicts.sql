-- Each pair of duplicate_pairs.csv (here: labels) that the run holds, and whether the rule says that
-- both are one vacancy.
SELECT labels.label, one.vacancy_id = other.vacancy_id AS is_found
FROM labels
INNER JOIN core.posting_copies AS one USING (source_id, source_record_id)
INNER JOIN core.posting_copies AS other
    ON other.source_id = other_source_id AND other.source_record_id = other_source_record_id
