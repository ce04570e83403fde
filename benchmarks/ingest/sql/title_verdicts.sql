-- Each title of title_labels.csv (here: labels), and the occupation that the run names for it.
SELECT labels.source_id, soc_code, second_soc_code, occupation_code
FROM labels
INNER JOIN raw.postings USING (source_id, source_record_id)
INNER JOIN core.title_occupations ON title_occupations.title = postings.title
