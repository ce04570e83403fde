-- The text of every course as extraction sees it. Variable: extraction_version.
SELECT
    course_id,
    sha256(concat_ws(chr(31), title, text)) AS text_hash,
    getvariable('extraction_version') AS extraction_version
FROM core.courses
