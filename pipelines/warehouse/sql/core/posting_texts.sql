-- The text of every posting as extraction sees it, with its occupation. Variable: extraction_version.
SELECT
    posting_id,
    sha256(concat_ws(chr(31), title, text, occupation_code)) AS text_hash,
    getvariable('extraction_version') AS extraction_version
FROM core.postings
